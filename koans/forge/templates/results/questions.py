"""`?` where it cannot be."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def question_mark_in_main(rng: random.Random) -> Pair:
    """E0277: `?` stands in a `main` that returns nothing."""
    return write(
        rng,
        """
        fn main()«¦ -> Result<(), std::num::ParseIntError>» {
            %
            let $a: ‹i32¦u32¦u8› = "$1".parse()?;
            @ $a
            %
            «¦Ok(())
            »}
        """,
        """
        use std::num::ParseIntError;

        fn $f($a: &str) -> Result<i32, ParseIntError> {
            let $b = $a.‹trim()¦trim_end()›.parse::<i32>()?;
            Ok($b ‹+¦*› $1)
        }

        fn main()«¦ -> Result<(), ParseIntError>» {
            let $c = $f("$2")?;
            @ $c
            %
            «¦Ok(())
            »}
        """,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a > $1 {
                return Err("$s1".to_string());
            }
            Ok($a)
        }

        fn main()«¦ -> Result<(), String>» {
            %
            let $b = $f($2)?;
            println!("{}", $b);
            «¦Ok(())
            »}
        """,
        """
        use std::error::Error;

        fn $f($a: &str) -> Result<f64, Box<dyn Error>> {
            Ok($a.parse::<f64>()? * $1.0)
        }

        fn main()«¦ -> Result<(), Box<dyn Error>>» {
            for $x in ["$1.5", "$2"] {
                @ $f($x)?
            }
            «¦Ok(())
            »}
        """,
        """
        fn $f($a: &[$N]) -> Option<$N> {
            $a.‹first()¦last()¦iter().max()›.copied()
        }

        fn main() {
            let $b = $f(&[$#, $#])«?¦.unwrap()»;
            @ $b
        }
        """,
        """
        fn main() {
            %
            let $a = "$1".parse::<i32>()«?¦.unwrap()»;
            let $b = "$2".parse::<i32>().unwrap();
            @ $a ‹+¦-¦*› $b
        }
        """,
    )


def question_mark_in_a_plain_function(rng: random.Random) -> Pair:
    """E0277: `?` stands in a function that returns no result."""
    return write(
        rng,
        """
        fn $f($a: &str) -> «i32¦Result<i32, std::num::ParseIntError>» {
            let $b: i32 = $a.parse()?;
            «$b + $1¦Ok($b + $1)»
        }
        """,
        """
        fn $f($a: &[$N], $b: usize) -> «$N¦Option<$N>» {
            let $c = $a.get($b)?;
            «*$c * 2¦Some(*$c * 2)»
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<String, u32>, $b: &str) -> «u32¦Option<u32>» {
            let $c = $a.get($b)?;
            «$c + $1¦Some($c + $1)»
        }
        """,
        """
        struct $T {
            $p: Option<String>,
        }

        impl $T {
            fn $m(&self) -> «usize¦Option<usize>» {
                let $a = self.$p.as_ref()?;
                «$a.len()¦Some($a.len())»
            }
        }
        """,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a < $1 {
                Err(String::from("$s1"))
            } else {
                Ok($a)
            }
        }

        fn $g($b: $N)«¦ -> Result<(), String>» {
            let $c = $f($b)?;
            @ $c
            «¦Ok(())
            »}
        """,
        """
        fn $f($a: &str)«¦ -> Option<()>» {
            let $b = $a.chars().‹next()¦last()›?;
            @ $b
            %
            «¦Some(())
            »}
        """,
        """
        fn $f($a: &[&str]) -> Vec<i32> {
            let mut $b = Vec::new();
            for $x in $a {
                $b.push($x.parse()«?¦.unwrap()»);
            }
            $b
        }
        """,
        """
        ===
        let $a = ["$1", "$2"];
        let $b: Vec<i32> = $a.iter().map(|$x| $x.parse::<i32>()«?¦.unwrap()»).collect();
        @? $b
        """,
    )


def option_and_result_mixed(rng: random.Random) -> Pair:
    """E0277: `?` on an Option in a function that returns a Result, or the other way round."""
    return write(
        rng,
        """
        fn $f($a: &[$N]) -> Result<$N, String> {
            let $b = $a.‹first()¦last()¦iter().max()›«¦.ok_or("$s1")»?;
            Ok(*$b)
        }
        """,
        """
        fn $f($a: &str) -> Option<i32> {
            let $b: i32 = $a.‹trim()¦trim_start()›.parse()«¦.ok()»?;
            Some($b ‹+¦-› $1)
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<&str, $N>) -> Result<$N, String> {
            let $b = $a.get("$s1")«¦.ok_or("$s2")»?;
            Ok($b ‹+ 1¦* 2›)
        }
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn $m(&self) -> Option<u32> {
                let $a = self.$p.parse::<u32>()«¦.ok()»?;
                if $a > $1 {
                    return None;
                }
                Some($a)
            }
        }
        """,
        """
        fn $f($a: &str) -> Result<char, String> {
            let $b = $a.chars().‹next()¦last()¦nth(1)›«¦.ok_or("$s1")»?;
            Ok($b.to_ascii_uppercase())
        }
        """,
        """
        use std::error::Error;

        fn $f($a: &str) -> Result<i32, Box<dyn Error>> {
            let ($b, $c) = $a.split_once(‹'='¦':'¦'-'›)«¦.ok_or("$s1")»?;
            println!("{}", $b);
            Ok($c.parse()?)
        }
        """,
    )


def error_types_differ(rng: random.Random) -> Pair:
    """E0277/E0271: `?` would have to turn one error type into another."""
    return write(
        rng,
        """
        fn $f($a: &str) -> Result<i32, String> {
            let $b = $a.parse::<i32>()«¦.map_err(|$x| $x.to_string())»?;
            Ok($b ‹+¦*› $1)
        }
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A,
            $B,
        }

        «¦impl From<std::num::ParseIntError> for $T {
        fn from(_: std::num::ParseIntError) -> Self {
        $T::$A
        }
        }

        »fn $f($a: &str) -> Result<u32, $T> {
            let $b: u32 = $a.parse()?;
            if $b > $1 {
                return Err($T::$B);
            }
            Ok($b)
        }
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A,
            $B(String),
        }

        fn $f($a: &str) -> Result<$N, $T> {
            if $a.is_empty() {
                return Err($T::$A);
            }
            let $b = $a.parse::<$N>()«¦.map_err(|_| $T::$B($a.to_string()))»?;
            Ok($b)
        }
        """,
        """
        use std::«num::ParseIntError¦error::Error»;

        fn $f($a: &str, $b: &str) -> Result<f64, «ParseIntError¦Box<dyn Error>»> {
            let $c: i32 = $a.parse()?;
            let $d: f64 = $b.parse()?;
            Ok($d * f64::from($c))
        }
        """,
        """
        #[derive(Debug)]
        struct $T(String);

        fn $g($b: $N) -> Result<$N, String> {
            if $b > $1 {
                return Err("$s1".to_string());
            }
            Ok($b)
        }

        fn $f($a: $N) -> Result<$N, $T> {
            let $c = $g($a)«¦.map_err($T)»?;
            Ok($c ‹+¦*› 2)
        }
        """,
        """
        use std::fmt;

        #[derive(Debug)]
        struct $T;

        impl fmt::Display for $T {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "$s1")
            }
        }

        «¦impl std::error::Error for $T {}

        »fn $f($a: $N) -> Result<$N, Box<dyn std::error::Error>> {
            if $a > $1 {
                Err($T)?;
            }
            Ok($a)
        }
        """,
    )
