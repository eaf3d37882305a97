use std::collections::VecDeque;
use std::sync::{mpsc, Arc, Mutex};
use std::thread;

/// Applies `work` to every job on a few threads; results come back in job order.
pub fn run_jobs<J, R, F>(jobs: Vec<J>, workers: usize, work: F) -> Vec<R>
where
    J: Send + 'static,
    R: Send + 'static,
    F: Fn(J) -> R + Send + Sync + 'static,
{
    let queue: Arc<Mutex<VecDeque<(usize, J)>>> =
        Arc::new(Mutex::new(jobs.into_iter().enumerate().collect()));
    let work = Arc::new(work);
    let (tx, rx) = mpsc::channel();
    for _ in 0..workers {
        let (queue, work, tx) = (queue.clone(), work.clone(), tx.clone());
        thread::spawn(move || loop {
            let next = queue.lock().unwrap().pop_front();
            match next {
                Some((id, job)) => {
                    let _ = tx.send((id, work(job)));
                }
                None => break,
            }
        });
    }
    drop(tx);
    let mut results: Vec<(usize, R)> = rx.into_iter().collect();
    results.sort_by_key(|(id, _)| *id);
    results.into_iter().map(|(_, result)| result).collect()
}

fn main() {
    let lengths = run_jobs(vec!["one", "three"], 2, |word| word.len());
    println!("{lengths:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_job_order() {
        let jobs: Vec<u32> = (1..=20).collect();
        let out = run_jobs(jobs, 3, |n| n * 2 + 1);
        assert_eq!(out.len(), 20);
        assert_eq!(out[0], 3);
        assert_eq!(out[19], 41);
        assert!(out.windows(2).all(|w| w[0] < w[1]));
    }

    #[test]
    fn owned_jobs() {
        let jobs = vec!["ab".to_string(), "c".to_string()];
        let suffix = String::from("!");
        let out = run_jobs(jobs, 2, move |s| s + &suffix);
        assert_eq!(out, vec!["ab!", "c!"]);
        assert!(run_jobs(Vec::<u8>::new(), 1, |b| b).is_empty());
    }
}
