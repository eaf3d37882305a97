use std::collections::HashMap;

/// Expands `{name}` inside values, which may refer to each other.
pub fn expand(name: &str, values: &HashMap<&str, &str>) -> Result<String, String> {
    let mut open = Vec::new();
    expand_inner(name, values, &mut open)
}

fn expand_inner<'v>(
    name: &'v str,
    values: &HashMap<&'v str, &'v str>,
    open: &mut Vec<&'v str>,
) -> Result<String, String> {
    if open.contains(&name) {
        return Err(format!("{} refers to itself", open.join(" > ")));
    }
    let value = *values
        .get(name)
        .ok_or_else(|| format!("{name} is not set"))?;
    open.push(name);
    let mut parts = value.split('{');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (inner, rest) = part.split_once('}').ok_or("a brace stays open")?;
        out += &expand_inner(inner, values, open)?;
        out += rest;
    }
    open.pop();
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str) -> Result<String, String> {
        let values = HashMap::from([
            ("root", "/srv"),
            ("data", "{root}/data"),
            ("both", "{data}:{root}!"),
            ("a", "{b}"),
            ("b", "{a}"),
            ("bad", "{root"),
            ("lost", "{nowhere}"),
        ]);
        expand(name, &values)
    }

    #[test]
    fn expands() {
        assert_eq!(run("both").as_deref(), Ok("/srv/data:/srv!"));
        assert_eq!(run("root").unwrap(), "/srv");
    }

    #[test]
    fn explains() {
        assert_eq!(run("a").unwrap_err(), "a > b refers to itself");
        assert_eq!(run("bad").unwrap_err(), "a brace stays open");
        assert_eq!(run("lost").unwrap_err(), "nowhere is not set");
    }
}
