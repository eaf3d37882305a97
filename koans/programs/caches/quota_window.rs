use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Verdict {
    Allowed { left: u32 },
    Wait { until: u64 },
}

/// Remembers per client how many calls fell into the current window.
pub struct QuotaWindow {
    length: u64,
    limit: u32,
    windows: BTreeMap<String, (u64, u32)>,
}

impl QuotaWindow {
    pub fn new(length: u64, limit: u32) -> Self {
        QuotaWindow {
            length,
            limit,
            windows: BTreeMap::new(),
        }
    }

    pub fn ask(&mut self, client: &str, tick: u64) -> Verdict {
        let start = tick - tick % self.length;
        let window = self.windows.entry(client.to_owned()).or_insert((start, 0));
        if window.0 != start {
            *window = (start, 0);
        }
        if window.1 == self.limit {
            return Verdict::Wait {
                until: start + self.length,
            };
        }
        window.1 += 1;
        Verdict::Allowed {
            left: self.limit - window.1,
        }
    }

    pub fn forget_before(&mut self, tick: u64) -> usize {
        let before = self.windows.len();
        self.windows
            .retain(|_, (start, _)| *start + self.length > tick);
        before - self.windows.len()
    }
}

fn main() {
    let mut quota = QuotaWindow::new(60, 100);
    let verdict = quota.ask("printer", 12);
    println!("{verdict:?}");
    quota.forget_before(60);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_within_a_window() {
        let mut quota = QuotaWindow::new(10, 2);
        assert_eq!(quota.ask("a", 11), Verdict::Allowed { left: 1 });
        assert_eq!(quota.ask("a", 14), Verdict::Allowed { left: 0 });
        assert_eq!(quota.ask("a", 19), Verdict::Wait { until: 20 });
        assert_eq!(quota.ask("b", 19), Verdict::Allowed { left: 1 });
        assert_eq!(quota.ask("a", 20), Verdict::Allowed { left: 1 });
    }

    #[test]
    fn old_windows_go() {
        let mut quota = QuotaWindow::new(10, 2);
        quota.ask("a", 5);
        quota.ask("b", 15);
        assert_eq!(quota.forget_before(9), 0);
        assert_eq!(quota.forget_before(10), 1);
        assert_eq!(quota.windows.len(), 1);
    }
}
