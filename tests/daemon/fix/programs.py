"""Programs that are repaired by the compiler's word, and one that is by nothing."""

from __future__ import annotations

COUNTS = (
    "/// Counts.\npub fn count(names: &[&str]) -> usize {\n    let n = 0;\n    for name in names {\n"
    "        n += name.len();\n    }\n    n\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n"
    '    fn counts() {\n        assert_eq!(count(&["a", "bc"]), 3);\n    }\n}\n'
)
COUNTED = COUNTS.replace("let n", "let mut n")
UNKNOWN = "pub fn f() -> u32 {\n    missing_here()\n}\n"
