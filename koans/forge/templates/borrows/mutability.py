"""Values changed through what may only read them."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
