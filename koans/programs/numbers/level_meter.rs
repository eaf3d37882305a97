/// Loudness of blocks of samples as whole numbers from 0 to 100.
pub fn levels(samples: &[i16], block: usize) -> Vec<u8> {
    samples
        .chunks(block.max(1))
        .map(|chunk| {
            let peak = chunk.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
            (u32::from(peak) * 100 / 32_768) as u8
        })
        .collect()
}

pub fn bar(level: u8) -> String {
    let filled = usize::from(level.min(100)) / 10;
    "=".repeat(filled) + &"-".repeat(10 - filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_per_block() {
        let samples = [100, -16384, 8192, 0, -32768];
        assert_eq!(levels(&samples, 2), [50, 25, 100]);
        assert_eq!(levels(&samples[..2], 0), [0, 50]);
        assert!(levels(&[], 4).is_empty());
    }

    #[test]
    fn bars() {
        assert_eq!(bar(39), "===-------");
        assert_eq!(bar(0), "----------");
        assert_eq!(bar(200), "==========");
    }
}
