"""Values and type parameters that lack a trait somebody asks for."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def trait_not_implemented(rng: random.Random) -> Pair:
    """E0277: a value is passed whose type does not implement the trait that is asked for."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T;

        impl $R for $T {
            fn $m(&self) -> $N {
                $1
            }
        }

        fn $f(«$a: impl $R¦$a: &impl $R») -> $N {
            $a.$m()
        }

        ===
        let $t = $T;
        @ $f(&$t)
        """,
        """
        trait $R {
            fn $m(&self) -> String;
        }

        impl $R for «str¦String» {
            fn $m(&self) -> String {
                self.to_uppercase()
            }
        }

        fn $f<T: $R>($a: T) -> String {
            $a.$m()
        }

        ===
        @ $f(String::from("$s1"))
        """,
        """
        trait $R {
            fn $m(&self) -> u32;
        }

        struct $T {
            $q: u32,
        }

        impl $R for $T {
            fn $m(&self) -> u32 {
                self.$q
            }
        }

        fn $f<T: $R>($a: &T) -> u32 {
            $a.$m() * 2
        }

        ===
        let $t = $T { $q: $1 };
        @ $f(&$t«.$q¦»)
        """,
        """
        trait $R {
            fn $m(&self) -> usize;
        }

        impl<T> $R for Vec<T> {
            fn $m(&self) -> usize {
                self.len()
            }
        }

        fn $f($a: &dyn $R) -> usize {
            $a.$m()
        }

        ===
        @ $f(&«[$1, $2]¦vec![$1, $2]»)
        """,
        """
        trait $R {}

        struct $T;

        struct $U;

        impl $R for $T {}

        «¦impl $R for $U {}

        »fn $f<T: $R>(_: T) {}

        ===
        $f($T);
        $f($U);
        """,
    )


def bound_missing_for_a_call(rng: random.Random) -> Pair:
    """E0277/E0599: a generic function calls another whose bound its own parameter lacks."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        fn $f<T: $R>($a: &T) -> $N {
            $a.$m()
        }

        fn $g<T«¦: $R»>($a: &[T]) -> $N {
            let mut $b = 0;
            for $x in $a {
                $b += $f($x);
            }
            $b
        }
        """,
        """
        use std::fmt::Display;

        fn $f<T: Display>($a: T) -> String {
            format!("- {}", $a)
        }

        fn $g<T«¦: Display»>($a: Vec<T>) -> Vec<String> {
            $a.into_iter().map($f).collect()
        }
        """,
        """
        use std::fmt::Debug;

        struct $T<T> {
            $ts: Vec<T>,
        }

        impl<T«¦: Debug»> $T<T> {
            fn $m(&self) -> String {
                format!("{:?}", self.$ts)
            }
        }
        """,
        """
        fn $f<T: Into<f64>>($a: T) -> f64 {
            $a.into() * 2.0
        }

        fn $g<T: «Copy¦Copy + Into<f64>»>($a: &[T]) -> f64 {
            $f($a[0])
        }
        """,
        """
        struct $T<T: PartialOrd> {
            $q: T,
        }

        impl<T«¦: PartialOrd»> $T<T> {
            fn new($q: T) -> Self {
                Self { $q }
            }
        }
        """,
        """
        fn $f<T>($a: &[T]) -> String
        where
        T: «Clone¦Clone + ToString»,
        {
            $a.iter().map(|$x| $x.to_string()).collect()
        }
        """,
    )


def method_needs_a_bound(rng: random.Random) -> Pair:
    """E0599: a method is called on a generic value whose type is not bounded by its trait."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        fn $f<T«¦: $R»>($a: T) -> $N {
            $a.$m() ‹+¦*› $1
        }
        """,
        """
        fn $f<T«¦: ToString»>($a: T) -> usize {
            $a.to_string().len()
        }

        ===
        @ $f($1)
        """,
        """
        trait $R {
            fn $m(&self) -> String;
        }

        struct $T<T> {
            $t: T,
        }

        impl<T«¦: $R»> $T<T> {
            fn $n(&self) -> String {
                self.$t.$m()
            }
        }
        """,
        """
        use std::collections::HashMap;
        use std::hash::Hash;

        struct $T<K> {
            $p: HashMap<K, u32>,
        }

        impl<K«: Hash¦: Hash + Eq»> $T<K> {
            fn $m(&mut self, $a: K) {
                *self.$p.entry($a).or_insert(0) += 1;
            }
        }
        """,
        """
        fn $f<I«¦: Iterator<Item = u32>»>($a: I) -> u32 {
            $a.sum()
        }
        """,
        """
        fn $f<T«¦: AsRef<str>»>($a: T) -> usize {
            $a.as_ref().len()
        }
        """,
    )


def trait_out_of_scope(rng: random.Random) -> Pair:
    """E0599: a method's trait is not imported."""
    return write(
        rng,
        """
        «¦use std::str::FromStr;
        »

        ===
        let $a = i32::from_str("$1").unwrap();
        @ $a
        """,
        """
        «¦use std::fmt::Write;
        »

        ===
        let mut $a = String::new();
        for $x in 0..$1 {
            write!($a, "{},", $x).unwrap();
        }
        @ $a
        """,
        """
        mod $a {
            pub trait $R {
                fn $m(&self) -> u32;
            }

            impl $R for u32 {
                fn $m(&self) -> u32 {
                    self ‹+¦*› $1
                }
            }
        }

        «¦use $a::$R;
        »

        ===
        @ 5u32.$m()
        """,
        """
        «¦use std::io::Write;
        »

        fn $f() -> Vec<u8> {
            let mut $a = Vec::new();
            $a.write_all(b"$s1").unwrap();
            $a
        }
        """,
        """
        «¦use std::io::Read;
        »

        fn $f(mut $a: &[u8]) -> String {
            let mut $b = String::new();
            $a.read_to_string(&mut $b).unwrap();
            $b
        }
        """,
        """
        use std::hash::«Hash¦{Hash, Hasher}»;

        fn $f($a: &str) -> u64 {
            let mut $b = std::collections::hash_map::DefaultHasher::new();
            $a.hash(&mut $b);
            $b.finish()
        }
        """,
        """
        «¦use std::io::BufRead;
        »

        fn $f($a: &[u8]) -> usize {
            $a.lines().count()
        }
        """,
    )
