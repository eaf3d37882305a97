use std::collections::{HashMap, VecDeque};

#[derive(Debug, Clone)]
pub struct Mentor {
    pub name: String,
    pub places: usize,
    /// Mentees in order of preference; people not listed are refused.
    pub ranking: Vec<String>,
}

impl Mentor {
    fn rank(&self, mentee: &str) -> Option<usize> {
        self.ranking.iter().position(|m| m == mentee)
    }
}

/// Mentees ask in the order of their wishes, mentors keep the ones they like best.
pub fn match_up(
    wishes: &[(String, Vec<String>)],
    mentors: &[Mentor],
) -> HashMap<String, Vec<String>> {
    let mut taken: HashMap<String, Vec<String>> = HashMap::new();
    let mut asking: VecDeque<(&str, &[String])> = wishes
        .iter()
        .map(|(mentee, list)| (mentee.as_str(), list.as_slice()))
        .collect();
    let lists: HashMap<&str, &[String]> = asking.iter().copied().collect();
    while let Some((mentee, list)) = asking.pop_front() {
        let Some((wish, rest)) = list.split_first() else {
            continue;
        };
        let mentor = mentors.iter().find(|m| m.name == *wish);
        let Some(mentor) = mentor.filter(|m| m.rank(mentee).is_some()) else {
            asking.push_back((mentee, rest));
            continue;
        };
        let group = taken.entry(mentor.name.clone()).or_default();
        group.push(mentee.to_string());
        group.sort_by_key(|name| mentor.rank(name));
        if group.len() > mentor.places {
            if let Some(out) = group.pop() {
                if let Some((&name, full)) = lists.get_key_value(out.as_str()) {
                    let tried = full.iter().position(|w| *w == mentor.name);
                    asking.push_back((name, &full[tried.map_or(0, |at| at + 1)..]));
                }
            }
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| n.to_string()).collect()
    }

    fn mentor(name: &str, places: usize, ranking: &[&str]) -> Mentor {
        Mentor {
            name: name.to_string(),
            places,
            ranking: list(ranking),
        }
    }

    #[test]
    fn preferred_mentees_displace_others() {
        let mentors = [
            mentor("ada", 1, &["y", "x", "z"]),
            mentor("bob", 2, &["x", "z"]),
        ];
        let wishes = vec![
            ("x".to_string(), list(&["ada", "bob"])),
            ("y".to_string(), list(&["bob", "ada"])),
            ("z".to_string(), list(&["ada", "bob"])),
        ];
        let result = match_up(&wishes, &mentors);
        assert_eq!(result["ada"], ["y"]);
        assert_eq!(result["bob"], ["x", "z"]);
    }

    #[test]
    fn unknown_mentors_are_skipped() {
        let mentors = [mentor("ada", 1, &["x"])];
        let result = match_up(
            &[
                ("x".to_string(), list(&["zed", "ada"])),
                ("q".to_string(), list(&["ada"])),
            ],
            &mentors,
        );
        assert_eq!(result["ada"], ["x"]);
        assert_eq!(result.len(), 1);
    }
}
