"""Declarations that cannot be."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def recursive_type(rng: random.Random) -> Pair:
    """E0072/E0391: a type contains itself."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
            $p: Option<«$T¦Box<$T>»>,
        }

        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        enum $T {
            $A($N),
            $B($N, «$T¦Box<$T>»),
        }

        fn $f($t: &$T) -> $N {
            match $t {
                $T::$A($x) | $T::$B($x, _) => *$x,
            }
        }
        """,
        """
        enum $T {
            $A(«$T¦Box<$T>», «$T¦Box<$T>»),
            $B(f64),
        }

        fn $f($t: &$T) -> f64 {
            match $t {
                $T::$A($x, $y) => $f($x) + $f($y),
                $T::$B($a) => *$a,
            }
        }
        """,
        """
        struct $T {
            $p: String,
            $t: «$T¦Vec<$T>»,
        }

        fn $f($a: &$T) -> usize {
            $a.$p.len()
        }
        """,
        """
        const $K: $N = «$K + 1¦$1»;

        fn $f() -> $N {
            $K
        }
        """,
    )


def uninitialised(rng: random.Random) -> Pair:
    """E0381: a variable is used that may have no value."""
    return write(
        rng,
        """
        ===
        let $a: i32«¦ = 0»;
        @ $a
        """,
        """
        ===
        let mut $a: i32«¦ = 0»;
        for $x in 0..$1 {
            $a += $x;
        }
        @ $a
        """,
        """
        ===
        let $b = $1;
        let $a;
        if $b > $2 {
            $a = "$s1";
        }«¦ else {
            $a = "$s2";
        }»
        @ $a
        """,
        """
        fn $f($a: $N) -> $N {
            let $b;
            match $a {
                0 => $b = $1,
                1 => $b = $2,
                _ => «{}¦$b = 0,»
            }
            $b
        }
        """,
        """
        ===
        let mut $a: Vec<i32>«¦ = Vec::new()»;
        $a.push($1);
        @? $a
        """,
        """
        ===
        let mut $a: String«¦ = String::new()»;
        $a.push_str("$s1");
        @ $a
        """,
    )


def defined_twice(rng: random.Random) -> Pair:
    """E0428/E0592/E0201/E0124/E0046: an item is defined twice."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
        }

        «struct $T;

        ¦»fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        struct $T($N);

        impl $T {
            fn $m(&self) -> $N {
                self.0
            }

            fn «$m¦$n»(&self) -> $N {
                self.0 + $1
            }
        }
        """,
        """
        const $K: $N = $1;
        «const $K: $N = $2;
        ¦»
        fn $f($a: $N) -> $N {
            $a + $K
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;

            fn $n(&self) -> $N;
        }

        struct $T;

        impl $R for $T {
            fn $m(&self) -> $N {
                $1
            }

            fn «$m¦$n»(&self) -> $N {
                $2
            }
        }
        """,
    )


def constant_not_constant(rng: random.Random) -> Pair:
    """E0015/E0010/E0308/E0658/E0080: a constant is not a constant, or is out of range."""
    return write(
        rng,
        """
        const $K: «String¦&str» = «String::from("$s1")¦"$s1"»;

        fn $f() -> usize {
            $K.len()
        }
        """,
        """
        «¦const »fn $g($a: $N) -> $N {
            $a ‹+¦*› 2
        }

        const $K: $N = $g(2);

        fn $f() -> $N {
            $K
        }
        """,
        """
        static $K: «Vec<$N>¦[$N; 2]» = «vec![$1, $2]¦[$1, $2]»;

        fn $f() -> usize {
            $K.len()
        }
        """,
        """
        const $K: u32 = «2 - 3¦3 - 2»;

        fn $f() -> u32 {
            $K
        }
        """,
        """
        const $K: [$N; 2] = [$1, $2];
        const LAST: $N = $K[«2¦1»];

        fn $f() -> $N {
            LAST
        }
        """,
    )


def type_of_an_item_unsaid(rng: random.Random) -> Pair:
    """E0121: a signature or a constant leaves its type out as `_`."""
    return write(
        rng,
        """
        fn $f($a: $N) -> «_¦$N» {
            $a ‹+¦*› $1
        }
        """,
        """
        const $K: «_¦$N» = $1 as $N;

        fn $f() -> $N {
            $K
        }
        """,
        """
        fn $f($a: «_¦&str») -> usize {
            $a.len()
        }

        ===
        @ $f("$s1")
        """,
        """
        struct $T {
            $p: «_¦String»,
        }

        fn $f($t: &$T) -> &String {
            &$t.$p
        }
        """,
        """
        static $K: «_¦&str» = "$s1";

        fn $f() -> usize {
            $K.len()
        }
        """,
    )
