use std::collections::BTreeMap;

#[derive(Default, Debug)]
struct Node {
    next: BTreeMap<char, Node>,
    help: Option<String>,
}

/// Commands that may be shortened as long as they stay unambiguous.
#[derive(Default, Debug)]
pub struct CommandTrie {
    root: Node,
}

impl CommandTrie {
    pub fn register(&mut self, command: &str, help: impl Into<String>) {
        let mut node = &mut self.root;
        for letter in command.chars() {
            node = node.next.entry(letter).or_default();
        }
        node.help = Some(help.into());
    }

    fn descend(&self, prefix: &str) -> Option<&Node> {
        prefix
            .chars()
            .try_fold(&self.root, |node, letter| node.next.get(&letter))
    }

    pub fn expand(&self, prefix: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(node) = self.descend(prefix) {
            collect(node, &mut prefix.to_string(), &mut found);
        }
        found
    }

    pub fn help(&self, prefix: &str) -> Option<&str> {
        let exact = self.descend(prefix)?;
        if let Some(help) = &exact.help {
            return Some(help);
        }
        match self.expand(prefix).as_slice() {
            [only] => self.descend(only)?.help.as_deref(),
            _ => None,
        }
    }
}

fn collect(node: &Node, word: &mut String, found: &mut Vec<String>) {
    if node.help.is_some() {
        found.push(word.clone());
    }
    for (letter, child) in &node.next {
        word.push(*letter);
        collect(child, word, found);
        word.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> CommandTrie {
        let mut trie = CommandTrie::default();
        trie.register("start", "begin a job");
        trie.register("stop", String::from("end a job"));
        trie.register("st", "show status");
        trie.register("list", "list jobs");
        trie
    }

    #[test]
    fn expands_prefixes() {
        let trie = sample();
        assert_eq!(trie.expand("st"), ["st", "start", "stop"]);
        assert_eq!(trie.expand("sto"), ["stop"]);
        assert!(trie.expand("x").is_empty());
    }

    #[test]
    fn help_needs_one_candidate() {
        let trie = sample();
        assert_eq!(trie.help("st"), Some("show status"));
        assert_eq!(trie.help("l"), Some("list jobs"));
        assert_eq!(trie.help("s"), None);
        assert_eq!(trie.help("stopp"), None);
        assert_eq!(trie.help("sta"), Some("begin a job"));
    }
}
