"""Fields and arguments that are missing or misplaced."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def field_missing(rng: random.Random) -> Pair:
    """E0063: a struct literal lacks a field."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = $T { $p: "$s1".to_string(), «¦$q: $1» };
        @ $t.$p, $t.$q
        """,
        """
        struct $T {
            $p: String,
            $q: u32,
        }

        impl $T {
            fn new($p: &str) -> Self {
                $T { $p: $p.to_string(), «¦$q: 0» }
            }
        }
        """,
        """
        #[derive(Default)]
        struct $T {
            $q: $N,
            $r: $N,
        }

        fn $f($q: $N) -> $T {
            $T { $q, «¦..Default::default()» }
        }
        """,
        """
        enum $T {
            $A { $q: $N, $r: $N },
            $B,
        }

        fn $f() -> [$T; 2] {
            [$T::$A { $q: $1, «¦$r: 0» }, $T::$B]
        }
        """,
        """
        struct $T {
            $p: Vec<String>,
            $q: Option<$N>,
        }

        fn $f($p: Vec<String>) -> $T {
            $T { $p, «¦$q: None» }
        }
        """,
        """
        #[derive(Clone)]
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($t: &$T, $q: $N) -> $T {
            $T { $q, «¦..$t.clone()» }
        }
        """,
    )


def argument_count(rng: random.Random) -> Pair:
    """E0061/E0057: a function, a method or a closure is called with the wrong number of arguments."""
    return write(
        rng,
        """
        fn $f($a: $N, $b: $N) -> $N {
            $a ‹+¦*› $b
        }

        ===
        let ($c, $d) = ($1, $2);
        @ $f($c«¦, $d»), $d
        """,
        """
        fn $f($a: &str) -> usize {
            $a.len()
        }

        ===
        @ $f("$s1"«, $1¦»)
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn new() -> $T {
                $T { $q: $1 }
            }
        }

        ===
        let $t = $T::new(«$2¦»);
        @ $t.$q
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&mut self, $a: $N) {
                self.$q += $a;
            }
        }

        fn $f($t: &mut $T, $b: $N) {
            $t.$m(«¦$b»);
        }
        """,
        """
        ===
        let $a = |$x: i32, $y: i32| $x ‹+¦*› $y;
        let $b = $1;
        @ $a($b«¦, $b»)
        """,
        """
        ===
        let $a = |$x: i32| $x ‹+¦*› $1;
        @ $a($2«, $3¦»)
        """,
        """
        fn $f() -> $N {
            $1
        }

        ===
        @ $f(«$2¦»)
        """,
        """
        enum $T {
            $A($N, String),
            $B,
        }

        fn $f($a: $N, $b: String) -> [$T; 2] {
            [$T::$A($a«¦, $b»), $T::$B]
        }
        """,
        """
        struct $T($N, $N);

        fn $f($a: $N) -> $T {
            $T($a«¦, $a»)
        }
        """,
        """
        ===
        let mut $a = vec![$#, $#];
        $a.«insert¦push»($1);
        @? $a
        """,
    )


def argument_order(rng: random.Random) -> Pair:
    """E0308: the arguments of a call stand in the wrong order."""
    return write(
        rng,
        """
        fn $f($a: &str, $b: $N) {
            @ $a, $b
        }

        ===
        $f(«$1, "$s1"¦"$s1", $1»);
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn new($p: &str, $q: $N) -> $T {
                $T { $p: $p.to_string(), $q }
            }
        }

        ===
        let $t = $T::new(«$1, "$s1"¦"$s1", $1»);
        @ $t.$p, $t.$q
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $N>, $b: &str) {
            $a.insert(«$1, $b.to_string()¦$b.to_string(), $1»);
        }
        """,
        """
        fn $f($a: &[$N], $b: usize) -> $N {
            $a[$b]
        }

        ===
        let $c = [$#, $#];
        @ $f(«1, &$c¦&$c, 1»)
        """,
    )
