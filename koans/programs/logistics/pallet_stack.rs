#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal<T> {
    TooHeavy(T),
    Crushes { on_top: T, layer: usize },
}

pub trait Load {
    fn kilos(&self) -> u32;
    fn bears(&self) -> u32;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crate {
    pub label: &'static str,
    pub kilos: u32,
    pub bears: u32,
}

impl Load for Crate {
    fn kilos(&self) -> u32 {
        self.kilos
    }

    fn bears(&self) -> u32 {
        self.bears
    }
}

#[derive(Debug)]
pub struct Pallet<T> {
    limit: u32,
    layers: Vec<T>,
}

impl<T: Load> Pallet<T> {
    pub fn new(limit: u32) -> Self {
        Pallet {
            limit,
            layers: Vec::new(),
        }
    }

    pub fn weight(&self) -> u32 {
        self.layers.iter().map(Load::kilos).sum()
    }

    /// Gives the piece back when it can not stand on what is there.
    pub fn stack(&mut self, piece: T) -> Result<&mut Self, Refusal<T>> {
        if self.weight() + piece.kilos() > self.limit {
            return Err(Refusal::TooHeavy(piece));
        }
        let mut above = piece.kilos();
        for (layer, lower) in self.layers.iter().enumerate().rev() {
            if above > lower.bears() {
                let on_top = piece;
                return Err(Refusal::Crushes { on_top, layer });
            }
            above += lower.kilos();
        }
        self.layers.push(piece);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(label: &'static str, kilos: u32, bears: u32) -> Crate {
        Crate {
            label,
            kilos,
            bears,
        }
    }

    #[test]
    fn stacks_until_something_breaks() {
        let mut pallet = Pallet::new(100);
        pallet
            .stack(boxed("tiles", 40, 30))
            .unwrap()
            .stack(boxed("cups", 10, 25))
            .unwrap();
        assert_eq!(pallet.weight(), 50);
        let books = boxed("books", 21, 50);
        let refused = pallet.stack(books.clone()).unwrap_err();
        assert_eq!(
            refused,
            Refusal::Crushes {
                on_top: books,
                layer: 0
            }
        );
        let iron = boxed("iron", 26, 1);
        let refused = pallet.stack(iron.clone()).unwrap_err();
        assert_eq!(
            refused,
            Refusal::Crushes {
                on_top: iron,
                layer: 1
            }
        );
        assert!(pallet.stack(boxed("foam", 20, 0)).is_ok());
    }

    #[test]
    fn weight_limit() {
        let mut pallet = Pallet::new(50);
        let heavy = boxed("safe", 51, 0);
        assert_eq!(
            pallet.stack(heavy.clone()).unwrap_err(),
            Refusal::TooHeavy(heavy)
        );
        assert_eq!(pallet.weight(), 0);
    }
}
