use std::time::Duration;

#[derive(Debug, Clone)]
pub struct RetryPlan {
    pub first: Duration,
    pub ceiling: Duration,
    pub tries: u32,
}

impl RetryPlan {
    /// Waits between the tries: doubled each time, never above the ceiling.
    pub fn waits(&self) -> impl Iterator<Item = Duration> + '_ {
        (0..self.tries.saturating_sub(1)).map(|n| (self.first * 2u32.pow(n)).min(self.ceiling))
    }

    /// Calls `job` with the number of the try until it works; `sleep` is told each wait.
    pub fn run<T, E>(
        &self,
        mut job: impl FnMut(u32) -> Result<T, E>,
        mut sleep: impl FnMut(Duration),
    ) -> Result<T, E> {
        let mut attempt = 1;
        for wait in self.waits() {
            if let Ok(value) = job(attempt) {
                return Ok(value);
            }
            sleep(wait);
            attempt += 1;
        }
        job(attempt)
    }
}

fn main() {
    let plan = RetryPlan {
        first: Duration::from_secs(1),
        ceiling: Duration::from_secs(30),
        tries: 7,
    };
    for (n, wait) in plan.waits().enumerate() {
        println!("after try {}: {wait:?}", n + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(tries: u32) -> RetryPlan {
        RetryPlan {
            first: Duration::from_millis(100),
            ceiling: Duration::from_millis(350),
            tries,
        }
    }

    #[test]
    fn waits_double() {
        let ms: Vec<u128> = plan(5).waits().map(|d| d.as_millis()).collect();
        assert_eq!(ms, [100, 200, 350, 350]);
        assert_eq!(plan(1).waits().count(), 0);
    }

    #[test]
    fn stops_at_success() {
        let mut slept = Duration::ZERO;
        let job = |n| if n == 3 { Ok("done") } else { Err(n) };
        assert_eq!(plan(9).run(job, |d| slept += d), Ok("done"));
        assert_eq!(slept.as_millis(), 300);
    }

    #[test]
    fn last_error_comes_back() {
        let mut sleeps = 0;
        let got: Result<(), u32> = plan(3).run(Err, |_| sleeps += 1);
        assert_eq!((got, sleeps), (Err(3), 2));
    }
}
