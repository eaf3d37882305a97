"""Values moved or assigned while something still refers to them."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def moved_while_borrowed(rng: random.Random) -> Pair:
    """E0505: a value is given away while it is borrowed."""
    return write(
        rng,
        """
        fn $f($a: $OT) {
            @* $a
        }

        ===
        let $b = $OM;
        let $c = &$b;
        $f($b«¦.clone()»);
        @* $c
        """,
        """
        ===
        let $a = $OM;
        let $b = &$a;
        «drop($a);
        ¦»@* $b
        «¦drop($a);
        »
        """,
        """
        ===
        let $a = $OM;
        let $b = &$a;
        let $c = $a«¦.clone()»;
        @* $b
        @* $c
        """,
        """
        ===
        let $a = $OM;
        let $b = &$a;
        let $c = vec![$a«¦.clone()»];
        @? $b, $c.len()
        """,
        """
        ===
        let mut $a = Vec::new();
        let $b = $OM;
        let $c = &$b;
        $a.push($b«¦.clone()»);
        @? $c, $a
        """,
        """
        fn $f($a: $OT) -> ($OT, usize) {
            let $b = &$a;
            ‹let $c = std::mem::size_of_val($b);
            ($a, $c)¦%
            let $c = std::mem::size_of_val($b);
            ($a, $c)›
        }

        fn $g($d: $OT) -> $OT {
            let $e = &$d;
            «let $y = $d;
            ¦»println!("{:?}", $e);
            «$y¦$d»
        }
        """,
    )


def moved_while_a_part_is_borrowed(rng: random.Random) -> Pair:
    """E0505: a part of a value is still borrowed when the whole is moved."""
    return write(
        rng,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($t: $T) {
            @? $t
        }

        ===
        let $a = $T { $p: "$s1".to_string(), $q: $1 };
        let $b = &$a.$p;
        «$f($a);
        ¦»@ $b
        «¦$f($a);
        »
        """,
        """
        fn $f($a: $ET) -> usize {
            $a.len()
        }

        ===
        let $b = $EM;
        let $c = «&$b[0]¦$b[0].clone()»;
        @ $f($b)
        @? $c
        """,
        """
        ===
        let $a = String::from("$s1 $s2");
        let $b = $a.‹trim()¦as_str()¦split(' ').next().unwrap()›«¦.to_string()»;
        let $c = $a;
        @ $b, $c
        """,
        """
        ===
        let $a = $EM;
        let $b = $a.first()«¦.cloned()»;
        drop($a);
        @? $b
        """,
        """
        struct $T<'a> {
            $p: &'a str,
        }

        fn $f($a: String) -> usize {
            $a.len()
        }

        ===
        let $b = String::from("$s1");
        let $t = $T { $p: &$b };
        let $c = $f($b«¦.clone()»);
        @ $t.$p, $c
        """,
        """
        use std::thread;

        ===
        let $a = $EM;
        let $b = $a.len();
        let $c = &$a;
        let $d = thread::spawn({
                «let $e = $a;¦let $e = $a.clone();»
                move || $e.len() + $b
            });
        @? $c
        @ $d.join().unwrap()
        """,
    )


def assigned_while_borrowed(rng: random.Random) -> Pair:
    """E0506: a variable is assigned while a reference to it is in use."""
    return write(
        rng,
        """
        ===
        let mut $a = $1;
        let $b = «&¦»$a;
        $a ‹= $2¦+= $2¦*= 2›;
        @ $b, $a
        """,
        """
        ===
        let mut $a = $OM;
        let $b = «&$a¦$a.clone()»;
        $a = $OM;
        @? $b
        @? $a
        """,
        """
        ===
        let mut $a = [$1, $2, $3];
        let $b = «&¦»$a[0];
        $a[0] ‹=¦+=› $4;
        @ $b
        """,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let mut $t = $T { $p: "$s1".to_string(), $q: $1 };
        let $a = «&$t.$p¦$t.$p.clone()»;
        $t.$p = "$s2".to_string();
        @ $a
        @? $t
        """,
        """
        struct $T {
            $q: $N,
            $r: $N,
        }

        impl $T {
            fn $m(&mut self) -> $N {
                let $a = «&¦»self.$q;
                self.$q ‹+= 1¦= $1¦= self.$r›;
                «*¦»$a
            }
        }
        """,
        """
        ===
        let mut $a = vec![$1, $2];
        let mut $b = 0;
        for $x in $a«¦.clone()».iter() {
            $b += $x;
            if $b > $3 {
                $a = vec![];
            }
        }
        @? $a, $b
        """,
        """
        ===
        let mut $a = "$s1".to_string();
        let $b = $a.as_str()«¦.to_owned()»;
        $a = format!("{} {}", $b, "$s2");
        @ $a, $b
        """,
    )


def used_while_mutably_borrowed(rng: random.Random) -> Pair:
    """E0503: a variable is used between a mutable borrow and its last use."""
    return write(
        rng,
        """
        ===
        let mut $a = $1;
        let $b = &mut $a;
        «¦*$b += $2;
        »let $c = $a ‹+ $3¦* 2¦- 1›;
        «*$b += $2;
        ¦»@ $a, $c
        """,
        """
        ===
        let mut $a = $1;
        let $b = &mut $a;
        «¦*$b -= 1;
        »if $a > $2 {
            @ "$s1"
        }
        «*$b -= 1;
        ¦»@ $a
        """,
        """
        fn $f($a: &mut $N) {
            *$a *= 2;
        }

        ===
        let mut $b: $N = $1;
        let $c = &mut $b;
        «¦$f($c);
        »let $d = $b;
        «$f($c);
        ¦»@ $b, $d
        """,
        """
        ===
        let mut $a = [$#, $#, $#];
        let mut $b = 1;
        let $c = &mut $b;
        «let $d = $a[$b];
        *$c = 2;¦*$c = 2;
        let $d = $a[$b];»
        $a[0] = $d;
        @? $a
        """,
        """
        ===
        let mut $a = $1;
        let $b = &mut $a;
        «while $a < $2 {¦while *$b < $2 {»
            *$b += 1;
        }
        @ $a
        """,
    )
