use std::collections::VecDeque;
use std::mem;

#[derive(Debug, Default)]
pub struct Docks {
    gates: Vec<Option<String>>,
    yard: VecDeque<String>,
}

impl Docks {
    pub fn new(gates: usize) -> Self {
        Docks {
            gates: vec![None; gates],
            ..Default::default()
        }
    }

    /// The gate of the truck, or its position in the yard.
    pub fn arrive(&mut self, plate: String) -> Result<usize, usize> {
        match self.gates.iter_mut().enumerate().find(|(_, g)| g.is_none()) {
            Some((number, gate)) => {
                *gate = Some(plate);
                Ok(number)
            }
            None => {
                self.yard.push_back(plate);
                Err(self.yard.len())
            }
        }
    }

    pub fn depart(&mut self, gate: usize) -> Option<String> {
        let slot = self.gates.get_mut(gate)?;
        let next = self.yard.pop_front();
        mem::replace(slot, next)
    }

    pub fn at_gate(&self, gate: usize) -> Option<&str> {
        self.gates.get(gate)?.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yard_moves_up() {
        let mut docks = Docks::new(2);
        assert_eq!(docks.arrive("AA".to_string()), Ok(0));
        assert_eq!(docks.arrive("BB".to_string()), Ok(1));
        assert_eq!(docks.arrive("CC".to_string()), Err(1));
        assert_eq!(docks.arrive("DD".to_string()), Err(2));
        assert_eq!(docks.depart(1).as_deref(), Some("BB"));
        assert_eq!(docks.at_gate(1), Some("CC"));
        assert_eq!(docks.at_gate(0), Some("AA"));
    }

    #[test]
    fn empty_and_unknown_gates() {
        let mut docks = Docks::new(1);
        assert_eq!(docks.depart(0), None);
        assert_eq!(docks.depart(4), None);
        assert_eq!(docks.at_gate(0), None);
        assert_eq!(docks.arrive("X".into()), Ok(0));
    }
}
