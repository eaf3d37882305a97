"""Values given away by a loop."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def moved_in_a_loop(rng: random.Random) -> Pair:
    """E0382: a value is given away in every round of a loop."""
    return write(
        rng,
        """
        fn $f($a: $OT) {
            @* $a
        }

        ===
        let $b = $OM;
        for $x in 0..$1 {
            @ $x
            $f($b«¦.clone()»);
        }
        """,
        """
        ===
        let $a = $OM;
        let mut $b = Vec::new();
        for _ in 0..$1 {
            $b.push($a«¦.clone()»);
        }
        @ $b.len()
        """,
        """
        ===
        let $a = $OM;
        let mut $b = 0;
        while $b < $1 {
            let $c = $a«¦.clone()»;
            @? $c
            $b += 1;
        }
        """,
        """
        fn $f($a: String, $b: &[&str]) -> Vec<String> {
            let mut $c = Vec::new();
            for $x in $b {
                $c.push($a«¦.clone()» + $x);
            }
            $c
        }
        """,
        """
        fn $f($a: Vec<$N>) -> bool {
            $a.is_empty()
        }

        ===
        let $b = vec![$1, $2];
        let mut $c = 0;
        loop {
            if $f($b«¦.clone()») || $c > $3 {
                break;
            }
            $c += 1;
        }
        @ $c
        """,
        """
        ===
        let $a = $LM;
        for $x in 0..$1 {
            for $y in «¦&»$a {
                @? $y
            }
            @ $x
        }
        """,
    )


def loop_consumes_the_list(rng: random.Random) -> Pair:
    """E0382: a `for` loop takes a list that is used after it."""
    return write(
        rng,
        """
        ===
        let $a = ‹$LM¦$EM›;
        for $x in «¦&»$a {
            @? $x
        }
        @ $a.len()
        """,
        """
        fn $f($a: Vec<$N>) -> f64 {
            let mut $b = 0.0;
            for $x in «¦&»$a {
                $b += «$x¦*$x» as f64;
            }
            $b / $a.len() as f64
        }
        """,
        """
        ===
        let $a = $HM;
        for ($x, $y) in «¦&»$a {
            @? $x, $y
        }
        @? $a
        """,
        """
        ===
        let $a = $EM;
        let mut $b = 0;
        for $x in «¦&»$a {
            if $b > $1 {
                @? $x
            }
            $b += 1;
        }
        @? $b, $a
        """,
        """
        ===
        let $a = vec![String::from("$s1"), "$s2".to_string()];
        for ($x, $y) in $a.«into_iter¦iter»().enumerate() {
            @ $x, $y
        }
        @ $a.join(" ")
        """,
        """
        ===
        let $a = $EM;
        let $b = $a.«into_iter¦iter»().‹count()¦skip(1).count()›;
        @? $a, $b
        """,
        """
        ===
        let $a = vec![String::from("$s1"), String::from("$s2")];
        let $b: Vec<usize> = $a.«into_iter¦iter»().map(|$x| $x.len()).collect();
        @? $a, $b
        """,
        """
        struct $T {
            $ts: Vec<String>,
        }

        fn $f($t: $T) -> usize {
            let mut $a = 0;
            for $x in «¦&»$t.$ts {
                $a += $x.len();
            }
            $a + $t.$ts.len()
        }
        """,
    )
