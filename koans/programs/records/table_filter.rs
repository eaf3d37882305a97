use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub enum Value {
    Int(i64),
    Text(String),
    Null,
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_string())
    }
}

pub type Row = BTreeMap<String, Value>;

pub enum Filter {
    Equals(String, Value),
    Above(String, i64),
    Not(Box<Filter>),
    All(Vec<Filter>),
}

impl Filter {
    pub fn equals(column: &str, value: impl Into<Value>) -> Filter {
        Filter::Equals(column.to_string(), value.into())
    }

    pub fn accepts(&self, row: &Row) -> bool {
        match self {
            Filter::Equals(column, value) => row.get(column).unwrap_or(&Value::Null) == value,
            Filter::Above(column, bound) => match row.get(column) {
                Some(Value::Int(n)) => n > bound,
                _ => false,
            },
            Filter::Not(inner) => !inner.accepts(row),
            Filter::All(parts) => parts.iter().all(|p| p.accepts(row)),
        }
    }
}

pub fn select<'t>(table: &'t [Row], filter: &Filter) -> Vec<&'t Row> {
    table.iter().filter(|row| filter.accepts(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, age: Value) -> Row {
        Row::from([("name".to_string(), name.into()), ("age".to_string(), age)])
    }

    #[test]
    fn simple_filters() {
        let table = vec![
            row("ann", 31.into()),
            row("bo", Value::Null),
            row("cy", 19.into()),
        ];
        let adults = select(&table, &Filter::Above("age".to_string(), 19));
        assert_eq!(adults.len(), 1);
        assert_eq!(adults[0]["name"], Value::from("ann"));
        assert_eq!(select(&table, &Filter::equals("name", "cy"))[0], &table[2]);
        assert_eq!(select(&table, &Filter::equals("age", 31)).len(), 1);
    }

    #[test]
    fn combined_filters() {
        let table = vec![row("ann", 31.into()), row("bo", 40.into())];
        let filter = Filter::All(vec![
            Filter::Above("age".to_string(), 20),
            Filter::Not(Box::new(Filter::equals("name", "ann"))),
        ]);
        assert_eq!(select(&table, &filter), vec![&table[1]]);
        assert!(select(&table, &Filter::equals("city", Value::Null)).len() == 2);
    }
}
