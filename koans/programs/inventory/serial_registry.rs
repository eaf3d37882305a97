use std::collections::hash_map::Entry;
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    InStock,
    Lent { to: String },
    Retired,
}

#[derive(Debug, PartialEq, Eq)]
pub enum RegistryError {
    Duplicate(u64),
    NotFound(u64),
    NotAvailable(Status),
}

#[derive(Default)]
pub struct Registry {
    devices: HashMap<u64, Status>,
}

impl Registry {
    pub fn add(&mut self, serial: u64) -> Result<(), RegistryError> {
        match self.devices.entry(serial) {
            Entry::Occupied(_) => Err(RegistryError::Duplicate(serial)),
            Entry::Vacant(slot) => {
                slot.insert(Status::InStock);
                Ok(())
            }
        }
    }

    pub fn lend(&mut self, serial: u64, to: &str) -> Result<(), RegistryError> {
        let status = self.find(serial)?;
        if *status != Status::InStock {
            return Err(RegistryError::NotAvailable(status.clone()));
        }
        *status = Status::Lent { to: to.to_string() };
        Ok(())
    }

    /// Takes a device back and says who had it.
    pub fn give_back(&mut self, serial: u64) -> Result<String, RegistryError> {
        let status = self.find(serial)?;
        match std::mem::replace(status, Status::InStock) {
            Status::Lent { to } => Ok(to),
            other => {
                *status = other.clone();
                Err(RegistryError::NotAvailable(other))
            }
        }
    }

    pub fn retire(&mut self, serial: u64) -> Result<(), RegistryError> {
        *self.find(serial)? = Status::Retired;
        Ok(())
    }

    fn find(&mut self, serial: u64) -> Result<&mut Status, RegistryError> {
        let status = self.devices.get_mut(&serial);
        status.ok_or(RegistryError::NotFound(serial))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lending_round_trip() {
        let mut registry = Registry::default();
        assert_eq!(registry.add(5), Ok(()));
        assert_eq!(registry.add(5), Err(RegistryError::Duplicate(5)));
        assert_eq!(registry.lend(5, "kim"), Ok(()));
        let taken = registry.lend(5, "lou").unwrap_err();
        assert_eq!(
            taken,
            RegistryError::NotAvailable(Status::Lent { to: "kim".into() })
        );
        assert_eq!(registry.give_back(5), Ok("kim".to_string()));
        assert_eq!(registry.lend(5, "lou"), Ok(()));
    }

    #[test]
    fn retired_devices_stay_retired() {
        let mut registry = Registry::default();
        registry.add(1).unwrap();
        registry.retire(1).unwrap();
        assert_eq!(
            registry.give_back(1),
            Err(RegistryError::NotAvailable(Status::Retired))
        );
        assert_eq!(
            registry.lend(1, "x"),
            Err(RegistryError::NotAvailable(Status::Retired))
        );
        assert_eq!(registry.retire(2), Err(RegistryError::NotFound(2)));
    }
}
