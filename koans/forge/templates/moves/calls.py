"""Values given to a function and used again."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def moved_into_a_function(rng: random.Random) -> Pair:
    """E0382: a value is given to a function and used again."""
    return write(
        rng,
        """
        fn $f($a: $OT) {
            @* $a
        }

        ===
        let $b = $OM;
        $f($b«¦.clone()»);
        @* $b
        """,
        """
        fn $f($a: $OT) -> usize {
            std::mem::size_of_val(&$a)
        }

        ===
        let $b = $OM;
        let $c = $f($b«¦.clone()»);
        @? $b, $c
        """,
        """
        fn $f($a: &$OT) {
            @* $a
        }

        fn $g($a: $OT) {
            @? $a
        }

        ===
        let $b = $OM;
        $f(&$b);
        $g($b«¦.clone()»);
        $f(&$b);
        """,
        """
        fn $f(mut $a: $LT) -> $LT {
            $a.push($LV);
            $a
        }

        ===
        let $b = $LM;
        let $c = $f($b«¦.clone()»);
        @? $b
        @? $c
        """,
        """
        fn $f($a: $OT, $b: $N) -> $OT {
            @ $b
            $a
        }

        ===
        let $c = $OM;
        let $d = $f($c«¦.clone()», $1);
        %
        @? $c, $d
        """,
        """
        fn $f($a: Vec<$N>) -> $N {
            $a.iter().‹sum()¦sum::<$N>()›
        }

        fn $g($b: Vec<$N>) -> f64 {
            let $c = $f($b«¦.clone()»);
            $c as f64 / $b.len() as f64
        }
        """,
        """
        fn $f($a: String) -> usize {
            $a.‹len()¦chars().count()¦split(' ').count()›
        }

        ===
        let $b = String::from("$s1 $s2");
        println!("{} {}", $f($b«¦.clone()»), $b);
        """,
    )


def function_takes_what_it_only_reads(rng: random.Random) -> Pair:
    """E0382: a function that only reads is called twice with one value; others of its kind borrow."""
    return write(
        rng,
        """
        fn $f($a: &$OT) {
            @* $a
        }

        fn $g($a: «¦&»$OT) {
            @? $a
        }

        ===
        let $b = $OM;
        $f(&$b);
        $g(«¦&»$b);
        $g(«¦&»$b);
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($t: «¦&»$T) {
            @ $t.$p, $t.$q
        }

        ===
        let $a = $T { $p: String::from("$s1"), $q: $1 };
        $f(«¦&»$a);
        $f(«¦&»$a);
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: «¦&»$T, $a: $N) -> $N {
            $t.$q ‹+¦*› $a
        }

        ===
        let $b = $T { $q: $1 };
        let $c = $f(«¦&»$b, $2);
        @ $c
        @ $b.$q
        """,
        """
        enum $T {
            $A,
            $B,
        }

        fn $f($t: «¦&»$T) -> u32 {
            match $t {
                $T::$A => $1,
                $T::$B => $2,
            }
        }

        ===
        let $a = $T::‹$A¦$B›;
        @ $f(«¦&»$a)
        @ $f(«¦&»$a)
        """,
    )
