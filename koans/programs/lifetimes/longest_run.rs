/// The longest stretch of samples that all pass the test, as a view into the input.
pub fn longest_run<'d, T>(data: &'d [T], pass: impl Fn(&T) -> bool) -> &'d [T] {
    let runs = data.split(|item| !pass(item));
    runs.max_by_key(|run| run.len()).unwrap_or_default()
}

/// The first sample above the limit, ready to be corrected in place.
pub fn first_mut<'d>(data: &'d mut [i32], limit: &i32) -> Option<&'d mut i32> {
    data.iter_mut().find(|n| **n > *limit)
}

fn main() {
    let data = [3, 0, 4, 4];
    println!("{:?}", longest_run(&data, |n| *n > 0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs() {
        let data = [9, 1, 2, 8, 3, 4, 5];
        assert_eq!(longest_run(&data, |n| *n < 7), &[3, 4, 5]);
        assert!(longest_run(&data, |n| *n > 100).is_empty());
    }

    #[test]
    fn edits_the_first() {
        let mut data = [1, 6, 9];
        let slot = {
            let limit = 5;
            first_mut(&mut data, &limit)
        };
        *slot.unwrap() = -6;
        assert_eq!(data, [1, -6, 9]);
        assert_eq!(first_mut(&mut data, &9), None);
    }
}
