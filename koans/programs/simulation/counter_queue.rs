use std::collections::VecDeque;

#[derive(Debug, Clone, PartialEq)]
pub struct Guest {
    pub name: String,
    pub arrives: u32,
    pub needs: u32,
}

#[derive(Debug, PartialEq)]
pub struct Served<'a> {
    pub guest: &'a Guest,
    pub waited: u32,
    pub left_at: u32,
}

/// One clerk serves everybody in order of arrival.
pub fn serve_all(guests: &[Guest]) -> Vec<Served<'_>> {
    let mut line: Vec<&Guest> = guests.iter().collect();
    line.sort_by_key(|g| g.arrives);
    let mut line = VecDeque::from(line);
    let mut now = 0;
    let mut done = Vec::with_capacity(guests.len());
    while let Some(guest) = line.pop_front() {
        let start = guest.arrives.max(now);
        now = start + guest.needs;
        done.push(Served {
            guest,
            waited: start - guest.arrives,
            left_at: now,
        });
    }
    done
}

pub fn longest_wait<'a>(served: &[Served<'a>]) -> Option<&'a str> {
    served
        .iter()
        .max_by_key(|s| s.waited)
        .map(|s| s.guest.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(name: &str, arrives: u32, needs: u32) -> Guest {
        Guest {
            name: name.into(),
            arrives,
            needs,
        }
    }

    #[test]
    fn waits_add_up() {
        let guests = [guest("Ines", 4, 2), guest("Ola", 0, 6), guest("Per", 20, 1)];
        let served = serve_all(&guests);
        let rows: Vec<_> = served
            .iter()
            .map(|s| (s.guest.name.clone(), s.waited, s.left_at))
            .collect();
        assert_eq!(
            rows,
            vec![
                ("Ola".to_string(), 0, 6),
                ("Ines".to_string(), 2, 8),
                ("Per".to_string(), 0, 21)
            ]
        );
        assert_eq!(longest_wait(&served), Some("Ines"));
    }

    #[test]
    fn nobody() {
        assert!(serve_all(&[]).is_empty());
        assert_eq!(longest_wait(&[]), None);
    }
}
