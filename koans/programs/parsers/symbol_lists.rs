use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

/// Nested lists of symbols, as in `(rule (if wet) (take umbrella))`.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Symbol(Rc<str>),
    List(Vec<Node>),
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Node::Symbol(name) => f.write_str(name),
            Node::List(items) => {
                f.write_str("(")?;
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        f.write_str(" ")?;
                    }
                    item.fmt(f)?;
                }
                f.write_str(")")
            }
        }
    }
}

pub fn read(source: &str) -> Result<Node, &'static str> {
    let spaced = source.replace('(', " ( ").replace(')', " ) ");
    let mut stack: Vec<Vec<Node>> = vec![Vec::new()];
    for token in spaced.split_whitespace() {
        match token {
            "(" => stack.push(Vec::new()),
            ")" => {
                let list = stack.pop().ok_or("unreachable")?;
                let parent = stack.last_mut().ok_or("too many closing brackets")?;
                parent.push(Node::List(list));
            }
            symbol => {
                let top = stack.last_mut().ok_or("unreachable")?;
                top.push(Node::Symbol(Rc::from(symbol)));
            }
        }
    }
    let mut roots = stack.pop().unwrap_or_default();
    match (stack.is_empty(), roots.len()) {
        (false, _) => Err("a bracket is never closed"),
        (true, 1) => Ok(roots.remove(0)),
        (true, _) => Err("expected one list"),
    }
}

impl Node {
    pub fn depth(&self) -> usize {
        match self {
            Node::Symbol(_) => 0,
            Node::List(items) => 1 + items.iter().map(Node::depth).max().unwrap_or(0),
        }
    }

    pub fn rename(&self, from: &str, to: &Rc<str>) -> Node {
        match self {
            Node::Symbol(name) if &**name == from => Node::Symbol(Rc::clone(to)),
            Node::Symbol(_) => self.clone(),
            Node::List(items) => Node::List(items.iter().map(|n| n.rename(from, to)).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        let node = read("(rule (if  wet)(take umbrella))").unwrap();
        assert_eq!(node.to_string(), "(rule (if wet) (take umbrella))");
        assert_eq!(node.depth(), 2);
        assert_eq!(read("()").unwrap().to_string(), "()");
    }

    #[test]
    fn renames_with_shared_name() {
        let to: Rc<str> = "z".into();
        let node = read("(a (b a))").unwrap().rename("a", &to);
        assert_eq!(node.to_string(), "(z (b z))");
        assert_eq!(Rc::strong_count(&to), 3);
    }

    #[test]
    fn brackets_must_match() {
        assert_eq!(read("(a"), Err("a bracket is never closed"));
        assert_eq!(read("a))"), Err("too many closing brackets"));
        assert_eq!(read("a b"), Err("expected one list"));
    }
}
