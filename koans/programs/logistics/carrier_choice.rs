pub trait Carrier {
    const NAME: &'static str;

    fn quote(&self, grams: u32, zone: u8) -> Option<u32>;

    fn days(&self, zone: u8) -> u8;
}

pub struct Bike;

pub struct Van {
    pub per_kilo: u32,
}

impl Carrier for Bike {
    const NAME: &'static str = "bike";

    fn quote(&self, grams: u32, zone: u8) -> Option<u32> {
        (grams <= 8_000 && zone == 1).then_some(690)
    }

    fn days(&self, _zone: u8) -> u8 {
        1
    }
}

impl Carrier for Van {
    const NAME: &'static str = "van";

    fn quote(&self, grams: u32, zone: u8) -> Option<u32> {
        let kilos = (grams + 999) / 1000;
        Some(300 + kilos * self.per_kilo * u32::from(zone))
    }

    fn days(&self, zone: u8) -> u8 {
        1 + zone
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub carrier: String,
    pub cents: u32,
    pub days: u8,
}

pub fn offer<C: Carrier>(carrier: &C, grams: u32, zone: u8) -> Option<Offer> {
    let cents = carrier.quote(grams, zone)?;
    Some(Offer {
        carrier: C::NAME.to_string(),
        cents,
        days: carrier.days(zone),
    })
}

/// Cheapest offer that arrives in time.
pub fn choose(offers: &[Option<Offer>], max_days: u8) -> Option<Offer> {
    let in_time = offers.iter().flatten().filter(|o| o.days <= max_days);
    in_time.min_by_key(|o| o.cents).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        assert_eq!(offer(&Bike, 8_001, 1), None);
        assert_eq!(offer(&Bike, 100, 2), None);
        let van = offer(&Van { per_kilo: 50 }, 2_001, 2).unwrap();
        assert_eq!(
            van,
            Offer {
                carrier: "van".to_string(),
                cents: 600,
                days: 3
            }
        );
    }

    #[test]
    fn price_and_time_decide() {
        let offers = vec![
            offer(&Bike, 900, 1),
            offer(&Van { per_kilo: 50 }, 900, 1),
            None,
        ];
        assert_eq!(choose(&offers, 5).unwrap().carrier, "van");
        assert_eq!(choose(&offers, 1).unwrap().carrier, "bike");
        assert_eq!(choose(&offers, 0), None);
    }
}
