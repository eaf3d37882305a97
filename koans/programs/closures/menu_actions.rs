pub struct MenuItem<'c> {
    label: String,
    enabled: Box<dyn Fn() -> bool + 'c>,
    action: Option<Box<dyn FnOnce() -> String + 'c>>,
}

#[derive(Default)]
pub struct Menu<'c> {
    items: Vec<MenuItem<'c>>,
}

impl<'c> Menu<'c> {
    pub fn item(
        mut self,
        label: &str,
        enabled: impl Fn() -> bool + 'c,
        action: impl FnOnce() -> String + 'c,
    ) -> Self {
        self.items.push(MenuItem {
            label: label.to_string(),
            enabled: Box::new(enabled),
            action: Some(Box::new(action)),
        });
        self
    }

    pub fn visible(&self) -> Vec<&str> {
        self.items
            .iter()
            .filter(|item| (item.enabled)() && item.action.is_some())
            .map(|item| item.label.as_str())
            .collect()
    }

    /// Each action works only once.
    pub fn choose(&mut self, label: &str) -> Option<String> {
        let item = self.items.iter_mut().find(|i| i.label == label)?;
        if !(item.enabled)() {
            return None;
        }
        let action = item.action.take()?;
        Some(action())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn enabled_items_only() {
        let admin = Cell::new(false);
        let mut menu = Menu::default()
            .item("Quit", || true, || "bye".to_string())
            .item("Wipe", || admin.get(), || "wiped".into());
        assert_eq!(menu.visible(), ["Quit"]);
        assert_eq!(menu.choose("Wipe"), None);
        admin.set(true);
        assert_eq!(menu.visible().len(), 2);
        assert_eq!(menu.choose("Wipe").as_deref(), Some("wiped"));
        assert_eq!(menu.visible(), ["Quit"]);
    }

    #[test]
    fn actions_own_their_data() {
        let text = String::from("draft");
        let mut menu = Menu::default().item("Send", || true, move || text);
        assert_eq!(menu.choose("Send"), Some("draft".to_string()));
        assert_eq!(menu.choose("Send"), None);
        assert_eq!(menu.choose("Print"), None);
    }
}
