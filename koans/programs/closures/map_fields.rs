use std::collections::HashMap;

/// Rewrites single columns of a record; columns without a rewrite stay as they are.
pub struct Rewriter<'r> {
    rules: HashMap<usize, &'r dyn Fn(&str) -> Option<String>>,
}

impl<'r> Rewriter<'r> {
    pub fn new() -> Self {
        Rewriter {
            rules: HashMap::new(),
        }
    }

    pub fn column(mut self, index: usize, rule: &'r dyn Fn(&str) -> Option<String>) -> Self {
        self.rules.insert(index, rule);
        self
    }

    pub fn apply(&self, line: &str) -> Result<String, usize> {
        let cells: Result<Vec<String>, usize> = line
            .split('|')
            .enumerate()
            .map(|(i, cell)| match self.rules.get(&i) {
                Some(rule) => rule(cell).ok_or(i),
                None => Ok(cell.to_string()),
            })
            .collect();
        cells.map(|cells| cells.join("|"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_columns() {
        let factor = 3;
        let scale = |s: &str| s.parse::<i32>().ok().map(|n| (n * factor).to_string());
        let upper = |s: &str| Some(s.to_uppercase());
        let rw = Rewriter::new().column(0, &upper).column(2, &scale);
        assert_eq!(rw.apply("ab|x|7").as_deref(), Ok("AB|x|21"));
        assert_eq!(rw.apply("ab|x|y"), Err(2));
        assert_eq!(rw.apply("q"), Ok("Q".to_string()));
    }

    #[test]
    fn shared_rule() {
        let dash = |_: &str| Some("-".to_string());
        let rw = Rewriter::new().column(0, &dash).column(1, &dash);
        assert_eq!(rw.apply("1|2|3").unwrap(), "-|-|3");
    }
}
