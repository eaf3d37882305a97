/// A staff chart where each person knows the index of the boss.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub boss: Option<usize>,
    pub salary: u32,
}

pub fn chain(people: &[Person], of: usize) -> Vec<&str> {
    let mut names = Vec::new();
    let mut at = Some(of);
    while let Some(index) = at {
        let Some(person) = people.get(index) else {
            break;
        };
        names.push(person.name.as_str());
        at = person.boss;
    }
    names
}

/// Salary of each person's whole team, the person included.
/// Bosses must stand before their reports.
pub fn team_cost(people: &[Person]) -> Vec<u64> {
    let mut cost: Vec<u64> = people.iter().map(|p| u64::from(p.salary)).collect();
    for (index, person) in people.iter().enumerate().rev() {
        if let Some(boss) = person.boss {
            cost[boss] += cost[index];
        }
    }
    cost
}

pub fn reassign(people: &mut [Person], from: usize, to: usize) -> usize {
    let mut moved = 0;
    for (index, person) in people.iter_mut().enumerate() {
        if person.boss == Some(from) && index != to {
            person.boss = Some(to);
            moved += 1;
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff() -> Vec<Person> {
        let rows = [
            ("Ada", None, 90),
            ("Ben", Some(0), 60),
            ("Cy", Some(0), 50),
            ("Di", Some(1), 40),
            ("Eve", Some(1), 30),
        ];
        rows.iter()
            .map(|&(name, boss, salary)| Person {
                name: name.to_string(),
                boss,
                salary,
            })
            .collect()
    }

    #[test]
    fn chain_goes_up() {
        let people = staff();
        assert_eq!(chain(&people, 4), ["Eve", "Ben", "Ada"]);
        assert!(chain(&people, 9).is_empty());
    }

    #[test]
    fn costs_add_up() {
        assert_eq!(team_cost(&staff()), [270, 130, 50, 40, 30]);
    }

    #[test]
    fn reports_move() {
        let before = staff();
        let mut people = before.clone();
        assert_eq!(reassign(&mut people, 1, 2), 2);
        assert_eq!(team_cost(&people), [270, 60, 120, 40, 30]);
        assert_eq!(reassign(&mut people, 0, 1), 1);
        assert_eq!(chain(&people, 2), ["Cy", "Ben", "Ada"]);
        assert_eq!(before[3].boss, Some(1));
    }
}
