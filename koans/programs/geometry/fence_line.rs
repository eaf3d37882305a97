#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Post {
    pub east: f64,
    pub north: f64,
}

/// A fence that borrows the posts it runs along.
pub struct Fence<'p> {
    posts: &'p [Post],
    closed: bool,
}

impl<'p> Fence<'p> {
    pub fn open(posts: &'p [Post]) -> Self {
        Fence {
            posts,
            closed: false,
        }
    }

    pub fn closed(self) -> Self {
        Fence {
            closed: true,
            ..self
        }
    }

    fn spans(&self) -> Vec<(&'p Post, &'p Post)> {
        let mut spans: Vec<_> = self.posts.windows(2).map(|w| (&w[0], &w[1])).collect();
        if let (true, Some(last), Some(first)) =
            (self.closed, self.posts.last(), self.posts.first())
        {
            spans.push((last, first));
        }
        spans
    }

    pub fn wire(&self) -> f64 {
        self.spans()
            .iter()
            .map(|(a, b)| (a.east - b.east).hypot(a.north - b.north))
            .sum()
    }

    pub fn nearest_post(&self, spot: Post) -> Option<&'p Post> {
        self.posts.iter().min_by(|a, b| {
            let from_a = (a.east - spot.east).hypot(a.north - spot.north);
            let from_b = (b.east - spot.east).hypot(b.north - spot.north);
            from_a.total_cmp(&from_b)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posts(pairs: &[(f64, f64)]) -> Vec<Post> {
        pairs
            .iter()
            .map(|&(east, north)| Post { east, north })
            .collect()
    }

    #[test]
    fn wire_length() {
        let posts = posts(&[(0.0, 0.0), (3.0, 4.0), (3.0, 0.0)]);
        assert_eq!(Fence::open(&posts).wire(), 9.0);
        assert_eq!(Fence::open(&posts).closed().wire(), 12.0);
        assert_eq!(Fence::open(&[]).closed().wire(), 0.0);
    }

    #[test]
    fn nearest() {
        let posts = posts(&[(0.0, 0.0), (3.0, 4.0), (9.0, 9.0)]);
        let nearest = {
            let fence = Fence::open(&posts);
            fence.nearest_post(Post {
                east: 4.0,
                north: 4.0,
            })
        };
        assert_eq!(nearest, Some(&posts[1]));
    }
}
