use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Int(i64),
    Items(Vec<Value>),
}

#[derive(Debug, Clone)]
pub enum Kind {
    Text { max: usize },
    Int,
    Items(Box<Kind>),
}

#[derive(Debug, Default)]
pub struct Schema {
    fields: BTreeMap<String, (Kind, bool)>,
}

impl Schema {
    pub fn field(mut self, name: &str, kind: Kind, required: bool) -> Self {
        self.fields.insert(name.to_string(), (kind, required));
        self
    }

    pub fn validate(&self, record: &BTreeMap<String, Value>) -> Vec<String> {
        let mut errors = Vec::new();
        for (name, (kind, required)) in &self.fields {
            match record.get(name) {
                Some(value) => check(name, kind, value, &mut errors),
                None if *required => errors.push(format!("{name}: missing")),
                None => {}
            }
        }
        let unknown = record
            .keys()
            .filter(|name| !self.fields.contains_key(*name));
        errors.extend(unknown.map(|name| format!("{name}: unknown")));
        errors
    }
}

fn check(path: &str, kind: &Kind, value: &Value, errors: &mut Vec<String>) {
    match (kind, value) {
        (Kind::Text { max }, Value::Text(text)) if text.len() > *max => {
            errors.push(format!("{path}: longer than {max}"));
        }
        (Kind::Text { .. }, Value::Text(_)) | (Kind::Int, Value::Int(_)) => {}
        (Kind::Items(inner), Value::Items(values)) => {
            for (i, value) in values.iter().enumerate() {
                check(&format!("{path}[{i}]"), inner, value, errors);
            }
        }
        (expected, _) => errors.push(format!("{path}: expected {expected:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        Schema::default()
            .field("title", Kind::Text { max: 5 }, true)
            .field("scores", Kind::Items(Box::new(Kind::Int)), false)
    }

    fn record(pairs: &[(&str, Value)]) -> BTreeMap<String, Value> {
        pairs
            .iter()
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect()
    }

    #[test]
    fn accepts() {
        let scores = Value::Items(vec![Value::Int(1), Value::Int(2)]);
        let record = record(&[("title", Value::Text("abcde".into())), ("scores", scores)]);
        assert!(schema().validate(&record).is_empty());
    }

    #[test]
    fn points_into_lists() {
        let scores = Value::Items(vec![Value::Int(1), Value::Text("x".into())]);
        let record = record(&[("scores", scores), ("extra", Value::Int(0))]);
        let errors = schema().validate(&record);
        assert_eq!(
            errors,
            [
                "scores[1]: expected Int",
                "title: missing",
                "extra: unknown"
            ]
        );
    }

    #[test]
    fn limits_length() {
        let record = record(&[("title", Value::Text("abcdef".into()))]);
        assert_eq!(schema().validate(&record), ["title: longer than 5"]);
    }
}
