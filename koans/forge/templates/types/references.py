"""References and values for one another."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def reference_for_value(rng: random.Random) -> Pair:
    """E0308: a reference stands where a value is needed."""
    return write(
        rng,
        """
        fn $f($a: $N) -> $N {
            $a ‹+¦*› 2
        }

        ===
        let $b = [$#, $#];
        for $x in $b.iter() {
            @ $f(«¦*»$x)
        }
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let mut $b = 0;
            for $x in $a {
                if *$x > $b {
                    $b = «¦*»$x;
                }
            }
            $b
        }
        """,
        """
        fn $f($a: &$N) -> $N {
            «¦*»$a
        }

        ===
        @ $f(&$1)
        """,
        """
        fn $f($a: &Vec<$OT>) -> $OT {
            «&$a[0]¦$a[0].clone()»
        }
        """,
        """
        fn $f($a: $OT) {
            @? $a
        }

        ===
        let $b = $OM;
        $f(«&¦»$b);
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<&str, $N>) -> $N {
            match $a.get("$s1") {
                Some($x) => «¦*»$x,
                None => 0,
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                «&¦»self.$q
            }
        }
        """,
        """
        fn $f($a: &mut $N) {
            «¦*»$a = $1;
        }

        ===
        let mut $b = $2;
        $f(&mut $b);
        @ $b
        """,
        """
        fn $f($a: &mut $OT) {
            «¦*»$a = $OM;
        }
        """,
        """
        fn $f($a: &[$N]) -> Vec<$N> {
            let mut $b: Vec<$N> = Vec::new();
            for $x in $a.iter() {
                $b.push(«¦*»$x);
            }
            $b
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b: i32 = $a.iter().map(|$x| if $x > «$1¦&$1» { 1 } else { 0 }).sum();
        @ $b
        """,
    )


def mutable_reference_needed(rng: random.Random) -> Pair:
    """E0308: a call gives a value or `&` where `&mut` is asked for."""
    return write(
        rng,
        """
        fn $f($a: &mut $LT) {
            $a.push($LV);
        }

        ===
        let mut $b = $LM;
        $f(«&¦&mut »$b);
        @? $b
        """,
        """
        fn $f($a: &mut $N) {
            *$a += $1;
        }

        ===
        let mut $b = $2;
        $f(«¦&mut »$b);
        @ $b
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &mut $T) {
            $t.$q += $1;
        }

        ===
        let mut $a = $T { $q: $2 };
        $f(«&¦&mut »$a);
        @ $a.$q
        """,
        """
        fn $f($a: &mut String, $b: &str) {
            $a.push_str($b);
        }

        ===
        let mut $c = String::new();
        $f(«¦&mut »$c, "$s1");
        @ $c
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $N>) {
            $a.clear();
        }

        ===
        let mut $b = HashMap::new();
        $b.insert("$s1".to_string(), $1);
        $f(«&¦&mut »$b);
        @ $b.len()
        """,
        """
        fn $f($a: &mut [$N]) {
            $a[0] = $1;
        }

        fn $g(mut $b: Vec<$N>) -> Vec<$N> {
            $f(«&¦&mut »$b);
            $b
        }
        """,
        """
        ===
        let mut $a = $OM;
        let mut $b = $OM;
        std::mem::swap(«&¦&mut »$a, &mut $b);
        @? $a, $b
        """,
    )
