use std::collections::VecDeque;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomId(pub u16);

pub struct House {
    doors: Vec<Vec<RoomId>>,
}

impl House {
    pub fn with_rooms(count: u16) -> Self {
        House {
            doors: (0..count).map(|_| Vec::new()).collect(),
        }
    }

    pub fn door(&mut self, a: RoomId, b: RoomId) -> &mut Self {
        self.doors[usize::from(a.0)].push(b);
        self.doors[usize::from(b.0)].push(a);
        self
    }

    /// Steps smoke needs from the sources to each room.
    pub fn smoke(&self, sources: &[RoomId]) -> Vec<Option<u32>> {
        let mut steps = vec![None; self.doors.len()];
        let mut queue = VecDeque::new();
        for &RoomId(room) in sources {
            steps[room as usize] = Some(0);
            queue.push_back(room);
        }
        while let Some(room) = queue.pop_front() {
            let next_step = steps[room as usize].map(|step| step + 1);
            for RoomId(next) in &self.doors[room as usize] {
                if steps[*next as usize].is_none() {
                    steps[*next as usize] = next_step;
                    queue.push_back(*next);
                }
            }
        }
        steps
    }

    pub fn safe_rooms(&self, sources: &[RoomId], within: u32) -> Vec<RoomId> {
        self.smoke(sources)
            .iter()
            .zip(0u16..)
            .filter(|(step, _)| step.map_or(true, |step| step > within))
            .map(|(_, room)| RoomId(room))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house() -> House {
        let mut house = House::with_rooms(6);
        house
            .door(RoomId(0), RoomId(1))
            .door(RoomId(1), RoomId(2))
            .door(RoomId(2), RoomId(3))
            .door(RoomId(0), RoomId(3));
        house
    }

    #[test]
    fn steps_from_one_source() {
        let steps = house().smoke(&[RoomId(0)]);
        assert_eq!(steps, [Some(0), Some(1), Some(2), Some(1), None, None]);
    }

    #[test]
    fn far_rooms_are_safe() {
        let house = house();
        assert_eq!(
            house.safe_rooms(&[RoomId(0), RoomId(4)], 1),
            [RoomId(2), RoomId(5)]
        );
        assert_eq!(house.smoke(&[]), vec![None; 6]);
    }
}
