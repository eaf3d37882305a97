"""Lifetimes that do not agree."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def argument_lifetime_too_vague(rng: random.Random) -> Pair:
    """E0621: an argument is returned whose type does not name the lifetime of the result."""
    return write(
        rng,
        """
        fn $f<'a>($a: &'a str, $b: &«¦'a »str) -> &'a str {
            if $a.len() > $1 {
                $a
            } else {
                $b
            }
        }
        """,
        """
        fn $f<'a>($a: &'a [$N], $b: &«¦'a »[$N]) -> Vec<&'a $N> {
            $a.iter().chain($b.iter()).collect()
        }
        """,
        """
        struct $T<'a> {
            $ts: Vec<&'a str>,
        }

        fn $f<'a>($t: &mut $T<'a>, $a: &«¦'a »str) {
            $t.$ts.push($a);
        }
        """,
        """
        use std::collections::HashMap;

        fn $f<'a>($a: &mut HashMap<&'a str, $N>, $b: &«¦'a »str) {
            *$a.entry($b).or_insert(0) += 1;
        }
        """,
        """
        fn $f<'a>($a: &'a $OT, $b: &«¦'a »$OT, $c: bool) -> &'a $OT {
            match $c {
                true => $a,
                false => $b,
            }
        }
        """,
    )


def lifetimes_that_must_agree(rng: random.Random) -> Pair:
    """A reference of one lifetime is returned or kept as one of another."""
    return write(
        rng,
        """
        fn $f<'a«, 'b¦»>($a: &'a str, $b: &«'b¦'a» str) -> &'a str {
            if $a.is_empty() {
                $b
            } else {
                $a
            }
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl<'a> $T<'a> {
            fn $m(&self) -> &'a str {
                self.$p
            }

            fn $n(&mut self, $a: &«¦'a »str) {
                self.$p = $a;
            }
        }
        """,
        """
        struct $T<'a> {
            $ts: Vec<&'a str>,
        }

        impl<'a> $T<'a> {
            fn $m(&mut self, $a: &«¦'a »str) {
                for $x in $a.split('-') {
                    self.$ts.push($x);
                }
            }
        }
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn $m«¦<'a>»(&«¦'a »self, $a: &«¦'a »str) -> &«¦'a »str {
                if self.$p.len() > $1 {
                    &self.$p
                } else {
                    $a
                }
            }
        }
        """,
        """
        fn $f«¦<'a>»($a: &mut Vec<&«¦'a »str>, $b: &«¦'a »str) {
            $a.push($b);
        }
        """,
        """
        fn $f<'a, 'b«¦: 'a»>($a: &'a $OT, $b: &'b $OT) -> &'a $OT {
            if std::ptr::eq($a, $b) {
                $a
            } else {
                $b
            }
        }
        """,
        """
        fn $f<'a, 'b«¦: 'a»>($a: &mut Vec<&'a str>, $b: &'b str) {
            $a.push($b);
            @ $a.len()
        }
        """,
    )


def result_borrows_the_method_not_the_data(rng: random.Random) -> Pair:
    """E0515/E0499: a method's result is tied to the view instead of to what it views."""
    return write(
        rng,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl<'a> $T<'a> {
            fn $m(&self) -> &«¦'a »str {
                self.$p
            }
        }

        fn $f($a: &str) -> &str {
            let $t = $T { $p: $a };
            $t.$m()
        }
        """,
        """
        struct $T<'a> {
            $ts: &'a [$N],
        }

        impl<'a> $T<'a> {
            fn $m(&self) -> Option<&«¦'a »$N> {
                self.$ts.‹first()¦last()¦iter().max()›
            }
        }

        fn $f($a: &[$N]) -> Option<&$N> {
            $T { $ts: $a }.$m()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
            $q: usize,
        }

        impl<'a> $T<'a> {
            fn $m(&mut self) -> &«¦'a »str {
                self.$q += 1;
                &self.$p[..1]
            }
        }

        ===
        let mut $t = $T { $p: "$s1", $q: 0 };
        let $a = $t.$m();
        let $b = $t.$m();
        @ $a, $b
        """,
    )
