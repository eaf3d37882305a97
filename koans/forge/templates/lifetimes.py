"""References whose lifetimes are missing, unknown or too short."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


def lifetime_of_a_result_missing(rng: random.Random) -> Pair:
    """E0106: a function returns a reference, and it is not said of which argument."""
    return write(
        rng,
        """
        fn $f«¦<'a>»($a: &«¦'a »str, $b: &«¦'a »str) -> &«¦'a »str {
            if $b.is_empty() ‹||¦&&› $a.len() ‹>¦<¦==› $1 {
                $a
            } else {
                $b
            }
        }

        ===
        @ $f("$s1", "$s2")
        """,
        """
        fn $f«¦<'a>»($a: &«¦'a »[$N], $b: &«¦'a »[$N]) -> &«¦'a »[$N] {
            if $a.is_empty() {
                $b
            } else {
                $a
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f«¦<'a>»($a: &«¦'a »$T, $b: &«¦'a »$T) -> &«¦'a »$T {
            if $a.$q < $b.$q {
                return $a;
            }
            $b
        }
        """,
        """
        fn $f«¦<'a>»($a: &«¦'a »mut $OT, $b: &«¦'a »mut $OT, $c: bool) -> &«¦'a »mut $OT {
            if $c {
                $a
            } else {
                $b
            }
        }
        """,
        """
        fn $f() -> &«¦'static »str {
            "$s1"
        }

        ===
        @ $f()
        """,
        """
        fn $f($a: $N) -> &«¦'static »str {
            if $a > $1 {
                "$s1"
            } else {
                "$s2"
            }
        }

        ===
        @ $f($2)
        """,
        """
        fn $f($a: $N) -> &«¦'static »str {
            match $a {
                0 => "$s1",
                1 => "$s2",
                _ => "$s3",
            }
        }

        ===
        @ $f($2)
        """,
        """
        fn $f«¦<'a>»($a: &«¦'a »str, $b: &«¦'a »str) -> Option<&«¦'a »str> {
            if $a == $b {
                None
            } else {
                Some($a)
            }
        }
        """,
    )


def lifetime_of_a_field_missing(rng: random.Random) -> Pair:
    """E0106: a struct or an enum holds a reference without a lifetime."""
    return write(
        rng,
        """
        struct $T«¦<'a>» {
            $p: &«¦'a »str,
            $q: $N,
        }

        ===
        let $t = $T { $p: "$s1", $q: $1 };
        @ $t.$p, $t.$q
        """,
        """
        struct $T«¦<'a>» {
            $ts: &«¦'a »[$N],
        }

        fn $f($t: &$T) -> usize {
            $t.$ts.len()
        }
        """,
        """
        #[derive(Debug)]
        enum $T«¦<'a>» {
            $A(&«¦'a »str),
            $B,
        }

        ===
        @? $T::$A("$s1")
        @? $T::$B
        """,
        """
        struct $T {
            $q: $N,
        }

        struct $U«¦<'a>» {
            $t: &«¦'a »$T,
        }

        ===
        let $a = $T { $q: $1 };
        let $b = $U { $t: &$a };
        @ $b.$t.$q
        """,
        """
        #[derive(Debug)]
        struct $T«¦<'a>»(&«¦'a »str, $N);

        ===
        let $t = $T("$s1", $1);
        @? $t
        """,
        """
        type $T«¦<'a>» = Vec<&«¦'a »str>;

        fn $f($a: &str) -> $T«¦<'_>» {
            $a.split(',').collect()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
            $ts: Vec<&«¦'a »str>,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len() + $t.$ts.len()
        }
        """,
    )


def lifetime_of_a_type_missing(rng: random.Random) -> Pair:
    """E0106/E0726: a type with a lifetime is named without one."""
    return write(
        rng,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl«¦<'a>» $T«¦<'a>» {
            fn $m(&self) -> usize {
                self.$p.len()
            }
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        struct $U«¦<'a>» {
            $ts: Vec<$T«¦<'a>»>,
        }

        fn $f($a: &$U) -> usize {
            $a.$ts.iter().map(|$x| $x.$p.len()).sum()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a [$N],
        }

        impl«¦<'a>» Iterator for $T«¦<'a>» {
            type Item = $N;

            fn next(&mut self) -> Option<$N> {
                let ($a, $b) = self.$p.split_first()?;
                self.$p = $b;
                Some(*$a)
            }
        }
        """,
        """
        use std::fmt;

        struct $T<'a> {
            $p: &'a str,
        }

        impl fmt::Display for $T«¦<'_>» {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "<{}>", self.$p)
            }
        }
        """,
    )


