"""Branches and conditions."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def branches_differ(rng: random.Random) -> Pair:
    """E0308: two branches give values of two types."""
    return write(
        rng,
        """
        ===
        let $a = if $1 > $2 { $3 } else { «"$4"¦$4» };
        @ $a
        """,
        """
        fn $f($a: $N) -> String {
            let $b = match $a {
                0 => "$s1".to_string(),
                1 => «"$s2"¦"$s2".to_string()»,
                _ => String::new(),
            };
            $b
        }
        """,
        """
        ===
        let $a = match $1 {
            1 => "$s1",
            2 => «'$ch$'¦"$s2"»,
            _ => "$s3",
        };
        @ $a
        """,
        """
        fn $f($a: bool) -> $N {
            if $a {
                $1
            } else {
                «println!("$s1");¦println!("$s1");
                0»
            }
        }
        """,
        """
        ===
        let $a = $1;
        let $b = if $a > $2 {
            $a ‹+¦*› 2
        } else {
            println!("$s1");
            «¦$a
            »};
        @ $b
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            match $a {
                Some($x) => $x,
                None => «"$s1"¦0»,
            }
        }
        """,
        """
        enum $T {
            $A,
            $B($N),
        }

        fn $f($a: $T) -> $N {
            match $a {
                $T::$A => «()¦0»,
                $T::$B($x) => $x ‹+¦*› $1,
            }
        }
        """,
        """
        ===
        let $a = [$1, $2];
        let $b = loop {
            if $a.len() > $3 {
                break «"$s1"¦0»;
            }
            break $a[0];
        };
        @ $b
        """,
        """
        ===
        let $a = vec![$1, «"$2"¦$2», $3];
        @? $a
        """,
    )


def if_without_else(rng: random.Random) -> Pair:
    """E0317: an `if` that gives a value has no `else`."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        let $b = if $a > $2 {
            $a
        }«¦ else {
            0
        }»;
        @? $b
        """,
        """
        fn $f($a: $N) -> $N {
            if $a ‹>¦<› $1 {
                $a ‹+¦*› 2
            }«¦ else {
                $a
            }»
        }
        """,
        """
        ===
        let $a = "$s1";
        let $b: &str = if $a.len() > $1 {
            $a
        }«¦ else {
            ""
        }»;
        @ $b
        """,
        """
        fn $f($a: &[$N]) -> Option<$N> {
            if !$a.is_empty() {
                Some($a[0])
            }«¦ else {
                None
            }»
        }
        """,
        """
        fn $f($a: &str) -> usize {
            if let Some($x) = $a.find('$ch$') {
                $x
            }«¦ else {
                0
            }»
        }
        """,
        """
        ===
        let $a = $1;
        let $b: String = if $a % 2 == 0 {
            String::from("$s1")
        } «else if $a > $2 {¦else {»
            String::from("$s2")
        };
        @ $b
        """,
    )


def condition_is_no_bool(rng: random.Random) -> Pair:
    """E0308/E0600/E0614: a condition is a number, an assignment or a text."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        if $a «=¦==» $2 {
            println!("$s1");
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        if $a.len()«¦ > 0» {
            @? $a
        }
        """,
        """
        fn $f($a: $N) -> bool {
            if $a % 2«¦ == 0» {
                return true;
            }
            false
        }
        """,
        """
        ===
        let mut $a = $1;
        while $a«¦ > 0» {
            $a -= 1;
        }
        @ $a
        """,
        """
        fn $f($a: &str) -> bool {
            if «$a¦!$a.is_empty()» {
                return true;
            }
            false
        }
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            if $a«¦.is_some()» {
                $1
            } else {
                0
            }
        }
        """,
        """
        ===
        let $a = "$s1";
        if «!$a¦$a.is_empty()» {
            println!("$s2");
        }
        """,
        """
        struct $T {
            $q: u32,
        }

        fn $f($t: &$T) -> bool {
            if $t.$q «& 1¦& 1 == 1» {
                return true;
            }
            false
        }
        """,
        """
        fn $f($a: $N, $b: $N) -> bool {
            $a > $1 && $b«¦ > $1»
        }
        """,
    )
