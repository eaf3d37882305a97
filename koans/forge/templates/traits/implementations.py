"""Implementations that may not be."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def not_a_trait(rng: random.Random) -> Pair:
    """E0404: something that is no trait is implemented or used as a bound."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
        }

        struct $U;

        impl «$T for ¦»$U {
            fn $m(&self) -> $T {
                $T { $q: $1 }
            }
        }
        """,
        """
        fn $f<T: «String¦ToString»>($a: T) -> String {
            $a.to_string()
        }
        """,
        """
        «struct¦trait» $R {
            «$q: u32,¦fn $m(&self) -> u32;»
        }

        struct $T;

        impl $R for $T {
            fn $m(&self) -> u32 {
                $1
            }
        }
        """,
        """
        struct $T($N);

        fn $f($a: «impl ¦»$T) -> $N {
            $a.0
        }
        """,
        """
        type $R = $N;

        fn $f($a: «impl $R¦$R») -> $N {
            $a ‹+¦*› $1
        }
        """,
    )


def trait_not_found(rng: random.Random) -> Pair:
    """E0405/E0404: a trait is named that is not in scope."""
    return write(
        rng,
        """
        «¦use std::fmt::Display;
        »

        fn $f<T: Display>($a: T) -> String {
            $a.to_string()
        }

        ===
        @ $f($1)
        """,
        """
        «¦use std::fmt::Debug;
        »

        fn $f($a: &impl Debug) {
            @? $a
        }

        ===
        $f(&$LM);
        """,
        """
        «¦use std::ops::Add;
        »

        #[derive(Debug)]
        struct $T($N);

        impl Add for $T {
            type Output = $T;

            fn add(self, $a: $T) -> $T {
                $T(self.0 + $a.0)
            }
        }
        """,
        """
        «¦use std::str::FromStr;
        »

        struct $T($N);

        impl FromStr for $T {
            type Err = std::num::ParseIntError;

            fn from_str($a: &str) -> Result<Self, Self::Err> {
                $a.parse().map($T)
            }
        }
        """,
        """
        use std::«fmt¦fmt::Display»;

        fn $f($a: &dyn Display) -> usize {
            $a.to_string().len()
        }
        """,
        """
        «¦use std::hash::Hash;
        »

        fn $f<T: Hash + Eq + Clone>($a: &T) -> T {
            $a.clone()
        }
        """,
    )


def foreign_implementation(rng: random.Random) -> Pair:
    """E0117/E0116/E0118/E0210: code is added to a type of another crate."""
    return write(
        rng,
        """
        use std::fmt;

        «¦struct $T(Vec<$N>);

        »impl fmt::Display for «Vec<$N>¦$T» {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                for $x in «self¦&self.0» {
                    write!(f, "{} ", $x)?;
                }
                Ok(())
            }
        }
        """,
        """
        use std::ops::Add;

        «¦struct $T(String);

        »impl Add<$N> for «String¦$T» {
            type Output = String;

            fn add(self, $a: $N) -> String {
                format!("{}{}", self«¦.0», $a)
            }
        }
        """,
        """
        «impl Vec<$N>¦trait $R {
        fn $m(&self) -> $N;
        }

        impl $R for Vec<$N>» {
            fn $m(&self) -> $N {
                self.iter().sum()
            }
        }

        ===
        @ vec![$1].$m()
        """,
        """
        «impl String¦trait $R {
        fn $m(&self) -> String;
        }

        impl $R for String» {
            fn $m(&self) -> String {
                format!("{}!", self)
            }
        }

        ===
        @ String::from("$s1").$m()
        """,
        """
        «¦struct $T(Option<$N>);

        »impl From<$N> for «Option<$N>¦$T» {
            fn from($a: $N) -> Self {
                «Some($a)¦$T(Some($a))»
            }
        }
        """,
    )


def implemented_twice(rng: random.Random) -> Pair:
    """E0119/E0592/E0201/E0428: a trait or a method is implemented twice for one type."""
    return write(
        rng,
        """
        #[derive(Debug, Clone«, Default¦»)]
        struct $T {
            $q: $N,
        }

        impl Default for $T {
            fn default() -> Self {
                $T { $q: $1 }
            }
        }

        ===
        @? $T::default()
        """,
        """
        trait $R {
            fn $m(&self) -> String;
        }

        impl $R for $N {
            fn $m(&self) -> String {
                "$s1".to_string()
            }
        }

        «impl<T> $R for T¦impl $R for String» {
            fn $m(&self) -> String {
                "$s2".to_string()
            }
        }
        """,
        """
        #[derive(«Debug, ¦»Clone)]
        struct $T($N);

        impl std::fmt::Debug for $T {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "<{}>", self.0)
            }
        }
        """,
        """
        #[derive(Debug, Clone, PartialEq)]
        «#[derive(Clone)]
        ¦»struct $T {
            $p: String,
        }

        fn $f($t: &$T) -> $T {
            $t.clone()
        }
        """,
    )


def wrong_drop_or_copy(rng: random.Random) -> Pair:
    """E0120/E0184/E0204/E0040: Drop or Copy where they cannot be."""
    return write(
        rng,
        """
        #[derive(Clone«, Copy¦»)]
        struct $T {
            $q: $N,
        }

        impl Drop for $T {
            fn drop(&mut self) {
                @ self.$q
            }
        }
        """,
        """
        #[derive(Debug, Clone«, Copy¦»)]
        struct $T {
            $p: ‹String¦Vec<$N>¦Option<String>›,
            $q: $N,
        }

        fn $f($t: &$T) -> $T {
            $t.clone()
        }
        """,
        """
        #[derive(Debug, Clone«, Copy¦», PartialEq)]
        enum $T {
            $A,
            $B(String),
        }

        fn $f($a: &$T) -> bool {
            *$a == $T::$A
        }
        """,
        """
        struct $T {
            $p: String,
        }

        impl Drop for $T {
            fn drop(&mut self) {
                @ self.$p
            }
        }

        ===
        let $t = $T { $p: String::from("$s1") };
        «$t.drop()¦drop($t)»;
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T($N);

        impl Drop for «dyn $R¦$T» {
            fn drop(&mut self) {
                @ «self.$m()¦self.0»
            }
        }
        """,
    )
