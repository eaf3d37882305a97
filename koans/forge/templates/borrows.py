"""Borrows that meet: two at once, one that outlives its value, one that may not change it."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


def pushed_while_an_element_is_borrowed(rng: random.Random) -> Pair:
    """E0502: a list is changed while one of its elements is borrowed."""
    return write(
        rng,
        """
        ===
        let mut $a = $LM;
        let $b = «&$a[1]¦$a[1]»;
        $a.‹push($LV)¦clear()¦reverse()¦pop()›;
        @? $b, $a.len()
        """,
        """
        ===
        let mut $a = $EM;
        let $b = «&$a[0]¦$a[0].clone()»;
        ‹$a.push($EV)¦$a.clear()¦$a.remove(0)›;
        @? $b
        """,
        """
        ===
        let mut $a = $LM;
        let $b = $a.‹first()¦last()¦iter().next()›«¦.copied()»;
        %
        $a.push($LV);
        @? $b
        """,
        """
        ===
        let mut $a = $EM;
        let $b = $a.‹first()¦last()¦get(0)›«¦.cloned()»;
        $a.push($EV);
        %
        @? $b
        """,
        """
        fn $f($a: &mut $LT) {
            let $b = «&$a[0]¦$a[0]»;
            $a.push($LV);
            @? $b, $a
        }
        """,
    )


def changed_while_borrowed_whole(rng: random.Random) -> Pair:
    """E0502/E0506: a value is changed while a reference to it is still in use."""
    return write(
        rng,
        """
        ===
        let mut $a = $OM;
        «let $b = &$a;
        ¦»$a$OC;
        «¦let $b = &$a;
        »@? $b
        """,
        """
        ===
        let mut $a = String::from("$s1");
        «let $b = &$a[..1];
        ¦»$a.push_str("$s2");
        «¦let $b = &$a[..1];
        »@ $b
        """,
        """
        ===
        let mut $a = $LM;
        «let $b = &$a[..];
        ¦»$a.push($LV);
        «¦let $b = &$a[..];
        »@? $b
        """,
        """
        fn $f($a: &mut $OT) {
            «let $b = &*$a;
            ¦»$a$OC;
            «¦let $b = &*$a;
            »@? $b
        }
        """,
    )


def length_of_a_view_read_later(rng: random.Random) -> Pair:
    """E0502: a view taken before the change is printed after it."""
    return write(
        rng,
        """
        ===
        let mut $a = String::from("$s1 $s2");
        let $b = $a.‹trim()¦as_str()¦trim_end()›«¦.to_string()»;
        $a.‹push_str("$s3")¦clear()¦push('!')›;
        @ $b
        """,
        """
        ===
        let mut $a = $LM;
        let $b = $a.‹iter()¦as_slice()›«¦.len()»;
        $a.push($LV);
        @ $b«.len()¦»
        """,
        """
        ===
        let mut $a = $EM;
        let $b = $a.iter()«¦.count()»;
        $a.push($EV);
        @ $b«.count()¦»
        """,
        """
        fn $f($a: &str) -> &str {
            $a.‹trim()¦trim_start()¦trim_matches('-')›
        }

        ===
        let mut $b = ‹String::from("$s1")¦"$s1 $s2".to_string()›;
        let $c = $f(&$b)«¦.to_string()»;
        $b.‹clear()¦push_str("$s3")›;
        @ $c
        """,
    )


def map_changed_while_read(rng: random.Random) -> Pair:
    """E0502: a map is changed while a value found in it is in use."""
    return write(
        rng,
        """
        use std::collections::HashMap;

        ===
        let mut $a: HashMap<&str, i32> = HashMap::new();
        $a.insert("$s1", $1);
        let $b = $a.get("$s1")«¦.copied()»;
        $a.insert("$s2", $2);
        @? $b
        """,
        """
        use std::collections::HashMap;

        ===
        let mut $a = HashMap::new();
        $a.insert($1, String::from("$s1"));
        let $b = «&$a[&$1]¦$a[&$1].clone()»;
        $a.‹remove(&$1)¦clear()¦insert($2, String::new())›;
        @ $b
        """,
        """
        ===
        let mut $a = $HM;
        for $x in $a.«keys()¦clone().keys()» {
            $a.‹remove($x)›;
        }
        @ $a.len()
        """,
        """
        use std::collections::BTreeMap;

        fn $f($a: &mut BTreeMap<String, u32>) -> u32 {
            let $b = $a.get("$s1")«¦.copied()»;
            $a.insert("$s2".to_string(), $1);
            «*¦»$b.unwrap()
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, Vec<u32>>) {
            if let Some($b) = $a.get("$s1")«¦.cloned()» {
                $a.insert("$s2".to_string(), vec![]);
                @ $b.len()
            }
        }
        """,
    )


def list_changed_in_its_own_loop(rng: random.Random) -> Pair:
    """E0502/E0499: a loop over a list changes the list."""
    return write(
        rng,
        """
        ===
        let mut $a = $LM;
        for $x in «&$a¦&$a.clone()» {
            $a.push(*$x);
        }
        @? $a
        """,
        """
        ===
        let mut $a = vec![$#, $#, $#];
        for $x in $a«¦.clone()».iter() {
            if *$x ‹>¦<¦==› $1 {
                $a.push(*$x ‹+¦*› 2);
            }
        }
        @? $a
        """,
        """
        ===
        let mut $a = $EM;
        for $x in «&$a¦&$a.clone()» {
            @? $x
            $a.‹pop()¦clear()¦reverse()›;
        }
        """,
        """
        fn $f($a: &mut Vec<String>) {
            for $x in $a«¦.clone()».iter() {
                if $x.‹is_empty()¦starts_with('$ch$')¦len() > $1› {
                    $a.push($x.to_uppercase());
                }
            }
        }
        """,
        """
        fn $f($a: &mut Vec<u32>) {
            for $x in «$a.iter()¦0..$a.len()» {
                if «*$x¦$a[$x]» > $1 {
                    $a.push($2);
                }
            }
        }
        """,
        """
        ===
        let mut $a = $EM;
        for ($x, $y) in $a«¦.clone()».iter().enumerate() {
            if $x > 0 {
                $a.push($y.clone());
            }
        }
        @ $a.len()
        """,
    )


def method_called_while_a_field_is_borrowed(rng: random.Random) -> Pair:
    """E0502: a method that changes self is called while a field is borrowed."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn $m(&mut self) {
                self.$q += 1;
            }

            fn $n(&mut self) {
                let $a = «&self.$p¦self.$p.clone()»;
                self.$m();
                @ $a
            }
        }
        """,
        """
        struct $T {
            $ts: Vec<$N>,
            $q: $N,
        }

        impl $T {
            fn $m(&mut self, $a: $N) {
                self.$q += $a;
            }

            fn $n(&mut self) {
                for $x in «&self.$ts¦self.$ts.clone()» {
                    self.$m(«*¦»$x);
                }
            }
        }
        """,
        """
        struct $T {
            $p: String,
            $q: u32,
        }

        impl $T {
            fn $m(&mut self) {
                self.$q += $1;
            }
        }

        ===
        let mut $t = $T { $p: String::from("$s1"), $q: $2 };
        let $a = &$t.$q;
        «$t.$m();
        ¦»@ $a
        «¦$t.$m();
        »@ $t.$p
        """,
        """
        struct $T {
            $p: Vec<String>,
            $q: usize,
        }

        impl $T {
            fn $m(&self) -> usize {
                self.$q * 2
            }

            fn $n(&mut self) {
                for $x in self.$p.iter_mut() {
                    $x.push_str("$s1");
                    «self.$q = self.$m();
                    ¦»}
                «¦self.$q = self.$m();
                »}
        }
        """,
        """
        struct $T {
            $p: Vec<u32>,
            $q: u32,
        }

        impl $T {
            fn $m(&mut self, $a: u32) {
                self.$q += $a;
            }

            fn $n(&mut self) {
                let $b = self.$p.‹iter().max()¦last()¦first()›«¦.copied()»;
                if let Some($x) = $b {
                    self.$m($1);
                    @ $x
                }
            }
        }
        """,
    )


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


def value_leaves_its_block(rng: random.Random) -> Pair:
    """E0597: a reference outlives the block of the value it points to."""
    return write(
        rng,
        """
        ===
        «¦let $a = $OM;
        »let $b;
        {
            «let $a = $OM;
            ¦»@? $a
            $b = &$a;
        }
        @* $b
        """,
        """
        ===
        let $b = {
            let $a = $OM;
            %
            «&$a¦$a»
        };
        @* $b
        """,
        """
        ===
        let mut $a: &str = "$s1";
        «¦let $b = String::from("$s2");
        »if $a.len() > $1 {
            «let $b = String::from("$s2");
            ¦»$a = &$b;
        }
        @ $a
        """,
        """
        ===
        let $a: &str;
        «¦let $b = format!("{}{}", "$s1", $1);
        »{
            «let $b = format!("{}{}", "$s1", $1);
            ¦»$a = ‹$b.as_str()¦&$b¦$b.trim()›;
        }
        @ $a
        """,
        """
        ===
        let mut $a = &$1;
        «¦let $b = $2;
        »for $x in 0..$3 {
            «let $b = $2;
            ¦»if $x > $4 {
                $a = &$b;
            }
        }
        @ $a
        """,
    )


def references_collected_in_a_loop(rng: random.Random) -> Pair:
    """E0597: a loop collects references to its own locals."""
    return write(
        rng,
        """
        ===
        let mut $a = Vec::new();
        for $x in ‹0..$1¦1..$1¦[$#, $#, $#]› {
            let $b = format!("$s1 {}", $x);
            $a.push(«&¦»$b);
        }
        @? $a
        """,
        """
        ===
        let mut $a: Vec<«&str¦String»> = Vec::new();
        for $x in ["$s1", "$s2"] {
            let $b = $x.to_uppercase();
            $a.push(«&$b¦$b»);
        }
        @ $a.join(" ")
        """,
        """
        use std::collections::HashMap;

        ===
        let mut $a = HashMap::new();
        for $x in 0..$1 {
            let $b = $x.to_string();
            $a.insert($x, «$b.as_str()¦$b»);
        }
        @ $a.len()
        """,
        """
        fn $f($a: &[$N]) -> usize {
            let mut $b = Vec::new();
            for $x in $a {
                let $c = $x * 2;
                $b.push(«&¦»$c);
            }
            $b.len()
        }
        """,
        """
        ===
        let mut $a = String::new();
        let mut $b = «""¦String::new()»;
        while $a.len() < $1 {
            let $c = format!("{}$s1", $a.len());
            $b = «&$c¦$c.clone()»;
            $a.push_str(&$c);
        }
        @ $a, $b
        """,
    )


def struct_outlives_what_it_borrows(rng: random.Random) -> Pair:
    """E0597: a struct holds a reference to a value of an inner block."""
    return write(
        rng,
        """
        struct $T<'a> {
            $p: &'a str,
            $q: $N,
        }

        ===
        let $t;
        «¦let $a = String::from("$s1");
        »{
            «let $a = String::from("$s1");
            ¦»$t = $T { $p: &$a, $q: $1 };
        }
        @ $t.$p, $t.$q
        """,
        """
        struct $T<'a> {
            $ts: Vec<&'a $OT>,
        }

        ===
        let mut $a = $T { $ts: Vec::new() };
        «¦let $b = $OM;
        »{
            «let $b = $OM;
            ¦»$a.$ts.push(&$b);
        }
        @ $a.$ts.len()
        """,
        """
        struct $T<'a> {
            $p: &'a [$N],
        }

        impl<'a> $T<'a> {
            fn new($p: &'a [$N]) -> Self {
                $T { $p }
            }
        }

        ===
        «¦let $a = vec![$1, $2];
        »let $t = {
            «let $a = vec![$1, $2];
            ¦»$T::new(&$a)
        };
        @? $t.$p
        """,
        """
        use std::cell::RefCell;

        ===
        «¦let $b = $1;
        »let $a = RefCell::new(vec![&$2]);
        if $3 > $4 {
            «let $b = $1;
            ¦»$a.borrow_mut().push(&$b);
        }
        @ $a.borrow().len()
        """,
    )


def temporary_dropped(rng: random.Random) -> Pair:
    """E0716: a reference into a value that is gone at the end of its statement."""
    return write(
        rng,
        """
        ===
        «¦let $b = String::from("$s1");
        »let $a = «String::from("$s1")¦$b».‹as_str()¦trim()›;
        @ $a
        """,
        """
        ===
        let $c = "$s1, $s2";
        «¦let $b = $c.to_uppercase();
        »let $a: Vec<&str> = «$c.to_uppercase()¦$b».split(',').collect();
        @? $a
        """,
        """
        fn $f() -> $OT {
            $OM
        }

        ===
        let $a: «&$OT¦$OT» = «std::convert::identity(&$f())¦$f()»;
        @* $a
        """,
        """
        ===
        «¦let $b = vec![$1, $2, $3];
        »let $a = «vec![$1, $2, $3]¦$b».iter()‹¦.map(|$x| $x * 2)¦.rev()›;
        for $y in $a {
            @ $y
        }
        """,
        """
        ===
        let $a = $1;
        «¦let $c = format!("$s1 {}", $a);
        »let $b = «format!("$s1 {}", $a)¦$c».‹as_str()¦trim()¦trim_start()›;
        @ $b
        @ $b.len()
        """,
        """
        fn $f($a: &str) -> String {
            format!("{}!", $a)
        }

        ===
        «¦let $c = $f("$s1");
        »let $b = «$f("$s1")¦$c».‹trim()¦as_bytes()¦as_str()›;
        @ $b.len()
        @? $b
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn new($a: &str) -> $T {
                $T { $p: $a.to_string() }
            }

            fn $m(&self) -> &str {
                &self.$p
            }
        }

        ===
        «¦let $t = $T::new("$s1");
        »let $b = «$T::new("$s1")¦$t».$m();
        @ $b
        """,
    )


def local_returned_by_reference(rng: random.Random) -> Pair:
    """E0515: a function returns a reference to a value of its own."""
    return write(
        rng,
        """
        fn $f($a: &str) -> «&str¦String» {
            let $b = $a.‹to_uppercase()¦to_lowercase()¦repeat($1)¦replace('$ch$', "")›;
            «&$b¦$b»
        }

        ===
        @ $f("$s1")
        """,
        """
        fn $f($a: &[$N]) -> «&[$N]¦Vec<$N>» {
            let mut $b = $a.to_vec();
            $b.‹sort()¦reverse()¦push($1)¦dedup()›;
            «&¦»$b
        }

        ===
        @? $f(&[$#, $#, $#])
        """,
        """
        fn $f($a: &str, $b: $N) -> «&str¦String» {
            let $c = format!("{}‹:¦-¦ ›{}", $a, $b);
            $c«.as_str()¦»
        }

        ===
        @ $f("$s1", $1)
        """,
        """
        fn $f() -> «&'static str¦String» {
            let $a = String::from("$s1");
            %
            «&$a¦$a»
        }

        ===
        @ $f()
        """,
        """
        fn $f($a: &[String]) -> «&String¦String» {
            let mut $b = String::new();
            for $x in $a {
                $b.push_str($x);
            }
            «&¦»$b
        }
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> «&str¦String» {
                let $a = format!("{} ({})", self.$p, self.$q);
                «&¦»$a
            }
        }
        """,
        """
        fn $f«<'a>¦»($a: $N) -> «&'a $OT¦$OT» {
            let $b = $OM;
            println!("{}", $a);
            «&¦»$b
        }
        """,
        """
        #[derive(Debug)]
        struct $T {
            $q: $N,
        }

        fn $f($a: $N) -> «&'static $T¦$T» {
            let $t = $T { $q: $a };
            «&¦»$t
        }

        ===
        @? $f($1)
        """,
    )


def iterator_over_a_local_returned(rng: random.Random) -> Pair:
    """E0515/E0597: a function returns an iterator or a view of a value it owns."""
    return write(
        rng,
        """
        fn $f($a: Vec<$N>) -> impl Iterator<Item = $N> {
            $a.«iter()¦into_iter()».map(|$x| $x ‹+ 1¦* 2›)
        }
        """,
        """
        fn $f($a: &str) -> Vec<«&str¦String»> {
            let $b = $a.‹to_lowercase()¦replace('-', " ")¦to_uppercase()›;
            $b.split_whitespace()«¦.map(String::from)».collect()
        }
        """,
        """
        fn $f($a: &[String]) -> Option<«&str¦String»> {
            let $b: Vec<String> = $a.iter().map(|$x| $x.to_uppercase()).collect();
            $b.‹first()¦last()›.«map(|$y| $y.as_str())¦cloned()»
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &str) -> Option<«&usize¦usize»> {
            let mut $b = HashMap::new();
            for $x in $a.split(' ') {
                $b.insert($x, $x.len());
            }
            $b.get("$s1")«¦.copied()»
        }
        """,
        """
        fn $f() -> Vec<«&'static str¦String»> {
            let mut $a = Vec::new();
            let $b = "$s1".to_string();
            $a.push($b«.as_str()¦»);
            $a
        }
        """,
    )


def binding_not_mutable(rng: random.Random) -> Pair:
    """E0596/E0594: a value is changed whose variable is not `mut`."""
    return write(
        rng,
        """
        ===
        let «¦mut »$a = vec![$#, $#];
        $a.push($#);
        @? $a
        """,
        """
        ===
        let «¦mut »$a = String::new();
        for $x in ‹0..$1¦[$#, $#]› {
            $a.push_str(&$x.to_string());
        }
        @ $a
        """,
        """
        ===
        let «¦mut »$a = Vec::new();
        $a.push($LV);
        @? $a
        """,
        """
        use std::collections::HashMap;

        ===
        let «¦mut »$a = HashMap::new();
        $a.insert("$s1", $1);
        ‹*$a.entry("$s2").or_insert(0) += $2¦$a.remove("$s1")¦$a.clear()›;
        @? $a
        """,
        """
        fn $f($a: &mut $LT) {
            $a.push($LV);
        }

        ===
        let «¦mut »$b = $LM;
        $f(&mut $b);
        @? $b
        """,
        """
        fn $f(«¦mut »$a: $LT) -> $LT {
            $a.‹push($LV)¦reverse()¦pop()›;
            $a
        }
        """,
        """
        struct $T {
            $q: u32,
        }

        impl $T {
            fn $m(&mut self) {
                self.$q += $1;
            }
        }

        ===
        let «¦mut »$t = $T { $q: $2 };
        $t.$m();
        @ $t.$q
        """,
        """
        ===
        let $a = [$1, $2, $3];
        let «¦mut »$b = $a.iter();
        while let Some($x) = $b.next() {
            @ $x
        }
        """,
        """
        ===
        let mut $a = 0;
        let «¦mut »$b = || $a += $1;
        $b();
        $b();
        @ $a
        """,
        """
        fn $f($a: $OT) -> $OT {
            let «¦mut »$b = $a;
            $b$OC;
            $b
        }
        """,
    )


def shared_reference_to_what_changes(rng: random.Random) -> Pair:
    """E0596: a value is changed through `&` where `&mut` is needed."""
    return write(
        rng,
        """
        fn $f($a: «&¦&mut »$LT) {
            $a.‹push($LV)¦clear()¦pop()›;
        }

        ===
        let mut $b = $LM;
        $f(«&¦&mut »$b);
        @? $b
        """,
        """
        fn $f($a: «&¦&mut »String) {
            $a.‹push_str("$s1")¦push('!')¦clear()›;
        }

        ===
        let mut $b = String::from("$s2");
        $f(«&¦&mut »$b);
        @ $b
        """,
        """
        ===
        let mut $a = $LM;
        let $b = «&¦&mut »$a;
        $b.push($LV);
        @? $a
        """,
        """
        struct $T {
            $p: Vec<String>,
        }

        impl $T {
            fn $m(«&self¦&mut self», $a: &str) {
                self.$p.push($a.to_string());
            }
        }

        ===
        let mut $t = $T { $p: vec![] };
        $t.$m("$s1");
        @ $t.$p.len()
        """,
        """
        use std::collections::HashMap;

        fn $f($a: «&¦&mut »HashMap<String, u32>, $b: &str) {
            ‹$a.insert($b.to_string(), $1)¦*$a.entry($b.to_string()).or_insert(0) += 1¦$a.remove($b)›;
        }
        """,
        """
        ===
        let mut $a = vec![String::from("$s1"), String::from("$s2")];
        for $x in $a.«iter¦iter_mut»() {
            $x.‹push('!')¦push_str("$s3")¦clear()›;
        }
        @? $a
        """,
        """
        ===
        let mut $a = vec![vec![$#], vec![$#, $#]];
        for $x in «&¦&mut »$a {
            $x.push($1);
        }
        @? $a
        """,
        """
        ===
        let mut $a = Some(String::from("$s1"));
        if let Some($x) = «&¦&mut »$a {
            $x.push_str("$s2");
        }
        @? $a
        """,
        """
        fn $f($a: &mut Vec<Vec<$N>>) {
            if let Some($b) = $a.«first()¦first_mut()» {
                $b.push($1);
            }
        }
        """,
        """
        use std::collections::HashMap;

        ===
        let mut $a: HashMap<&str, Vec<u32>> = HashMap::new();
        $a.insert("$s1", vec![$1]);
        if let Some($x) = $a.«get¦get_mut»("$s1") {
            $x.push($2);
        }
        @? $a
        """,
    )


def shared_owner_changed(rng: random.Random) -> Pair:
    """E0596: what lies in an `Rc` or a plain borrow of a cell is changed as if it were owned."""
    return write(
        rng,
        """
        use std::cell::RefCell;
        use std::rc::Rc;

        ===
        let $a = Rc::new(RefCell::new($LM));
        let $b = Rc::clone(&$a);
        $b.«borrow()¦borrow_mut()».push($LV);
        @? $a
        """,
        """
        use std::cell::RefCell;

        struct $T {
            $p: RefCell<Vec<String>>,
        }

        impl $T {
            fn $m(&self, $a: &str) {
                self.$p.«borrow()¦borrow_mut()».push($a.to_string());
            }
        }
        """,
        """
        use std::rc::Rc;

        ===
        let mut $a = Rc::new($LM);
        «$a¦Rc::make_mut(&mut $a)».push($LV);
        @? $a
        """,
        """
        use std::sync::{Arc, Mutex};

        ===
        let $a = Arc::new(Mutex::new(Vec::new()));
        {
            let «¦mut »$b = $a.lock().unwrap();
            $b.push($1);
        }
        @ $a.lock().unwrap().len()
        """,
        """
        use std::sync::RwLock;

        ===
        let $a = RwLock::new(String::from("$s1"));
        $a.«read¦write»().unwrap().push_str("$s2");
        @ $a.read().unwrap()
        """,
    )


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


def moved_out_of_a_list(rng: random.Random) -> Pair:
    """E0507/E0508: an element is moved out of a list by its index."""
    return write(
        rng,
        """
        ===
        let $a = $EM;
        let $b = $a[0]«¦.clone()»;
        @? $b
        @ $a.len()
        """,
        """
        fn $f($a: &[String]) -> String {
            $a[‹0¦$a.len() - 1¦1›]«¦.clone()»
        }
        """,
        """
        fn $f($a: $ET) {
            @? $a
        }

        ===
        let $b = vec![$EM, $EM];
        $f($b[0]«¦.clone()»);
        """,
        """
        struct $T {
            $p: Vec<String>,
        }

        impl $T {
            fn $m(&self) -> String {
                self.$p[0]«¦.clone()»
            }
        }
        """,
        """
        ===
        let $a = vec![Some(String::from("$s1")), None];
        let $b = $a[0]«¦.clone()».unwrap();
        @ $b
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<String, Vec<$N>>) -> Vec<$N> {
            $a["$s1"]«¦.clone()»
        }
        """,
    )


def moved_out_of_a_reference(rng: random.Random) -> Pair:
    """E0507: a value is moved from behind a reference."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> String {
                self.$p«¦.clone()»
            }
        }
        """,
        """
        struct $T {
            $p: Option<String>,
        }

        impl $T {
            fn $m(&self) -> String {
                self.$p«¦.clone()».‹unwrap()¦unwrap_or_default()¦expect("$s1")›
            }
        }
        """,
        """
        struct $T {
            $p: Option<String>,
        }

        impl $T {
            fn $m(&mut self) -> Option<String> {
                self.$p«¦.take()»
            }
        }
        """,
        """
        struct $T {
            $p: Vec<String>,
        }

        impl $T {
            fn $m(&self) -> usize {
                let mut $a = 0;
                for $x in «¦&»self.$p {
                    $a += $x.len();
                }
                $a
            }
        }
        """,
        """
        fn $f($a: &$OT) -> $OT {
            «*$a¦$a.clone()»
        }
        """,
        """
        fn $f($a: &Option<String>) -> usize {
            ‹match¦match› «*¦»$a {
                Some($x) => $x.len(),
                None => 0,
            }
        }
        """,
        """
        struct $T {
            $p: String,
        }

        fn $f($t: &$T) {
            let $a = «¦&»$t.$p;
            @ $a
        }
        """,
        """
        struct $T {
            $p: Option<Box<$T>>,
            $q: u32,
        }

        impl $T {
            fn $m(&self) -> u32 {
                self.$p.«¦as_ref().»map_or(self.$q, |$x| $x.$q)
            }
        }
        """,
        """
        enum $T {
            $A(String),
            $B,
        }

        impl $T {
            fn $m(&self) -> usize {
                match «*¦»self {
                    $T::$A($x) => $x.len(),
                    $T::$B => 0,
                }
            }
        }
        """,
        """
        ===
        let $a = $EM;
        for $x in $a.iter() {
            let $b: $EE = «*$x¦$x.clone()»;
            @? $b
        }
        """,
    )


def moved_out_of_a_shared_owner(rng: random.Random) -> Pair:
    """E0507: a value is moved out of an `Rc`, an `Arc`, a lock or a cell."""
    return write(
        rng,
        """
        use std::rc::Rc;

        ===
        let $a = Rc::new($OM);
        let $b = «*$a¦(*$a).clone()»;
        @? $a, $b
        """,
        """
        use std::cell::RefCell;

        struct $T {
            $p: RefCell<String>,
        }

        impl $T {
            fn $m(&self) -> String {
                «*¦»self.$p.borrow()«¦.clone()»
            }
        }
        """,
        """
        use std::sync::{Arc, Mutex};

        ===
        let $a = Arc::new(Mutex::new(String::from("$s1")));
        let $b = «*$a.lock().unwrap()¦$a.lock().unwrap().clone()»;
        @ $b
        """,
        """
        use std::sync::Arc;

        struct $T {
            $p: String,
        }

        fn $f($t: Arc<$T>) -> String {
            $t.$p«¦.clone()»
        }
        """,
        """
        use std::rc::Rc;

        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = Rc::new($T { $p: String::from("$s1"), $q: $1 });
        let $a = $t.$p«¦.clone()»;
        @ $a, $t.$q
        """,
    )


def captured_value_moved_out(rng: random.Random) -> Pair:
    """E0507: a closure that is called more than once gives away what it captured."""
    return write(
        rng,
        """
        fn $f($a: impl Fn() -> String) {
            @ $a()
            @ $a()
        }

        ===
        let $b = String::from("$s1");
        $f(move || $b«¦.clone()»);
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b: Vec<String> = (0..$1).map(|_| $a«¦.clone()»).collect();
        @? $b
        """,
        """
        fn $f($a: impl «Fn¦FnOnce»() -> $OT) -> $OT {
            $a()
        }

        ===
        let $b = $OM;
        let $c = $f(move || $b);
        @* $c
        """,
        """
        fn $f($a: String) -> impl Fn() -> String {
            move || $a«¦.clone()»
        }

        ===
        let $b = $f("$s1".to_string());
        @ $b()
        """,
        """
        ===
        let $a = $LM;
        let $b = [$1, $2].map(|$x| ($x, $a«¦.clone()»));
        @ $b.len()
        """,
        """
        ===
        let mut $a = Vec::new();
        let $b = String::from("$s1");
        [$1, $2].iter().for_each(|$x| {
                if *$x > $3 {
                    $a.push($b«¦.clone()»);
                }
            });
        @? $a
        """,
    )
