"""What a type or an object may hold, and lifetimes declared wrongly."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def borrowed_beyond_its_type(rng: random.Random) -> Pair:
    """E0310/E0309: a generic type may hold references that do not live long enough."""
    return write(
        rng,
        """
        use std::fmt::Debug;

        fn $f<T: Debug«¦ + 'static»>($a: T) -> Box<dyn Debug> {
            Box::new($a)
        }

        ===
        @? $f($1)
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        fn $f<T: $R«¦ + 'static»>($a: T) -> Box<dyn $R> {
            Box::new($a)
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T {
            $ts: Vec<Box<dyn $R>>,
        }

        impl $T {
            fn $n<T: $R«¦ + 'static»>(&mut self, $a: T) {
                self.$ts.push(Box::new($a));
            }
        }
        """,
        """
        fn $f<F: Fn($N) -> $N«¦ + 'static»>($a: F) -> Box<dyn Fn($N) -> $N> {
            Box::new(move |$x| $a($x) ‹+¦*› $1)
        }
        """,
        """
        use std::fmt::Display;

        fn $f<'a, T: Display«¦ + 'a»>($a: T) -> Box<dyn Display + 'a> {
            Box::new($a)
        }
        """,
        """
        fn $f<I>($a: I) -> Box<dyn Iterator<Item = $N>>
        where
        I: Iterator<Item = $N>«¦ + 'static»,
        {
            Box::new($a.map(|$x| $x + $1))
        }
        """,
    )


def hidden_lifetime(rng: random.Random) -> Pair:
    """A boxed trait borrows, and its type does not name the lifetime."""
    return write(
        rng,
        """
        fn $f($a: &[$N]) -> Box<dyn Iterator<Item = $N>«¦ + '_»> {
            Box::new($a.iter().‹copied()¦map(|$x| $x + $1)›)
        }
        """,
        """
        struct $T {
            $ts: Vec<String>,
        }

        impl $T {
            fn $m(&self) -> Box<dyn Fn(usize) -> usize«¦ + '_»> {
                Box::new(|$x| self.$ts[$x].len())
            }
        }
        """,
        """
        struct $T {
            $ts: Vec<$N>,
        }

        impl $T {
            fn $m(&self) -> impl Iterator<Item = &$N> + '_ {
                self.$ts.iter()
            }

            fn $n<'a>(&'a self, $a: &'a [$N]) -> Box<dyn Iterator<Item = $N>«¦ + 'a»> {
                Box::new(self.$ts.iter().zip($a).map(|($x, $y)| $x + $y))
            }
        }
        """,
        """
        fn $f($a: &str) -> Box<dyn Fn(&str) -> bool«¦ + '_»> {
            Box::new(move |$x| $x.‹contains($a)¦starts_with($a)¦ends_with($a)›)
        }
        """,
    )


def lifetime_declared_twice(rng: random.Random) -> Pair:
    """E0403/E0496/E0262/E0107: lifetimes that are declared twice, reserved or not the type's."""
    return write(
        rng,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl<'a> $T<'a> {
            fn $m«<'a>¦»(&self) -> usize {
                self.$p.len()
            }
        }
        """,
        """
        fn $f<«'static¦'a»>($a: &«'static¦'a» str) -> &«'static¦'a» str {
            $a.trim()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        fn $f<'a>($t: &$T<'a«, 'a¦»>) -> &'a str {
            $t.$p
        }
        """,
        """
        struct $T {
            $p: String,
        }

        fn $f«<'a>¦»($t: $T«<'a>¦») -> String {
            $t.$p
        }
        """,
        """
        fn $f<'a, '«a¦b»>($a: &'a str, $b: &'«a¦b» str) -> (&'a str, usize) {
            ($a, $b.len())
        }
        """,
    )


def hidden_in_an_opaque_type(rng: random.Random) -> Pair:
    """E0700: an `impl Trait` captures a lifetime that its type does not name."""
    return write(
        rng,
        """
        fn $f($a: &[$N]) -> impl Iterator<Item = $N>«¦ + '_» {
            $a.iter().‹copied()¦map(|$x| $x + $1)¦map(|$x| $x * 2)›
        }
        """,
        """
        struct $T {
            $ts: Vec<$N>,
        }

        impl $T {
            fn $m(&self) -> impl Iterator<Item = $N>«¦ + '_» {
                self.$ts.iter().‹copied()¦rev().copied()¦map(|$x| $x ‹+¦*› 2)›
            }
        }
        """,
        """
        fn $f($a: &str) -> impl Fn(usize) -> bool«¦ + '_» {
            move |$x| $x ‹>¦<¦==› $a.len()
        }

        ===
        let $b = $f("$s1");
        @ $b($1)
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn $m(&self) -> impl Iterator<Item = String>«¦ + '_» {
                self.$p.split(' ').map(String::from)
            }
        }
        """,
        """
        use std::fmt::Display;

        fn $f($a: &$N) -> impl Display«¦ + '_» {
            $a
        }

        ===
        @ $f(&$1)
        """,
    )
