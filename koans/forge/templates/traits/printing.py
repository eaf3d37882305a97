"""What cannot be printed."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def not_debug(rng: random.Random) -> Pair:
    """E0277: a type is printed with `{:?}` and does not derive Debug."""
    return write(
        rng,
        """
        «¦#[derive(Debug)]
        »struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $t = $T { $p: ‹String::from("$s$")¦"$s$".to_string()›, $q: $# };
        @? $t
        """,
        """
        «¦#[derive(Debug)]
        »enum $T {
            $A,
            $B($N),
        }

        ===
        let $a = ‹$T::$A¦$T::$B($1)›;
        @? $a
        """,
        """
        #[derive(«¦Debug, »Clone)]
        struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $ts = vec![$T { $p: ‹String::from("$s$")¦"$s$".to_string()›, $q: $# }];
        @? $ts
        """,
        """
        «¦#[derive(Debug)]
        »struct $U {
            $r: $N,
        }

        #[derive(Debug)]
        struct $T {
            $p: String,
            $t: $U,
        }

        fn $f($a: &$T) {
            @? $a
        }
        """,
        """
        «¦#[derive(Debug)]
        »struct $T;

        fn $f() -> Result<$N, $T> {
            Err($T)
        }

        ===
        let $a = $f().unwrap();
        @ $a
        """,
        """
        #[derive(«PartialEq¦Debug, PartialEq»)]
        enum $T {
            $A,
            $B,
        }

        ===
        let $a = $T::$A;
        assert_eq!($a, $T::$A);
        assert!($a != $T::$B);
        """,
        """
        use std::fmt::Debug;

        fn $f<T«¦: Debug»>($a: T) {
            @? $a
        }

        ===
        $f($1);
        $f("$s1");
        """,
    )


def not_display(rng: random.Random) -> Pair:
    """E0277: `{}` is used for what has only Debug."""
    return write(
        rng,
        """
        ===
        let $a = $LM;
        println!("«{}¦{:?}»", $a);
        """,
        """
        ===
        let $a = ‹Some($1)¦Some("$s1")¦"$1".parse::<i32>().ok()¦[$1, $2]¦($1, $2)¦vec!["$s1", "$s2"]›;
        println!("‹$s2: ¦›«{}¦{:?}»", $a);
        """,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $t = $T { $p: ‹String::from("$s$")¦"$s$".to_string()›, $q: $# };
        println!("«{}¦{:?}»‹¦!¦ $s1›", $t);
        """,
        """
        ===
        let $a = $HM;
        println!("$s1 «{}¦{:?}»", $a);
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A,
            $B,
        }

        fn $f($a: &$T) -> String {
            format!("$s1 «{}¦{:?}»", $a)
        }
        """,
        """
        use std::fmt::Display;

        fn $f<T«¦: Display»>($a: T) -> String {
            format!("<{}>", $a)
        }

        ===
        @ $f($1)
        """,
        """
        fn $f($a: &[$N]) -> String {
            let mut $b = String::new();
            $b.push_str(&format!("«{}¦{:?}»", $a));
            $b
        }
        """,
        """
        ===
        let $a: Vec<$N> = vec![$1, $2];
        println!("«{}¦{:?}»", $a.iter().‹max()¦min()¦next()¦position(|$x| *$x > $3)›);
        """,
        """
        ===
        let $a = Box::new([$1, $2]);
        println!("«{}¦{:?}»", $a);
        """,
    )


def display_not_written(rng: random.Random) -> Pair:
    """E0277/E0599: a struct is printed with `{}` and has a field that would do."""
    return write(
        rng,
        """
        enum $T {
            $A,
            $B,
        }

        impl $T {
            fn $m(&self) -> &str {
                match self {
                    $T::$A => "$s1",
                    $T::$B => "$s2",
                }
            }
        }

        ===
        let $a = $T::‹$A¦$B›;
        println!("{}", $a«¦.$m()»);
        """,
        """
        struct $T($N);

        ===
        let $a = $T($1);
        println!("{}", $a«¦.0»);
        """,
        """
        use std::fmt;

        struct $T {
            $q: $N,
        }

        impl fmt::«Debug¦Display» for $T {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "$s1 {}", self.$q)
            }
        }

        ===
        let $t = $T { $q: $1 };
        println!("{}", $t);
        """,
    )
