use std::marker::PhantomData;

pub struct Draft;
pub struct Ready;

/// A letter can be printed only once it has an address.
#[derive(Debug)]
pub struct Letter<S> {
    body: Vec<String>,
    address: String,
    state: PhantomData<S>,
}

impl Letter<Draft> {
    pub fn new() -> Self {
        Letter {
            body: vec![],
            address: String::new(),
            state: PhantomData,
        }
    }

    pub fn line<T: AsRef<str>>(mut self, text: T) -> Self {
        self.body.push(text.as_ref().trim_end().to_string());
        self
    }

    pub fn address(self, to: &str) -> Result<Letter<Ready>, Letter<Draft>> {
        if to.is_empty() {
            return Err(self);
        }
        Ok(Letter {
            body: self.body,
            address: to.to_owned(),
            state: PhantomData,
        })
    }
}

impl Letter<Ready> {
    pub fn print(&self) -> String {
        format!("To: {}\n{}", self.address, self.body.join("\n"))
    }
}

impl<S> Letter<S> {
    pub fn line_count(&self) -> usize {
        self.body.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_ready_letters() {
        let draft = Letter::new().line("Dear Sir,  ").line(String::from("bye"));
        assert_eq!(draft.line_count(), 2);
        let ready = draft.address("Hill Road 4").ok().unwrap();
        assert_eq!(ready.print(), "To: Hill Road 4\nDear Sir,\nbye");
        assert_eq!(ready.line_count(), 2);
    }

    #[test]
    fn empty_address_returns_the_draft() {
        let back = Letter::new().line("x").address("").err().unwrap();
        assert_eq!(back.line("y").line_count(), 2);
    }
}
