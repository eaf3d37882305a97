use std::ops::Range;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    pub source: String,
    pub frames: Range<u32>,
}

/// Cuts `cut` out of every clip; a clip around it falls into two.
pub fn lift(clips: Vec<Clip>, cut: Range<u32>) -> Vec<Clip> {
    clips
        .into_iter()
        .flat_map(|clip| {
            let left = clip.frames.start..clip.frames.end.min(cut.start);
            let right = clip.frames.start.max(cut.end)..clip.frames.end;
            [left, right].map(|frames| Clip {
                source: clip.source.clone(),
                frames,
            })
        })
        .filter(|c| !c.frames.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(source: &str, frames: Range<u32>) -> Clip {
        Clip {
            source: source.to_string(),
            frames,
        }
    }

    #[test]
    fn inside_splits() {
        let got = lift(vec![clip("sea", 0..100)], 40..60);
        assert_eq!(got, [clip("sea", 0..40), clip("sea", 60..100)]);
    }

    #[test]
    fn edges_and_whole() {
        let all = vec![clip("a", 0..10), clip("b", 10..20), clip("c", 20..30)];
        let got = lift(all, 5..22);
        assert_eq!(got, [clip("a", 0..5), clip("c", 22..30)]);
    }
}
