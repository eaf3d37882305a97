"""An Option or a Result taken for what is in it."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def unwrap_missing(rng: random.Random) -> Pair:
    """E0308/E0369/E0277: an Option or a Result is used as the value inside."""
    return write(
        rng,
        """
        ===
        let $a: ‹i32¦u32¦u64› = "$1".parse()«¦.unwrap()»;
        @ $a
        """,
        """
        ===
        let $a = vec![$#, $#, $#];
        let $b: &i32 = $a.‹first()¦last()¦get(1)¦iter().max()›«¦.unwrap()»;
        @ $b
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b = $a.iter().‹max()¦min()›«¦.unwrap()» ‹+¦*› $1;
        @ $b
        """,
        """
        fn $f($a: $N) -> $N {
            $a ‹+¦*› 2
        }

        ===
        let $b = "$1".parse::<$N>()«¦.unwrap()»;
        @ $f($b)
        """,
        """
        ===
        let mut $a = vec![$#, $#];
        let $b = $a.pop()«¦.unwrap()»;
        if $b > $1 {
            @ $b
        }
        """,
        """
        use std::collections::HashMap;

        ===
        let mut $a = HashMap::new();
        $a.insert("$s1", $1);
        let $b = $a.get("$s1")«¦.unwrap()» ‹+¦-› $2;
        @ $b
        """,
        """
        fn $f($a: &str) -> Option<usize> {
            $a.find('$ch$')
        }

        ===
        let $b = "$s1";
        let $c: usize = $f($b)«¦.unwrap_or(0)»;
        @ &$b[$c..]
        """,
        """
        fn $f($a: Option<$N>, $b: $N) -> $N {
            «$a¦$a.unwrap_or(0)» ‹+¦*› $b
        }
        """,
        """
        struct $T {
            $q: Option<$N>,
        }

        impl $T {
            fn $m(&self) -> bool {
                self.$q ‹>¦<› «$1¦Some($1)»
            }
        }
        """,
        """
        fn $f($a: &str) -> char {
            $a.chars().‹next()¦last()¦nth(0)›«¦.unwrap()»
        }
        """,
    )


def method_of_the_inside(rng: random.Random) -> Pair:
    """E0599/E0624: a method of the value inside is called on an Option or a Result."""
    return write(
        rng,
        """
        ===
        let $a = Some(String::from("$s1"));
        let $b = $a«¦.unwrap()».‹len()¦to_uppercase()¦is_empty()¦trim().len()›;
        @ $b
        """,
        """
        ===
        let $a = vec!["$s1", "$s2"];
        let $b = $a.‹first()¦last()¦get(0)›«¦.unwrap()».‹len()¦to_uppercase()›;
        @ $b
        """,
        """
        fn $f($a: Option<&str>) -> usize {
            $a.«len()¦map_or(0, |$x| $x.len())»
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q
            }
        }

        fn $f($a: &[$T]) -> $N {
            $a.‹first()¦last()›«¦.unwrap()».$m()
        }
        """,
        """
        ===
        let $a = "$1".parse::<i32>()«¦.unwrap()».‹pow(2)¦abs()¦max($2)›;
        @ $a
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, Vec<$N>>, $b: $N) {
            $a.get_mut("$s1")«¦.unwrap()».push($b);
        }
        """,
        """
        fn $f($a: Result<String, String>) -> String {
            $a«¦.unwrap_or_default()».to_uppercase()
        }
        """,
        """
        use std::sync::Mutex;

        ===
        let $a = Mutex::new(vec![$1]);
        $a.lock()«¦.unwrap()».push($2);
        @ $a.lock().unwrap().len()
        """,
        """
        ===
        let $a = ["$s1", "$s2"].iter().position(|$x| $x.len() > $1)«¦.unwrap_or(0)».pow(2);
        @ $a
        """,
        """
        struct $T {
            $p: Option<Box<$T>>,
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q
            }

            fn $n(&self) -> $N {
                match &self.$p {
                    Some($x) => $x.$m(),
                    None => self.«$p.¦»$m(),
                }
            }
        }
        """,
    )


def field_of_the_inside(rng: random.Random) -> Pair:
    """E0609: a field of the value inside is read from an Option, a Result or a list."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($a: &[$T]) -> $N {
            $a.‹first()¦last()¦get(1)›«¦.unwrap()».$q
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($a: Option<$T>) -> $N {
            match $a {
                Some($x) => «$a¦$x».$q,
                None => 0,
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($a: Option<$T>) -> $N {
            $a.«$q¦map_or(0, |$x| $x.$q)»
        }
        """,
        """
        use std::collections::HashMap;

        struct $T {
            $q: $N,
        }

        fn $f($a: &mut HashMap<u32, $T>) {
            $a.get_mut(&$1)«¦.unwrap()».$q += 1;
        }
        """,
        """
        struct $T {
            $q: $N,
            $p: Option<Box<$T>>,
        }

        fn $f($t: &$T) -> $N {
            $t.$p«¦.as_ref().unwrap()».$q
        }
        """,
        """
        use std::cell::RefCell;
        use std::rc::Rc;

        struct $T {
            $q: $N,
        }

        ===
        let $a = Rc::new(RefCell::new($T { $q: $1 }));
        $a«¦.borrow_mut()».$q += $2;
        @ $a.borrow().$q
        """,
        """
        use std::sync::Mutex;

        struct $T {
            $q: $N,
        }

        fn $f($a: &Mutex<$T>) -> $N {
            $a«¦.lock().unwrap()».$q
        }
        """,
    )
