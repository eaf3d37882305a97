"""Values used after they were given away."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


def moved_into_a_function(rng: random.Random) -> Pair:
    """E0382: a value is given to a function and used again."""
    return write(
        rng,
        """
        fn $f($a: $OT) {
            @* $a
        }

        ===
        let $b = $OM;
        $f($b«¦.clone()»);
        @* $b
        """,
        """
        fn $f($a: $OT) -> usize {
            std::mem::size_of_val(&$a)
        }

        ===
        let $b = $OM;
        let $c = $f($b«¦.clone()»);
        @? $b, $c
        """,
        """
        fn $f($a: &$OT) {
            @* $a
        }

        fn $g($a: $OT) {
            @? $a
        }

        ===
        let $b = $OM;
        $f(&$b);
        $g($b«¦.clone()»);
        $f(&$b);
        """,
        """
        fn $f(mut $a: $LT) -> $LT {
            $a.push($LV);
            $a
        }

        ===
        let $b = $LM;
        let $c = $f($b«¦.clone()»);
        @? $b
        @? $c
        """,
        """
        fn $f($a: $OT, $b: $N) -> $OT {
            @ $b
            $a
        }

        ===
        let $c = $OM;
        let $d = $f($c«¦.clone()», $1);
        %
        @? $c, $d
        """,
        """
        fn $f($a: Vec<$N>) -> $N {
            $a.iter().‹sum()¦sum::<$N>()›
        }

        fn $g($b: Vec<$N>) -> f64 {
            let $c = $f($b«¦.clone()»);
            $c as f64 / $b.len() as f64
        }
        """,
        """
        fn $f($a: String) -> usize {
            $a.‹len()¦chars().count()¦split(' ').count()›
        }

        ===
        let $b = String::from("$s1 $s2");
        println!("{} {}", $f($b«¦.clone()»), $b);
        """,
    )


def function_takes_what_it_only_reads(rng: random.Random) -> Pair:
    """E0382: a function that only reads is called twice with one value; others of its kind borrow."""
    return write(
        rng,
        """
        fn $f($a: &$OT) {
            @* $a
        }

        fn $g($a: «¦&»$OT) {
            @? $a
        }

        ===
        let $b = $OM;
        $f(&$b);
        $g(«¦&»$b);
        $g(«¦&»$b);
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($t: «¦&»$T) {
            @ $t.$p, $t.$q
        }

        ===
        let $a = $T { $p: String::from("$s1"), $q: $1 };
        $f(«¦&»$a);
        $f(«¦&»$a);
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: «¦&»$T, $a: $N) -> $N {
            $t.$q ‹+¦*› $a
        }

        ===
        let $b = $T { $q: $1 };
        let $c = $f(«¦&»$b, $2);
        @ $c
        @ $b.$q
        """,
        """
        enum $T {
            $A,
            $B,
        }

        fn $f($t: «¦&»$T) -> u32 {
            match $t {
                $T::$A => $1,
                $T::$B => $2,
            }
        }

        ===
        let $a = $T::‹$A¦$B›;
        @ $f(«¦&»$a)
        @ $f(«¦&»$a)
        """,
    )


def moved_in_a_loop(rng: random.Random) -> Pair:
    """E0382: a value is given away in every round of a loop."""
    return write(
        rng,
        """
        fn $f($a: $OT) {
            @* $a
        }

        ===
        let $b = $OM;
        for $x in 0..$1 {
            @ $x
            $f($b«¦.clone()»);
        }
        """,
        """
        ===
        let $a = $OM;
        let mut $b = Vec::new();
        for _ in 0..$1 {
            $b.push($a«¦.clone()»);
        }
        @ $b.len()
        """,
        """
        ===
        let $a = $OM;
        let mut $b = 0;
        while $b < $1 {
            let $c = $a«¦.clone()»;
            @? $c
            $b += 1;
        }
        """,
        """
        fn $f($a: String, $b: &[&str]) -> Vec<String> {
            let mut $c = Vec::new();
            for $x in $b {
                $c.push($a«¦.clone()» + $x);
            }
            $c
        }
        """,
        """
        fn $f($a: Vec<$N>) -> bool {
            $a.is_empty()
        }

        ===
        let $b = vec![$1, $2];
        let mut $c = 0;
        loop {
            if $f($b«¦.clone()») || $c > $3 {
                break;
            }
            $c += 1;
        }
        @ $c
        """,
        """
        ===
        let $a = $LM;
        for $x in 0..$1 {
            for $y in «¦&»$a {
                @? $y
            }
            @ $x
        }
        """,
    )


def loop_consumes_the_list(rng: random.Random) -> Pair:
    """E0382: a `for` loop takes a list that is used after it."""
    return write(
        rng,
        """
        ===
        let $a = ‹$LM¦$EM›;
        for $x in «¦&»$a {
            @? $x
        }
        @ $a.len()
        """,
        """
        fn $f($a: Vec<$N>) -> f64 {
            let mut $b = 0.0;
            for $x in «¦&»$a {
                $b += «$x¦*$x» as f64;
            }
            $b / $a.len() as f64
        }
        """,
        """
        ===
        let $a = $HM;
        for ($x, $y) in «¦&»$a {
            @? $x, $y
        }
        @? $a
        """,
        """
        ===
        let $a = $EM;
        let mut $b = 0;
        for $x in «¦&»$a {
            if $b > $1 {
                @? $x
            }
            $b += 1;
        }
        @? $b, $a
        """,
        """
        ===
        let $a = vec![String::from("$s1"), "$s2".to_string()];
        for ($x, $y) in $a.«into_iter¦iter»().enumerate() {
            @ $x, $y
        }
        @ $a.join(" ")
        """,
        """
        ===
        let $a = $EM;
        let $b = $a.«into_iter¦iter»().‹count()¦skip(1).count()›;
        @? $a, $b
        """,
        """
        ===
        let $a = vec![String::from("$s1"), String::from("$s2")];
        let $b: Vec<usize> = $a.«into_iter¦iter»().map(|$x| $x.len()).collect();
        @? $a, $b
        """,
        """
        struct $T {
            $ts: Vec<String>,
        }

        fn $f($t: $T) -> usize {
            let mut $a = 0;
            for $x in «¦&»$t.$ts {
                $a += $x.len();
            }
            $a + $t.$ts.len()
        }
        """,
    )


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


def method_consumes_self(rng: random.Random) -> Pair:
    """E0382: a method that takes `self` is called and the value is used again."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn $m(«¦&»self) -> usize {
                self.$p.len()
            }

            fn $n(&self) -> $N {
                self.$q
            }
        }

        ===
        let $t = $T { $p: String::from("$s1"), $q: $1 };
        @ $t.$m()
        @ $t.$n()
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(«¦&»self) {
                @ self.$q
            }
        }

        ===
        let $t = $T { $q: $1 };
        $t.$m();
        $t.$m();
        """,
        """
        #[derive(Clone)]
        struct $T {
            $ts: Vec<$N>,
        }

        impl $T {
            fn $m(self) -> Vec<$N> {
                self.$ts
            }
        }

        ===
        let $t = $T { $ts: vec![$#, $#] };
        let $a = $t«¦.clone()».$m();
        @ $a.len(), $t.$ts.len()
        """,
        """
        ===
        let $a = Some(String::from("$s1"));
        let $b = $a«¦.clone()».‹unwrap()¦unwrap_or_default()¦expect("$s2")›;
        @? $a, $b
        """,
        """
        ===
        let $a = Some(String::from("$s1"));
        if $a«¦.as_ref()».‹map(|$x| $x.len()).unwrap_or(0)¦map_or(0, |$x| $x.len())› > $1 {
            @? $a
        }
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = $a«¦.clone()».into_bytes();
        @? $b
        @ $a
        """,
        """
        fn $f($a: Result<$N, String>) -> $N {
            if $a«¦.as_ref()».is_ok_and(|$x| «$x¦*$x» > $1) {
                return $1;
            }
            $a.unwrap_or(0)
        }
        """,
        """
        ===
        let $a = vec![String::from("$s1"), String::from("$s2")];
        let $b = $a.«into_iter¦iter»().next();
        @? $a, $b
        """,
    )


def match_takes_the_value(rng: random.Random) -> Pair:
    """E0382: a `match` or `if let` moves out of a value that is used after it."""
    return write(
        rng,
        """
        ===
        let $a = Some(String::from("$s1"));
        ‹match «¦&»$a {
            Some($x) => println!("{}", $x),
            None => println!("$s2"),
        }¦if let Some($x) = «¦&»$a {
            @ $x
        }›
        @? $a
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A(String),
            $B($N),
        }

        ===
        let $a = $T::‹$A("$s1".to_string())¦$B($1)›;
        match «¦&»$a {
            $T::$A($x) => println!("{}", $x),
            $T::$B($y) => println!("{}", $y),
        }
        @? $a
        """,
        """
        fn $f($a: Option<$OT>) -> Option<$OT> {
            if let Some($x) = «¦&»$a {
                @? $x
            }
            $a
        }
        """,
        """
        fn $f($a: Result<$N, String>) -> Result<$N, String> {
            match «¦&»$a {
                Ok($x) => println!("{}", $x),
                Err($y) => println!("$s1 {}", $y),
            }
            $a
        }
        """,
        """
        struct $T {
            $p: Option<String>,
            $q: $N,
        }

        fn $f($t: $T) -> $N {
            if let Some($x) = «¦&»$t.$p {
                @ $x
            }
            let $a = $t.$p.is_some();
            println!("{}", $a);
            $t.$q
        }
        """,
        """
        ===
        let $a = Some($EM);
        let Some($b) = «¦&»$a else {
            return;
        };
        @ $b.len()
        @? $a
        """,
        """
        fn $f($a: Option<String>) -> usize {
            let $b = match «¦&»$a {
                Some($x) => $x.len(),
                None => 0,
            };
            match $a {
                Some($y) => $y.len() + $b,
                None => $b,
            }
        }
        """,
    )


def part_moved_then_whole_used(rng: random.Random) -> Pair:
    """E0382: a field is moved out and then the whole is used."""
    return write(
        rng,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = $T { $p: String::from("$s1"), $q: $1 };
        let $a = $t.$p«¦.clone()»;
        @ $a
        @? $t
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q ‹* 2¦+ 1›
            }
        }

        fn $f($a: String) {
            @ $a
        }

        ===
        let $t = $T { $p: String::from("$s1"), $q: $1 };
        $f($t.$p«¦.clone()»);
        @ $t.$m()
        """,
        """
        ===
        let $a = (String::from("$s1"), $1);
        let $b = $a.0«¦.clone()»;
        @? $a
        @ $b
        """,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
            $q: u32,
        }

        ===
        let $t = $T { $p: "$s1".to_string(), $q: $1 };
        let $T { $p, $q } = «¦&»$t;
        @ $p, $q
        @? $t
        """,
        """
        #[derive(Debug, Clone)]
        struct $T {
            $ts: Vec<String>,
            $q: u32,
        }

        fn $f($t: $T) -> Vec<$T> {
            let mut $a = Vec::new();
            for $x in $t.$ts«¦.clone()» {
                @ $x
            }
            $a.push($t);
            $a
        }
        """,
        """
        ===
        let $a = [String::from("$s1"), String::from("$s2")];
        let [$b, $c] = «¦&»$a;
        @ $b, $c
        @? $a
        """,
    )


def reference_moved(rng: random.Random) -> Pair:
    """E0382: a `&mut` reference or a boxed value is given away and used again."""
    return write(
        rng,
        """
        ===
        let mut $a = $LM;
        let $b = &mut $a;
        let $c = «$b¦&mut *$b»;
        $c.push($LV);
        $b.push($LV);
        @? $a
        """,
        """
        ===
        let $a = Box::new($1);
        let $b = $a«¦.clone()»;
        @ *$a ‹+¦*› *$b
        """,
        """
        use std::rc::Rc;

        fn $f($a: Rc<$OT>) {
            @? $a
        }

        ===
        let $b = Rc::new($OM);
        $f(«$b¦Rc::clone(&$b)»);
        @ Rc::strong_count(&$b)
        """,
        """
        use std::rc::Rc;

        struct $T {
            $p: Rc<String>,
        }

        ===
        let $a = Rc::new(String::from("$s1"));
        let $b = $T { $p: $a«¦.clone()» };
        let $c = $T { $p: $a };
        @ $b.$p, $c.$p
        """,
        """
        use std::cell::RefCell;
        use std::rc::Rc;

        ===
        let $a = Rc::new(RefCell::new($1));
        let $b = «$a¦Rc::clone(&$a)»;
        *$b.borrow_mut() += $2;
        @ $a.borrow()
        """,
        """
        fn $f<F: Fn(i32) -> i32>($a: F) -> i32 {
            $a($1)
        }

        ===
        let $b = vec![$#, $#];
        let $c = move |$x: i32| $x + $b.len() as i32;
        let $d = $f(«¦&»$c);
        @ $d + $f(«¦&»$c)
        """,
    )


def drop_then_use(rng: random.Random) -> Pair:
    """E0382: a value is used after `drop`."""
    return write(
        rng,
        """
        ===
        let $a = $OM;
        @? $a
        «drop($a);
        ¦»@ std::mem::size_of_val(&$a)
        «¦drop($a);
        »
        """,
        """
        ===
        let mut $a = $LM;
        «drop($a);
        ¦»$a.push($LV);
        @? $a
        «¦drop($a);
        »
        """,
        """
        use std::sync::Mutex;

        ===
        let $a = Mutex::new($1);
        let mut $b = $a.lock().unwrap();
        «drop($b);
        ¦»*$b += $2;
        «¦drop($b);
        »@ $a.lock().unwrap()
        """,
        """
        struct $T {
            $p: String,
        }

        impl Drop for $T {
            fn drop(&mut self) {
                println!("$s1 {}", self.$p);
            }
        }

        ===
        let $t = $T { $p: "$s2".to_string() };
        «drop($t);
        ¦»@ $t.$p
        «¦drop($t);
        »
        """,
    )


def conditional_move(rng: random.Random) -> Pair:
    """E0382: a value is moved in one branch and used after it."""
    return write(
        rng,
        """
        fn $f($a: $OT) {
            @? $a
        }

        ===
        let $b = $OM;
        if $1 > $2 {
            $f($b«¦.clone()»);
        }
        @? $b
        """,
        """
        fn $f($a: Vec<$N>, $b: bool) -> Vec<$N> {
            let mut $c = Vec::new();
            if $b {
                $c = $a«¦.clone()»;
            }
            $c.extend($a);
            $c
        }
        """,
        """
        fn $f($a: String, $b: $N) -> (String, usize) {
            let $c = match $b {
                $1 => $a«¦.clone()»,
                _ => String::new(),
            };
            ($c, $a.len())
        }
        """,
        """
        ===
        let $a = $LM;
        let $b = if $1 > $2 { $a«¦.clone()» } else { $LM };
        @? $a, $b
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = ‹$a.len()¦$1› > $2 && $a«¦.clone()».into_bytes().len() > $3;
        @ $a, $b
        """,
    )
