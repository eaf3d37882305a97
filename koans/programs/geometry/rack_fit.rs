/// Packs crates on shelves of one width, tall crates first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrateBox {
    pub height: u32,
    pub width: u32,
    pub code: String,
}

#[derive(Debug, Default)]
pub struct Shelf {
    pub height: u32,
    pub used: u32,
    pub codes: Vec<String>,
}

pub fn pack(mut crates: Vec<CrateBox>, width: u32) -> (Vec<Shelf>, Vec<CrateBox>) {
    crates.sort_by(|a, b| b.cmp(a));
    let (fitting, too_wide): (Vec<_>, Vec<_>) = crates.into_iter().partition(|c| c.width <= width);
    let mut shelves: Vec<Shelf> = Vec::new();
    for item in fitting {
        let shelf = match shelves.iter_mut().find(|s| s.used + item.width <= width) {
            Some(shelf) => shelf,
            None => {
                shelves.push(Shelf::default());
                shelves.last_mut().expect("a shelf was just pushed")
            }
        };
        shelf.height = shelf.height.max(item.height);
        shelf.used += item.width;
        shelf.codes.push(item.code);
    }
    (shelves, too_wide)
}

pub fn stack_height(shelves: &[Shelf]) -> u32 {
    shelves.iter().map(|shelf| shelf.height).sum()
}

fn main() {
    let crates = vec![CrateBox {
        height: 3,
        width: 2,
        code: "demo".into(),
    }];
    let (shelves, _) = pack(crates, 10);
    println!("{} high", stack_height(&shelves));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(code: &str, height: u32, width: u32) -> CrateBox {
        CrateBox {
            height,
            width,
            code: code.to_string(),
        }
    }

    #[test]
    fn tall_first() {
        let crates = vec![item("a", 2, 4), item("b", 5, 6), item("c", 3, 5)];
        let (shelves, left) = pack(crates, 10);
        assert!(left.is_empty());
        assert_eq!(shelves.len(), 2);
        assert_eq!(shelves[0].codes, ["b", "a"]);
        assert_eq!(shelves[1].codes, ["c"]);
        assert_eq!((shelves[0].used, shelves[1].used), (10, 5));
        assert_eq!(stack_height(&shelves), 8);
    }

    #[test]
    fn wide_crates_stay() {
        let (shelves, left) = pack(vec![item("big", 1, 11)], 10);
        assert_eq!(stack_height(&shelves), 0);
        assert_eq!(left, [item("big", 1, 11)]);
    }
}
