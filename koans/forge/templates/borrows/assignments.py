"""Places assigned that may not be."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def assigned_through_a_shared_reference(rng: random.Random) -> Pair:
    """E0594: a place is assigned that may only be read."""
    return write(
        rng,
        """
        fn $f($a: «&¦&mut »$N) {
            *$a += $1;
        }

        ===
        let mut $b: $N = $2;
        $f(«&¦&mut »$b);
        @ $b
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&«¦mut »self) {
                self.$q ‹+= $1¦= $1¦*= 2›;
            }
        }

        ===
        let mut $t = $T { $q: $2 };
        $t.$m();
        @ $t.$q
        """,
        """
        ===
        let mut $a = vec![$#, $#, $#];
        for $x in $a.«iter¦iter_mut»() {
            *$x ‹+=¦*=¦-=› $1;
        }
        @? $a
        """,
        """
        ===
        let mut $a = [$#, $#];
        for $x in «&¦&mut »$a {
            *$x = $1;
        }
        @? $a
        """,
        """
        struct $T {
            $p: String,
            $q: u32,
        }

        fn $f($t: «&¦&mut »$T) {
            $t.$q = $1;
            ‹$t.$p = "$s1".to_string();
            ¦›}
        """,
        """
        ===
        let mut $a = $1;
        let $b = «&¦&mut »$a;
        *$b = $2;
        @ $a
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($ts: «&[$T]¦&mut [$T]») {
            for $x in $ts {
                $x.$q += 1;
            }
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, i32>) {
            for ($x, $y) in $a.«iter¦iter_mut»() {
                if $x.len() > $1 {
                    *$y += $2;
                }
            }
        }
        """,
    )


def field_of_an_immutable_binding(rng: random.Random) -> Pair:
    """E0594: a field or an element is assigned whose owner is not `mut`."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let «¦mut »$t = $T { $p: String::from("$s1"), $q: $1 };
        $t.$q ‹= $2¦+= $2›;
        @ $t.$p, $t.$q
        """,
        """
        ===
        let «¦mut »$a = ($1, $2);
        $a.‹0¦1› ‹=¦+=› $3;
        @? $a
        """,
        """
        ===
        let «¦mut »$a = [$1, $2, $3];
        $a[‹0¦1¦2›] = $4;
        @? $a
        """,
        """
        #[derive(Default)]
        struct $T {
            $q: u32,
            $r: u32,
        }

        ===
        let «¦mut »$t = $T::default();
        $t.$q = $1;
        $t.$r = $2;
        @ $t.$q + $t.$r
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f(«¦mut »$t: $T) -> $T {
            $t.$q += $1;
            $t
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(«¦mut »self, $q: $N) -> Self {
                self.$q = $q;
                self
            }
        }
        """,
        """
        ===
        let «¦mut »$a = Box::new($1);
        *$a ‹+=¦=› $2;
        @ $a
        """,
        """
        ===
        let «¦mut »$a = 0;
        let mut $b = || $a += $1;
        $b();
        @ $a
        """,
        """
        fn $f($a: impl «Fn¦FnMut»()) {
            let mut $b = $a;
            $b();
        }

        ===
        let mut $c = 0;
        $f(|| $c += $1);
        @ $c
        """,
    )


def assigned_twice(rng: random.Random) -> Pair:
    """E0384: an immutable variable is assigned again."""
    return write(
        rng,
        """
        ===
        let «¦mut »$a = $1;
        @ $a
        $a ‹= $2¦+= 1¦= $a * 2›;
        @ $a
        """,
        """
        ===
        let «¦mut »$a = 0;
        for $x in ‹0..$1¦[$#, $#, $#]¦1..=$1› {
            $a += $x;
        }
        @ $a
        """,
        """
        ===
        let «¦mut »$a = $1;
        while $a ‹<¦!=› $2 {
            $a += 1;
        }
        @ $a
        """,
        """
        fn $f(«¦mut »$a: $N) -> $N {
            if $a > $1 {
                $a = $1;
            }
            $a
        }

        ===
        @ $f($2)
        """,
        """
        ===
        let «¦mut »$a = $OM;
        @? $a
        $a = $OM;
        @? $a
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let «¦mut »$b = ‹0¦$a[0]›;
            for $x in $a {
                if *$x > $b {
                    $b = *$x;
                }
            }
            $b
        }

        ===
        @ $f(&[$#, $#])
        """,
        """
        ===
        let (‹$b, «¦mut »$a¦«¦mut »$a, $b›) = ($1, $2);
        $a += $b;
        @ $a
        """,
        """
        fn $f($a: &str) -> String {
            let «¦mut »$b = String::new();
            for $x in $a.split(' ') {
                $b = format!("{}{}", $b, $x);
            }
            $b
        }
        """,
        """
        ===
        let «¦mut »$a = "$s1";
        if $1 > $2 {
            $a = "$s2";
        }
        @ $a
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            match $a {
                Some(«¦mut »$x) => {
                    $x += $1;
                    $x
                }
                None => 0,
            }
        }
        """,
        """
        ===
        let «¦mut »$a = 1;
        let $b = loop {
            $a ‹*=¦+=› 2;
            if $a > $1 {
                break $a;
            }
        };
        @ $b
        """,
    )
