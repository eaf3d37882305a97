use std::sync::{mpsc, Arc, Mutex};
use std::thread;

/// Spreads jobs over threads; results come back in the order of the jobs.
pub fn map_all<T, R, F>(jobs: Vec<T>, workers: usize, work: F) -> Vec<R>
where
    T: Send + 'static,
    R: Send + 'static,
    F: Fn(T) -> R + Send + Sync + 'static,
{
    let queue = Arc::new(Mutex::new(jobs.into_iter().enumerate()));
    let work = Arc::new(work);
    let (sender, results) = mpsc::channel();
    for _ in 0..workers {
        let (queue, work, sender) = (queue.clone(), Arc::clone(&work), sender.clone());
        thread::spawn(move || loop {
            let job = queue.lock().unwrap().next();
            let Some((i, job)) = job else { break };
            if sender.send((i, work(job))).is_err() {
                break;
            }
        });
    }
    drop(sender);
    let mut done: Vec<(usize, R)> = results.iter().collect();
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, r)| r).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept() {
        let words = vec!["net".to_string(), "harbor".to_string(), "ox".to_string()];
        let suffix = String::from("s");
        let got = map_all(words, 2, move |w| w + &suffix);
        assert_eq!(got, ["nets", "harbors", "oxs"]);
    }

    #[test]
    fn no_jobs() {
        assert_eq!(map_all(Vec::<u8>::new(), 3, u32::from), Vec::<u32>::new());
    }
}
