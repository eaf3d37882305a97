use std::collections::HashMap;

pub trait Screen {
    fn title(&self) -> String;
    fn press(&mut self, key: char) -> Action;
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    Stay,
    Back,
    Open(&'static str),
}

pub struct Menu {
    pub name: &'static str,
    pub entries: HashMap<char, &'static str>,
}

impl Screen for Menu {
    fn title(&self) -> String {
        self.name.to_string()
    }

    fn press(&mut self, key: char) -> Action {
        match self.entries.get(&key) {
            Some(target) => Action::Open(target),
            None if key == 'q' => Action::Back,
            None => Action::Stay,
        }
    }
}

#[derive(Default)]
pub struct Volume(u8);

impl Screen for Volume {
    fn title(&self) -> String {
        format!("volume {}", self.0)
    }

    fn press(&mut self, key: char) -> Action {
        self.0 = match key {
            '+' => self.0.saturating_add(1),
            '-' => self.0.saturating_sub(1),
            _ => return Action::Back,
        };
        Action::Stay
    }
}

/// Runs keys through a stack of screens and returns the title on top at the end.
pub fn navigate<F>(root: Box<dyn Screen>, keys: &str, open: F) -> String
where
    F: Fn(&str) -> Option<Box<dyn Screen>>,
{
    let mut stack = vec![root];
    for key in keys.chars() {
        let Some(top) = stack.last_mut() else { break };
        match top.press(key) {
            Action::Open(name) => stack.extend(open(name)),
            Action::Back => drop(stack.pop()),
            Action::Stay => {}
        }
    }
    stack
        .last()
        .map_or_else(|| "closed".to_string(), |screen| screen.title())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(keys: &str) -> String {
        let root = Menu {
            name: "main",
            entries: HashMap::from([('v', "volume"), ('x', "lost")]),
        };
        navigate(Box::new(root), keys, |name| {
            (name == "volume").then(|| Box::new(Volume::default()) as Box<dyn Screen>)
        })
    }

    #[test]
    fn goes_down_and_up() {
        assert_eq!(run(""), "main");
        assert_eq!(run("v-++"), "volume 2");
        assert_eq!(run("v+b"), "main");
        assert_eq!(run("zxv+bv"), "volume 0");
    }

    #[test]
    fn closes() {
        assert_eq!(run("qv"), "closed");
        assert_eq!(run("vqq"), "closed");
    }
}
