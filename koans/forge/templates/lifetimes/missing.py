"""Lifetimes that are not written or not declared."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def lifetime_of_a_result_missing(rng: random.Random) -> Pair:
    """E0106: a function returns a reference, and it is not said of which argument."""
    return write(
        rng,
        """
        fn $f«¦<'a>»($a: &«¦'a »str, $b: &«¦'a »str) -> &«¦'a »str {
            if $b.is_empty() ‹||¦&&› $a.len() ‹>¦<¦==› $1 {
                $a
            } else {
                $b
            }
        }

        ===
        @ $f("$s1", "$s2")
        """,
        """
        fn $f«¦<'a>»($a: &«¦'a »[$N], $b: &«¦'a »[$N]) -> &«¦'a »[$N] {
            if $a.is_empty() {
                $b
            } else {
                $a
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f«¦<'a>»($a: &«¦'a »$T, $b: &«¦'a »$T) -> &«¦'a »$T {
            if $a.$q < $b.$q {
                return $a;
            }
            $b
        }
        """,
        """
        fn $f«¦<'a>»($a: &«¦'a »mut $OT, $b: &«¦'a »mut $OT, $c: bool) -> &«¦'a »mut $OT {
            if $c {
                $a
            } else {
                $b
            }
        }
        """,
        """
        fn $f() -> &«¦'static »str {
            "$s1"
        }

        ===
        @ $f()
        """,
        """
        fn $f($a: $N) -> &«¦'static »str {
            if $a > $1 {
                "$s1"
            } else {
                "$s2"
            }
        }

        ===
        @ $f($2)
        """,
        """
        fn $f($a: $N) -> &«¦'static »str {
            match $a {
                0 => "$s1",
                1 => "$s2",
                _ => "$s3",
            }
        }

        ===
        @ $f($2)
        """,
        """
        fn $f«¦<'a>»($a: &«¦'a »str, $b: &«¦'a »str) -> Option<&«¦'a »str> {
            if $a == $b {
                None
            } else {
                Some($a)
            }
        }
        """,
    )


def lifetime_of_a_field_missing(rng: random.Random) -> Pair:
    """E0106: a struct or an enum holds a reference without a lifetime."""
    return write(
        rng,
        """
        struct $T«¦<'a>» {
            $p: &«¦'a »str,
            $q: $N,
        }

        ===
        let $t = $T { $p: "$s1", $q: $1 };
        @ $t.$p, $t.$q
        """,
        """
        struct $T«¦<'a>» {
            $ts: &«¦'a »[$N],
        }

        fn $f($t: &$T) -> usize {
            $t.$ts.len()
        }
        """,
        """
        #[derive(Debug)]
        enum $T«¦<'a>» {
            $A(&«¦'a »str),
            $B,
        }

        ===
        @? $T::$A("$s1")
        @? $T::$B
        """,
        """
        struct $T {
            $q: $N,
        }

        struct $U«¦<'a>» {
            $t: &«¦'a »$T,
        }

        ===
        let $a = $T { $q: $1 };
        let $b = $U { $t: &$a };
        @ $b.$t.$q
        """,
        """
        #[derive(Debug)]
        struct $T«¦<'a>»(&«¦'a »str, $N);

        ===
        let $t = $T("$s1", $1);
        @? $t
        """,
        """
        type $T«¦<'a>» = Vec<&«¦'a »str>;

        fn $f($a: &str) -> $T«¦<'_>» {
            $a.split(',').collect()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
            $ts: Vec<&«¦'a »str>,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len() + $t.$ts.len()
        }
        """,
    )


def lifetime_of_a_type_missing(rng: random.Random) -> Pair:
    """E0106/E0726: a type with a lifetime is named without one."""
    return write(
        rng,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl«¦<'a>» $T«¦<'a>» {
            fn $m(&self) -> usize {
                self.$p.len()
            }
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        struct $U«¦<'a>» {
            $ts: Vec<$T«¦<'a>»>,
        }

        fn $f($a: &$U) -> usize {
            $a.$ts.iter().map(|$x| $x.$p.len()).sum()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a [$N],
        }

        impl«¦<'a>» Iterator for $T«¦<'a>» {
            type Item = $N;

            fn next(&mut self) -> Option<$N> {
                let ($a, $b) = self.$p.split_first()?;
                self.$p = $b;
                Some(*$a)
            }
        }
        """,
        """
        use std::fmt;

        struct $T<'a> {
            $p: &'a str,
        }

        impl fmt::Display for $T«¦<'_>» {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "<{}>", self.$p)
            }
        }
        """,
    )


def lifetime_not_declared(rng: random.Random) -> Pair:
    """E0261: a lifetime is used that nothing declares."""
    return write(
        rng,
        """
        fn $f«¦<'a>»($a: &'a str, $b: &‹str¦'a str›) -> &'a str {
            if $b.is_empty() {
                return "";
            }
            $a
        }
        """,
        """
        struct $T«¦<'a>» {
            $p: &'a str,
            $q: $N,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl«¦<'a>» $T<'a> {
            fn $m(&self) -> &'a str {
                self.$p
            }
        }
        """,
        """
        enum $T«¦<'a>» {
            $A(&'a str),
            $B(&'a [u8]),
        }

        fn $f($t: &$T) -> usize {
            match $t {
                $T::$A($x) => $x.len(),
                $T::$B($y) => $y.len(),
            }
        }
        """,
        """
        struct $T {
            $ts: Vec<String>,
        }

        impl $T {
            fn $m«¦<'a>»(&'a self, $a: &‹str¦'a str›) -> &'a str {
                self.$ts.iter().find(|$x| $x.starts_with($a)).map_or("", |$x| $x)
            }
        }
        """,
        """
        trait $R<'a> {
            fn $m(&self) -> &'a str;
        }

        struct $T;

        impl«¦<'a>» $R<'a> for $T {
            fn $m(&self) -> &'a str {
                "$s1"
            }
        }
        """,
    )
