"""Values put somewhere and used again."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def moved_into_a_binding(rng: random.Random) -> Pair:
    """E0382: a value is bound to a second name and the first is used."""
    return write(
        rng,
        """
        ===
        let $a = $OM;
        let $b = $a«¦.clone()»;
        @? $a
        @? $b
        """,
        """
        ===
        let $a = $OM;
        let mut $b = $a«¦.clone()»;
        $b$OC;
        @? $a, $b
        """,
        """
        ===
        let $a = $OM;
        let ($b, $c) = ($a«¦.clone()», $1);
        @? $a, $b
        @ $c
        """,
        """
        ===
        let $a = $OM;
        let $b = ‹[$a«¦.clone()»]¦vec![$a«¦.clone()»]¦Some($a«¦.clone()»)¦Box::new($a«¦.clone()»)¦($a«¦.clone()», $1)›;
        @? $b
        @? $a
        """,
        """
        ===
        let mut $a = $LM;
        let $b = $a«¦.clone()»;
        $a.push($LV);
        @? $b
        """,
        """
        fn $f($a: $OT) -> ($OT, $OT) {
            let $b = $a«¦.clone()»;
            ($a, $b)
        }
        """,
        """
        ===
        let $a = $EM;
        let $b = $a«¦.clone()»;
        for $x in $b {
            @? $x
        }
        @ $a.len()
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = String::from("$s2");
        let $c = $a«¦.clone()» + ‹" " + &$b¦&$b›;
        @ $a, $c
        """,
    )


def pushed_and_used(rng: random.Random) -> Pair:
    """E0382: a value is put into a collection and used again."""
    return write(
        rng,
        """
        ===
        let mut $a = Vec::new();
        let $b = $OM;
        $a.push($b«¦.clone()»);
        @? $b
        @ $a.len()
        """,
        """
        use std::collections::HashMap;

        ===
        let mut $a = HashMap::new();
        let $b = String::from("$s1");
        $a.insert($b«¦.clone()», $1);
        @? $b, $a
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $OT>, $b: String, $c: $OT) {
            $a.insert($b«¦.clone()», $c);
            @ $b
        }
        """,
        """
        struct $T {
            $ts: Vec<String>,
        }

        impl $T {
            fn $m(&mut self, $a: String) -> usize {
                self.$ts.push($a«¦.clone()»);
                $a.len()
            }
        }
        """,
        """
        #[derive(Debug, Clone)]
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let mut $ts = Vec::new();
        let $t = $T { $p: "$s1".to_string(), $q: $1 };
        $ts.push($t«¦.clone()»);
        println!("{} {}", $t.$p, $ts.len());
        """,
        """
        use std::collections::HashSet;

        fn $f($a: Vec<String>) -> Vec<String> {
            let mut $b = HashSet::new();
            let mut $c = Vec::new();
            for $x in $a {
                if $b.insert($x«¦.clone()») {
                    $c.push($x);
                }
            }
            $c
        }
        """,
        """
        ===
        let mut $a = vec![String::from("$s1")];
        let $b = "$s2".to_string();
        $a.‹push($b«¦.clone()»)¦insert(0, $b«¦.clone()»)¦extend([$b«¦.clone()»])›;
        if $b.len() > $1 {
            @? $a
        }
        """,
    )


def put_into_a_struct(rng: random.Random) -> Pair:
    """E0382: a value becomes a field and is used again."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $a = String::from("$s1");
        let $t = $T { $p: $a«¦.clone()», $q: $1 };
        @ $a
        @ $t.$p, $t.$q
        """,
        """
        struct $T {
            $p: String,
            $q: usize,
        }

        impl $T {
            fn new($p: String) -> Self {
                «Self {
                $p,
                $q: $p.len(),
            }¦let $q = $p.len();
                Self { $p, $q }»
            }
        }
        """,
        """
        #[derive(Debug)]
        struct $T($OT);

        ===
        let $a = $OM;
        let $b = $T($a«¦.clone()»);
        @? $a
        @? $b, $b.0
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A($OT),
            $B,
        }

        ===
        let $a = $OM;
        let $b = $T::$A($a«¦.clone()»);
        @? $a, $b
        @? $T::$B
        """,
        """
        #[derive(Debug, Clone)]
        struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $a = $T { $p: String::from("$s1"), $q: $1 };
        let $b = $T { $q: $2, ..$a«¦.clone()» };
        @? $a, $b
        """,
        """
        struct $T {
            $p: String,
        }

        struct $U {
            $t: String,
            $r: $N,
        }

        ===
        let $a = $T { $p: "$s1".to_string() };
        let $b = $U { $t: $a.$p«¦.clone()», $r: $1 };
        @ $a.$p, $b.$t
        @ $b.$r
        """,
    )


def captured_and_used(rng: random.Random) -> Pair:
    """E0382: a `move` closure takes a value that is used after it."""
    return write(
        rng,
        """
        ===
        let $a = $OM;
        «¦let $c = $a.clone();
        »let $b = move || println!("{:?}", «$a¦$c»);
        $b();
        @? $a
        """,
        """
        ===
        let $a = $LM;
        let $b = «move ¦»|$x: usize| $x ‹+¦*› $a.len();
        @ $b($1)
        @? $a
        """,
        """
        ===
        let $a = $OM;
        let $b = move || $a«¦.clone()»;
        let $c = $b();
        let $d = $b();
        @? $c, $d
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = «move ¦»|$x: &str| format!("{} {}", $a, $x);
        @ $b("$s2")
        @ $a
        """,
        """
        fn $f($a: impl Fn() -> usize) -> usize {
            $a()
        }

        ===
        let $b = $LM;
        let $c = $f(«move ¦»|| $b.len());
        @? $b, $c
        """,
        """
        ===
        let $a = $OM;
        let $b = || {
            let $c = $a«¦.clone()»;
            @? $c
        };
        $b();
        @? $a
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b: Vec<String> = ‹(0..$1)¦[$#, $#].into_iter()›.map(«move ¦»|$x| format!("{}{}", $a, $x)).collect();
        @? $a, $b
        """,
    )
