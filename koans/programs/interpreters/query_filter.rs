use std::collections::HashMap;

type Record<'a> = HashMap<&'a str, i64>;
type Test = Box<dyn Fn(&Record) -> bool>;

/// Compiles `age>=18 level<3` (all must hold) into one closure.
pub fn compile(query: &str) -> Option<impl Fn(&Record) -> bool> {
    let tests: Vec<Test> = query.split(' ').map(term).collect::<Option<_>>()?;
    Some(move |r: &Record| tests.iter().all(|t| t(r)))
}

fn term(text: &str) -> Option<Test> {
    let ops: [(&str, fn(&i64, &i64) -> bool); 3] =
        [(">=", i64::ge), ("<", i64::lt), ("=", i64::eq)];
    let (key, op, bound) = ops.iter().find_map(|(sign, op)| {
        let (key, bound) = text.split_once(sign)?;
        Some((key.to_string(), *op, bound.parse().ok()?))
    })?;
    Some(Box::new(move |r| {
        r.get(key.as_str()).is_some_and(|v| op(v, &bound))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_terms_count() {
        let adult = compile("age>=18 level<3").unwrap();
        assert!(adult(&HashMap::from([("age", 18), ("level", 2)])));
        assert!(!adult(&HashMap::from([("age", 17), ("level", 2)])));
        assert!(!adult(&HashMap::from([("age", 40), ("level", 3)])));
        assert!(!adult(&HashMap::from([("age", 40)])));
    }

    #[test]
    fn equality_and_nonsense() {
        let zero = compile("left=0").unwrap();
        assert!(zero(&HashMap::from([("left", 0)])));
        assert!(!zero(&HashMap::from([("left", -1)])));
        assert!(compile("left=none").is_none());
        assert!(compile("age>18 x").is_none());
    }
}
