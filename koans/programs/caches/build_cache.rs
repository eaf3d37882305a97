use std::collections::HashMap;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildError {
    UnknownTarget(String),
    Failed { target: String, code: i32 },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            BuildError::UnknownTarget(target) => write!(f, "no target {}", target),
            BuildError::Failed { target, code } => write!(f, "{} failed with {}", target, code),
        }
    }
}

pub struct BuildCache<'a> {
    sources: &'a HashMap<String, String>,
    outputs: HashMap<String, Result<u64, BuildError>>,
    pub builds: usize,
}

impl<'a> BuildCache<'a> {
    pub fn new(sources: &'a HashMap<String, String>) -> Self {
        BuildCache {
            sources,
            outputs: HashMap::new(),
            builds: 0,
        }
    }

    /// Failures are remembered just as results are.
    pub fn output(&mut self, target: &str) -> Result<u64, BuildError> {
        let source = self
            .sources
            .get(target)
            .ok_or_else(|| BuildError::UnknownTarget(target.to_string()))?;
        if let Some(known) = self.outputs.get(target) {
            return known.clone();
        }
        self.builds += 1;
        let outcome = compile(target, source);
        self.outputs.insert(target.to_string(), outcome.clone());
        outcome
    }
}

fn compile(target: &str, source: &str) -> Result<u64, BuildError> {
    let mut digest = 7u64;
    for byte in source.bytes() {
        if byte == b'!' {
            return Err(BuildError::Failed {
                target: target.to_string(),
                code: 2,
            });
        }
        digest = digest.wrapping_mul(31) + u64::from(byte);
    }
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> HashMap<String, String> {
        [("app", "ab"), ("lib", "x!")]
            .map(|(k, v)| (k.to_string(), v.to_string()))
            .into()
    }

    #[test]
    fn builds_once() {
        let sources = sources();
        let mut cache = BuildCache::new(&sources);
        assert_eq!(cache.output("app"), Ok((7 * 31 + 97) * 31 + 98));
        assert_eq!(cache.output("app"), cache.output("app"));
        assert_eq!(cache.builds, 1);
    }

    #[test]
    fn failures_are_kept() {
        let sources = sources();
        let mut cache = BuildCache::new(&sources);
        let error = cache.output("lib").unwrap_err();
        assert_eq!(error.to_string(), "lib failed with 2");
        assert_eq!(cache.output("lib"), Err(error));
        assert_eq!(cache.builds, 1);
        let missing = cache.output("doc").unwrap_err();
        assert_eq!(missing.to_string(), "no target doc");
    }
}
