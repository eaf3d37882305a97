"""Imports that are missing or wrong."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def import_missing(rng: random.Random) -> Pair:
    """E0433/E0412/E0425: a type of std is used without its `use`."""
    return write(
        rng,
        """
        «¦use std::collections::HashMap;
        »

        ===
        let mut $a = HashMap::new();
        $a.insert("$s1", $1);
        @? $a
        """,
        """
        «¦use std::collections::HashMap;
        »

        fn $f($a: &HashMap<String, $N>) -> usize {
            $a.len()
        }
        """,
        """
        «¦use std::collections::HashSet;
        »

        fn $f($a: &[$N]) -> usize {
            let $b: HashSet<_> = $a.iter().collect();
            $b.len()
        }
        """,
        """
        «¦use std::collections::BTreeMap;
        »

        struct $T {
            $p: BTreeMap<String, $N>,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len()
        }
        """,
        """
        «¦use std::collections::VecDeque;
        »

        ===
        let mut $a = VecDeque::new();
        $a.push_back($1);
        $a.push_front($2);
        @? $a
        """,
        """
        «¦use std::rc::Rc;
        »

        ===
        let $a = Rc::new($OM);
        let $b = Rc::clone(&$a);
        @? $b
        """,
        """
        use std::rc::Rc;
        «¦use std::cell::RefCell;
        »

        ===
        let $a = Rc::new(RefCell::new($1));
        *$a.borrow_mut() += $2;
        @? $a
        """,
        """
        use std::thread;
        use std::sync::«Arc¦{Arc, Mutex}»;

        ===
        let $a = Arc::new(Mutex::new($1));
        let $b = Arc::clone(&$a);
        thread::spawn(move || *$b.lock().unwrap() += $2).join().unwrap();
        @? $a
        """,
        """
        «¦use std::fmt;
        »

        struct $T($N);

        impl fmt::Display for $T {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
        """,
        """
        «¦use std::thread;
        »

        ===
        let $a = thread::spawn(|| $1 ‹+¦*› $2);
        @ $a.join().unwrap()
        """,
        """
        «¦use std::cmp::Ordering;
        »

        fn $f($a: $N) -> &'static str {
            match $a.cmp(&$1) {
                Ordering::Less => "$s1",
                _ => "$s2",
            }
        }
        """,
        """
        «¦use std::time::Duration;
        »

        fn $f($a: u64) -> Duration {
            Duration::from_secs($a ‹+¦*› $1)
        }
        """,
        """
        «¦use std::borrow::Cow;
        »

        fn $f($a: &str) -> Cow<'_, str> {
            if $a.is_empty() {
                return Cow::Borrowed("$s1");
            }
            Cow::Owned($a.to_uppercase())
        }
        """,
        """
        «¦use std::mem;
        »

        ===
        let mut $a = $OM;
        let $b = mem::take(&mut $a);
        @? $a, $b
        """,
    )


def import_wrong(rng: random.Random) -> Pair:
    """E0432/E0433/E0429/E0252/E0603: an import that is wrong."""
    return write(
        rng,
        """
        use std::«collection¦collections»::‹HashMap¦BTreeMap›;

        ===
        let $a: Vec<u8> = vec![$1];
        @? $a
        """,
        """
        use std::collections::«Hashmap¦HashMap»;

        ===
        let mut $a = HashMap::new();
        $a.insert($1, $2);
        @? $a
        """,
        """
        use std::«sync¦rc»::Rc;

        ===
        let $a = Rc::new($1);
        @ $a
        """,
        """
        use std::«rc¦cell»::RefCell;

        ===
        let $a = RefCell::new($1);
        *$a.borrow_mut() += $2;
        @? $a
        """,
        """
        use std::fmt«::self¦»;

        fn $f($a: fmt::Error) -> String {
            $a.to_string()
        }
        """,
        """
        use std::collections::{«HashMap, ¦»HashMap, HashSet};

        fn $f($a: &HashMap<u32, u32>) -> HashSet<u32> {
            $a.keys().copied().collect()
        }
        """,
        """
        mod $a {
            pub fn $f() -> $N {
                $1
            }
        }

        use $a::$f«_all¦»;

        ===
        @ $f()
        """,
        """
        mod $a {
            «¦pub »fn $f() -> $N {
                $1
            }
        }

        use $a::$f;

        ===
        @ $f()
        """,
    )
