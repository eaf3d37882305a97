#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    Temporary(String),
    Fatal(String),
}

impl Failure {
    fn message(self) -> String {
        match self {
            Failure::Temporary(m) | Failure::Fatal(m) => m,
        }
    }
}

#[derive(Debug, PartialEq)]
pub struct GaveUp {
    pub attempts: u32,
    pub last: String,
}

pub fn retry<T>(
    limit: u32,
    mut action: impl FnMut(u32) -> Result<T, Failure>,
) -> Result<T, GaveUp> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        match action(attempts) {
            Ok(value) => return Ok(value),
            Err(Failure::Temporary(_)) if attempts < limit => continue,
            Err(failure) => {
                return Err(GaveUp {
                    attempts,
                    last: failure.message(),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn succeeds_late() {
        let mut log = Vec::new();
        let got = retry(5, |n| {
            log.push(n);
            if n < 3 {
                Err(Failure::Temporary("busy".to_string()))
            } else {
                Ok(n * 100)
            }
        });
        assert_eq!(got, Ok(300));
        assert_eq!(log, vec![1, 2, 3]);
    }

    #[test]
    fn gives_up() {
        let got: Result<(), _> = retry(2, |n| Err(Failure::Temporary(format!("t{n}"))));
        let want = GaveUp {
            attempts: 2,
            last: "t2".to_string(),
        };
        assert_eq!(got, Err(want));
    }

    #[test]
    fn fatal_stops_at_once() {
        let got = retry::<u8>(9, |_| Err(Failure::Fatal("disk".into())));
        assert_eq!(got.unwrap_err().attempts, 1);
    }
}
