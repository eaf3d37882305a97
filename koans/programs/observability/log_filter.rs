use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

impl FromStr for Level {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.to_ascii_lowercase().as_str() {
            "debug" => Ok(Level::Debug),
            "info" => Ok(Level::Info),
            "warn" => Ok(Level::Warn),
            "error" => Ok(Level::Error),
            _ => Err(format!("unknown level {s:?}")),
        }
    }
}

/// Reads `info,db=warn,db::pool=debug`: a default and levels per module path.
#[derive(Debug)]
pub struct LogFilter {
    default: Level,
    rules: Vec<(String, Level)>,
}

impl FromStr for LogFilter {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let mut filter = LogFilter {
            default: Level::Error,
            rules: vec![],
        };
        for part in s.split(',').map(str::trim) {
            match part.split_once('=') {
                Some((path, level)) => filter.rules.push((path.to_string(), level.parse()?)),
                None => filter.default = part.parse()?,
            }
        }
        // longest path first, so that the first match is the closest one
        filter
            .rules
            .sort_by_key(|(p, _)| std::cmp::Reverse(p.len()));
        Ok(filter)
    }
}

impl LogFilter {
    pub fn lets_through(&self, path: &str, level: Level) -> bool {
        let floor = self
            .rules
            .iter()
            .find(|(prefix, _)| path.starts_with(prefix.as_str()))
            .map_or(self.default, |(_, l)| *l);
        level >= floor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closest_rule_counts() {
        let f: LogFilter = "info, db=warn,db::pool=Debug".parse().unwrap();
        assert!(f.lets_through("web", Level::Info));
        assert!(!f.lets_through("web", Level::Debug));
        assert!(!f.lets_through("db::rows", Level::Info));
        assert!(f.lets_through("db::pool", Level::Debug));
    }

    #[test]
    fn defaults_and_errors() {
        let f: LogFilter = "a=info".parse().unwrap();
        assert!(!f.lets_through("b", Level::Warn));
        assert!(f.lets_through("b", Level::Error));
        assert_eq!(
            "x=loud".parse::<LogFilter>().unwrap_err(),
            "unknown level \"loud\""
        );
    }
}
