"""Tuples, characters and boxes."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def tuples_and_arrays(rng: random.Random) -> Pair:
    """E0308: a tuple or an array has another length or order than asked for."""
    return write(
        rng,
        """
        fn $f($a: &[$N]) -> ($N, $N) {
            let mut $b = $a[0];
            let mut $c = $a[0];
            for &$x in $a {
                $b = $b.min($x);
                $c = $c.max($x);
            }
            «[$b, $c]¦($b, $c)»
        }
        """,
        """
        ===
        let $a: [i32; «2¦3»] = [$1, $2, $3];
        @? $a
        """,
        """
        ===
        let ($a, $b«¦, _») = ($1, "$s1", $2.5);
        @ $a, $b
        """,
        """
        fn $f() -> (String, $N) {
            («$1, String::from("$s1")¦String::from("$s1"), $1»)
        }
        """,
        """
        fn $f($a: ($N, $N)) -> $N {
            $a.0 ‹+¦*› $a.1
        }

        ===
        @ $f(«[$1, $2]¦($1, $2)»)
        """,
        """
        ===
        let $a: «Vec<i32>¦[i32; 2]» = [$1, $2];
        @? $a
        """,
        """
        ===
        let $a: «[i32; 2]¦Vec<i32>» = vec![$1, $2];
        @? $a
        """,
        """
        ===
        let mut $a: Vec<(String, $N)> = Vec::new();
        $a.push((String::from("$s1"), $1));
        $a.push((«"$s2"¦String::from("$s2")», $2));
        @ $a.len()
        """,
        """
        fn $f($a: &[&str]) -> Vec<String> {
            let mut $b = vec![];
            for $x in $a {
                $b.push($x«¦.to_string()»);
            }
            $b
        }
        """,
    )


def characters_and_text(rng: random.Random) -> Pair:
    """E0308/E0277: a `char` stands for a text or the other way round."""
    return write(
        rng,
        """
        ===
        let mut $a = String::new();
        $a.push(«"-"¦'-'»);
        @ $a
        """,
        """
        ===
        let mut $a = String::from("$s1");
        $a.push_str(«'!'¦"!"»);
        @ $a
        """,
        """
        fn $f($a: &str) -> usize {
            $a.chars().filter(|$x| *$x == «"a"¦'a'»).count()
        }
        """,
        """
        ===
        let $a: char = «"x"¦'x'»;
        @ $a
        """,
        """
        fn $f($a: char) -> bool {
            match $a {
                «"a" | "e"¦'a' | 'e'» => true,
                _ => false,
            }
        }
        """,
        """
        ===
        let $a = "$s1";
        for $x in $a.chars() {
            if $x ‹==¦!=› «"b"¦'b'» {
                @ $x
            }
        }
        """,
        """
        fn $f($a: &str) -> String {
            let mut $b = String::new();
            for $x in $a.chars().rev() {
                $b.«push_str¦push»($x);
            }
            $b
        }
        """,
        """
        fn $f($a: &str) -> Vec<char> {
            let mut $b = Vec::new();
            for $x in $a.«split("")¦chars()» {
                $b.push($x);
            }
            $b
        }
        """,
        """
        ===
        let $a = "$s1".to_string();
        let $b: String = $a.chars().next().unwrap()«¦.to_string()»;
        @ $b
        """,
    )


def boxed_and_shared(rng: random.Random) -> Pair:
    """E0308: a plain value stands where a `Box`, an `Rc` or a cell is needed."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
            $p: Option<Box<$T>>,
        }

        ===
        let $a = $T { $q: $1, $p: None };
        let $b = $T { $q: $2, $p: Some(«$a¦Box::new($a)») };
        @ $b.$q, $b.$p.is_some()
        """,
        """
        enum $T {
            $A($N),
            $B(Box<$T>, Box<$T>),
        }

        fn $f($a: $N) -> $T {
            $T::$B(Box::new($T::$A($a)), «$T::$A($1)¦Box::new($T::$A($1))»)
        }
        """,
        """
        use std::rc::Rc;

        struct $T {
            $p: Rc<String>,
        }

        ===
        let $t = $T { $p: «String::from("$s1")¦Rc::new(String::from("$s1"))» };
        @ $t.$p
        """,
        """
        use std::cell::RefCell;
        use std::rc::Rc;

        ===
        let $a: Rc<RefCell<String>> = Rc::new(«String::from("$s1")¦RefCell::new(String::from("$s1"))»);
        @? $a
        """,
        """
        use std::sync::{Arc, Mutex};

        fn $f() -> Arc<Mutex<Vec<$N>>> {
            «Mutex::new(Vec::new())¦Arc::new(Mutex::new(Vec::new()))»
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T($N);

        impl $R for $T {
            fn $m(&self) -> $N {
                self.0
            }
        }

        ===
        let mut $a: Vec<Box<dyn $R>> = Vec::new();
        $a.push(«$T($1)¦Box::new($T($1))»);
        @ $a[0].$m()
        """,
        """
        use std::cell::Cell;

        struct $T {
            $q: Cell<u32>,
        }

        ===
        let $t = $T { $q: «$1¦Cell::new($1)» };
        $t.$q.set($2);
        @ $t.$q.get()
        """,
    )
