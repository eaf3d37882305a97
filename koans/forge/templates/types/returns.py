"""What a function gives back."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def return_value_lost(rng: random.Random) -> Pair:
    """E0308: a function's last expression ends in a semicolon, or its value is not returned."""
    return write(
        rng,
        """
        fn $f($a: $N, $b: $N) -> $N {
            $a ‹+¦*¦-› $b«;¦»
        }

        ===
        @ $f($1, $2)
        """,
        """
        fn $f($a: &str) -> String {
            $a.‹to_uppercase()¦replace('-', " ")¦repeat(2)›«;¦»
        }
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let mut $b = 0;
            for $x in $a {
                $b += $x;
            }
            $b«;¦»
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q ‹* 2¦+ 1›«;¦»
            }
        }
        """,
        """
        fn $f($a: $N) -> bool {
            if $a > $1 {
                true«;¦»
            } else {
                false
            }
        }
        """,
        """
        fn $f($a: $N) -> &'static str {
            match $a {
                0 => "$s1",
                _ => "$s2",
            }«;¦»
        }
        """,
        """
        fn $f($a: &[$N]) -> usize {
            let mut $b = 0;
            for $x in $a {
                if *$x ‹>¦<› $1 {
                    $b += 1;
                }
            }
            «¦$b
            »}
        """,
        """
        fn $f($a: $N) -> $N {
            let $b = $a ‹*¦+› $1;
            println!("{}", $b);
            «¦$b
            »}
        """,
        """
        fn $f($a: &[String]) -> Option<usize> {
            for ($x, $y) in $a.iter().enumerate() {
                if $y.is_empty() {
                    return Some($x);
                }
            }
            «¦None
            »}
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn new($p: &str) -> Self {
                Self { $p: $p.to_string(), $q: $1 }«;¦»
            }
        }
        """,
        """
        ===
        let $a = {
            let $b = $1;
            $b ‹+ 1¦* 2›«;¦»
        };
        let $c: i32 = $a;
        @ $c
        """,
    )


def return_type_missing(rng: random.Random) -> Pair:
    """E0308: a function returns a value and does not say its type."""
    return write(
        rng,
        """
        fn $f($a: $N, $b: $N)«¦ -> $N» {
            $a ‹+¦*› $b
        }

        ===
        let $c = $f($1, $2);
        @? $c
        """,
        """
        fn $f($a: &str)«¦ -> usize» {
            $a.len()
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self)«¦ -> $N» {
                self.$q
            }
        }
        """,
        """
        fn $f($a: $N)«¦ -> bool» {
            return $a ‹>¦<¦==› $1;
        }
        """,
        """
        fn $f($a: &[$N])«¦ -> $N» {
            let mut $b = 0;
            for $x in $a {
                $b += *$x;
            }
            $b
        }
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn new($p: String)«¦ -> $T» {
                $T { $p }
            }
        }
        """,
        """
        fn $f($a: $N)«¦ -> String» {
            format!("$s1 {}", $a)
        }
        """,
        """
        fn $f($a: $N) -> $N {
            let $b = |$x: $N| -> «()¦$N» { $x ‹+¦*› $a };
            $b($1)
        }
        """,
    )
