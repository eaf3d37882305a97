/// Pixel widths of printable ASCII, filled on first demand.
pub struct GlyphWidths<F: Fn(char) -> u8> {
    known: [Option<u8>; 96],
    measure: F,
}

impl<F: Fn(char) -> u8> GlyphWidths<F> {
    pub fn new(measure: F) -> Self {
        let known = [None; 96];
        Self { known, measure }
    }

    pub fn width(&mut self, glyph: char) -> u32 {
        let code = glyph as u32;
        if !(32..128).contains(&code) {
            return 0;
        }
        let slot = &mut self.known[(code - 32) as usize];
        u32::from(*slot.get_or_insert_with(|| (self.measure)(glyph)))
    }

    pub fn line(&mut self, text: &str) -> u32 {
        text.chars().map(|glyph| self.width(glyph)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn measures_each_glyph_once() {
        let asked = RefCell::new(String::new());
        let mut widths = GlyphWidths::new(|glyph| {
            asked.borrow_mut().push(glyph);
            if glyph == 'i' {
                3
            } else {
                250
            }
        });
        assert_eq!(widths.line("mini"), 506);
        assert_eq!(widths.line("im\n"), 253);
        assert_eq!(*asked.borrow(), "min");
    }

    #[test]
    fn edges_of_the_range() {
        let mut widths = GlyphWidths::new(|_| 7);
        assert_eq!(widths.width(' '), 7);
        assert_eq!(widths.width('\u{7f}'), 7);
        assert_eq!(widths.width('\u{1f}'), 0);
        assert_eq!(widths.width('\u{80}'), 0);
    }
}
