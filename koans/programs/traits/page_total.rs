pub trait Paged {
    const PER_PAGE: usize;

    fn count(&self) -> usize;

    fn pages(&self) -> usize {
        self.count().div_ceil(Self::PER_PAGE)
    }
}

pub struct Photos<'a>(pub &'a [&'a str]);

impl Paged for Photos<'_> {
    const PER_PAGE: usize = 4;

    fn count(&self) -> usize {
        self.0.len()
    }
}

impl<T> Paged for Vec<T> {
    const PER_PAGE: usize = 10;

    fn count(&self) -> usize {
        self.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos() {
        assert_eq!(Photos(&["a", "b", "c", "d", "e"]).pages(), 2);
        assert_eq!(Photos(&[]).pages(), 0);
    }

    #[test]
    fn vectors() {
        assert_eq!(vec![0u8; 10].pages(), 1);
        assert_eq!(vec!['x'; 31].pages(), 4);
        assert_eq!(<Vec<u8> as Paged>::PER_PAGE, 10);
    }
}
