use std::collections::HashMap;

#[derive(Debug, PartialEq, Eq)]
pub struct Transfer {
    pub from: String,
    pub to: String,
    pub cents: i64,
}

pub struct Expense<'a> {
    pub payer: &'a str,
    pub cents: i64,
    pub shared_by: Vec<&'a str>,
}

/// Positive means the person gets money back.
pub fn net_positions(expenses: &[Expense<'_>]) -> HashMap<String, i64> {
    let mut net = HashMap::new();
    for expense in expenses {
        *net.entry(expense.payer.to_string()).or_insert(0) += expense.cents;
        let heads = expense.shared_by.len() as i64;
        for (i, person) in expense.shared_by.iter().enumerate() {
            let odd = i64::from((i as i64) < expense.cents % heads);
            *net.entry(person.to_string()).or_insert(0) -= expense.cents / heads + odd;
        }
    }
    net
}

pub fn settle(net: HashMap<String, i64>) -> Vec<Transfer> {
    let (mut plus, mut minus): (Vec<_>, Vec<_>) = net
        .into_iter()
        .filter(|(_, cents)| *cents != 0)
        .partition(|(_, cents)| *cents > 0);
    plus.sort_by_key(|(name, cents)| (*cents, name.clone()));
    minus.sort_by_key(|(name, cents)| (-cents, name.clone()));
    let mut transfers = Vec::new();
    while let (Some((to, credit)), Some((from, debt))) = (plus.last_mut(), minus.last_mut()) {
        let cents = (*credit).min(-*debt);
        *credit -= cents;
        *debt += cents;
        transfers.push(Transfer {
            from: from.clone(),
            to: to.clone(),
            cents,
        });
        plus.retain(|(_, c)| *c > 0);
        minus.retain(|(_, c)| *c < 0);
    }
    transfers
}

fn main() {
    let dinner = Expense {
        payer: "ida",
        cents: 4200,
        shared_by: vec!["ida", "tom", "lea"],
    };
    for transfer in settle(net_positions(&[dinner])) {
        println!("{transfer:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_sum_to_zero() {
        let net = net_positions(&[
            Expense {
                payer: "a",
                cents: 100,
                shared_by: vec!["a", "b", "c"],
            },
            Expense {
                payer: "b",
                cents: 30,
                shared_by: vec!["c"],
            },
        ]);
        assert_eq!(net["a"], 66);
        assert_eq!(net["b"], -3);
        assert_eq!(net["c"], -63);
        assert_eq!(net.values().sum::<i64>(), 0);
    }

    #[test]
    fn biggest_debtor_pays_biggest_creditor_first() {
        let net: HashMap<String, i64> = [("a", 70), ("b", -50), ("c", -30), ("d", 10), ("e", 0)]
            .into_iter()
            .map(|(n, c)| (n.to_string(), c))
            .collect();
        let plan = settle(net);
        let lines: Vec<String> = plan
            .iter()
            .map(|t| format!("{}>{} {}", t.from, t.to, t.cents))
            .collect();
        assert_eq!(lines, vec!["b>a 50", "c>a 20", "c>d 10"]);
    }

    #[test]
    fn settled_groups_need_no_transfers() {
        assert_eq!(settle(HashMap::new()), Vec::<Transfer>::new());
    }
}
