"""Structs, functions and constants that are declared or used wrongly."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


def field_missing(rng: random.Random) -> Pair:
    """E0063: a struct literal lacks a field."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = $T { $p: "$s1".to_string(), «¦$q: $1» };
        @ $t.$p, $t.$q
        """,
        """
        struct $T {
            $p: String,
            $q: u32,
        }

        impl $T {
            fn new($p: &str) -> Self {
                $T { $p: $p.to_string(), «¦$q: 0» }
            }
        }
        """,
        """
        #[derive(Default)]
        struct $T {
            $q: $N,
            $r: $N,
        }

        fn $f($q: $N) -> $T {
            $T { $q, «¦..Default::default()» }
        }
        """,
        """
        enum $T {
            $A { $q: $N, $r: $N },
            $B,
        }

        fn $f() -> [$T; 2] {
            [$T::$A { $q: $1, «¦$r: 0» }, $T::$B]
        }
        """,
        """
        struct $T {
            $p: Vec<String>,
            $q: Option<$N>,
        }

        fn $f($p: Vec<String>) -> $T {
            $T { $p, «¦$q: None» }
        }
        """,
        """
        #[derive(Clone)]
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($t: &$T, $q: $N) -> $T {
            $T { $q, «¦..$t.clone()» }
        }
        """,
    )


def argument_count(rng: random.Random) -> Pair:
    """E0061/E0057: a function, a method or a closure is called with the wrong number of arguments."""
    return write(
        rng,
        """
        fn $f($a: $N, $b: $N) -> $N {
            $a ‹+¦*› $b
        }

        ===
        let ($c, $d) = ($1, $2);
        @ $f($c«¦, $d»), $d
        """,
        """
        fn $f($a: &str) -> usize {
            $a.len()
        }

        ===
        @ $f("$s1"«, $1¦»)
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn new() -> $T {
                $T { $q: $1 }
            }
        }

        ===
        let $t = $T::new(«$2¦»);
        @ $t.$q
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&mut self, $a: $N) {
                self.$q += $a;
            }
        }

        fn $f($t: &mut $T, $b: $N) {
            $t.$m(«¦$b»);
        }
        """,
        """
        ===
        let $a = |$x: i32, $y: i32| $x ‹+¦*› $y;
        let $b = $1;
        @ $a($b«¦, $b»)
        """,
        """
        ===
        let $a = |$x: i32| $x ‹+¦*› $1;
        @ $a($2«, $3¦»)
        """,
        """
        fn $f() -> $N {
            $1
        }

        ===
        @ $f(«$2¦»)
        """,
        """
        enum $T {
            $A($N, String),
            $B,
        }

        fn $f($a: $N, $b: String) -> [$T; 2] {
            [$T::$A($a«¦, $b»), $T::$B]
        }
        """,
        """
        struct $T($N, $N);

        fn $f($a: $N) -> $T {
            $T($a«¦, $a»)
        }
        """,
        """
        ===
        let mut $a = vec![$#, $#];
        $a.«insert¦push»($1);
        @? $a
        """,
    )


def argument_order(rng: random.Random) -> Pair:
    """E0308: the arguments of a call stand in the wrong order."""
    return write(
        rng,
        """
        fn $f($a: &str, $b: $N) {
            @ $a, $b
        }

        ===
        $f(«$1, "$s1"¦"$s1", $1»);
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn new($p: &str, $q: $N) -> $T {
                $T { $p: $p.to_string(), $q }
            }
        }

        ===
        let $t = $T::new(«$1, "$s1"¦"$s1", $1»);
        @ $t.$p, $t.$q
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $N>, $b: &str) {
            $a.insert(«$1, $b.to_string()¦$b.to_string(), $1»);
        }
        """,
        """
        fn $f($a: &[$N], $b: usize) -> $N {
            $a[$b]
        }

        ===
        let $c = [$#, $#];
        @ $f(«1, &$c¦&$c, 1»)
        """,
    )


def recursive_type(rng: random.Random) -> Pair:
    """E0072/E0391: a type contains itself."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
            $p: Option<«$T¦Box<$T>»>,
        }

        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        enum $T {
            $A($N),
            $B($N, «$T¦Box<$T>»),
        }

        fn $f($t: &$T) -> $N {
            match $t {
                $T::$A($x) | $T::$B($x, _) => *$x,
            }
        }
        """,
        """
        enum $T {
            $A(«$T¦Box<$T>», «$T¦Box<$T>»),
            $B(f64),
        }

        fn $f($t: &$T) -> f64 {
            match $t {
                $T::$A($x, $y) => $f($x) + $f($y),
                $T::$B($a) => *$a,
            }
        }
        """,
        """
        struct $T {
            $p: String,
            $t: «$T¦Vec<$T>»,
        }

        fn $f($a: &$T) -> usize {
            $a.$p.len()
        }
        """,
        """
        const $K: $N = «$K + 1¦$1»;

        fn $f() -> $N {
            $K
        }
        """,
    )


def uninitialised(rng: random.Random) -> Pair:
    """E0381: a variable is used that may have no value."""
    return write(
        rng,
        """
        ===
        let $a: i32«¦ = 0»;
        @ $a
        """,
        """
        ===
        let mut $a: i32«¦ = 0»;
        for $x in 0..$1 {
            $a += $x;
        }
        @ $a
        """,
        """
        ===
        let $b = $1;
        let $a;
        if $b > $2 {
            $a = "$s1";
        }«¦ else {
            $a = "$s2";
        }»
        @ $a
        """,
        """
        fn $f($a: $N) -> $N {
            let $b;
            match $a {
                0 => $b = $1,
                1 => $b = $2,
                _ => «{}¦$b = 0,»
            }
            $b
        }
        """,
        """
        ===
        let mut $a: Vec<i32>«¦ = Vec::new()»;
        $a.push($1);
        @? $a
        """,
        """
        ===
        let mut $a: String«¦ = String::new()»;
        $a.push_str("$s1");
        @ $a
        """,
    )


def defined_twice(rng: random.Random) -> Pair:
    """E0428/E0592/E0201/E0124/E0046: an item is defined twice."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
        }

        «struct $T;

        ¦»fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        struct $T($N);

        impl $T {
            fn $m(&self) -> $N {
                self.0
            }

            fn «$m¦$n»(&self) -> $N {
                self.0 + $1
            }
        }
        """,
        """
        const $K: $N = $1;
        «const $K: $N = $2;
        ¦»
        fn $f($a: $N) -> $N {
            $a + $K
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;

            fn $n(&self) -> $N;
        }

        struct $T;

        impl $R for $T {
            fn $m(&self) -> $N {
                $1
            }

            fn «$m¦$n»(&self) -> $N {
                $2
            }
        }
        """,
    )


def constant_not_constant(rng: random.Random) -> Pair:
    """E0015/E0010/E0308/E0658/E0080: a constant is not a constant, or is out of range."""
    return write(
        rng,
        """
        const $K: «String¦&str» = «String::from("$s1")¦"$s1"»;

        fn $f() -> usize {
            $K.len()
        }
        """,
        """
        «¦const »fn $g($a: $N) -> $N {
            $a ‹+¦*› 2
        }

        const $K: $N = $g(2);

        fn $f() -> $N {
            $K
        }
        """,
        """
        static $K: «Vec<$N>¦[$N; 2]» = «vec![$1, $2]¦[$1, $2]»;

        fn $f() -> usize {
            $K.len()
        }
        """,
        """
        const $K: u32 = «2 - 3¦3 - 2»;

        fn $f() -> u32 {
            $K
        }
        """,
        """
        const $K: [$N; 2] = [$1, $2];
        const LAST: $N = $K[«2¦1»];

        fn $f() -> $N {
            LAST
        }
        """,
    )


def type_of_an_item_unsaid(rng: random.Random) -> Pair:
    """E0121: a signature or a constant leaves its type out as `_`."""
    return write(
        rng,
        """
        fn $f($a: $N) -> «_¦$N» {
            $a ‹+¦*› $1
        }
        """,
        """
        const $K: «_¦$N» = $1 as $N;

        fn $f() -> $N {
            $K
        }
        """,
        """
        fn $f($a: «_¦&str») -> usize {
            $a.len()
        }

        ===
        @ $f("$s1")
        """,
        """
        struct $T {
            $p: «_¦String»,
        }

        fn $f($t: &$T) -> &String {
            &$t.$p
        }
        """,
        """
        static $K: «_¦&str» = "$s1";

        fn $f() -> usize {
            $K.len()
        }
        """,
    )


def not_assignable(rng: random.Random) -> Pair:
    """E0070/E0067/E0368/E0369: something is assigned to that is no place, or that has no such operator."""
    return write(
        rng,
        """
        ===
        let mut $a = $1;
        «$2 = $a¦$a = $2»;
        @ $a
        """,
        """
        ===
        let mut $a = "$s1"«¦.to_string()»;
        $a += "$s2";
        @ $a
        """,
        """
        fn $f($a: &mut $N) {
            «¦*»$a += $1;
        }

        ===
        let mut $b = $2;
        $f(&mut $b);
        @ $b
        """,
        """
        ===
        let mut $a = vec![$#, $#];
        for $x in $a.iter_mut() {
            «¦*»$x ‹+=¦*=› $1;
        }
        @? $a
        """,
        """
        const $K: $N = $1;

        fn $f($a: $N) -> $N {
            let mut $b = $a;
            «$K¦$b» = $2;
            $b
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $N>) {
            «¦*»$a.entry("$s1".to_string()).or_insert(0) += 1;
        }
        """,
    )


def not_dereferenceable(rng: random.Random) -> Pair:
    """E0614/E0608/E0600: `*` or `[]` on a value that has none."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        @ «*¦»$a ‹+¦*› $2
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let mut $b = 0;
            for &$x in $a {
                $b += «*¦»$x;
            }
            $b
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            «*¦»$t.$q ‹+¦*› $1
        }
        """,
        """
        ===
        let $a = $1;
        let $b = $a«[0]¦»;
        @ $b
        """,
        """
        ===
        let $a = ($1, $2);
        @ $a«[0]¦.0» ‹+¦*› $a.1
        """,
        """
        struct $T {
            $ts: Vec<$N>,
        }

        fn $f($t: &$T) -> $N {
            $t«¦.$ts»[‹0¦1›]
        }
        """,
        """
        use std::collections::HashSet;

        fn $f($a: &HashSet<$N>) -> bool {
            «$a[$1]¦$a.contains(&$1)»
        }
        """,
        """
        ===
        let $a: Option<Vec<i32>> = Some(vec![$1, $2]);
        @ $a«¦.unwrap()»[0]
        """,
        """
        fn $f($a: &[$N]) -> usize {
            $a.iter().filter(|$x| «***¦**»$x > $1).count()
        }
        """,
    )


def visibility_and_async(rng: random.Random) -> Pair:
    """E0449/E0728/E0446/E0562/E0069/E0130: qualifiers in the wrong place, and `return` without a value."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T;

        impl $R for $T {
            «pub ¦»fn $m(&self) -> $N {
                $1
            }
        }
        """,
        """
        #[derive(Debug)]
        enum $T {
            «pub ¦»$A,
            $B,
        }

        ===
        @? $T::$A, $T::$B
        """,
        """
        async fn $f($a: $N) -> $N {
            $a ‹+¦*› $1
        }

        «¦async »fn $g() -> $N {
            $f($2).await
        }
        """,
        """
        fn $f($a: $N) -> $N {
            if $a > $1 {
                return«¦ 0»;
            }
            $a
        }
        """,
        """
        «pub ¦»impl $T {
            fn $m(&self) -> $N {
                self.$q
            }
        }

        struct $T {
            $q: $N,
        }
        """,
        """
        «¦pub »struct $T {
            $q: $N,
        }

        pub trait $R {
            type $V;

            fn $m(&self) -> Self::$V;
        }

        impl $R for $N {
            type $V = $T;

            fn $m(&self) -> $T {
                $T { $q: *self }
            }
        }
        """,
    )


def value_for_type(rng: random.Random) -> Pair:
    """E0423/E0532/E0533/E0574: a struct is built or named in the wrong form."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
        }

        fn $f() -> $T {
            $T«($1)¦ { $q: $1 }»
        }
        """,
        """
        struct $T {
            $q: $N,
            $r: $N,
        }

        impl $T {
            fn new($q: $N, $r: $N) -> Self {
                «$T($q, $r)¦$T { $q, $r }»
            }
        }
        """,
        """
        #[derive(Default)]
        struct $T {
            $q: $N,
        }

        fn $f() -> $T {
            $T«¦::default()»
        }
        """,
        """
        enum $T {
            $A { $q: $N },
            $B,
        }

        fn $f() -> [$T; 2] {
            [$T::$A«($1)¦ { $q: $1 }», $T::$B]
        }
        """,
        """
        ===
        let $a = «i32¦0»;
        @ $a
        """,
        """
        ===
        let $a = «Vec¦Vec::<i32>::new()»;
        @ $a.len()
        """,
    )


def formats(rng: random.Random) -> Pair:
    """The holes of a format string and its arguments do not match."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        let $b = $2;
        println!("{} {}", $a«¦, $b»);
        println!("{}", $b);
        """,
        """
        ===
        let $a = $1;
        println!("$s1«¦ {}»", $a);
        """,
        """
        ===
        let $a = $1;
        println!(«$a¦"{}", $a»);
        """,
        """
        fn $f($a: &str, $b: $N) -> String {
            format!("{}‹-¦: ¦/›{}", $a«¦, $b»)
        }
        """,
        """
        ===
        let $a = "$s1";
        println!("$s2 {}"«¦, $a»);
        """,
        """
        ===
        let $a = $1;
        let $b = $2;
        println!("{}", $a«, $b¦»);
        """,
    )


def declarations_that_cannot_be(rng: random.Random) -> Pair:
    """E0118/E0210/E0081/E0109/E0261/E0106/E0308: rare misuses of declarations."""
    return write(
        rng,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        impl<T> «T¦$R for Vec<T>» {
            fn $m(&self) -> $N {
                $1
            }
        }
        """,
        """
        #[repr(u8)]
        enum $T {
            $A = 1,
            $B = «1¦2»,
        }

        fn $f($a: $T) -> u8 {
            $a as u8
        }
        """,
        """
        fn $f($a: &$N«<u8>¦») -> $N {
            *$a
        }
        """,
        """
        fn $f<F>($a: F) -> usize
        where
        F: Fn(«&'a str¦&str») -> usize,
        {
            $a("$s1")
        }
        """,
        """
        ===
        let $a: fn() -> «&str¦&'static str» = || "$s1";
        @ $a()
        """,
    )
