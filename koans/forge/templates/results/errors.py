"""Error types."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def result_type_arguments(rng: random.Random) -> Pair:
    """E0107: a Result, an Option or a map is named with the wrong number of types."""
    return write(
        rng,
        """
        fn $f($a: $N) -> Result<$N«¦, String»> {
            if $a > $1 {
                return Err("$s1".to_string());
            }
            Ok($a)
        }
        """,
        """
        fn $f($a: &str) -> Result<«¦i32, »std::num::ParseIntError> {
            let $b: i32 = $a.parse()?;
            Ok($b)
        }
        """,
        """
        use std::fmt;

        fn $f($a: &mut String) -> fmt::Result«<()>¦» {
            fmt::Write::write_str($a, "$s1")
        }
        """,
        """
        type Result<T> = std::result::Result<T, String>;

        fn $f($a: $N) -> Result<$N«, String¦»> {
            if $a == 0 {
                return Err("$s1".into());
            }
            Ok($1 / $a)
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &[$N]) -> HashMap<$N«¦, usize»> {
            let mut $b = HashMap::new();
            for $x in $a {
                *$b.entry(*$x).or_insert(0) += 1;
            }
            $b
        }
        """,
        """
        struct $T<T> {
            $p: T,
        }

        fn $f($t: &$T«¦<$N>») -> $N {
            $t.$p
        }
        """,
        """
        fn $f($a: Option«<$N, $N>¦<$N>») -> $N {
            $a.unwrap_or($1)
        }
        """,
        """
        fn $f($a: Option«¦<String>») -> usize {
            $a.map_or(0, |$x| $x.len())
        }
        """,
    )


def error_not_boxed(rng: random.Random) -> Pair:
    """E0308: an error is returned as text or as itself where a boxed one or an own type is asked for."""
    return write(
        rng,
        """
        use std::error::Error;

        fn $f($a: $N) -> Result<$N, Box<dyn Error>> {
            if $a > $1 {
                return Err("$s1 $s2"«¦.into()»);
            }
            Ok($a)
        }
        """,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a > $1 {
                return Err("$s1"«¦.to_string()»);
            }
            Ok($a)
        }
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A,
            $B(String),
        }

        fn $f($a: &str) -> Result<usize, $T> {
            if $a.is_empty() {
                return Err($T::$A);
            }
            if $a.len() > $1 {
                return Err(«$a.to_string()¦$T::$B($a.to_string())»);
            }
            Ok($a.len())
        }
        """,
        """
        fn $f($a: &str) -> Result<i32, String> {
            match $a.parse::<i32>() {
                Ok($x) => Ok($x),
                Err($y) => Err($y«¦.to_string()»),
            }
        }
        """,
        """
        fn $f($a: Option<$N>) -> Result<$N, String> {
            $a.ok_or("$s1"«¦.to_string()»)
        }
        """,
        """
        use std::error::Error;

        fn $f($a: &str) -> Result<i32, Box<dyn Error>> {
            match $a.parse::<i32>() {
                Ok($x) => Ok($x),
                Err($y) => Err(«$y¦Box::new($y)»),
            }
        }
        """,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
        }

        fn $f($a: $N) -> Result<$N, $T> {
            if $a > $1 {
                return Err($T { $p: "$s1"«¦.to_string()» });
            }
            Ok($a)
        }
        """,
    )


def main_returns_the_wrong_thing(rng: random.Random) -> Pair:
    """E0277/E0308/E0317: what `main` returns, or what a match on a result gives, does not fit."""
    return write(
        rng,
        """
        use std::error::Error;

        fn main() -> Result<(), Box<dyn Error>> {
            let $a: i32 = "$1".parse()?;
            @ $a
            %
            «¦Ok(())
            »}
        """,
        """
        fn main() -> Result<(), String> {
            let $a = $1;
            if $a > $2 {
                return «"$s1"¦Err("$s1".to_string())»;
            }
            %
            Ok(())
        }
        """,
        """
        ===
        let $a: Result<$N, String> = Ok($1);
        let $b = match $a {
            Ok($x) => $x,
            Err($y) => {
                @ $y
                «¦0
                »}
        };
        @ $b
        """,
        """
        ===
        let $a = match "$1".parse::<i32>() {
            Ok($x) => $x,
            Err(_) => «None¦0»,
        };
        @ $a
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            let Some($x) = $a else {
                «println!("$s1");¦return 0;»
            };
            $x ‹+¦*› $1
        }
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            if let Some($x) = $a {
                $x
            }«¦ else {
                0
            }»
        }
        """,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a > $1 {
                Err("$s1".to_string())«;¦»
            } else {
                Ok($a)
            }
        }
        """,
    )
