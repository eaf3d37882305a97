#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knob {
    pub x: f32,
    pub y: f32,
}

/// Moves knobs onto grid lines that are nearer than `pull`.
pub fn snap(knobs: &mut [Knob], grid: f32, pull: f32) -> usize {
    let mut moved = 0;
    for knob in knobs.iter_mut() {
        let before = *knob;
        for value in [&mut knob.x, &mut knob.y] {
            let line = (*value / grid).round() * grid;
            if (line - *value).abs() < pull {
                *value = line;
            }
        }
        moved += usize::from(*knob != before);
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pulls_near_knobs() {
        let mut knobs = [
            Knob { x: 9.5, y: 15.0 },
            Knob { x: 13.0, y: -6.0 },
            Knob { x: 20.5, y: 0.25 },
        ];
        assert_eq!(snap(&mut knobs, 10.0, 1.0), 2);
        assert_eq!(knobs[0], Knob { x: 10.0, y: 15.0 });
        assert_eq!(knobs[1], Knob { x: 13.0, y: -6.0 });
        assert_eq!(knobs[2], Knob { x: 20.0, y: 0.0 });
    }

    #[test]
    fn knobs_on_lines_stay() {
        let mut knobs = [Knob { x: 4.0, y: -8.0 }];
        assert_eq!(snap(&mut knobs, 4.0, 1.0), 0);
        assert_eq!(snap(&mut [], 4.0, 1.0), 0);
    }
}
