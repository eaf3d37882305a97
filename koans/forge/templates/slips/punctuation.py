"""Semicolons, brackets, commas and arrows."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def semicolon_missing(rng: random.Random) -> Pair:
    """A statement has no semicolon."""
    return write(
        rng,
        """
        ===
        let $a = $OM«¦;»
        @? $a
        """,
        """
        ===
        let mut $a = $LM;
        $a.push($LV)«¦;»
        @? $a
        """,
        """
        ===
        let $a = $1;
        let $b = $a ‹+¦*› $2«¦;»
        @ $b
        """,
        """
        ===
        println!("$s1")«¦;»
        println!("$s2");
        """,
        """
        fn $f($a: $N) -> $N {
            let $b = $a ‹+¦*› $1«¦;»
            $b
        }
        """,
        """
        ===
        let mut $a = $1;
        $a += $2«¦;»
        @ $a
        """,
        """
        fn $f($a: $N) -> $N {
            if $a > $1 {
                println!("$s1");
            }
            return $a ‹+¦*› 2«:¦;»
        }
        """,
        """
        const $K: $N = $1«¦;»

        fn $f() -> $N {
            $K
        }
        """,
    )


def bracket_missing(rng: random.Random) -> Pair:
    """A closing bracket is missing or one stands too much."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        println!("{}", $a«¦)»;
        """,
        """
        ===
        let $a = vec![$1, $2«¦]»;
        @? $a
        """,
        """
        fn $f($a: $N«¦)» -> $N {
            $a ‹+¦*› $1
        }
        """,
        """
        fn $f($a: $N) -> $N {
            if $a > $1 {
                return 0;
                «¦}
                »$a
        }
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let mut $b = 0;
            for $x in $a {
                $b += $x;
                «¦}
                »$b
        }
        """,
        """
        fn $f($a: $N) -> $N«¦ {»
            $a ‹+¦*› $1
        }
        """,
        """
        fn $f($a: $N, $b: $N) -> $N {
            ($a + $b«¦)» * $1
        }
        """,
        """
        ===
        let $a = String::from("$s1"«)¦»);
        @ $a
        """,
        """
        struct $T {
            $q: $N,
            «¦}
            »
        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        fn $f($a: &str) -> usize {
            $a.trim(«¦)».len()
        }
        """,
    )


def comma_missing(rng: random.Random) -> Pair:
    """A comma is missing between two members of a list."""
    return write(
        rng,
        """
        struct $T {
            $p: String«¦,»
            $q: $N,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len() + $t.$q as usize
        }
        """,
        """
        fn $f($a: $N«¦,» $b: $N) -> $N {
            $a ‹+¦*› $b
        }
        """,
        """
        ===
        let $a = vec![$1«¦,» $2, $3];
        @? $a
        """,
        """
        fn $f($a: $N, $b: &str) {
            println!("{} {}", $a«¦,» $b);
        }
        """,
        """
        enum $T {
            $A«¦,»
            $B,
        }

        fn $f($a: &$T) -> bool {
            matches!($a, $T::$B)
        }
        """,
        """
        fn $f($a: $N) -> $N {
            match $a {
                0 => $1«¦,»
                _ => $2,
            }
        }
        """,
        """
        struct $T {
            $p: String«;¦,»
            $q: $N«;¦,»
        }

        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        ===
        let $a = ("$s1"«¦,» $1);
        @? $a
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($a: &str, $b: $N) -> $T {
            $T {
                $p: $a.to_string()«;¦,»
                $q: $b,
            }
        }
        """,
    )


def wrong_arrow(rng: random.Random) -> Pair:
    """`=>`, `->`, `:` or `=` stand in each other's place."""
    return write(
        rng,
        """
        fn $f($a: $N) «=>¦->» $N {
            $a ‹+¦*› $1
        }
        """,
        """
        fn $f($a: $N)«:¦ ->» $N {
            $a ‹+¦*› $1
        }
        """,
        """
        fn $f($a: $N) -> $N {
            match $a {
                0 «->¦=>» $1,
                _ => $2,
            }
        }
        """,
        """
        fn $f($a: &str) -> $N {
            match $a {
                "$s1"«:¦ =>» $1,
                _ => 0,
            }
        }
        """,
        """
        struct $T {
            $q« =¦:» $N,
        }

        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        ===
        let $a«;¦:» i32 = $1;
        @ $a
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f() -> $T {
            $T { $q« =¦:» $1 }
        }
        """,
        """
        fn $f($a: $N) -> bool {
            $a «=>¦>=» $1
        }
        """,
        """
        ===
        let $a = [$#, $#];
        let $b = $a.iter().map(|$x| «=> ¦»$x ‹+¦*› $1).count();
        @ $b
        """,
    )
