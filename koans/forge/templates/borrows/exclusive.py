"""Two borrows at once of which one may change the value."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def borrowed_twice_in_one_call(rng: random.Random) -> Pair:
    """E0502/E0503: a call borrows a value to change it and reads it as well."""
    return write(
        rng,
        """
        fn $f($a: &mut Vec<$N>, $b: $N) {
            $a.push($b);
        }

        ===
        let mut $c = vec![$#, $#];
        «$f(&mut $c, $c[0]);¦let $d = $c[0];
        $f(&mut $c, $d);»
        @? $c
        """,
        """
        fn $f($a: &mut Vec<$N>, $b: &$N) {
            $a.push(*$b);
        }

        ===
        let mut $c = vec![$#, $#];
        «$f(&mut $c, &$c[0]);¦let $d = $c[0];
        $f(&mut $c, &$d);»
        @? $c
        """,
        """
        fn $f($a: &mut String, $b: &str) {
            $a.push_str($b);
        }

        ===
        let mut $c = String::from("$s1");
        «¦let $d = $c.clone();
        »$f(&mut $c, &«$c¦$d»);
        @ $c
        """,
        """
        ===
        let mut $a = vec![String::from("$s1"), String::from("$s2")];
        «$a[0].push_str(&$a[1]);¦let $b = $a[1].clone();
        $a[0].push_str(&$b);»
        @? $a
        """,
        """
        struct $T {
            $p: Vec<$N>,
        }

        impl $T {
            fn $m(&mut self, $a: usize) {
                self.$p.truncate($a);
            }
        }

        fn $f($t: &mut $T) {
            let $b = &mut $t.$p;
            «$b.push($t.$p.len() as $N);¦let $c = $b.len() as $N;
            $b.push($c);»
            $t.$m(2);
        }
        """,
    )


def closure_holds_what_is_read(rng: random.Random) -> Pair:
    """E0502/E0503/E0506: a closure that changes a variable is used again after the variable is read."""
    return write(
        rng,
        """
        ===
        let mut $a = $1;
        let mut $b = || $a ‹+= 1¦+= $2¦*= 2›;
        $b();
        «@ $a
        ¦»$b();
        «¦@ $a
        »
        """,
        """
        ===
        let mut $a = Vec::new();
        let mut $b = |$x: $N| $a.push($x);
        $b($1);
        «println!("{:?}", $a);
        ¦»$b($2);
        «¦println!("{:?}", $a);
        »
        """,
        """
        ===
        let mut $a = String::from("$s1");
        let mut $b = || $a.push_str("$s2");
        «println!("{}", $a);
        ¦»$b();
        «¦println!("{}", $a);
        »
        """,
        """
        ===
        let mut $a = $1;
        let $b = «¦move »|$x: i32| $x + $a;
        $a ‹= $2¦+= $2¦-= 1›;
        @ $b($3), $a
        """,
    )


def two_mutable_references(rng: random.Random) -> Pair:
    """E0499: a value is borrowed to be changed twice at once."""
    return write(
        rng,
        """
        ===
        let mut $a = $OM;
        let $b = &mut $a;
        «¦$b$OC;
        »let $c = &mut $a;
        «$b$OC;
        ¦»$c$OC;
        @? $a
        """,
        """
        ===
        let mut $a = $1;
        let $b = &mut $a;
        «¦*$b += $2;
        »let $c = &mut $a;
        «*$b += $2;
        ¦»*$c ‹-=¦*=¦+=› $3;
        @ $a
        """,
        """
        fn $f($a: &mut $OT, $b: &mut $OT) {
            $a$OC;
            $b$OC;
        }

        ===
        let mut $c = $OM;
        «¦let mut $d = $c.clone();
        »$f(&mut $c, &mut «$c¦$d»);
        @? $c
        """,
        """
        fn $f($a: &mut $N) {
            *$a += 1;
        }

        ===
        let mut $b = $1;
        let $c = &mut $b;
        $f(«&mut $b¦$c»);
        *$c += 1;
        @ $b
        """,
        """
        ===
        let mut $a = ‹vec![$#, $#, $#]¦[$#, $#, $#]›;
        «let $b = &mut $a[0];
        let $c = &mut $a[1];
        std::mem::swap($b, $c);¦$a.swap(0, 1);»
        @? $a
        """,
    )


def two_elements_changed_at_once(rng: random.Random) -> Pair:
    """E0499: two elements of one list are borrowed to be changed."""
    return write(
        rng,
        """
        ===
        let mut $a = vec![$#, $#, $#];
        let $b = &mut $a[0];
        «¦*$b += $1;
        »let $c = &mut $a[1];
        «*$b += $1;
        ¦»*$c += $2;
        @? $a
        """,
        """
        ===
        let mut $a = $LM;
        let $b = $a.‹iter_mut().next()¦first_mut()›.unwrap();
        «¦*$b = Default::default();
        »let $c = $a.last_mut().unwrap();
        «*$b = Default::default();
        ¦»*$c = $LV;
        @? $a
        """,
        """
        fn $f($a: &mut [$N], $b: usize, $c: usize) {
            «let $d = &mut $a[$b];
            let $e = &mut $a[$c];
            std::mem::swap($d, $e);¦$a.swap($b, $c);»
        }
        """,
        """
        ===
        let mut $a = [$1, $2, $3, $4];
        «let $b = &mut $a[..2];
        let $c = &mut $a[2..];¦let ($b, $c) = $a.split_at_mut(2);»
        $b[0] = $c[1];
        $c[0] += $5;
        @? $a
        """,
    )


def accessors_that_both_change(rng: random.Random) -> Pair:
    """E0499: what one method lends out is still in use when another method borrows."""
    return write(
        rng,
        """
        struct $T {
            $q: u32,
            $r: u32,
        }

        impl $T {
            fn $m(&mut self) -> &mut u32 {
                &mut self.$q
            }

            fn $n(&mut self) -> &mut u32 {
                &mut self.$r
            }
        }

        ===
        let mut $t = $T { $q: $1, $r: $2 };
        let $a = $t.$m();
        «¦*$a += $3;
        »let $b = $t.$n();
        «*$a += $3;
        ¦»*$b += $4;
        @ $t.$q + $t.$r
        """,
        """
        struct $T {
            $p: Vec<String>,
            $q: usize,
        }

        impl $T {
            fn $m(&mut self) {
                self.$q += 1;
            }

            fn $n(&mut self, $a: &str) {
                let $b = &mut self.$p;
                «self.$m();
                ¦»$b.push($a.to_string());
                «¦self.$m();
                »}
        }
        """,
        """
        struct $T {
            $p: Vec<$N>,
            $q: $N,
        }

        impl $T {
            fn $m(&mut self, $a: $N) {
                self.$q += $a;
            }

            fn $n(&mut self) {
                for $x in self.$p.iter_mut() {
                    *$x += 1;
                    «self.$m(*$x)¦self.$q += *$x»;
                }
            }
        }
        """,
        """
        struct $T {
            $ts: Vec<$OT>,
        }

        impl $T {
            fn $m(&mut self, $a: usize) -> &mut $OT {
                &mut self.$ts[$a]
            }
        }

        fn $f($b: &mut $T) {
            let $c = $b.$m(0);
            «¦$c$OC;
            »let $d = $b.$m(1);
            «$c$OC;
            ¦»$d$OC;
        }
        """,
    )


def two_closures_change_one(rng: random.Random) -> Pair:
    """E0499: two closures that change the same variable."""
    return write(
        rng,
        """
        ===
        let mut $a = $1;
        let mut $b = || $a += $2;
        «¦$b();
        »let mut $c = || $a ‹-=¦*=› $3;
        «$b();
        ¦»$c();
        @ $a
        """,
        """
        ===
        let mut $a = $OM;
        let mut $b = || {
            $a$OC;
        };
        «¦$b();
        »let mut $c = || {
            $a$OC;
        };
        «$b();
        ¦»$c();
        @? $a
        """,
        """
        fn $f(mut $a: impl FnMut()) {
            $a();
        }

        ===
        let mut $b = Vec::new();
        let mut $c = || $b.push($1);
        «¦$c();
        »$f(|| $b.push($2));
        «$c();
        ¦»@? $b
        """,
    )
