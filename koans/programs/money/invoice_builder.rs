#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub text: String,
    pub quantity: u32,
    pub unit_cents: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Invoice {
    pub number: String,
    pub customer: String,
    pub lines: Vec<Line>,
    pub note: Option<String>,
}

#[derive(Default)]
pub struct InvoiceBuilder {
    customer: Option<String>,
    lines: Vec<Line>,
    note: Option<String>,
}

impl InvoiceBuilder {
    pub fn customer(mut self, name: impl Into<String>) -> Self {
        self.customer = Some(name.into());
        self
    }

    pub fn line(mut self, text: &str, quantity: u32, unit_cents: u64) -> Self {
        self.lines.push(Line {
            text: text.to_owned(),
            quantity,
            unit_cents,
        });
        self
    }

    pub fn note(mut self, note: &str) -> Self {
        self.note = Some(note.trim().to_string()).filter(|n| !n.is_empty());
        self
    }

    /// Fails when the customer or every line is missing.
    pub fn finish(self, serial: u32) -> Result<Invoice, String> {
        let customer = self.customer.ok_or("customer missing")?;
        if self.lines.is_empty() {
            return Err(format!("invoice for {customer} has no lines"));
        }
        let prefix: String = customer.chars().take(3).collect();
        Ok(Invoice {
            number: format!("{}-{serial:04}", prefix.to_uppercase()),
            customer,
            lines: self.lines,
            note: self.note,
        })
    }
}

impl Invoice {
    pub fn total(&self) -> u64 {
        self.lines
            .iter()
            .map(|l| u64::from(l.quantity) * l.unit_cents)
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_with_number_and_total() {
        let invoice = InvoiceBuilder::default()
            .customer("harbor cafe")
            .line("beans", 3, 1250)
            .line("filter", 10, 8)
            .note("  ")
            .finish(17)
            .unwrap();
        assert_eq!(invoice.number, "HAR-0017");
        assert_eq!(invoice.total(), 3830);
        assert_eq!(invoice.note, None);
        assert_eq!(invoice.lines[1].text, "filter");
        let copy = invoice.clone();
        assert_eq!(copy, invoice);
    }

    #[test]
    fn missing_parts_are_named() {
        let empty = InvoiceBuilder::default().finish(1);
        assert_eq!(empty, Err("customer missing".to_string()));
        let bare = InvoiceBuilder::default()
            .customer(String::from("Ola"))
            .finish(1);
        assert_eq!(bare.unwrap_err(), "invoice for Ola has no lines");
    }

    #[test]
    fn note_is_trimmed() {
        let invoice = InvoiceBuilder::default()
            .customer("X")
            .line("a", 1, 1)
            .note(" net 30 ")
            .finish(2)
            .unwrap();
        assert_eq!(invoice.note.as_deref(), Some("net 30"));
        assert_eq!(invoice.number, "X-0002");
    }
}
