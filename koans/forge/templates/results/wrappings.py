"""Ok and Some that are missing or too much."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def ok_missing(rng: random.Random) -> Pair:
    """E0308: a function that returns a Result or an Option ends in a plain value."""
    return write(
        rng,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a > $1 {
                return Err("$s1".to_string());
            }
            «$a¦Ok($a)»
        }
        """,
        """
        fn $f($a: &str) -> Result<i32, std::num::ParseIntError> {
            let $b = $a.parse::<i32>()?;
            %
            «$b¦Ok($b)»
        }

        ===
        @? $f("$1")
        """,
        """
        fn $f($a: $N) -> Option<$N> {
            if $a ‹>¦<¦==› $1 {
                return None;
            }
            «$a¦Some($a)»
        }
        """,
        """
        fn $f($a: &str) -> Option<&str> {
            match $a.len() {
                0 => None,
                _ => «$a¦Some($a)»,
            }
        }
        """,
        """
        fn $f($a: $N, $b: $N) -> Result<$N, String> {
            if $b == 0 {
                «"$s1".to_string()¦Err("$s1".to_string())»
            } else {
                Ok($a / $b)
            }
        }
        """,
        """
        fn $f($a: &[$N]) -> Option<$N> {
            for $x in $a {
                if *$x > $1 {
                    return «*$x¦Some(*$x)»;
                }
            }
            None
        }
        """,
        """
        fn $f($a: $N) -> Result<(), String> {
            if $a > $1 {
                return Err(format!("{} $s1", $a));
            }
            println!("{}", $a);
            «¦Ok(())
            »}
        """,
        """
        fn $f() -> Result<(), std::num::ParseIntError> {
            let $a: i32 = "$1".parse()?;
            @ $a
            «¦Ok(())
            »}
        """,
        """
        struct $T {
            $p: Option<String>,
            $q: $N,
        }

        ===
        let $t = $T { $p: «String::from("$s1")¦Some(String::from("$s1"))», $q: $1 };
        @? $t.$p
        @ $t.$q
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            $a.unwrap_or($1)
        }

        ===
        @ $f(«$2¦Some($2)»)
        """,
        """
        fn $f($a: &str) -> Result<usize, String> {
            Ok($a.len())
        }

        fn $g($a: &str) -> Result<usize, String> {
            let $b = $f($a)?;
            «$b + 2¦Ok($b + 2)»
        }
        """,
    )


def wrapped_too_much(rng: random.Random) -> Pair:
    """E0308: a value is wrapped or a Result returned where the plain thing is needed."""
    return write(
        rng,
        """
        fn $f($a: $N) -> $N {
            if $a > $1 {
                «Some($a)¦$a»
            } else {
                0
            }
        }
        """,
        """
        fn $f($a: &str) -> «i32¦Result<i32, std::num::ParseIntError>» {
            $a.‹trim()¦trim_end()›.parse::<i32>()
        }
        """,
        """
        fn $f($a: &[$N]) -> «$N¦Option<$N>» {
            $a.iter().‹max()¦min()¦next()¦last()›.copied()
        }
        """,
        """
        fn $f($a: &str) -> Result<i32, std::num::ParseIntError> {
            «Ok($a.parse::<i32>())¦$a.parse::<i32>()»
        }
        """,
        """
        fn $f($a: &[String]) -> Option<&String> {
            «Some($a.first())¦$a.first()»
        }
        """,
        """
        fn $f($a: $N) {
            if $a > $1 {
                println!("$s1");
            }
            «Ok(())
            ¦»}
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn new($q: $N) -> «Self¦Option<Self>» {
                if $q > $1 {
                    return None;
                }
                Some($T { $q })
            }
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<String, $N>, $b: &str) -> «$N¦Option<$N>» {
            $a.get($b).copied()
        }
        """,
        """
        fn $f($a: &mut Vec<$N>) -> «$N¦Option<$N>» {
            $a.pop()
        }
        """,
    )
