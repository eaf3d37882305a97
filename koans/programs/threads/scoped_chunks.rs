use std::thread;

/// Brightest pixel of each band, bands worked on side by side.
pub fn band_peaks(pixels: &[u8], bands: usize) -> Vec<u8> {
    let size = pixels.len().div_ceil(bands.max(1)).max(1);
    thread::scope(|scope| {
        let handles: Vec<_> = pixels
            .chunks(size)
            .map(|band| scope.spawn(move || band.iter().copied().max().unwrap_or(0)))
            .collect();
        handles.into_iter().map(|h| h.join().unwrap()).collect()
    })
}

pub fn invert(pixels: &mut [u8], bands: usize) {
    let size = pixels.len() / bands.max(1) + 1;
    thread::scope(|s| {
        for band in pixels.chunks_mut(size) {
            s.spawn(|| {
                for p in band.iter_mut() {
                    *p = u8::MAX - *p;
                }
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_per_band() {
        let pixels = [4, 90, 7, 200, 3, 3, 11];
        assert_eq!(band_peaks(&pixels, 3), vec![90, 200, 11]);
        assert_eq!(band_peaks(&pixels, 1), vec![200]);
        assert!(band_peaks(&[], 2).is_empty());
    }

    #[test]
    fn inverts_everything() {
        let mut pixels = vec![0, 5, 255, 100, 254];
        invert(&mut pixels, 2);
        assert_eq!(pixels, vec![255, 250, 0, 155, 1]);
    }
}
