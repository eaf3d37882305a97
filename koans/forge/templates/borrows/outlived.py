"""References that outlive what they refer to."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
