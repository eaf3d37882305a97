use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AsmError {
    Label(String),
    Number(usize),
    Syntax { line: usize, text: String },
}

fn clean(line: &str) -> &str {
    line.split(';').next().unwrap_or("").trim()
}

/// Two passes: labels first, then words of `op << 12 | operand`.
pub fn assemble(source: &str) -> Result<Vec<u16>, AsmError> {
    let mut labels: HashMap<&str, u16> = HashMap::new();
    let mut code: Vec<(usize, &str)> = Vec::new();
    for (i, line) in source.lines().enumerate() {
        let line = clean(line);
        if let Some(label) = line.strip_suffix(':') {
            labels.insert(label, code.len() as u16);
        } else if !line.is_empty() {
            code.push((i + 1, line));
        }
    }
    code.into_iter()
        .map(|(line, text)| encode(line, text, &labels))
        .collect()
}

fn encode(line: usize, text: &str, labels: &HashMap<&str, u16>) -> Result<u16, AsmError> {
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        ["nop"] => Ok(0),
        ["lit", n] => {
            let n: u16 = n.parse().map_err(|_| AsmError::Number(line))?;
            if n > 0x0fff {
                return Err(AsmError::Number(line));
            }
            Ok(1 << 12 | n)
        }
        ["go", label] => labels
            .get(label)
            .map(|at| 2 << 12 | at)
            .ok_or_else(|| AsmError::Label(label.to_string())),
        _ => Err(AsmError::Syntax {
            line,
            text: text.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_both_ways() {
        let src = "go end ; skip\nback:\n  lit 5\nend:\nnop\n\ngo back";
        assert_eq!(assemble(src), Ok(vec![0x2002, 0x1005, 0, 0x2001]));
    }

    #[test]
    fn errors() {
        assert_eq!(assemble("go x"), Err(AsmError::Label("x".to_string())));
        assert_eq!(assemble("nop\nlit 4096"), Err(AsmError::Number(2)));
        assert_eq!(assemble("lit -1"), Err(AsmError::Number(1)));
        let err = AsmError::Syntax {
            line: 2,
            text: "lit 1 2".into(),
        };
        assert_eq!(assemble("\nlit 1 2"), Err(err));
    }
}
