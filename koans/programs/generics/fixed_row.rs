#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<const N: usize>([i16; N]);

impl<const N: usize> Row<N> {
    /// Missing samples become zero; too many give `None`.
    pub fn padded(samples: &[i16]) -> Option<Self> {
        let mut cells = [0; N];
        cells.get_mut(..samples.len())?.copy_from_slice(samples);
        Some(Row(cells))
    }

    pub fn dot(&self, other: &Row<N>) -> i32 {
        let pairs = self.0.iter().zip(other.0.iter());
        pairs.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_and_multiplies() {
        let a = Row::<3>::padded(&[2, -5]).unwrap();
        let b = Row::padded(&[10, 1, 7]).unwrap();
        assert_eq!(a.dot(&b), 15);
        assert_eq!(b.dot(&b), 150);
    }

    #[test]
    fn big_products_fit() {
        assert_eq!(Row::<1>::padded(&[1, 2]), None);
        let m = Row::<2>::padded(&[30_000, 30_000]).unwrap();
        assert_eq!(m.dot(&m), 1_800_000_000);
    }
}
