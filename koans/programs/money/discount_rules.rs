pub struct Cart<'a> {
    pub items: &'a [(&'a str, u32)],
    pub member: bool,
}

impl Cart<'_> {
    pub fn subtotal(&self) -> u32 {
        self.items.iter().map(|(_, cents)| cents).sum()
    }
}

pub trait Discount {
    fn label(&self) -> String;
    fn cents_off(&self, cart: &Cart<'_>) -> u32;
}

pub struct MemberPercent(pub u8);

impl Discount for MemberPercent {
    fn label(&self) -> String {
        format!("member {}%", self.0)
    }

    fn cents_off(&self, cart: &Cart<'_>) -> u32 {
        if cart.member {
            cart.subtotal() * u32::from(self.0) / 100
        } else {
            0
        }
    }
}

pub struct FreeItem(pub String);

impl Discount for FreeItem {
    fn label(&self) -> String {
        format!("free {}", self.0)
    }

    fn cents_off(&self, cart: &Cart<'_>) -> u32 {
        let hit = cart.items.iter().find(|(name, _)| *name == self.0);
        hit.map_or(0, |(_, cents)| *cents)
    }
}

/// Only one rule applies per cart: the one that saves most, the earlier one on a tie.
pub fn best_discount(cart: &Cart<'_>, rules: &[Box<dyn Discount>]) -> Option<(String, u32)> {
    let mut best: Option<(String, u32)> = None;
    for rule in rules {
        let off = rule.cents_off(cart);
        if off > best.as_ref().map_or(0, |(_, seen)| *seen) {
            best = Some((rule.label(), off));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Vec<Box<dyn Discount>> {
        vec![
            Box::new(MemberPercent(10)),
            Box::new(FreeItem("tea".to_string())),
        ]
    }

    #[test]
    fn picks_the_larger_saving() {
        let items = [("tea", 300), ("pot", 4000)];
        let cart = Cart {
            items: &items,
            member: true,
        };
        assert_eq!(cart.subtotal(), 4300);
        assert_eq!(
            best_discount(&cart, &rules()),
            Some(("member 10%".to_string(), 430))
        );
        let guest = Cart {
            items: &items,
            member: false,
        };
        assert_eq!(
            best_discount(&guest, &rules()),
            Some(("free tea".to_string(), 300))
        );
    }

    #[test]
    fn nothing_applies() {
        let items = [("pot", 4000)];
        let cart = Cart {
            items: &items,
            member: false,
        };
        assert_eq!(best_discount(&cart, &rules()), None);
    }
}
