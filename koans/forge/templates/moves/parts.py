"""Methods, matches and fields that take a value or a part of it."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def method_consumes_self(rng: random.Random) -> Pair:
    """E0382: a method that takes `self` is called and the value is used again."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn $m(«¦&»self) -> usize {
                self.$p.len()
            }

            fn $n(&self) -> $N {
                self.$q
            }
        }

        ===
        let $t = $T { $p: String::from("$s1"), $q: $1 };
        @ $t.$m()
        @ $t.$n()
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(«¦&»self) {
                @ self.$q
            }
        }

        ===
        let $t = $T { $q: $1 };
        $t.$m();
        $t.$m();
        """,
        """
        #[derive(Clone)]
        struct $T {
            $ts: Vec<$N>,
        }

        impl $T {
            fn $m(self) -> Vec<$N> {
                self.$ts
            }
        }

        ===
        let $t = $T { $ts: vec![$#, $#] };
        let $a = $t«¦.clone()».$m();
        @ $a.len(), $t.$ts.len()
        """,
        """
        ===
        let $a = Some(String::from("$s1"));
        let $b = $a«¦.clone()».‹unwrap()¦unwrap_or_default()¦expect("$s2")›;
        @? $a, $b
        """,
        """
        ===
        let $a = Some(String::from("$s1"));
        if $a«¦.as_ref()».‹map(|$x| $x.len()).unwrap_or(0)¦map_or(0, |$x| $x.len())› > $1 {
            @? $a
        }
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = $a«¦.clone()».into_bytes();
        @? $b
        @ $a
        """,
        """
        fn $f($a: Result<$N, String>) -> $N {
            if $a«¦.as_ref()».is_ok_and(|$x| «$x¦*$x» > $1) {
                return $1;
            }
            $a.unwrap_or(0)
        }
        """,
        """
        ===
        let $a = vec![String::from("$s1"), String::from("$s2")];
        let $b = $a.«into_iter¦iter»().next();
        @? $a, $b
        """,
    )


def match_takes_the_value(rng: random.Random) -> Pair:
    """E0382: a `match` or `if let` moves out of a value that is used after it."""
    return write(
        rng,
        """
        ===
        let $a = Some(String::from("$s1"));
        ‹match «¦&»$a {
            Some($x) => println!("{}", $x),
            None => println!("$s2"),
        }¦if let Some($x) = «¦&»$a {
            @ $x
        }›
        @? $a
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A(String),
            $B($N),
        }

        ===
        let $a = $T::‹$A("$s1".to_string())¦$B($1)›;
        match «¦&»$a {
            $T::$A($x) => println!("{}", $x),
            $T::$B($y) => println!("{}", $y),
        }
        @? $a
        """,
        """
        fn $f($a: Option<$OT>) -> Option<$OT> {
            if let Some($x) = «¦&»$a {
                @? $x
            }
            $a
        }
        """,
        """
        fn $f($a: Result<$N, String>) -> Result<$N, String> {
            match «¦&»$a {
                Ok($x) => println!("{}", $x),
                Err($y) => println!("$s1 {}", $y),
            }
            $a
        }
        """,
        """
        struct $T {
            $p: Option<String>,
            $q: $N,
        }

        fn $f($t: $T) -> $N {
            if let Some($x) = «¦&»$t.$p {
                @ $x
            }
            let $a = $t.$p.is_some();
            println!("{}", $a);
            $t.$q
        }
        """,
        """
        ===
        let $a = Some($EM);
        let Some($b) = «¦&»$a else {
            return;
        };
        @ $b.len()
        @? $a
        """,
        """
        fn $f($a: Option<String>) -> usize {
            let $b = match «¦&»$a {
                Some($x) => $x.len(),
                None => 0,
            };
            match $a {
                Some($y) => $y.len() + $b,
                None => $b,
            }
        }
        """,
    )


def part_moved_then_whole_used(rng: random.Random) -> Pair:
    """E0382: a field is moved out and then the whole is used."""
    return write(
        rng,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = $T { $p: String::from("$s1"), $q: $1 };
        let $a = $t.$p«¦.clone()»;
        @ $a
        @? $t
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q ‹* 2¦+ 1›
            }
        }

        fn $f($a: String) {
            @ $a
        }

        ===
        let $t = $T { $p: String::from("$s1"), $q: $1 };
        $f($t.$p«¦.clone()»);
        @ $t.$m()
        """,
        """
        ===
        let $a = (String::from("$s1"), $1);
        let $b = $a.0«¦.clone()»;
        @? $a
        @ $b
        """,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $t = $T { $p: "$s1".to_string(), $q: $1 };
        let $T { $p, $q } = «¦&»$t;
        @ $p, $q
        @? $t
        """,
        """
        #[derive(Debug, Clone)]
        struct $T {
            $ts: Vec<String>,
            $q: u32,
        }

        fn $f($t: $T) -> Vec<$T> {
            let mut $a = Vec::new();
            for $x in $t.$ts«¦.clone()» {
                @ $x
            }
            $a.push($t);
            $a
        }
        """,
        """
        ===
        let $a = [String::from("$s1"), String::from("$s2")];
        let [$b, $c] = «¦&»$a;
        @ $b, $c
        @? $a
        """,
    )
