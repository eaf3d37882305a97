"""Patterns of another form, and names bound twice."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def variant_pattern_shape(rng: random.Random) -> Pair:
    """E0023/E0532/E0533/E0164/E0769/E0026/E0027: a pattern of a variant of another shape."""
    return write(
        rng,
        """
        enum $T {
            $A($N, $N),
            $B,
        }

        fn $f($a: $T) -> $N {
            match $a {
                $T::$A($x«¦, _») => $x,
                $T::$B => 0,
            }
        }
        """,
        """
        enum $T {
            $A($N),
            $B,
        }

        fn $f($a: &$T) -> $N {
            match $a {
                $T::$A«¦(_)» => $1,
                $T::$B => 0,
            }
        }
        """,
        """
        enum $T {
            $A,
            $B,
        }

        fn $f($a: &$T) -> $N {
            match $a {
                $T::$A«(_)¦» => $1,
                $T::$B => 0,
            }
        }
        """,
        """
        enum $T {
            $A { $q: $N },
            $B,
        }

        fn $f($a: &$T) -> $N {
            match $a {
                $T::$A«($q)¦ { $q }» => *$q,
                $T::$B => 0,
            }
        }
        """,
        """
        struct $T {
            $q: $N,
            $r: $N,
        }

        fn $f($t: &$T) -> $N {
            let $T { $q«¦, ..» } = $t;
            *$q
        }
        """,
        """
        enum $T {
            $A { $q: $N, $r: $N },
            $B,
        }

        fn $f($a: &$T) -> $N {
            match $a {
                $T::$A { $q«¦, ..» } => *$q,
                $T::$B => 0,
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            let $T { «$p¦$q» } = $t;
            *«$p¦$q»
        }
        """,
        """
        enum $T {
            $A($N),
            $B,
        }

        impl $T {
            fn $m($a: $N) -> $T {
                $T::$A($a)
            }
        }

        fn $f($a: $T) -> $N {
            match $a {
                $T::«$m¦$A»($x) => $x,
                $T::$B => 0,
            }
        }
        """,
    )


def slice_and_range_patterns(rng: random.Random) -> Pair:
    """E0527/E0529/E0029/E0030/E0586/E0528: slices and ranges in patterns."""
    return write(
        rng,
        """
        ===
        let $a = [$1, $2, $3];
        let [$b, $c«¦, _»] = $a;
        @ $b ‹+¦*› $c
        """,
        """
        ===
        let $a = [$1, $2];
        let [$b, $c«, $d¦»] = $a;
        @ $b ‹+¦*› $c
        """,
        """
        fn $f($a: Vec<$N>) -> $N {
            match «$a¦$a.as_slice()» {
                [$x, ..] => *$x,
                [] => 0,
            }
        }
        """,
        """
        fn $f($a: u32) -> bool {
            match $a {
                «100..=1¦1..=100» => true,
                _ => false,
            }
        }
        """,
        """
        fn $f($a: &str) -> bool {
            match $a {
                «"0"..="9"¦"0" | "9"» => true,
                _ => false,
            }
        }
        """,
        """
        ===
        let $a = [$#, $#, $#];
        @? &$a[0..=«¦1»]
        """,
        """
        fn $f($a: u8) -> bool {
            match $a {
                0..=«¦9» => true,
                _ => false,
            }
        }
        """,
        """
        ===
        for $x in 1..=«¦$1» {
            @ $x
        }
        """,
        """
        ===
        let $a = «$1.5¦[$1, $2]»;
        let [$x, ..] = $a;
        @ $x
        """,
    )


def bound_twice(rng: random.Random) -> Pair:
    """E0416/E0415/E0124/E0428/E0403/E0062: one name stands twice where it may stand once."""
    return write(
        rng,
        """
        ===
        let ($a, «$a¦$b») = ($1, $2);
        @ $a
        """,
        """
        fn $f($a: $N, «$a¦$b»: $N) -> $N {
            $a
        }
        """,
        """
        struct $T {
            $q: $N,
            $p: String,
            «$q: $N,
            ¦»}

        fn $f($t: &$T) -> $N {
            $t.$q + $t.$p.len() as $N
        }
        """,
        """
        struct $T {
            $q: $N,
            $p: String,
        }

        ===
        let $t = $T {
            $q: $1,
            $p: String::new(),
            «$q: $2,
            ¦»};
        @ $t.$q, $t.$p
        """,
        """
        enum $T {
            $A,
            $B,
            «$A,
            ¦»}

        fn $f($a: $T) -> bool {
            matches!($a, $T::$B)
        }
        """,
        """
        fn $f<T, «T¦U»>($a: T, $b: «T¦U») -> («T¦U», T) {
            ($b, $a)
        }
        """,
        """
        fn $f($a: ($N, $N)) -> $N {
            match $a {
                (0, $x) => $x,
                ($x, «$x¦_») => $x,
            }
        }
        """,
    )
