use std::collections::BTreeMap;

pub type Section = BTreeMap<String, String>;

#[derive(Debug, PartialEq)]
pub struct SyntaxError {
    pub line: usize,
    pub text: String,
}

/// Settings before the first `[section]` belong to the section with the empty name.
pub fn parse_ini(source: &str) -> Result<BTreeMap<String, Section>, SyntaxError> {
    let mut sections: BTreeMap<String, Section> = BTreeMap::new();
    let mut name = String::new();
    for (index, raw) in source.lines().enumerate() {
        let line = raw.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        if let Some(inner) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            name = inner.trim().to_string();
            sections.entry(name.clone()).or_default();
        } else if let Some((key, value)) = line.split_once('=') {
            let section = sections.entry(name.clone()).or_default();
            section.insert(key.trim().to_string(), value.trim().to_string());
        } else {
            return Err(SyntaxError {
                line: index + 1,
                text: line.to_string(),
            });
        }
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sections() {
        let ini = parse_ini("top = 1\n[ web ]\nport = 80 # plain\n[empty]\n[web]\nhost=x").unwrap();
        assert_eq!(ini[""]["top"], "1");
        assert_eq!(ini["web"]["port"], "80");
        assert_eq!(ini["web"]["host"], "x");
        assert!(ini["empty"].is_empty());
        assert_eq!(ini.len(), 3);
    }

    #[test]
    fn names_the_line() {
        let error = parse_ini("a=1\n\nnonsense").unwrap_err();
        assert_eq!(
            error,
            SyntaxError {
                line: 3,
                text: "nonsense".into()
            }
        );
    }
}
