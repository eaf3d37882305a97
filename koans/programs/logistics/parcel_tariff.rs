#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    Small,
    Medium,
    Large,
}

pub struct Parcel {
    pub length_mm: u32,
    pub width_mm: u32,
    pub height_mm: u32,
    pub grams: u32,
}

impl Parcel {
    /// Volume weight in grams: a litre counts as 200 g.
    pub fn billed_grams(&self) -> u32 {
        let cubic =
            u64::from(self.length_mm) * u64::from(self.width_mm) * u64::from(self.height_mm);
        let volume = (cubic / 5_000) as u32;
        self.grams.max(volume)
    }

    pub fn size(&self) -> Size {
        let longest = self.length_mm.max(self.width_mm).max(self.height_mm);
        match (longest, self.billed_grams()) {
            (0..=350, 0..=2_000) => Size::Small,
            (0..=600, 0..=10_000) => Size::Medium,
            _ => Size::Large,
        }
    }
}

pub fn price(parcel: &Parcel, zone: u8) -> u32 {
    let base = match parcel.size() {
        Size::Small => 450,
        Size::Medium => 690,
        Size::Large => 1650,
    };
    base + u32::from(zone) * 120
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel(length_mm: u32, width_mm: u32, height_mm: u32, grams: u32) -> Parcel {
        Parcel {
            length_mm,
            width_mm,
            height_mm,
            grams,
        }
    }

    #[test]
    fn volume_can_outweigh_mass() {
        assert_eq!(parcel(300, 200, 100, 500).billed_grams(), 1200);
        assert_eq!(parcel(300, 200, 100, 1500).billed_grams(), 1500);
        assert_eq!(parcel(4000, 2000, 1000, 1).billed_grams(), 1_600_000);
    }

    #[test]
    fn sizes_and_prices() {
        assert_eq!(parcel(350, 100, 100, 2000).size(), Size::Small);
        assert_eq!(parcel(351, 100, 100, 100).size(), Size::Medium);
        assert!(parcel(100, 700, 10, 10).size() > Size::Medium);
        assert_eq!(price(&parcel(100, 100, 100, 100), 0), 450);
        assert_eq!(price(&parcel(500, 100, 100, 100), 2), 930);
        assert_eq!(price(&parcel(100, 100, 100, 10_001), 1), 1770);
    }
}
