#[derive(Debug, PartialEq, Eq)]
pub struct Page<'a, T> {
    pub items: &'a [T],
    pub next: Option<usize>,
    pub previous: Option<usize>,
}

pub fn page<T>(items: &[T], cursor: usize, size: usize) -> Page<'_, T> {
    let start = cursor.min(items.len());
    let end = (start + size).min(items.len());
    Page {
        items: &items[start..end],
        next: (end < items.len()).then_some(end),
        previous: (start > 0).then(|| start.saturating_sub(size)),
    }
}

/// Walks over all pages without copying an item.
pub fn pages<T>(items: &[T], size: usize) -> impl Iterator<Item = Page<'_, T>> {
    let mut cursor = Some(0);
    std::iter::from_fn(move || {
        let current = page(items, cursor?, size);
        cursor = current.next;
        Some(current)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours() {
        let items = ['a', 'b', 'c', 'd', 'e'];
        let middle = page(&items, 1, 2);
        assert_eq!(
            middle,
            Page {
                items: &['b', 'c'],
                next: Some(3),
                previous: Some(0)
            }
        );
        let last = page(&items, 3, 2);
        assert_eq!((last.next, last.previous), (None, Some(1)));
        assert!(page(&items, 9, 2).items.is_empty());
    }

    #[test]
    fn walks_to_the_end() {
        let names = vec!["x".to_string(), "y".to_string(), "z".to_string()];
        let sizes: Vec<usize> = pages(&names, 2).map(|p| p.items.len()).collect();
        assert_eq!(sizes, [2, 1]);
        assert_eq!(pages(&names, 5).count(), 1);
    }
}
