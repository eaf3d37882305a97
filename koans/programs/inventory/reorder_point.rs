pub struct Item<'a> {
    pub name: &'a str,
    pub on_hand: u32,
    pub daily_use: f64,
    pub lead_days: u16,
    pub pack_size: u32,
}

impl Item<'_> {
    pub fn reorder_point(&self, safety_days: u16) -> u32 {
        let days = f64::from(self.lead_days + safety_days);
        (self.daily_use * days).ceil() as u32
    }
}

/// What to order today, in whole packs.
pub fn proposals<'a>(items: &[Item<'a>], safety_days: u16) -> Vec<(&'a str, u32)> {
    items
        .iter()
        .filter_map(|item| {
            let gap = item.reorder_point(safety_days).checked_sub(item.on_hand)?;
            let packs = gap.div_ceil(item.pack_size);
            (packs > 0).then_some((item.name, packs))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, on_hand: u32) -> Item<'_> {
        Item {
            name,
            on_hand,
            daily_use: 2.5,
            lead_days: 5,
            pack_size: 6,
        }
    }

    #[test]
    fn point_rounds_up() {
        assert_eq!(item("soap", 0).reorder_point(2), 18);
        assert_eq!(item("soap", 0).reorder_point(0), 13);
    }

    #[test]
    fn only_low_items_are_proposed() {
        let items = [
            item("soap", 4),
            item("wax", 18),
            item("oil", 17),
            item("gel", 40),
        ];
        assert_eq!(proposals(&items, 2), vec![("soap", 3), ("oil", 1)]);
    }
}
