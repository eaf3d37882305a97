"""Implementations that differ from their trait."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def items_missing(rng: random.Random) -> Pair:
    """E0046: an implementation lacks a method or a type of its trait."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T {
            $q: $N,
        }

        impl $R for $T {«}¦
        fn $m(&self) -> $N {
        self.$q
        }
        }»
        """,
        """
        struct $T {
            $q: u32,
        }

        impl Iterator for $T {
            «¦type Item = u32;
            »
            fn next(&mut self) -> Option<u32> {
                self.$q += 1;
                Some(self.$q)
            }
        }
        """,
        """
        use std::ops::Add;

        #[derive(Debug)]
        struct $T($N);

        impl Add for $T {
            «¦type Output = $T;

            »fn add(self, $a: $T) -> $T {
                $T(self.0 + $a.0)
            }
        }

        ===
        @? $T($1) + $T($2)
        """,
        """
        use std::str::FromStr;

        struct $T {
            $q: u32,
        }

        impl FromStr for $T {
            «¦type Err = String;

            »fn from_str($a: &str) -> Result<Self, String> {
                let $q = $a.parse().map_err(|_| $a.to_string())?;
                Ok($T { $q })
            }
        }
        """,
        """
        use std::ops::Deref;

        struct $T {
            $ts: Vec<$N>,
        }

        impl Deref for $T {
            «¦type Target = Vec<$N>;

            »fn deref(&self) -> &Vec<$N> {
                &self.$ts
            }
        }
        """,
        """
        trait $R {
            const $K: $N;

            fn $m(&self) -> $N {
                Self::$K
            }
        }

        struct $T;

        impl $R for $T {«}¦
        const $K: $N = 0;
        }»
        """,
    )


def trait_signature_differs(rng: random.Random) -> Pair:
    """E0053: a method of an implementation has other types than its trait says."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self, $a: $N) -> bool;
        }

        struct $T {
            $q: $N,
        }

        impl $R for $T {
            fn $m(&«mut ¦»self, $a: $N) -> bool {
                $a > self.$q
            }
        }
        """,
        """
        trait $R {
            fn $m(&self, $a: &str) -> usize;
        }

        struct $T;

        impl $R for $T {
            fn $m(&self, $a: «String¦&str») -> usize {
                $a.len()
            }
        }
        """,
        """
        trait $R {
            fn $m(&self) -> «String¦Option<String>»;
        }

        struct $T {
            $p: Option<String>,
        }

        impl $R for $T {
            fn $m(&self) -> Option<String> {
                self.$p.clone()
            }
        }
        """,
        """
        use std::fmt;

        struct $T($N);

        impl fmt::Display for $T {
            fn fmt(&self, $x: «&fmt::Formatter¦&mut fmt::Formatter») -> fmt::Result {
                let $a = format!("{}", self.0);
                $x.write_str(&$a)
            }
        }
        """,
        """
        #[derive(Debug, PartialEq)]
        struct $T {
            $q: $N,
        }

        impl PartialOrd for $T {
            fn partial_cmp(&self, $a: «$T¦&$T») -> Option<std::cmp::Ordering> {
                self.$q.partial_cmp(&$a.$q)
            }
        }
        """,
        """
        trait $R {
            fn $m(&mut self);
        }

        struct $T {
            $q: $N,
        }

        impl $R for $T {
            fn $m(«self¦&mut self») {
                @ self.$q
            }
        }
        """,
    )


def trait_arity_differs(rng: random.Random) -> Pair:
    """E0050/E0186/E0185/E0049/E0195: a method takes other parameters than its trait says."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self, $a: $N«¦, $b: $N») -> $N;
        }

        struct $T;

        impl $R for $T {
            fn $m(&self, $a: $N, $b: $N) -> $N {
                $a + $b
            }
        }
        """,
        """
        trait $R {
            fn $m(&self, $a: &str) -> String;
        }

        struct $T {
            $p: String,
        }

        impl $R for $T {
            fn $m(&self«¦, $a: &str») -> String {
                «self.$p.clone()¦format!("{}{}", self.$p, $a)»
            }
        }
        """,
        """
        trait $R {
            fn $m(«¦&self») -> $N;
        }

        struct $T($N);

        impl $R for $T {
            fn $m(&self) -> $N {
                self.0
            }
        }
        """,
        """
        trait $R {
            fn $m(&self) -> String;
        }

        struct $T;

        impl $R for $T {
            fn $m(«¦&self») -> String {
                "$s1".to_string()
            }
        }
        """,
        """
        trait $R {
            fn $m<T: Copy>(&self, $a: T) -> T;
        }

        struct $T;

        impl $R for $T {
            fn $m«¦<T: Copy>»(&self, $a: «$N¦T») -> «$N¦T» {
                $a
            }
        }
        """,
    )


def not_in_the_trait(rng: random.Random) -> Pair:
    """E0407/E0437/E0438: an implementation has an item its trait does not know."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;
            «¦
            fn $n(&self) -> $N;
            »}

        struct $T($N);

        impl $R for $T {
            fn $m(&self) -> $N {
                self.0
            }

            fn $n(&self) -> $N {
                self.0 ‹*¦+› $1
            }
        }
        """,
        """
        use std::fmt;

        struct $T {
            $q: $N,
        }

        impl fmt::Display for $T {
            fn «format¦fmt»(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "{}", self.$q)
            }
        }
        """,
        """
        struct $T;

        impl Drop for $T {
            fn «destroy¦drop»(&mut self) {
                println!("$s1");
            }
        }
        """,
        """
        trait $R {
            fn $m(&self) -> String;
        }

        struct $T;

        impl $R for $T {
            «type Item = String;

            ¦»fn $m(&self) -> String {
                "$s1".to_string()
            }
        }
        """,
        """
        trait $R {
            «¦const $K: $N;

            »fn $m(&self) -> $N;
        }

        struct $T($N);

        impl $R for $T {
            const $K: $N = $1;

            fn $m(&self) -> $N {
                self.0 + $2
            }
        }
        """,
        """
        #[derive(Debug)]
        struct $T($N);

        impl Default for $T {
            fn «new¦default»() -> Self {
                $T($1)
            }
        }

        ===
        @? $T::default()
        """,
    )
