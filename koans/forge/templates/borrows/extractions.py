"""Values taken out of what only lends them."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def moved_out_of_a_list(rng: random.Random) -> Pair:
    """E0507/E0508: an element is moved out of a list by its index."""
    return write(
        rng,
        """
        ===
        let $a = $EM;
        let $b = $a[0]«¦.clone()»;
        @? $b
        @ $a.len()
        """,
        """
        fn $f($a: &[String]) -> String {
            $a[‹0¦$a.len() - 1¦1›]«¦.clone()»
        }
        """,
        """
        fn $f($a: $ET) {
            @? $a
        }

        ===
        let $b = vec![$EM, $EM];
        $f($b[0]«¦.clone()»);
        """,
        """
        struct $T {
            $p: Vec<String>,
        }

        impl $T {
            fn $m(&self) -> String {
                self.$p[0]«¦.clone()»
            }
        }
        """,
        """
        ===
        let $a = vec![Some(String::from("$s1")), None];
        let $b = $a[0]«¦.clone()».unwrap();
        @ $b
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<String, Vec<$N>>) -> Vec<$N> {
            $a["$s1"]«¦.clone()»
        }
        """,
    )


def moved_out_of_a_reference(rng: random.Random) -> Pair:
    """E0507: a value is moved from behind a reference."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> String {
                self.$p«¦.clone()»
            }
        }
        """,
        """
        struct $T {
            $p: Option<String>,
        }

        impl $T {
            fn $m(&self) -> String {
                self.$p«¦.clone()».‹unwrap()¦unwrap_or_default()¦expect("$s1")›
            }
        }
        """,
        """
        struct $T {
            $p: Option<String>,
        }

        impl $T {
            fn $m(&mut self) -> Option<String> {
                self.$p«¦.take()»
            }
        }
        """,
        """
        struct $T {
            $p: Vec<String>,
        }

        impl $T {
            fn $m(&self) -> usize {
                let mut $a = 0;
                for $x in «¦&»self.$p {
                    $a += $x.len();
                }
                $a
            }
        }
        """,
        """
        fn $f($a: &$OT) -> $OT {
            «*$a¦$a.clone()»
        }
        """,
        """
        fn $f($a: &Option<String>) -> usize {
            ‹match¦match› «*¦»$a {
                Some($x) => $x.len(),
                None => 0,
            }
        }
        """,
        """
        struct $T {
            $p: String,
        }

        fn $f($t: &$T) {
            let $a = «¦&»$t.$p;
            @ $a
        }
        """,
        """
        struct $T {
            $p: Option<Box<$T>>,
            $q: u32,
        }

        impl $T {
            fn $m(&self) -> u32 {
                self.$p.«¦as_ref().»map_or(self.$q, |$x| $x.$q)
            }
        }
        """,
        """
        enum $T {
            $A(String),
            $B,
        }

        impl $T {
            fn $m(&self) -> usize {
                match «*¦»self {
                    $T::$A($x) => $x.len(),
                    $T::$B => 0,
                }
            }
        }
        """,
        """
        ===
        let $a = $EM;
        for $x in $a.iter() {
            let $b: $EE = «*$x¦$x.clone()»;
            @? $b
        }
        """,
    )


def moved_out_of_a_shared_owner(rng: random.Random) -> Pair:
    """E0507: a value is moved out of an `Rc`, an `Arc`, a lock or a cell."""
    return write(
        rng,
        """
        use std::rc::Rc;

        ===
        let $a = Rc::new($OM);
        let $b = «*$a¦(*$a).clone()»;
        @? $a, $b
        """,
        """
        use std::cell::RefCell;

        struct $T {
            $p: RefCell<String>,
        }

        impl $T {
            fn $m(&self) -> String {
                «*¦»self.$p.borrow()«¦.clone()»
            }
        }
        """,
        """
        use std::sync::{Arc, Mutex};

        ===
        let $a = Arc::new(Mutex::new(String::from("$s1")));
        let $b = «*$a.lock().unwrap()¦$a.lock().unwrap().clone()»;
        @ $b
        """,
        """
        use std::sync::Arc;

        struct $T {
            $p: String,
        }

        fn $f($t: Arc<$T>) -> String {
            $t.$p«¦.clone()»
        }
        """,
        """
        use std::rc::Rc;

        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = Rc::new($T { $p: String::from("$s1"), $q: $1 });
        let $a = $t.$p«¦.clone()»;
        @ $a, $t.$q
        """,
    )


def captured_value_moved_out(rng: random.Random) -> Pair:
    """E0507: a closure that is called more than once gives away what it captured."""
    return write(
        rng,
        """
        fn $f($a: impl Fn() -> String) {
            @ $a()
            @ $a()
        }

        ===
        let $b = String::from("$s1");
        $f(move || $b«¦.clone()»);
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b: Vec<String> = (0..$1).map(|_| $a«¦.clone()»).collect();
        @? $b
        """,
        """
        fn $f($a: impl «Fn¦FnOnce»() -> $OT) -> $OT {
            $a()
        }

        ===
        let $b = $OM;
        let $c = $f(move || $b);
        @* $c
        """,
        """
        fn $f($a: String) -> impl Fn() -> String {
            move || $a«¦.clone()»
        }

        ===
        let $b = $f("$s1".to_string());
        @ $b()
        """,
        """
        ===
        let $a = $LM;
        let $b = [$1, $2].map(|$x| ($x, $a«¦.clone()»));
        @ $b.len()
        """,
        """
        ===
        let mut $a = Vec::new();
        let $b = String::from("$s1");
        [$1, $2].iter().for_each(|$x| {
                if *$x > $3 {
                    $a.push($b«¦.clone()»);
                }
            });
        @? $a
        """,
    )
