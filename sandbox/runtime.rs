//! What a harness is linked with: it reads the nonce, runs one test or call at a time, and reports under the nonce.
//!
//! Built once a sandbox, under a name nobody can guess. `Report` is handed to the harness's own lines only.
//! After everything else the tests are run again, the last one first: what was right only for its first calls fails then.

use std::cell::Cell;
use std::fmt::Debug;
use std::io::Write;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::process::{ExitCode, Termination};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A sixth of what a run may take: the second time must not end by the clock what the first time did not.
const QUICK: Duration = Duration::from_millis(500);

pub struct Report {
    nonce: String,
    twice: bool,
    began: Instant,
    failed: Cell<bool>,
    repeats: Cell<bool>,
}

/// The report, which of the programs is asked for, and whether its calls are wanted besides its tests:
/// `nonce number calls|tests once|twice` on the first line of stdin. None when it was opened before: a test called
/// the harness's own main.
pub fn open() -> Option<(Report, usize, bool)> {
    static OPEN: AtomicBool = AtomicBool::new(false);
    if OPEN.swap(true, Ordering::SeqCst) {
        return None;
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let nonce = words.next()?.to_string();
    let number = words.next()?.parse().ok()?;
    let calls = words.next() == Some("calls");
    let twice = words.next() == Some("twice");
    let (failed, repeats) = (Cell::new(false), Cell::new(false));
    Some((Report { nonce, twice, began: Instant::now(), failed, repeats }, number, calls))
}

pub fn settled<T: Termination>(value: T) -> bool {
    value.report() == ExitCode::SUCCESS
}

impl Report {
    /// Runs a test. `panics` is what a panic's message must contain where one is expected.
    pub fn test(&self, number: usize, test: impl FnOnce() -> bool, panics: Option<&str>) {
        let ok = self.passes(test, panics);
        self.tell(&format!("{number} {}", if ok { "ok" } else { "failed" }));
    }

    /// The same for a test whose name only the compiler knew.
    pub fn named(&self, number: usize, name: &str, test: impl FnOnce() -> bool, panics: Option<&str>) {
        let ok = self.passes(test, panics);
        self.tell(&format!("{number} {} {name}", if ok { "ok" } else { "failed" }));
    }

    /// Whether the tests are to be run again, and says so: it was asked for, all passed, and there is time.
    pub fn again(&self) -> bool {
        let repeats = self.twice && !self.failed.get() && self.began.elapsed() < QUICK;
        if repeats {
            self.say("again");
        }
        self.repeats.set(repeats);
        repeats
    }

    fn passes(&self, test: impl FnOnce() -> bool, panics: Option<&str>) -> bool {
        let ok = Self::settles(test, panics);
        self.failed.set(self.failed.get() || !ok);
        ok
    }

    fn settles(test: impl FnOnce() -> bool, panics: Option<&str>) -> bool {
        match (catch_unwind(AssertUnwindSafe(test)), panics) {
            (Ok(settled), None) => settled,
            (Ok(_), Some(_)) => false,
            (Err(_), None) => false,
            (Err(payload), Some(words)) => {
                let said = payload
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| payload.downcast_ref::<&str>().copied())
                    .unwrap_or("");
                said.contains(words)
            }
        }
    }

    /// Makes a call and reports what came of it; a panic is a result too.
    pub fn call<T: Debug>(&self, number: usize, call: impl FnOnce() -> T) {
        match catch_unwind(AssertUnwindSafe(|| format!("{:?}", call()))) {
            Ok(value) => self.say(&format!("call {number} {}", value.escape_debug())),
            Err(_) => self.say(&format!("call {number}")),
        }
    }

    pub fn done(&self, tests: usize) {
        self.tell(&format!("done {tests}"));
    }

    /// Says it of the first time or of the second.
    fn tell(&self, words: &str) {
        if self.repeats.get() {
            self.say(&format!("again {words}"));
        } else {
            self.say(words);
        }
    }

    fn say(&self, words: &str) {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "\n{} {words}", self.nonce);
        let _ = out.flush();
    }
}
