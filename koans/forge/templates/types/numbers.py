"""Numbers of different types."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def integer_types(rng: random.Random) -> Pair:
    """E0308: integers of two types meet."""
    return write(
        rng,
        """
        fn $f($a: u64) -> u64 {
            $a ‹*¦+› 2
        }

        ===
        let $b: usize = $1;
        @ $f($b«¦ as u64»)
        """,
        """
        fn $f($a: &[$N]) -> i32 {
            $a.len()«¦ as i32»
        }
        """,
        """
        struct $T {
            $q: u32,
        }

        fn $f($t: &$T) -> usize {
            $t.$q«¦ as usize»
        }
        """,
        """
        fn $f($a: &str) -> u32 {
            $a.‹len()¦chars().count()¦lines().count()›«¦ as u32»
        }
        """,
        """
        ===
        let $a = vec![$#, $#, $#];
        let $b: i32 = $1;
        if $a.len() ‹>¦<¦==› $b«¦ as usize» {
            @? $a
        }
        """,
        """
        fn $f($a: u8) -> u32 {
            let $b: u32 = $a«¦.into()»;
            $b * $1
        }
        """,
        """
        struct $T {
            $q: u8,
            $r: u32,
        }

        fn $f($a: u32) -> $T {
            $T { $q: ($a % $1)«¦ as u8», $r: $a }
        }
        """,
        """
        fn $f($a: f64) -> i32 {
            ‹$a.round()¦$a.floor()¦($a * $1.0)›«¦ as i32»
        }
        """,
        """
        ===
        let mut $a: u64 = 0;
        for $x in [$#u32, $#, $#] {
            $a += «$x¦u64::from($x)»;
        }
        @ $a
        """,
        """
        fn $f($a: usize, $b: &[i32]) -> i32 {
            $b.iter().take($a).sum()
        }

        ===
        let $c: i32 = $1;
        @ $f($c«¦ as usize», &[$#, $#])
        """,
        """
        const $K: usize = $1;

        fn $f($a: u32) -> bool {
            $a ‹>¦<¦>=› $K«¦ as u32»
        }
        """,
    )


def float_and_integer(rng: random.Random) -> Pair:
    """E0308: an integer stands where a float is needed, or the other way round."""
    return write(
        rng,
        """
        fn $f($a: f64) -> f64 {
            $a * $1.0
        }

        ===
        @ $f(«$2¦$2.0»)
        """,
        """
        ===
        let $a: «i32¦f64» = $1.5;
        @ $a
        """,
        """
        struct $T {
            $q: f64,
        }

        ===
        let $t = $T { $q: «$1¦$1.0» };
        @ $t.$q
        """,
        """
        ===
        let mut $a: Vec<f64> = Vec::new();
        $a.push(«$1¦$1.0»);
        $a.push($2.5);
        @? $a
        """,
        """
        ===
        let $a = [$1.5, «$2¦$2.0», $3.0];
        let $b: f64 = $a.iter().sum();
        @ $b
        """,
        """
        fn $f($a: i32, $b: i32) -> f64 {
            «$a / $b¦$a as f64 / $b as f64»
        }

        ===
        @ $f($1, $2)
        """,
        """
        fn $f($a: &[f64]) -> f64 {
            let mut $b = «0¦0.0»;
            for $x in $a {
                if *$x > $b {
                    $b = *$x;
                }
            }
            $b
        }
        """,
        """
        fn $f($a: $N) -> f64 {
            if $a > $1 {
                $2.5
            } else {
                «0¦0.0»
            }
        }
        """,
        """
        struct $T {
            $q: f64,
            $r: u32,
        }

        impl $T {
            fn $m(&self) -> f64 {
                f64::from(self.$r) * self.$q
            }
        }

        ===
        let $t = $T { $q: $1.25, $r: «$2.0¦$2» };
        @ $t.$m()
        """,
    )
