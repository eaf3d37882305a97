use std::collections::HashMap;
use std::rc::Rc;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(u32);

/// Stores each column text once and hands out small symbols for it.
#[derive(Default)]
pub struct Interner {
    symbols: HashMap<Rc<str>, Symbol>,
    texts: Vec<Rc<str>>,
}

impl Interner {
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(known) = self.symbols.get(text) {
            return *known;
        }
        let shared: Rc<str> = Rc::from(text);
        let symbol = Symbol(self.texts.len() as u32);
        self.texts.push(Rc::clone(&shared));
        self.symbols.insert(shared, symbol);
        symbol
    }

    pub fn text(&self, symbol: Symbol) -> &str {
        &self.texts[symbol.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_symbol() {
        let mut interner = Interner::default();
        let column: Vec<Symbol> = "red green red blue"
            .split(' ')
            .map(|t| interner.intern(t))
            .collect();
        assert_eq!(column, [Symbol(0), Symbol(1), Symbol(0), Symbol(2)]);
        assert_eq!(interner.text(column[3]), "blue");
        assert_eq!(interner.intern("green"), column[1]);
    }

    #[test]
    fn texts_are_kept() {
        let mut interner = Interner::default();
        let symbol = {
            let owned = String::from("temporary");
            interner.intern(&owned)
        };
        assert_eq!(interner.text(symbol), "temporary");
    }
}
