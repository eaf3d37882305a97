use std::collections::BTreeMap;

pub struct Parcel {
    pub grams: u32,
    pub express: bool,
}

type Quote = Box<dyn Fn(&Parcel) -> Option<u32>>;

pub struct Carriers {
    quotes: BTreeMap<&'static str, Quote>,
}

fn flat_rate(cents: u32, max_grams: u32) -> Quote {
    Box::new(move |p| (p.grams <= max_grams).then_some(cents))
}

impl Carriers {
    pub fn standard(surcharge: u32) -> Self {
        let mut quotes: BTreeMap<&'static str, Quote> = BTreeMap::new();
        quotes.insert("post", flat_rate(499, 2000));
        let per_kilo = |grams: u32| grams.div_ceil(1000) * 300;
        quotes.insert(
            "van",
            Box::new(move |p| {
                let extra = if p.express { surcharge } else { 0 };
                Some(per_kilo(p.grams) + extra)
            }),
        );
        Carriers { quotes }
    }

    pub fn cheapest(&self, parcel: &Parcel) -> Option<(&'static str, u32)> {
        self.quotes
            .iter()
            .filter_map(|(name, quote)| quote(parcel).map(|cents| (*name, cents)))
            .min_by_key(|&(_, cents)| cents)
    }
}

fn main() {
    let parcel = Parcel {
        grams: 1500,
        express: false,
    };
    if let Some((name, cents)) = Carriers::standard(900).cheapest(&parcel) {
        println!("{name}: {cents}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_parcels() {
        let carriers = Carriers::standard(900);
        let mut parcel = Parcel {
            grams: 800,
            express: false,
        };
        assert_eq!(carriers.cheapest(&parcel), Some(("van", 300)));
        parcel.express = true;
        assert_eq!(carriers.cheapest(&parcel), Some(("post", 499)));
    }

    #[test]
    fn heavy_parcels() {
        let limit = Parcel {
            grams: 2000,
            express: false,
        };
        assert_eq!(Carriers::standard(0).cheapest(&limit), Some(("post", 499)));
        let parcel = Parcel {
            grams: 4001,
            express: true,
        };
        assert_eq!(
            Carriers::standard(250).cheapest(&parcel),
            Some(("van", 1750))
        );
    }
}
