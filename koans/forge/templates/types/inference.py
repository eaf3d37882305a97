"""Types that cannot be inferred."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def types_unknown(rng: random.Random) -> Pair:
    """E0282/E0283/E0284/E0790: the type of a value cannot be inferred."""
    return write(
        rng,
        """
        ===
        let $a«¦: Vec<i32>» = Vec::new();
        @ $a.len()
        """,
        """
        ===
        let $a = "$1".parse«¦::<i32>»().unwrap();
        @ $a
        """,
        """
        ===
        let $a = vec![$1, $2];
        let $b«¦: Vec<_>» = $a.iter().map(|$x| $x ‹+¦*› 2).collect();
        @ $b.len()
        """,
        """
        ===
        let $a«¦: Option<i32>» = None;
        if $a.is_none() {
            println!("$s1");
        }
        """,
        """
        ===
        let $a = "$s1 $s2";
        let $b«¦: Vec<&str>» = $a.split(' ').collect();
        @ $b.len()
        """,
        """
        ===
        let $a = [$1, $2];
        let $b«¦: i32» = $a.iter().‹sum()¦product()›;
        @ $b
        """,
        """
        use std::collections::HashMap;

        ===
        let $a«¦: HashMap<String, i32>» = HashMap::new();
        @ $a.len()
        """,
        """
        fn $f($a: &str) -> bool {
            let $b = $a.trim().parse«¦::<$N>»();
            $b.is_ok()
        }
        """,
        """
        ===
        let $a = «Default::default()¦String::default()»;
        @? $a
        """,
        """
        fn $f<T: Default + std::fmt::Debug>() {
            @? T::default()
        }

        ===
        $f«¦::<$N>»();
        """,
        """
        ===
        let $a = |$x«¦: &str»| $x.len();
        @ $a("$s1")
        """,
        """
        ===
        let $a = "$s1".chars().rev().collect«¦::<String>»();
        @ $a
        """,
    )


def number_without_a_type(rng: random.Random) -> Pair:
    """E0689: a method is called on a number whose type is not known."""
    return write(
        rng,
        """
        ===
        let $a = «$1.0¦$1.0_f64».‹sqrt()¦powi(2)¦abs()¦floor()¦sin()›;
        @ $a
        """,
        """
        ===
        let $a«¦: f64» = $1.5;
        @ $a.‹powi(2)¦sqrt()¦round()¦ceil()›
        """,
        """
        ===
        let $a = $1.0;
        let $b = «$2.5¦$2.5_f64».‹max¦min¦powf›($a);
        @ $b
        """,
        """
        ===
        let $a = «$1¦$1_i32».pow(2);
        @ $a
        """,
        """
        ===
        let mut $a«¦: f64» = 0.0;
        for $x in 0..$1 {
            $a += 0.5;
            println!("{}", $x);
        }
        @ $a.sqrt()
        """,
    )
