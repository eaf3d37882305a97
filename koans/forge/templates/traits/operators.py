"""Operators on types that have none."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
