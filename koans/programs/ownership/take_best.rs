#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    pub vendor: String,
    pub price: u32,
}

/// Removes the cheapest offer from the list and returns it.
pub fn take_cheapest(offers: &mut Vec<Offer>) -> Option<Offer> {
    let index = offers
        .iter()
        .enumerate()
        .min_by_key(|(_, offer)| offer.price)
        .map(|(i, _)| i)?;
    Some(offers.swap_remove(index))
}

pub fn keep_better(slot: &mut Option<Offer>, candidate: Offer) -> Option<Offer> {
    match slot {
        Some(held) if held.price <= candidate.price => Some(candidate),
        _ => slot.replace(candidate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(vendor: &str, price: u32) -> Offer {
        Offer {
            vendor: vendor.to_string(),
            price,
        }
    }

    #[test]
    fn takes_in_order() {
        let mut offers = vec![offer("a", 9), offer("b", 4), offer("c", 6)];
        assert_eq!(take_cheapest(&mut offers), Some(offer("b", 4)));
        assert_eq!(take_cheapest(&mut offers).unwrap().vendor, "c");
        assert_eq!(offers.len(), 1);
        assert_eq!(take_cheapest(&mut Vec::new()), None);
    }

    #[test]
    fn keeps_the_better_one() {
        let mut slot = None;
        assert_eq!(keep_better(&mut slot, offer("x", 5)), None);
        assert_eq!(keep_better(&mut slot, offer("y", 5)), Some(offer("y", 5)));
        assert_eq!(keep_better(&mut slot, offer("z", 3)), Some(offer("x", 5)));
        assert_eq!(slot.unwrap().vendor, "z");
    }
}
