use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    Open { missing: usize },
    Approved,
    Rejected { by: String, reason: String },
}

pub struct Request {
    needed: usize,
    approvers: BTreeSet<String>,
    status: Status,
}

impl Request {
    pub fn needing(needed: usize) -> Self {
        let status = if needed == 0 {
            Status::Approved
        } else {
            Status::Open { missing: needed }
        };
        Self {
            needed,
            approvers: BTreeSet::new(),
            status,
        }
    }

    pub fn approve(&mut self, who: &str) -> &Status {
        if let Status::Open { .. } = self.status {
            self.approvers.insert(who.to_string());
            self.status = match self.needed.saturating_sub(self.approvers.len()) {
                0 => Status::Approved,
                missing => Status::Open { missing },
            };
        }
        &self.status
    }

    /// A rejection also overturns an approval; the first one stands.
    pub fn reject(&mut self, who: &str, reason: &str) -> &Status {
        if !matches!(self.status, Status::Rejected { .. }) {
            self.approvers.clear();
            self.status = Status::Rejected {
                by: who.into(),
                reason: reason.into(),
            };
        }
        &self.status
    }

    pub fn signatures(&self) -> String {
        self.approvers
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" + ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_people_once() {
        let mut request = Request::needing(2);
        assert_eq!(request.approve("lin"), &Status::Open { missing: 1 });
        assert_eq!(request.approve("lin"), &Status::Open { missing: 1 });
        assert_eq!(request.approve("amy"), &Status::Approved);
        assert_eq!(*request.approve("zoe"), Status::Approved);
        assert_eq!(request.signatures(), "amy + lin");
    }

    #[test]
    fn first_rejection_stands() {
        let mut request = Request::needing(0);
        let first = request.reject("bo", "cost").clone();
        assert_eq!(request.reject("cy", "time"), &first);
        assert_eq!(request.approve("cy"), &first);
        let expected = Status::Rejected {
            by: "bo".to_string(),
            reason: "cost".to_string(),
        };
        assert_eq!(first, expected);
        assert_eq!(request.signatures(), "");
    }
}
