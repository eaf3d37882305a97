#[derive(Debug, Clone, Default, PartialEq)]
pub struct Truck {
    pub plate: String,
    pub loaded_kg: u32,
    pub orders: Vec<u32>,
}

pub const LIMIT_KG: u32 = 3_500;

/// Puts each order on the truck that it fills best; opens new trucks as needed.
/// An order heavier than a truck is an error.
pub fn load(orders: &[(u32, u32)]) -> Result<Vec<Truck>, u32> {
    let mut sorted: Vec<&(u32, u32)> = orders.iter().collect();
    sorted.sort_by_key(|(id, kg)| (std::cmp::Reverse(*kg), *id));
    let mut trucks: Vec<Truck> = Vec::new();
    for &(id, kg) in sorted {
        if kg > LIMIT_KG {
            return Err(id);
        }
        let fitting = trucks
            .iter_mut()
            .filter(|t| t.loaded_kg + kg <= LIMIT_KG)
            .max_by_key(|t| t.loaded_kg);
        if let Some(truck) = fitting {
            truck.loaded_kg += kg;
            truck.orders.push(id);
        } else {
            trucks.push(Truck {
                plate: format!("T{}", trucks.len() + 1),
                loaded_kg: kg,
                orders: vec![id],
            });
        }
    }
    Ok(trucks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_the_fullest_fitting_truck() {
        let orders = [(1, 1000), (2, 3000), (3, 500), (4, 2600)];
        let trucks = load(&orders).unwrap();
        assert_eq!(trucks.len(), 3);
        assert_eq!(trucks[0].orders, [2, 3]);
        assert_eq!(trucks[1].orders, [4]);
        assert_eq!(trucks[2].plate, "T3");
        assert_eq!(trucks[0].loaded_kg, 3500);
    }

    #[test]
    fn joins_light_orders() {
        let trucks = load(&[(9, 100), (8, 100)]).unwrap();
        assert_eq!(
            trucks,
            vec![Truck {
                plate: "T1".into(),
                loaded_kg: 200,
                orders: vec![8, 9]
            }]
        );
        assert_eq!(Truck::default().plate, "");
    }

    #[test]
    fn refuses_what_no_truck_carries() {
        assert_eq!(load(&[(5, 3501), (6, 1)]), Err(5));
    }
}