def lifetime_not_declared(rng: random.Random) -> Pair:
    """E0261: a lifetime is used that nothing declares."""
    return write(
        rng,
        """
        fn $f«¦<'a>»($a: &'a str, $b: &‹str¦'a str›) -> &'a str {
            if $b.is_empty() {
                return "";
            }
            $a
        }
        """,
        """
        struct $T«¦<'a>» {
            $p: &'a str,
            $q: $N,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl«¦<'a>» $T<'a> {
            fn $m(&self) -> &'a str {
                self.$p
            }
        }
        """,
        """
        enum $T«¦<'a>» {
            $A(&'a str),
            $B(&'a [u8]),
        }

        fn $f($t: &$T) -> usize {
            match $t {
                $T::$A($x) => $x.len(),
                $T::$B($y) => $y.len(),
            }
        }
        """,
        """
        struct $T {
            $ts: Vec<String>,
        }

        impl $T {
            fn $m«¦<'a>»(&'a self, $a: &‹str¦'a str›) -> &'a str {
                self.$ts.iter().find(|$x| $x.starts_with($a)).map_or("", |$x| $x)
            }
        }
        """,
        """
        trait $R<'a> {
            fn $m(&self) -> &'a str;
        }

        struct $T;

        impl«¦<'a>» $R<'a> for $T {
            fn $m(&self) -> &'a str {
                "$s1"
            }
        }
        """,
    )


def argument_lifetime_too_vague(rng: random.Random) -> Pair:
    """E0621: an argument is returned whose type does not name the lifetime of the result."""
    return write(
        rng,
        """
        fn $f<'a>($a: &'a str, $b: &«¦'a »str) -> &'a str {
            if $a.len() > $1 {
                $a
            } else {
                $b
            }
        }
        """,
        """
        fn $f<'a>($a: &'a [$N], $b: &«¦'a »[$N]) -> Vec<&'a $N> {
            $a.iter().chain($b.iter()).collect()
        }
        """,
        """
        struct $T<'a> {
            $ts: Vec<&'a str>,
        }

        fn $f<'a>($t: &mut $T<'a>, $a: &«¦'a »str) {
            $t.$ts.push($a);
        }
        """,
        """
        use std::collections::HashMap;

        fn $f<'a>($a: &mut HashMap<&'a str, $N>, $b: &«¦'a »str) {
            *$a.entry($b).or_insert(0) += 1;
        }
        """,
        """
        fn $f<'a>($a: &'a $OT, $b: &«¦'a »$OT, $c: bool) -> &'a $OT {
            match $c {
                true => $a,
                false => $b,
            }
        }
        """,
    )


def lifetimes_that_must_agree(rng: random.Random) -> Pair:
    """A reference of one lifetime is returned or kept as one of another."""
    return write(
        rng,
        """
        fn $f<'a«, 'b¦»>($a: &'a str, $b: &«'b¦'a» str) -> &'a str {
            if $a.is_empty() {
                $b
            } else {
                $a
            }
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl<'a> $T<'a> {
            fn $m(&self) -> &'a str {
                self.$p
            }

            fn $n(&mut self, $a: &«¦'a »str) {
                self.$p = $a;
            }
        }
        """,
        """
        struct $T<'a> {
            $ts: Vec<&'a str>,
        }

        impl<'a> $T<'a> {
            fn $m(&mut self, $a: &«¦'a »str) {
                for $x in $a.split('-') {
                    self.$ts.push($x);
                }
            }
        }
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn $m«¦<'a>»(&«¦'a »self, $a: &«¦'a »str) -> &«¦'a »str {
                if self.$p.len() > $1 {
                    &self.$p
                } else {
                    $a
                }
            }
        }
        """,
        """
        fn $f«¦<'a>»($a: &mut Vec<&«¦'a »str>, $b: &«¦'a »str) {
            $a.push($b);
        }
        """,
        """
        fn $f<'a, 'b«¦: 'a»>($a: &'a $OT, $b: &'b $OT) -> &'a $OT {
            if std::ptr::eq($a, $b) {
                $a
            } else {
                $b
            }
        }
        """,
        """
        fn $f<'a, 'b«¦: 'a»>($a: &mut Vec<&'a str>, $b: &'b str) {
            $a.push($b);
            @ $a.len()
        }
        """,
    )


def result_borrows_the_method_not_the_data(rng: random.Random) -> Pair:
    """E0515/E0499: a method's result is tied to the view instead of to what it views."""
    return write(
        rng,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        impl<'a> $T<'a> {
            fn $m(&self) -> &«¦'a »str {
                self.$p
            }
        }

        fn $f($a: &str) -> &str {
            let $t = $T { $p: $a };
            $t.$m()
        }
        """,
        """
        struct $T<'a> {
            $ts: &'a [$N],
        }

        impl<'a> $T<'a> {
            fn $m(&self) -> Option<&«¦'a »$N> {
                self.$ts.‹first()¦last()¦iter().max()›
            }
        }

        fn $f($a: &[$N]) -> Option<&$N> {
            $T { $ts: $a }.$m()
        }
        """,
        """
        struct $T<'a> {
            $p: &'a str,
            $q: usize,
        }

        impl<'a> $T<'a> {
            fn $m(&mut self) -> &«¦'a »str {
                self.$q += 1;
                &self.$p[..1]
            }
        }

        ===
        let mut $t = $T { $p: "$s1", $q: 0 };
        let $a = $t.$m();
        let $b = $t.$m();
        @ $a, $b
        """,
    )


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
