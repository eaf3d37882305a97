"""A value read or lent while it is changed."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
