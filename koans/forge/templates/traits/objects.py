"""Trait objects."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def trait_object_refused(rng: random.Random) -> Pair:
    """E0038: a trait that cannot be used as `dyn` is used so."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;

            fn new() -> Self«¦
            where
            Self: Sized»;
        }

        fn $f($a: &dyn $R) -> $N {
            $a.$m()
        }
        """,
        """
        trait $R {
            fn $m<T>(&self, $a: T) -> T;
        }

        fn $f($a: «&dyn $R¦&impl $R», $b: $N) -> $N {
            $a.$m($b)
        }
        """,
        """
        trait $R {
            fn $m(«¦&self») -> String;
        }

        fn $f($a: &[Box<dyn $R>]) -> usize {
            $a.len()
        }
        """,
        """
        trait $R: «Sized¦std::fmt::Debug» {
            fn $m(&self) -> $N;
        }

        fn $f($a: Box<dyn $R>) -> $N {
            $a.$m()
        }
        """,
        """
        trait $R«: Clone¦» {
            fn $m(&self) -> $N;
        }

        struct $T {
            $ts: Vec<Box<dyn $R>>,
        }

        impl $T {
            fn $n(&self) -> $N {
                self.$ts.iter().map(|$x| $x.$m()).sum()
            }
        }
        """,
    )


def bare_trait(rng: random.Random) -> Pair:
    """E0782: a trait stands where a type is needed, without `dyn` or `impl`."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        fn $f($a: &«¦dyn »$R) -> $N {
            $a.$m()
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T {
            $ts: Vec<Box<«¦dyn »$R>>,
        }

        impl $T {
            fn $n(&self) -> $N {
                self.$ts.iter().map(|$x| $x.$m()).sum()
            }
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        fn $f($a: «¦impl »$R) -> $N {
            $a.$m()
        }
        """,
        """
        fn $f($a: Box<«¦dyn »Fn($N) -> $N>) -> $N {
            $a($1)
        }

        ===
        @ $f(Box::new(|$x| $x + $2))
        """,
        """
        use std::fmt::Display;

        fn $f($a: $N) -> Box<«¦dyn »Display> {
            Box::new($a)
        }
        """,
        """
        use std::error::Error;

        fn $f($a: &str) -> Result<i32, Box<«¦dyn »Error>> {
            Ok($a.parse()?)
        }
        """,
    )
