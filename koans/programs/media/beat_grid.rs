#[derive(Debug, Clone, PartialEq)]
pub struct Onset {
    pub tick: u32,
    pub drum: String,
}

/// Moves every onset to the closest grid line and drops doubles of the same drum there.
pub fn quantize(onsets: &[Onset], grid: u32) -> Vec<Onset> {
    let mut snapped: Vec<Onset> = onsets
        .iter()
        .map(|o| Onset {
            tick: (o.tick + grid / 2) / grid * grid,
            drum: o.drum.clone(),
        })
        .collect();
    snapped.sort_by(|a, b| (a.tick, &a.drum).cmp(&(b.tick, &b.drum)));
    snapped.dedup();
    snapped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(list: &[(u32, &str)]) -> Vec<Onset> {
        list.iter()
            .map(|(tick, drum)| Onset {
                tick: *tick,
                drum: drum.to_string(),
            })
            .collect()
    }

    #[test]
    fn snaps_and_sorts() {
        let raw = hits(&[(131, "hat"), (118, "snare"), (5, "kick")]);
        let wanted = hits(&[(0, "kick"), (120, "hat"), (120, "snare")]);
        assert_eq!(quantize(&raw, 120), wanted);
        assert_eq!(raw[0].tick, 131);
    }

    #[test]
    fn doubles_go() {
        let raw = hits(&[(59, "hat"), (61, "hat"), (60, "kick"), (91, "hat")]);
        let wanted = hits(&[(60, "hat"), (60, "kick"), (120, "hat")]);
        assert_eq!(quantize(&raw, 60), wanted);
    }
}
