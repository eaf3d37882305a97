"""String and &str for one another."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def text_for_string(rng: random.Random) -> Pair:
    """E0308: a literal or a `&str` stands where a `String` is needed."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = $T { $p: "$s1"«¦.to_string()», $q: $1 };
        @ $t.$p, $t.$q
        """,
        """
        fn $f($a: String) -> usize {
            $a.‹len()¦chars().count()›
        }

        ===
        @ $f("$s1 $s2"«¦.to_string()»)
        """,
        """
        fn $f($a: $N) -> String {
            if $a > $1 {
                "$s1"«¦.to_string()»
            } else {
                format!("{}", $a)
            }
        }
        """,
        """
        fn $f() -> String {
            %
            "$s1"«¦.to_string()»
        }

        ===
        @ $f()
        """,
        """
        ===
        let $a: String = "$s1"«¦.to_string()»;
        @ $a
        """,
        """
        ===
        let $a: Vec<String> = vec!["$s1"«¦.to_string()», "$s2".to_string()];
        @? $a
        """,
        """
        ===
        let mut $a = Vec::new();
        $a.push(String::from("$s1"));
        $a.push(«"$s2"¦String::from("$s2")»);
        @? $a
        """,
        """
        fn $f($a: &str) -> String {
            $a.‹trim()¦trim_end()¦strip_prefix('-').unwrap_or($a)›«¦.to_string()»
        }
        """,
        """
        use std::collections::HashMap;

        ===
        let mut $a: HashMap<String, $N> = HashMap::new();
        $a.insert("$s1"«¦.to_string()», $1);
        @ $a.len()
        """,
        """
        enum $T {
            $A(String),
            $B,
        }

        fn $f($a: bool) -> $T {
            if $a {
                $T::$A("$s1"«¦.to_string()»)
            } else {
                $T::$B
            }
        }
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn new($p: &str) -> $T {
                $T { «$p¦$p: $p.to_string()» }
            }
        }
        """,
        """
        fn $f($a: Option<String>) -> String {
            $a.unwrap_or("$s1"«¦.to_string()»)
        }
        """,
        """
        fn $f($a: &str) -> String {
            match $a {
                "$s1" => "$s2"«¦.to_string()»,
                _ => $a.to_uppercase(),
            }
        }
        """,
        """
        struct $T {
            $p: String,
        }

        ===
        let mut $t = $T { $p: String::new() };
        $t.$p = "$s1"«¦.to_string()»;
        @ $t.$p
        """,
    )


def string_for_text(rng: random.Random) -> Pair:
    """E0308/E0277: a `String` stands where a reference is needed."""
    return write(
        rng,
        """
        fn $f($a: &str) -> usize {
            $a.len()
        }

        ===
        let $b = String::from("$s1");
        @ $f(«¦&»$b)
        """,
        """
        fn $f($a: &str) {
            @ $a
        }

        ===
        $f(«¦&»format!("{} {}", "$s1", $1));
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn $m(&self) -> &str {
                «¦&»self.$p
            }
        }
        """,
        """
        ===
        let mut $a = String::from("$s1");
        let $b = String::from("$s2");
        $a.push_str(«¦&»$b);
        @ $a
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b: &str = «¦&»$a;
        @ $b
        """,
        """
        fn $f($a: &$OT) {
            @? $a
        }

        ===
        let $b = $OM;
        $f(«¦&»$b);
        @? $b
        """,
        """
        fn $f($a: &[$N]) -> usize {
            $a.len()
        }

        ===
        let $b: Vec<$N> = vec![$1, $2];
        @ $f(«¦&»$b)
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = String::from("$s2");
        let $c = $a + «¦&»$b;
        @ $c
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = match $a«¦.as_str()» {
            "$s1" => $1,
            "$s2" => $2,
            _ => 0,
        };
        @ $b
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<String, $N>, $b: String) -> bool {
            $a.contains_key(«¦&»$b)
        }
        """,
        """
        fn $f($a: &[$N], $b: $N) -> bool {
            $a.contains(«¦&»$b)
        }

        ===
        @ $f(&[$#, $#], $1)
        """,
    )
