"""Fields and methods that a type does not have."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def no_such_field(rng: random.Random) -> Pair:
    """E0609/E0560/E0559/E0026/E0610: a field that the type does not have."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            $t.$q«_value¦» ‹+¦*› $1
        }
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = $T { $p: String::from("$s1"), $q«_value¦»: $1 };
        @ $t.$p, $t.$q
        """,
        """
        struct $T($N, $N);

        fn $f($t: &$T) -> $N {
            $t.«2¦1» ‹+¦*› $t.0
        }
        """,
        """
        ===
        let $a = ($1, "$s1");
        @ $a.«2¦1»
        @ $a.0
        """,
        """
        struct $T {
            $q: $N,
            $r: $N,
        }

        fn $f($t: $T) -> $N {
            let $T { «$p¦$q»: $x, .. } = $t;
            $x
        }
        """,
        """
        enum $T {
            $A { $q: $N },
            $B,
        }

        fn $f() -> [$T; 2] {
            [$T::$A { «$p¦$q»: $1 }, $T::$B]
        }
        """,
        """
        ===
        let $a: u32 = $1;
        let $b = $a«.value¦»;
        @ $b
        """,
        """
        struct $U {
            $r: $N,
        }

        struct $T {
            $t: $U,
        }

        fn $f($a: &$T) -> $N {
            $a.«¦$t.»$r
        }
        """,
    )


def field_or_method(rng: random.Random) -> Pair:
    """E0599/E0615/E0616/E0618: a method is taken for a field, or a field for a method."""
    return write(
        rng,
        """
        ===
        let $a = $LM;
        @ $a.len«¦()»
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q ‹+¦*› $1
            }
        }

        fn $f($t: &$T) -> $N {
            $t.$m«¦()»
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            $t.$q«()¦»
        }
        """,
        """
        struct $T {
            $p: Box<dyn Fn($N) -> $N>,
        }

        fn $f($t: &$T) -> $N {
            «$t.$p¦($t.$p)»($1)
        }
        """,
        """
        mod $a {
            pub struct $T {
                «¦pub »$q: u32,
            }

            impl $T {
                pub fn new($q: u32) -> $T {
                    $T { $q }
                }
            }
        }

        fn $f() -> u32 {
            $a::$T::new($1).$q
        }
        """,
        """
        ===
        let $a = $1;
        @ $a«()¦»
        """,
        """
        enum $T {
            $A,
            $B($N),
        }

        fn $f() -> [$T; 2] {
            [$T::$A«()¦», $T::$B($1)]
        }
        """,
        """
        ===
        let $a = vec!["$s1"];
        if $a.is_empty«¦()» {
            println!("$s2");
        }
        """,
    )


def no_such_method(rng: random.Random) -> Pair:
    """E0599: a method that the type does not have, as other languages call it."""
    return write(
        rng,
        """
        ===
        let mut $a = $LM;
        $a.«‹add¦push_back¦put›¦push»($LV);
        @? $a
        """,
        """
        ===
        let $a = "$s1";
        @ $a.«‹length¦size¦count›¦len»()
        """,
        """
        ===
        let $a = $LM;
        @ $a.«‹length¦size¦count›¦len»()
        """,
        """
        ===
        let $a = "$s1";
        let $b = $a.«‹toUpperCase¦upper¦to_upper›¦to_uppercase»();
        @ $b
        """,
        """
        ===
        let $a = $1;
        let $b = $a.«‹toString¦to_str¦str›¦to_string»();
        @ $b
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $N>) {
            $a.«‹add¦put¦set¦push›¦insert»("$s1".to_string(), $1);
        }
        """,
        """
        fn $f($a: &[String], $b: &String) -> bool {
            $a.«‹includes¦has¦contain›¦contains»($b)
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b: Vec<i32> = $a.«¦iter().»rev().«¦copied().»collect();
        @? $b
        """,
        """
        ===
        let $a = "$s1 $s2".«¦chars().»rev().collect::<String>();
        @ $a
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q
            }
        }

        fn $f($t: &$T) -> $N {
            $t.«get_¦»$m() ‹+¦*› $1
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn new($q: $N) -> Self {
                Self { $q }
            }
        }

        ===
        let $t = $T::«‹create¦make¦init›¦new»($1);
        @ $t.$q
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m($a: $N) -> $N {
                $a * 2
            }
        }

        ===
        let $t = $T { $q: $1 };
        @ «$t.¦$T::»$m($t.$q)
        """,
    )
