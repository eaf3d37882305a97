use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    pub points: f32,
    pub weight: f32,
}

#[derive(Default)]
pub struct Gradebook {
    marks: BTreeMap<String, Vec<Mark>>,
}

impl Gradebook {
    pub fn record(&mut self, student: &str, points: f32, weight: f32) {
        let mark = Mark { points, weight };
        match self.marks.get_mut(student) {
            Some(list) => list.push(mark),
            None => {
                self.marks.insert(student.to_string(), vec![mark]);
            }
        }
    }

    pub fn average(&self, student: &str) -> Option<f32> {
        let list = self.marks.get(student)?;
        let weight: f32 = list.iter().map(|m| m.weight).sum();
        let points: f32 = list.iter().map(|m| m.points * m.weight).sum();
        Some(points / weight)
    }

    /// Students by average, best first.
    pub fn ranking(&self) -> Vec<(&str, char)> {
        let mut rows: Vec<(&str, f32)> = self
            .marks
            .keys()
            .filter_map(|name| Some((name.as_str(), self.average(name)?)))
            .collect();
        rows.sort_by(|a, b| b.1.total_cmp(&a.1));
        rows.into_iter().map(|(n, avg)| (n, letter(avg))).collect()
    }
}

pub fn letter(average: f32) -> char {
    const STEPS: [(f32, char); 4] = [(90.0, 'A'), (75.0, 'B'), (60.0, 'C'), (50.0, 'D')];
    let step = STEPS.iter().find(|(floor, _)| average >= *floor);
    step.map_or('E', |(_, letter)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighted_average() {
        let mut book = Gradebook::default();
        book.record("lin", 80.0, 1.0);
        book.record("lin", 50.0, 2.0);
        assert_eq!(book.average("lin"), Some(60.0));
        assert_eq!(book.average("moe"), None);
    }

    #[test]
    fn ranking_is_best_first() {
        let mut book = Gradebook::default();
        book.record("abe", 55.0, 1.0);
        book.record("bea", 91.5, 1.0);
        book.record("cem", 75.0, 3.0);
        assert_eq!(
            book.ranking(),
            vec![("bea", 'A'), ("cem", 'B'), ("abe", 'D')]
        );
    }

    #[test]
    fn letter_floors() {
        assert_eq!(letter(89.9), 'B');
        assert_eq!(letter(60.0), 'C');
        assert_eq!(letter(49.0), 'E');
    }
}
