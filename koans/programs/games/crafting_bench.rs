use std::collections::HashMap;

pub type Stock = HashMap<&'static str, u32>;

pub struct Recipe {
    pub makes: &'static str,
    pub yields: u32,
    pub needs: &'static [(&'static str, u32)],
}

pub const RECIPES: &[Recipe] = &[
    Recipe {
        makes: "plank",
        yields: 4,
        needs: &[("log", 1)],
    },
    Recipe {
        makes: "torch",
        yields: 2,
        needs: &[("plank", 1), ("resin", 1)],
    },
];

/// Makes one batch, first making whatever is lacking. The stock changes only on success.
pub fn craft(stock: &mut Stock, what: &str) -> Result<u32, String> {
    let recipe = RECIPES
        .iter()
        .find(|r| r.makes == what)
        .ok_or_else(|| format!("cannot make {what}"))?;
    let mut trial = stock.clone();
    for (part, count) in recipe.needs {
        while trial.get(part).copied().unwrap_or(0) < *count {
            craft(&mut trial, part)?;
        }
        if let Some(have) = trial.get_mut(part) {
            *have -= count;
        }
    }
    let made = trial.entry(recipe.makes).or_insert(0);
    *made += recipe.yields;
    let now = *made;
    *stock = trial;
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_parts_first() {
        let mut stock = Stock::from([("log", 2), ("resin", 2)]);
        assert_eq!(craft(&mut stock, "torch"), Ok(2));
        assert_eq!(stock["log"], 1);
        assert_eq!(stock["plank"], 3);
        assert_eq!(craft(&mut stock, "torch"), Ok(4));
        assert_eq!((stock["plank"], stock["resin"]), (2, 0));
    }

    #[test]
    fn failure_changes_nothing() {
        let mut stock = Stock::from([("log", 1)]);
        let before = stock.clone();
        let err = craft(&mut stock, "torch").unwrap_err();
        assert_eq!(err, "cannot make resin");
        assert_eq!(stock, before);
    }
}
