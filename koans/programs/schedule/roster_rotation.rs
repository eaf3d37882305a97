/// Hands out duties in turn; whoever is away keeps the place in the line.
pub fn rota<'n>(
    names: &[&'n str],
    days: usize,
    away: impl Fn(&str, usize) -> bool,
) -> Vec<Option<&'n str>> {
    let mut line: Vec<&'n str> = names.to_vec();
    let mut plan = Vec::with_capacity(days);
    for day in 0..days {
        let position = line.iter().position(|name| !away(name, day));
        let chosen = position.map(|at| line.remove(at));
        line.extend(chosen);
        plan.push(chosen);
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_turns() {
        let plan = rota(&["eva", "jon", "pia"], 4, |_, _| false);
        assert_eq!(plan, [Some("eva"), Some("jon"), Some("pia"), Some("eva")]);
    }

    #[test]
    fn absence_only_delays() {
        let sick = vec![("eva", 0), ("eva", 1)];
        let plan = rota(&["eva", "jon", "pia"], 4, |name, day| {
            sick.contains(&(name, day))
        });
        assert_eq!(plan, [Some("jon"), Some("pia"), Some("eva"), Some("jon")]);
    }

    #[test]
    fn nobody_there() {
        assert_eq!(rota(&["eva"], 2, |_, day| day == 0), [None, Some("eva")]);
        assert_eq!(rota(&[], 1, |_, _| false), [None]);
    }
}
