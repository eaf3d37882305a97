/// Scales 16 bit samples; what is too loud is clipped. Gives the number of clipped samples.
pub fn amplify(samples: &mut [i16], gain: f32) -> usize {
    let mut clipped = 0;
    for s in samples {
        let louder = (f32::from(*s) * gain).round() as i32;
        let fit = louder.clamp(i16::MIN.into(), i16::MAX.into());
        clipped += usize::from(fit != louder);
        *s = fit as i16;
    }
    clipped
}

pub fn peak(samples: &[i16]) -> u16 {
    samples.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_is_counted() {
        let mut s = [100, -20_000, 30_000, 3];
        assert_eq!(amplify(&mut s, 2.0), 2);
        assert_eq!(s, [200, i16::MIN, i16::MAX, 6]);
        assert_eq!(peak(&s), 32_768);
    }

    #[test]
    fn softer() {
        let mut s = vec![7, -9];
        assert_eq!(amplify(&mut s, 0.5), 0);
        assert_eq!(s, [4, -5]);
        assert_eq!((peak(&s), peak(&[])), (5, 0));
    }
}
