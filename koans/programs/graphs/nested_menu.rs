#[derive(Debug, Clone, Default)]
pub struct Menu {
    pub label: String,
    pub items: Vec<Menu>,
}

impl Menu {
    pub fn item(mut self, label: &str) -> Self {
        let label = label.to_string();
        self.items.push(Menu {
            label,
            ..Self::default()
        });
        self
    }

    pub fn lines(&self, depth: usize) -> Vec<String> {
        let mut lines = vec![format!("{}{}", "  ".repeat(depth), self.label)];
        for item in &self.items {
            lines.extend(item.lines(depth + 1));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indents_by_depth() {
        let edit = Menu {
            label: "Edit".to_string(),
            items: vec![],
        }
        .item("Copy");
        let bar = Menu {
            label: "Bar".to_string(),
            items: vec![edit.clone(), edit],
        };
        let text = bar.item("Help").lines(0).join("\n");
        assert_eq!(text, "Bar\n  Edit\n    Copy\n  Edit\n    Copy\n  Help");
    }

    #[test]
    fn empty_menu() {
        assert_eq!(Menu::default().lines(1), ["  "]);
    }
}
