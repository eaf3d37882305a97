pub type TextFilter = Box<dyn Fn(String) -> String>;

pub fn chain(filters: Vec<TextFilter>) -> impl Fn(&str) -> String {
    move |input| {
        filters
            .iter()
            .fold(input.to_string(), |text, filter| filter(text))
    }
}

pub fn replace(from: &str, to: &str) -> TextFilter {
    let (from, to) = (from.to_string(), to.to_string());
    Box::new(move |text| text.replace(&from, &to))
}

pub fn limit(max: usize) -> TextFilter {
    Box::new(move |mut text| {
        text.truncate(max);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_in_order() {
        let f = chain(vec![replace("tea", "coffee"), limit(6)]);
        assert_eq!(f("tea time"), "coffee");
        assert_eq!(f("a tea"), "a coff");
        let g = chain(vec![limit(3), replace("tea", "coffee")]);
        assert_eq!(g("tea time"), "coffee");
    }

    #[test]
    fn empty_chain() {
        assert_eq!(chain(Vec::new())("same"), "same");
        assert_eq!(limit(2)("abc".to_string()), "ab");
    }
}
