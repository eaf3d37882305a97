"""Types that lack a trait they could derive."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def not_clone(rng: random.Random) -> Pair:
    """E0599/E0277/E0308: `clone` is called and the type does not derive Clone."""
    return write(
        rng,
        """
        #[derive(Debug«¦, Clone»)]
        struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $a = $T { $p: ‹String::from("$s$")¦"$s$".to_string()›, $q: $# };
        let $b = $a.clone();
        @? $a, $b
        """,
        """
        «¦#[derive(Clone)]
        »enum $T {
            $A,
            $B(String),
        }

        fn $f($a: &$T) -> ($T, usize) {
            let $b = $a.clone();
            let $c = match $a {
                $T::$A => 0,
                $T::$B($x) => $x.len(),
            };
            ($b, $c)
        }
        """,
        """
        «¦#[derive(Clone)]
        »struct $U {
            $r: $N,
        }

        #[derive(Clone)]
        struct $T {
            $p: String,
            $t: $U,
        }

        fn $f($a: &$T) -> $T {
            let $b = $a.clone();
            println!("{} {}", $b.$p, $b.$t.$r);
            $b
        }
        """,
        """
        #[derive(Debug«¦, Clone»)]
        struct $T($N);

        ===
        let $a = vec![$T($1); $2];
        @? $a.clone()
        """,
        """
        #[derive(Debug«¦, Clone»)]
        struct $T {
            $q: $N,
        }

        fn $f($a: &[$T]) -> Vec<$T> {
            $a.iter().‹filter(|$x| $x.$q > $1)¦take($1)¦skip(1)›.cloned().collect()
        }
        """,
        """
        fn $f<T«¦: Clone»>($a: &[T]) -> Option<T> {
            $a.‹first()¦last()¦get(1)›.cloned()
        }
        """,
        """
        fn $f<T«¦: Clone»>($a: &T) -> Vec<T> {
            vec![$a.clone(), $a.clone()]
        }
        """,
    )


def not_copy(rng: random.Random) -> Pair:
    """E0382/E0507/E0508: small values are used twice and their type could derive Copy as its neighbours do."""
    return write(
        rng,
        """
        #[derive(Debug, Clone«¦, Copy»)]
        enum $T {
            $A,
            $B,
        }

        fn $f($a: $T) -> $N {
            match $a {
                $T::$A => $1,
                $T::$B => $2,
            }
        }

        ===
        let $b = $T::$A;
        @ $f($b)
        @? $b
        """,
        """
        #[derive(Clone«¦, Copy»)]
        struct $T {
            $q: f64,
            $r: f64,
        }

        fn $f($a: $T, $b: $T) -> f64 {
            $a.$q * $b.$r
        }

        ===
        let $t = $T { $q: $1.0, $r: $2.5 };
        @ $f($t, $t)
        """,
        """
        #[derive(Debug, Clone«¦, Copy», PartialEq)]
        enum $T {
            $A,
            $B,
        }

        struct $U {
            $t: $T,
        }

        impl $U {
            fn $m(&self) -> $T {
                self.$t
            }
        }
        """,
        """
        fn $f<T: «PartialOrd¦PartialOrd + Copy»>($a: &[T], $b: T) -> Option<T> {
            for &$x in $a {
                if $x ‹>¦<› $b {
                    return Some($x);
                }
            }
            None
        }
        """,
        """
        fn $f<T«¦: Copy»>($a: T) -> (T, T) {
            ($a, $a)
        }
        """,
    )


def not_hashable(rng: random.Random) -> Pair:
    """E0599/E0277: a type is a key of a map or a member of a set and cannot be hashed."""
    return write(
        rng,
        """
        use std::collections::HashMap;

        #[derive(PartialEq, Eq«¦, Hash»)]
        enum $T {
            $A,
            $B,
        }

        ===
        let mut $a = HashMap::new();
        $a.insert($T::$A, $1);
        $a.insert($T::$B, $2);
        @ $a.len()
        """,
        """
        use std::collections::HashSet;

        #[derive(Debug, PartialEq, «Hash¦Eq, Hash»)]
        struct $T {
            $q: $N,
        }

        ===
        let mut $a = HashSet::new();
        $a.insert($T { $q: $1 });
        @? $a
        """,
        """
        use std::collections::HashMap;

        #[derive(Debug, Clone, PartialEq, Eq«¦, Hash»)]
        struct $T($N);

        fn $f($a: &[$T]) -> HashMap<$T, usize> {
            let mut $b = HashMap::new();
            for $x in $a {
                *$b.entry($x.clone()).or_insert(0) += 1;
            }
            $b
        }
        """,
        """
        use std::collections::HashMap;

        fn $f<K: «Eq¦Eq + std::hash::Hash», V: Copy>($a: &HashMap<K, V>, $b: &K) -> Option<V> {
            $a.get($b).copied()
        }
        """,
        """
        use std::collections::BTreeMap;

        #[derive(PartialEq, Eq«¦, PartialOrd, Ord»)]
        enum $T {
            $A,
            $B,
        }

        ===
        let mut $a = BTreeMap::new();
        $a.insert($T::$A, "$s1");
        @ $a.len()
        """,
    )


def not_ordered(rng: random.Random) -> Pair:
    """E0277: values are sorted or compared whose type has no order."""
    return write(
        rng,
        """
        #[derive(Debug, PartialEq, Eq«¦, PartialOrd, Ord»)]
        struct $T($N);

        ===
        let mut $a = vec![$T($1), $T($2)];
        $a.sort();
        @? $a
        """,
        """
        #[derive(Debug, PartialEq, Eq«¦, PartialOrd, Ord», Clone, Copy)]
        enum $T {
            $A,
            $B,
        }

        fn $f($a: &[$T]) -> Option<$T> {
            $a.iter().copied().‹max()¦min()›
        }
        """,
        """
        ===
        let mut $a = vec![$1.5, $2.0, $3.25];
        $a.«sort()¦sort_by(f64::total_cmp)»;
        @? $a
        """,
        """
        fn $f($a: &[f64]) -> Option<f64> {
            $a.iter().copied().«max()¦reduce(f64::max)»
        }
        """,
        """
        fn $f<T: «PartialOrd¦Ord»>(mut $a: Vec<T>) -> Vec<T> {
            $a.sort();
            $a
        }
        """,
        """
        use std::collections::BTreeSet;

        fn $f<T«¦: Ord»>($a: Vec<T>) -> BTreeSet<T> {
            $a.into_iter().collect()
        }
        """,
        """
        ===
        let $a = vec![$1.0, $2.5];
        let $b = $a.iter().copied().«min()¦reduce(f64::min)»;
        @? $b
        """,
    )


def not_default(rng: random.Random) -> Pair:
    """E0599/E0277: a default is asked of a type that has none."""
    return write(
        rng,
        """
        #[derive(Debug«¦, Default»)]
        struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $t = $T::default();
        @? $t
        """,
        """
        #[derive(Debug«¦, Default»)]
        struct $T {
            $q: $N,
            $r: $N,
        }

        ===
        let $t = $T { $q: $1, ..Default::default() };
        @? $t
        """,
        """
        «¦#[derive(Default)]
        »struct $U {
            $r: $N,
        }

        #[derive(Default)]
        struct $T {
            $p: String,
            $t: $U,
        }

        fn $f() -> $T {
            let $a = $T::default();
            println!("{} {}", $a.$p, $a.$t.$r);
            $a
        }
        """,
        """
        #[derive(Debug, Clone«¦, Default»)]
        struct $T($N);

        fn $f($a: Option<$T>) -> $T {
            $a.unwrap_or_default()
        }
        """,
        """
        fn $f<T«¦: Default»>($a: Option<T>) -> T {
            $a.unwrap_or_default()
        }

        ===
        let $b: $N = $f(None);
        @ $b
        """,
    )
