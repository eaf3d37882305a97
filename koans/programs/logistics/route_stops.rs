#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop<'a> {
    pub name: &'a str,
    pub x: i32,
    pub y: i32,
}

fn blocks(a: &Stop<'_>, b: &Stop<'_>) -> u32 {
    a.x.abs_diff(b.x) + a.y.abs_diff(b.y)
}

/// Visits the nearest open stop next, measured in street blocks.
pub fn nearest_first<'a>(depot: Stop<'a>, stops: &[Stop<'a>]) -> (Vec<&'a str>, u32) {
    let mut open = stops.to_vec();
    let mut here = depot;
    let mut names = Vec::new();
    let mut driven = 0;
    while !open.is_empty() {
        let nearest = (0..open.len()).min_by_key(|&i| blocks(&here, &open[i]));
        let next = open.remove(nearest.unwrap_or(0));
        driven += blocks(&here, &next);
        names.push(next.name);
        here = next;
    }
    (names, driven + blocks(&here, &depot))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(name: &str, x: i32, y: i32) -> Stop<'_> {
        Stop { name, x, y }
    }

    #[test]
    fn drives_to_the_nearest() {
        let stops = [stop("far", 9, 0), stop("near", 1, 1), stop("mid", 4, 1)];
        let (names, driven) = nearest_first(stop("depot", 0, 0), &stops);
        assert_eq!(names, ["near", "mid", "far"]);
        assert_eq!(driven, 2 + 3 + 6 + 9);
        assert_eq!(stops[0].name, "far");
    }

    #[test]
    fn negative_coordinates_and_no_stops() {
        let (_, driven) = nearest_first(stop("d", -3, 2), &[stop("a", 1, -2)]);
        assert_eq!(driven, 16);
        assert_eq!(nearest_first(stop("d", 0, 0), &[]), (vec![], 0));
    }
}
