"""Patterns that miss a case or a type."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def arm_missing(rng: random.Random) -> Pair:
    """E0004: a `match` does not cover every case."""
    return write(
        rng,
        """
        enum $T {
            $A,
            $B,
            $C,
        }

        fn $f($a: $T) -> $N {
            match $a {
                $T::$A => $1,
                $T::$B => $2,
                «¦$T::$C => 0,
                »}
        }
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            match $a {
                Some($x) => $x ‹+¦*› $1,
                «¦None => 0,
                »}
        }
        """,
        """
        fn $f($a: $N) -> &'static str {
            match $a {
                0 => "$s1",
                1 => "$s2",
                «¦_ => "$s3",
                »}
        }
        """,
        """
        fn $f($a: &str) -> $N {
            match $a {
                "$s1" => $1,
                "$s2" => $2,
                «¦_ => 0,
                »}
        }
        """,
        """
        fn $f($a: Result<$N, String>) -> $N {
            match $a {
                Ok($x) => $x,
                «¦Err(_) => 0,
                »}
        }
        """,
        """
        fn $f($a: bool, $b: bool) -> $N {
            match ($a, $b) {
                (true, true) => $1,
                (true, false) => $2,
                «¦(false, _) => 0,
                »}
        }
        """,
        """
        fn $f($a: &[$N]) -> $N {
            match $a {
                [] => 0,
                [$x] => *$x,
                «¦[$x, ..] => *$x,
                »}
        }
        """,
        """
        fn $f($a: i32) -> &'static str {
            match $a {
                $x if $x > $1 => "$s1",
                $x if $x < 0 => "$s2",
                «¦_ => "$s3",
                »}
        }
        """,
        """
        enum $T {
            $A($N),
            $B { $q: $N },
        }

        impl $T {
            fn $m(&self) -> $N {
                match self {
                    $T::$A($x) => *$x,
                    «¦$T::$B { $q } => *$q,
                    »}
            }
        }
        """,
    )


def refutable_binding(rng: random.Random) -> Pair:
    """E0005: a `let` has a pattern that does not always match."""
    return write(
        rng,
        """
        ===
        let $a = Some($1);
        «let Some($x) = $a;
        @ $x
        ¦if let Some($x) = $a {
        @ $x
        }
        »
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            let Some($x) = $a«;¦ else {
            return 0;
        };»
            $x ‹+¦*› $1
        }
        """,
        """
        fn $f($a: &str) -> i32 {
            let Ok($x) = $a.parse::<i32>()«;¦ else {
            return 0;
        };»
            $x ‹+¦*› $1
        }
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let [$x, ..] = $a«;¦ else {
            return 0;
        };»
            *$x
        }
        """,
        """
        ===
        let $a = [Some($1), None];
        for «Some($x)¦$x» in $a«¦.into_iter().flatten()» {
            @ $x
        }
        """,
    )


def pattern_of_another_type(rng: random.Random) -> Pair:
    """E0308: a pattern is of another type than what it is matched with."""
    return write(
        rng,
        """
        fn $f($a: Option<$N>) -> bool {
            match $a {
                «$1¦Some($1)» => true,
                _ => false,
            }
        }
        """,
        """
        fn $f($a: $N) -> $N {
            match $a {
                «Some($x)¦$x» => $x ‹+¦*› $1,
            }
        }
        """,
        """
        fn $f($a: $N) -> bool {
            match $a {
                «"$1"¦$1» => true,
                _ => false,
            }
        }
        """,
        """
        fn $f($a: &(String, $N)) -> usize {
            let (‹$x, _¦$x, _›) = $a;
            $x.len()
        }

        fn $g($b: ($N, $N)) -> $N {
            let («$x, $y, _¦$x, $y») = $b;
            $x + $y
        }
        """,
        """
        fn $f($a: Result<$N, String>) -> $N {
            match $a {
                «Some¦Ok»($x) => $x,
                «None¦Err(_)» => 0,
            }
        }
        """,
        """
        fn $f($a: Option<&str>) -> usize {
            if let «Ok¦Some»($x) = $a {
                return $x.len();
            }
            0
        }
        """,
    )
