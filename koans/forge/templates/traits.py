"""Traits that are missing, incomplete or not what the code needs."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


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


def not_comparable(rng: random.Random) -> Pair:
    """E0369: two values are compared whose type does not derive the comparison."""
    return write(
        rng,
        """
        #[derive(Debug«¦, PartialEq»)]
        enum $T {
            $A,
            $B,
        }

        fn $f($a: $T) -> $N {
            if $a == $T::$A {
                $1
            } else {
                $2
            }
        }

        ===
        @ $f($T::$B)
        """,
        """
        «¦#[derive(PartialEq)]
        »struct $T {
            $q: $N,
            $r: $N,
        }

        ===
        let $a = $T { $q: $1, $r: $2 };
        let $b = $T { $q: $1, $r: $3 };
        @ $a ‹==¦!=› $b
        """,
        """
        #[derive(Clone, Copy«¦, PartialEq»)]
        enum $T {
            $A,
            $B,
            $C,
        }

        fn $f($a: &[$T]) -> usize {
            $a.iter().filter(|$x| **$x == $T::$A).count()
        }
        """,
        """
        #[derive(PartialEq«¦, PartialOrd»)]
        struct $T($N);

        fn $f($a: $T, $b: $T) -> bool {
            $a ‹<¦>¦<=¦>=› $b
        }
        """,
        """
        #[derive(Debug«¦, PartialEq»)]
        struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $a = $T { $p: ‹String::from("$s$")¦"$s$".to_string()›, $q: $# };
        let $b = $T { $p: ‹String::from("$s$")¦"$s$".to_string()›, $q: $# };
        assert_eq!($a, $b);
        """,
        """
        fn $f<T: «PartialEq¦PartialOrd»>($a: &[T], $b: T) -> usize {
            let mut $c = 0;
            for $x in $a {
                if *$x ‹>¦<› $b {
                    $c += 1;
                }
            }
            $c
        }
        """,
        """
        fn $f<T«¦: PartialEq»>($a: &[T], $b: &T) -> bool {
            for $x in $a {
                if $x == $b {
                    return true;
                }
            }
            false
        }
        """,
        """
        #[derive(Debug, Clone«¦, PartialEq»)]
        struct $T {
            $p: Vec<$N>,
        }

        fn $f($a: &$T, $b: &$T) -> bool {
            $a == $b
        }
        """,
    )


def not_an_operator(rng: random.Random) -> Pair:
    """E0369: an operator is used that the types do not have."""
    return write(
        rng,
        """
        ===
        let $a = "$s1"«¦.to_string()»;
        let $b = "$s2";
        let $c = $a + $b;
        @ $c
        """,
        """
        fn $f($a: &str, $b: &str) -> String {
            «$a + $b¦format!("{}{}", $a, $b)»
        }

        ===
        @ $f("$s1", "$s2")
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn add(self, $a: $T) -> $T {
                $T { $q: self.$q + $a.$q }
            }
        }

        fn $f($a: $T, $b: $T) -> $T {
            «$a + $b¦$a.add($b)»
        }
        """,
        """
        use std::ops::Add;

        fn $f<T«: Copy¦: Copy + Add<Output = T>»>($a: T, $b: T) -> T {
            $a + $b
        }
        """,
        """
        use std::ops::Mul;

        fn $f<T«¦: Mul<Output = T>»>($a: T, $b: T) -> T {
            $a * $b
        }

        ===
        @ $f($1, $2)
        """,
        """
        ===
        let $a = $LM;
        let $b = $LM;
        let $c = «$a + $b¦[$a, $b].concat()»;
        @ $c.len()
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = String::from("$s2");
        let $c = «&$a¦$a.clone()» + &$b;
        @ $a, $c
        """,
        """
        struct $T($N);

        ===
        let $a = $T($1);
        let $b = $T($2);
        let $c = «$a + $b¦$a.0 + $b.0»;
        @ $c
        """,
        """
        ===
        let $a: Option<$N> = Some($1);
        let $b = $a«¦.unwrap_or(0)» ‹+¦*› $2;
        @ $b
        """,
        """
        ===
        let $a = vec![$1, $2];
        let $b: i32 = «$a * 2¦$a.iter().map(|$x| $x * 2).sum()»;
        @ $b
        """,
    )


def mixed_numbers(rng: random.Random) -> Pair:
    """E0277/E0308: numbers of two types meet in an operator."""
    return write(
        rng,
        """
        ===
        let $a: i32 = $1;
        let $b: f64 = $2.5;
        let $c = $b ‹*¦+¦/› $a«¦ as f64»;
        @ $c
        """,
        """
        ===
        let $a = $1;
        let $b = $2.5 ‹*¦+¦-› $a«¦ as f64»;
        @ $b
        """,
        """
        fn $f($a: &[f64]) -> f64 {
            let $b: f64 = $a.iter().sum();
            $b / $a.len()«¦ as f64»
        }
        """,
        """
        fn $f($a: u32, $b: f32) -> f32 {
            $b ‹*¦/¦-› $a«¦ as f32»
        }

        ===
        @ $f($1, $2.0)
        """,
        """
        ===
        let $a: f64 = $1.0;
        let $b = $a ‹*¦/¦+› «$2¦$2.0»;
        @ $b
        """,
        """
        struct $T {
            $q: f64,
            $r: u32,
        }

        impl $T {
            fn $m(&self) -> f64 {
                self.$q * self.$r«¦ as f64»
            }
        }
        """,
        """
        fn $f($a: Vec<i32>) -> f64 {
            let $b: i32 = $a.iter().sum();
            $b«¦ as f64» / «$a.len()¦$a.len() as f64»
        }
        """,
        """
        ===
        let mut $a = 0.0;
        for $x in ‹1..$1¦0..$1› {
            $a += «$x¦f64::from($x)» ‹* 0.5¦/ 2.0¦+ $2.5›;
        }
        @ $a
        """,
        """
        ===
        let mut $a = $1.5;
        $a ‹+=¦-=¦*=› «$2¦$2.0»;
        @ $a
        """,
        """
        ===
        let $a: u64 = $1;
        let $b: u8 = $2;
        let $c: u64 = [$a, $a].iter().map(|$x| $x ‹+¦*› «$b¦u64::from($b)»).sum();
        @ $c
        """,
    )


def indexed_by_another_number(rng: random.Random) -> Pair:
    """E0277/E0308: a list is indexed by a number that is no usize."""
    return write(
        rng,
        """
        ===
        let $a = $LM;
        let $b: «i32¦usize» = ‹0¦1›;
        @? $a[$b]
        """,
        """
        fn $f($a: &[$N], $b: ‹i32¦u32¦u8¦i64›) -> $N {
            $a[$b«¦ as usize»]
        }

        ===
        @ $f(&[$#, $#, $#], 1)
        """,
        """
        ===
        let $a = vec![$#, $#, $#];
        for $x in 0..‹3i32¦3u32¦3u8› {
            @ $a[$x«¦ as usize»]
        }
        """,
        """
        struct $T {
            $ts: Vec<$N>,
            $q: u32,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$ts[self.$q«¦ as usize»]
            }
        }
        """,
        """
        fn $f($a: &str, $b: i32) -> &str {
            &$a[‹..$b«¦ as usize»¦$b«¦ as usize»..›]
        }
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = $a«[0]¦.chars().next().unwrap()»;
        @ $b
        """,
        """
        fn $f($a: &str, $b: usize) -> char {
            $a«[$b]¦.chars().nth($b).unwrap()»
        }
        """,
        """
        use std::collections::HashMap;

        ===
        let mut $a = HashMap::new();
        $a.insert(String::from("$s1"), $1);
        let $b = $a[«String::from("$s1")¦"$s1"»];
        @ $b
        """,
        """
        fn $f($a: &mut [$N], $b: u64) {
            if $b > 0 {
                $a[$b«¦ as usize»] += 1;
            }
        }
        """,
    )


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


def associated_type_unsaid(rng: random.Random) -> Pair:
    """E0191/E0220/E0223/E0229/E0107: an associated type is missing, unknown or ambiguous."""
    return write(
        rng,
        """
        fn $f($a: Box<dyn Iterator«¦<Item = $N>»>) -> usize {
            $a.count()
        }

        ===
        @ $f(Box::new(vec![$1 as $N].into_iter()))
        """,
        """
        trait $R {
            type Output;

            fn $m(&self) -> Self::«Out¦Output»;
        }

        struct $T($N);

        impl $R for $T {
            type Output = $N;

            fn $m(&self) -> $N {
                self.0
            }
        }
        """,
        """
        fn $f<I: Iterator>($a: I) -> Vec<I::«Items¦Item»> {
            $a.collect()
        }
        """,
        """
        trait $R {
            type $V;

            fn $m(&self) -> Self::$V;
        }

        fn $f<T: $R>($a: &T) -> «$R¦T»::$V {
            $a.$m()
        }
        """,
        """
        use std::ops::Deref;

        fn $f($a: &dyn Deref«¦<Target = String>») -> usize {
            $a.len()
        }
        """,
        """
        fn $f($a: Vec«<Item = $N>¦<$N>») -> usize {
            $a.len()
        }
        """,
        """
        trait $R {
            type $V;

            fn $m(&self) -> Self::$V;
        }

        struct $T {
            $ts: Vec<Box<dyn $R«¦<$V = $N>»>>,
        }

        impl $T {
            fn $n(&self) -> $N {
                self.$ts.iter().map(|$x| $x.$m()).sum()
            }
        }
        """,
    )


def associated_type_differs(rng: random.Random) -> Pair:
    """E0271: an associated type is another than the one asked for."""
    return write(
        rng,
        """
        fn $f($a: impl Iterator<Item = $N>) -> $N {
            $a.sum()
        }

        ===
        let $b: Vec<$N> = vec![$1, $2];
        @ $f($b.«iter()¦into_iter()»)
        """,
        """
        fn $f($a: &[$N]) -> impl Iterator<Item = $N> + '_ {
            $a.iter()«¦.copied()»
        }
        """,
        """
        fn $f($a: &str) -> Box<dyn Iterator<Item = String> + '_> {
            Box::new($a.split(' ')«¦.map(String::from)»)
        }
        """,
        """
        struct $T {
            $ts: Vec<$N>,
        }

        impl IntoIterator for $T {
            type Item = $N;
            type IntoIter = std::«slice::Iter<'static, $N>¦vec::IntoIter<$N>»;

            fn into_iter(self) -> Self::IntoIter {
                self.$ts.into_iter()
            }
        }
        """,
        """
        trait $R {
            type $V;

            fn $m(&self) -> Self::$V;
        }

        struct $T;

        impl $R for $T {
            type $V = «u8¦u32»;

            fn $m(&self) -> Self::$V {
                $1
            }
        }

        fn $f($a: impl $R<$V = u32>) -> u32 {
            $a.$m()
        }

        ===
        @ $f($T)
        """,
    )


def not_an_iterator(rng: random.Random) -> Pair:
    """E0277/E0599: something is looped over or chained that is no iterator."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        for $x in «$a¦0..$a» {
            @ $x
        }
        """,
        """
        ===
        let $a = "$s1";
        for $x in $a«¦.chars()» {
            @ $x
        }
        """,
        """
        ===
        let $a = $LM;
        let $b: Vec<_> = $a.«map¦iter().map»(|$x| format!("{:?}", $x)).collect();
        @ $b.len()
        """,
        """
        struct $T {
            $ts: Vec<$N>,
        }

        fn $f($t: &$T) -> $N {
            let mut $a = 0;
            for $x in «$t¦&$t.$ts» {
                $a += $x;
            }
            $a
        }
        """,
        """
        fn $f($a: &[$N]) -> usize {
            $a.«filter¦iter().filter»(|$x| **$x > $1).count()
        }
        """,
        """
        ===
        let $a = vec![$1, $2];
        for $x in «$a.len()¦0..$a.len()» {
            @ $a[$x]
        }
        """,
        """
        ===
        let $a = ($1, $2, $3);
        for $x in «$a¦[$a.0, $a.1, $a.2]» {
            @ $x
        }
        """,
        """
        ===
        let mut $a = $1;
        for $x in «$a¦1..=$a» {
            $a += $x;
        }
        @ $a
        """,
    )


def collected_into_another_type(rng: random.Random) -> Pair:
    """E0277: a collection or a sum is made of the wrong elements."""
    return write(
        rng,
        """
        ===
        let $a = vec![$#, $#];
        let $b: Vec<i32> = $a.iter()«¦.copied()».filter(|$x| «**$x¦*$x» > $1).collect();
        @? $b
        """,
        """
        fn $f($a: &str) -> Vec<String> {
            $a.split(',')«¦.map(String::from)».collect()
        }

        ===
        @? $f("$s1,$s2")
        """,
        """
        ===
        let $a = ["$s1", "$s2"];
        let $b: Vec<usize> = $a.iter()«¦.map(|$x| $x.len())».collect();
        @? $b
        """,
        """
        use std::collections::HashMap;

        ===
        let $a = vec!["$s1", "$s2"];
        let $b: HashMap<&str, usize> = $a.iter().map(|$x| «$x.len()¦(*$x, $x.len())»).collect();
        @? $b
        """,
        """
        ===
        let $a = [$1.5, $2.5];
        let $b: «i32¦f64» = $a.iter().sum();
        @ $b
        """,
        """
        fn $f($a: &[&str]) -> «Vec<i32>¦Result<Vec<i32>, std::num::ParseIntError>» {
            $a.iter().map(|$x| $x.parse::<i32>()).collect()
        }
        """,
        """
        ===
        let $a = "$s1";
        let $b: «Vec<&str>¦Vec<char>» = $a.chars().‹rev()¦skip(1)¦take(2)›.collect();
        @? $b
        """,
        """
        fn $f($a: &[u32]) -> u64 {
            $a.iter().map(|$x| «$x¦u64::from(*$x)»).sum()
        }
        """,
        """
        ===
        let $a = $EM;
        let $b: Vec<$EE> = $a.iter()«¦.cloned()».collect();
        @ $b.len()
        """,
    )


def unsized_value(rng: random.Random) -> Pair:
    """E0277/E0308: a value of unknown size is held, passed or returned by value."""
    return write(
        rng,
        """
        fn $f($a: «¦&»str) -> usize {
            $a.len()
        }

        ===
        @ $f("$s1")
        """,
        """
        fn $f($a: «¦&»[$N]) -> usize {
            $a.len()
        }

        ===
        @ $f(&[$#, $#])
        """,
        """
        ===
        let $a = $LM;
        let $b = «¦&»$a[‹1..¦..1¦..›];
        @? $b
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = «¦&»$a[‹1..¦..1¦..2›];
        @ $b
        """,
        """
        struct $T {
            $p: «str¦String»,
            $q: $N,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len()
        }
        """,
        """
        fn $f($a: &str) -> «str¦&str» {
            $a.trim()
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        fn $f($a: «dyn ¦&dyn »$R) -> $N {
            $a.$m()
        }
        """,
        """
        use std::fmt::Debug;

        fn $f<T: Debug«¦ + ?Sized»>($a: &T) {
            @? $a
        }

        ===
        let $b: &str = "$s1";
        $f::<str>($b);
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T {
            $ts: Vec<«dyn $R¦Box<dyn $R>»>,
        }

        fn $f($t: &$T) -> usize {
            $t.$ts.len()
        }
        """,
        """
        fn $f($a: &[$N]) -> Vec<$N> {
            let $b«: [$N]¦: &[$N]» = «¦&»$a[1..];
            $b.to_vec()
        }
        """,
    )
