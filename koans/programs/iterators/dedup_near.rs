/// Skips items that the given test finds equal to the last kept one.
pub fn dedup_near<I, F>(items: I, same: F) -> impl Iterator<Item = I::Item>
where
    I: IntoIterator,
    I::Item: Copy,
    F: Fn(I::Item, I::Item) -> bool,
{
    let mut last: Option<I::Item> = None;
    items.into_iter().filter(move |&item| {
        let fresh = last.map_or(true, |kept| !same(kept, item));
        if fresh {
            last = Some(item);
        }
        fresh
    })
}

pub fn thin_track(heights: &[f64], step: f64) -> Vec<f64> {
    dedup_near(heights.iter().copied(), |a, b| (a - b).abs() < step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_with_the_kept_item() {
        let track = [10.0, 10.5, 10.9, 11.2, 11.0, 9.0];
        assert_eq!(thin_track(&track, 1.0), [10.0, 11.2, 9.0]);
        assert!(thin_track(&[], 1.0).is_empty());
    }

    #[test]
    fn works_for_borrowed_words() {
        let words = ["go", "GO", "Go", "on", "go"];
        let kept: Vec<&str> = dedup_near(words, |a, b| a.eq_ignore_ascii_case(b)).collect();
        assert_eq!(kept, ["go", "on", "go"]);
    }
}
