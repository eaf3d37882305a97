pub trait Footprint {
    const UNIT: &'static str;

    fn size(&self) -> u64;

    fn describe(&self) -> String {
        format!("{} {}", self.size(), Self::UNIT)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    pub width: u32,
    pub height: u32,
}

impl Footprint for Photo {
    const UNIT: &'static str = "px";

    fn size(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

impl Footprint for String {
    const UNIT: &'static str = "bytes";

    fn size(&self) -> u64 {
        self.len() as u64
    }
}

pub fn largest<T: Footprint + Clone>(items: &[T]) -> Option<T> {
    items.iter().max_by_key(|item| item.size()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_the_biggest_photo() {
        let photos = vec![
            Photo {
                width: 4,
                height: 3,
            },
            Photo {
                width: 2,
                height: 9,
            },
        ];
        assert_eq!(largest(&photos), Some(photos[1].clone()));
        assert_eq!(photos[0].describe(), "12 px");
    }

    #[test]
    fn works_for_text() {
        let words = vec!["tea".to_string(), "coffee".to_string()];
        assert_eq!(largest(&words).unwrap().describe(), "6 bytes");
        assert_eq!(largest::<String>(&[]), None);
    }
}
