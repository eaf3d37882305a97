#[derive(Debug, Default)]
pub struct Document {
    text: String,
    version: u32,
}

/// A batch of edits; the version goes up once, and only if something changed.
pub struct Edit<'d> {
    doc: &'d mut Document,
    dirty: bool,
}

impl Document {
    pub fn edit(&mut self) -> Edit<'_> {
        Edit {
            doc: self,
            dirty: false,
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn version(&self) -> u32 {
        self.version
    }
}

impl<'d> Edit<'d> {
    pub fn append(&mut self, text: &str) -> &mut Self {
        self.dirty |= !text.is_empty();
        self.doc.text.push_str(text);
        self
    }

    pub fn replace(&mut self, from: &str, to: &str) -> &mut Self {
        if self.doc.text.contains(from) {
            self.doc.text = self.doc.text.replace(from, to);
            self.dirty = true;
        }
        self
    }

    pub fn commit(self) -> &'d str {
        if self.dirty {
            self.doc.version += 1;
        }
        &self.doc.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_version_per_batch() {
        let mut doc = Document::default();
        let mut edit = doc.edit();
        edit.append("hello ").append("wrld").replace("wr", "wor");
        assert_eq!(edit.commit(), "hello world");
        assert_eq!(doc.version(), 1);
        assert_eq!(doc.text(), "hello world");
    }

    #[test]
    fn empty_edits_do_not_count() {
        let mut doc = Document::default();
        let mut edit = doc.edit();
        edit.append("").replace("zz", "y");
        edit.commit();
        assert_eq!(doc.version(), 0);
    }
}
