"""Names that are not there, not visible or not what they are taken for."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


def import_missing(rng: random.Random) -> Pair:
    """E0433/E0412/E0425: a type of std is used without its `use`."""
    return write(
        rng,
        """
        «¦use std::collections::HashMap;
        »

        ===
        let mut $a = HashMap::new();
        $a.insert("$s1", $1);
        @? $a
        """,
        """
        «¦use std::collections::HashMap;
        »

        fn $f($a: &HashMap<String, $N>) -> usize {
            $a.len()
        }
        """,
        """
        «¦use std::collections::HashSet;
        »

        fn $f($a: &[$N]) -> usize {
            let $b: HashSet<_> = $a.iter().collect();
            $b.len()
        }
        """,
        """
        «¦use std::collections::BTreeMap;
        »

        struct $T {
            $p: BTreeMap<String, $N>,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len()
        }
        """,
        """
        «¦use std::collections::VecDeque;
        »

        ===
        let mut $a = VecDeque::new();
        $a.push_back($1);
        $a.push_front($2);
        @? $a
        """,
        """
        «¦use std::rc::Rc;
        »

        ===
        let $a = Rc::new($OM);
        let $b = Rc::clone(&$a);
        @? $b
        """,
        """
        use std::rc::Rc;
        «¦use std::cell::RefCell;
        »

        ===
        let $a = Rc::new(RefCell::new($1));
        *$a.borrow_mut() += $2;
        @? $a
        """,
        """
        use std::thread;
        use std::sync::«Arc¦{Arc, Mutex}»;

        ===
        let $a = Arc::new(Mutex::new($1));
        let $b = Arc::clone(&$a);
        thread::spawn(move || *$b.lock().unwrap() += $2).join().unwrap();
        @? $a
        """,
        """
        «¦use std::fmt;
        »

        struct $T($N);

        impl fmt::Display for $T {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
        """,
        """
        «¦use std::thread;
        »

        ===
        let $a = thread::spawn(|| $1 ‹+¦*› $2);
        @ $a.join().unwrap()
        """,
        """
        «¦use std::cmp::Ordering;
        »

        fn $f($a: $N) -> &'static str {
            match $a.cmp(&$1) {
                Ordering::Less => "$s1",
                _ => "$s2",
            }
        }
        """,
        """
        «¦use std::time::Duration;
        »

        fn $f($a: u64) -> Duration {
            Duration::from_secs($a ‹+¦*› $1)
        }
        """,
        """
        «¦use std::borrow::Cow;
        »

        fn $f($a: &str) -> Cow<'_, str> {
            if $a.is_empty() {
                return Cow::Borrowed("$s1");
            }
            Cow::Owned($a.to_uppercase())
        }
        """,
        """
        «¦use std::mem;
        »

        ===
        let mut $a = $OM;
        let $b = mem::take(&mut $a);
        @? $a, $b
        """,
    )


def import_wrong(rng: random.Random) -> Pair:
    """E0432/E0433/E0429/E0252/E0603: an import that is wrong."""
    return write(
        rng,
        """
        use std::«collection¦collections»::‹HashMap¦BTreeMap›;

        ===
        let $a: Vec<u8> = vec![$1];
        @? $a
        """,
        """
        use std::collections::«Hashmap¦HashMap»;

        ===
        let mut $a = HashMap::new();
        $a.insert($1, $2);
        @? $a
        """,
        """
        use std::«sync¦rc»::Rc;

        ===
        let $a = Rc::new($1);
        @ $a
        """,
        """
        use std::«rc¦cell»::RefCell;

        ===
        let $a = RefCell::new($1);
        *$a.borrow_mut() += $2;
        @? $a
        """,
        """
        use std::fmt«::self¦»;

        fn $f($a: fmt::Error) -> String {
            $a.to_string()
        }
        """,
        """
        use std::collections::{«HashMap, ¦»HashMap, HashSet};

        fn $f($a: &HashMap<u32, u32>) -> HashSet<u32> {
            $a.keys().copied().collect()
        }
        """,
        """
        mod $a {
            pub fn $f() -> $N {
                $1
            }
        }

        use $a::$f«_all¦»;

        ===
        @ $f()
        """,
        """
        mod $a {
            «¦pub »fn $f() -> $N {
                $1
            }
        }

        use $a::$f;

        ===
        @ $f()
        """,
    )


def misspelt_variable(rng: random.Random) -> Pair:
    """E0425/E0423: a variable is used under a name it does not have."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        let $b = $2;
        @ $a ‹+¦*› $b«s¦»
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let mut total = 0;
            for $x in $a {
                «totl¦total» += $x;
            }
            total
        }
        """,
        """
        fn $f($a: $N) -> $N {
            let result = $a ‹+¦*› $1;
            «reslt¦result»
        }
        """,
        """
        ===
        let count = $1;
        let $a = «Count¦count» ‹+¦*› $2;
        @ $a
        """,
        """
        ===
        let mut numbers = vec![$1, $2];
        «number¦numbers».push($3);
        @? numbers
        """,
        """
        ===
        «¦let mut $a = $1;
        »for $x in 0..$2 {
            «let mut $a = $1;
            ¦»$a += $x;
        }
        @ $a
        """,
        """
        ===
        for $x in 0..$1 {
            let $a = $x * 2;
            %
            «}
            @ $a
            ¦@ $a
        }
            »
        """,
        """
        fn $f($a: $N) -> $N {
            «if $a > $1 {
            let $b = $a * 2;
        }¦let mut $b = $a;
            if $a > $1 {
            $b = $a * 2;
        }»
            $b
        }
        """,
        """
        const $K: $N = $1;

        fn $f($a: $N) -> $N {
            $a ‹+¦*› $K«_MAX¦»
        }
        """,
        """
        ===
        let $a = «$s1¦"$s1"»;
        @ $a
        """,
    )


def misspelt_function(rng: random.Random) -> Pair:
    """E0425/E0423: a function or a macro is called by a name that is not there."""
    return write(
        rng,
        """
        fn $f($a: $N) -> $N {
            $a ‹+¦*› $1
        }

        ===
        @ $f«s¦»($2)
        """,
        """
        fn print_all($a: &[$N]) {
            @? $a
        }

        ===
        «printAll¦print_all»(&[$#, $#]);
        """,
        """
        ===
        «println¦println!»("$s1");
        """,
        """
        ===
        let $a = $1;
        «println¦println!»("{}", $a);
        """,
        """
        fn $f($a: $N) -> String {
            «format¦format!»("$s1 {}", $a)
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

            fn $n(&self) -> $N {
                «¦self.»$m() ‹+¦*› 2
            }
        }
        """,
        """
        struct $T;

        impl $T {
            fn $m($a: $N) -> $N {
                $a ‹+¦*› $1
            }
        }

        ===
        @ «¦$T::»$m($2)
        """,
        """
        mod $a {
            pub fn $f($x: $N) -> $N {
                $x ‹+¦*› $1
            }
        }

        ===
        @ «¦$a::»$f($2)
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                «¦self.»$q ‹+¦*› $1
            }
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b = «len($a)¦$a.len()»;
        @ $b
        """,
        """
        ===
        let $a = «max($1, $2)¦std::cmp::max($1, $2)»;
        @ $a
        """,
    )


def self_missing(rng: random.Random) -> Pair:
    """E0424/E0411/E0401: `self` or `Self` stands where there is none."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(«¦&self») -> $N {
                self.$q
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(«¦&mut self, »$a: $N) {
                self.$q += $a;
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            «self¦$t».$q ‹+¦*› $1
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($q: $N) -> «Self¦$T» {
            $T { $q }
        }
        """,
        """
        enum $T {
            $A,
            $B,
        }

        impl $T {
            fn $m(«¦&self») -> bool {
                match self {
                    $T::$A => true,
                    $T::$B => false,
                }
            }
        }
        """,
    )


def type_not_found(rng: random.Random) -> Pair:
    """E0412/E0425/E0422/E0433/E0574: a type is named that is not there."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &$T«s¦») -> $N {
            $t.$q
        }
        """,
        """
        fn $f($a: «string¦String») -> usize {
            $a.len()
        }
        """,
        """
        fn $f($a: «int¦i32», $b: «int¦i32») -> «int¦i32» {
            $a ‹+¦*› $b
        }
        """,
        """
        fn $f($a: «Str¦&str») -> usize {
            $a.len()
        }
        """,
        """
        struct $T {
            $p: String,
            $q: «float¦f64»,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len()
        }
        """,
        """
        fn $f($a: «boolean¦bool») -> $N {
            if $a {
                $1
            } else {
                $2
            }
        }
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = $T«s¦» { $p: "$s1".to_string(), $q: $1 };
        @ $t.$p, $t.$q
        """,
        """
        enum $T {
            $A,
            $B,
        }

        fn $f($a: $T) -> bool {
            match $a {
                $T«s¦»::$A => true,
                _ => false,
            }
        }
        """,
        """
        struct $U<T> {
            $t: T,
        }

        impl«¦<T>» $U<T> {
            fn $m(&self) -> &T {
                &self.$t
            }
        }
        """,
        """
        fn $f«¦<T>»($a: Vec<T>) -> usize {
            $a.len()
        }
        """,
        """
        fn $f«¦<T: Clone>»($a: &T) -> T {
            $a.clone()
        }
        """,
    )


def variant_not_found(rng: random.Random) -> Pair:
    """E0599/E0425/E0433/E0531/E0408: a variant is misspelt or not qualified."""
    return write(
        rng,
        """
        #[derive(Debug)]
        enum $T {
            $A,
            $B,
        }

        ===
        let $a = «$A¦$T::$A»;
        @? $a, $T::$B
        """,
        """
        enum $T {
            $A($N),
            $B,
        }

        fn $f($a: $T) -> $N {
            match $a {
                «$A¦$T::$A»($x) => $x,
                $T::$B => 0,
            }
        }
        """,
        """
        enum $T {
            $A,
            $B,
        }

        impl $T {
            fn $m(&self) -> $N {
                match self {
                    Self::$A => $1,
                    Self::«$C¦$B» => $2,
                }
            }
        }
        """,
        """
        enum $T {
            $A,
            $B,
        }

        fn $f() -> [$T; 2] {
            [$T::$A, $T::«$C¦$B»]
        }
        """,
        """
        enum $T {
            $A($N),
            $B($N),
        }

        fn $f($a: $T) -> $N {
            match $a {
                $T::$A($x) | $T::$B(«$y¦$x») => $x,
            }
        }
        """,
    )


def no_such_field(rng: random.Random) -> Pair:
    """E0609/E0560/E0559/E0026/E0610: a field that the type does not have."""
    return write(
        rng,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            $t.$q«_value¦» ‹+¦*› $1
        }
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        ===
        let $t = $T { $p: String::from("$s1"), $q«_value¦»: $1 };
        @ $t.$p, $t.$q
        """,
        """
        struct $T($N, $N);

        fn $f($t: &$T) -> $N {
            $t.«2¦1» ‹+¦*› $t.0
        }
        """,
        """
        ===
        let $a = ($1, "$s1");
        @ $a.«2¦1»
        @ $a.0
        """,
        """
        struct $T {
            $q: $N,
            $r: $N,
        }

        fn $f($t: $T) -> $N {
            let $T { «$p¦$q»: $x, .. } = $t;
            $x
        }
        """,
        """
        enum $T {
            $A { $q: $N },
            $B,
        }

        fn $f() -> [$T; 2] {
            [$T::$A { «$p¦$q»: $1 }, $T::$B]
        }
        """,
        """
        ===
        let $a: u32 = $1;
        let $b = $a«.value¦»;
        @ $b
        """,
        """
        struct $U {
            $r: $N,
        }

        struct $T {
            $t: $U,
        }

        fn $f($a: &$T) -> $N {
            $a.«¦$t.»$r
        }
        """,
    )


def field_or_method(rng: random.Random) -> Pair:
    """E0599/E0615/E0616/E0618: a method is taken for a field, or a field for a method."""
    return write(
        rng,
        """
        ===
        let $a = $LM;
        @ $a.len«¦()»
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q ‹+¦*› $1
            }
        }

        fn $f($t: &$T) -> $N {
            $t.$m«¦()»
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            $t.$q«()¦»
        }
        """,
        """
        struct $T {
            $p: Box<dyn Fn($N) -> $N>,
        }

        fn $f($t: &$T) -> $N {
            «$t.$p¦($t.$p)»($1)
        }
        """,
        """
        mod $a {
            pub struct $T {
                «¦pub »$q: u32,
            }

            impl $T {
                pub fn new($q: u32) -> $T {
                    $T { $q }
                }
            }
        }

        fn $f() -> u32 {
            $a::$T::new($1).$q
        }
        """,
        """
        ===
        let $a = $1;
        @ $a«()¦»
        """,
        """
        enum $T {
            $A,
            $B($N),
        }

        fn $f() -> [$T; 2] {
            [$T::$A«()¦», $T::$B($1)]
        }
        """,
        """
        ===
        let $a = vec!["$s1"];
        if $a.is_empty«¦()» {
            println!("$s2");
        }
        """,
    )


def no_such_method(rng: random.Random) -> Pair:
    """E0599: a method that the type does not have, as other languages call it."""
    return write(
        rng,
        """
        ===
        let mut $a = $LM;
        $a.«‹add¦push_back¦put›¦push»($LV);
        @? $a
        """,
        """
        ===
        let $a = "$s1";
        @ $a.«‹length¦size¦count›¦len»()
        """,
        """
        ===
        let $a = $LM;
        @ $a.«‹length¦size¦count›¦len»()
        """,
        """
        ===
        let $a = "$s1";
        let $b = $a.«‹toUpperCase¦upper¦to_upper›¦to_uppercase»();
        @ $b
        """,
        """
        ===
        let $a = $1;
        let $b = $a.«‹toString¦to_str¦str›¦to_string»();
        @ $b
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $N>) {
            $a.«‹add¦put¦set¦push›¦insert»("$s1".to_string(), $1);
        }
        """,
        """
        fn $f($a: &[String], $b: &String) -> bool {
            $a.«‹includes¦has¦contain›¦contains»($b)
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b: Vec<i32> = $a.«¦iter().»rev().«¦copied().»collect();
        @? $b
        """,
        """
        ===
        let $a = "$s1 $s2".«¦chars().»rev().collect::<String>();
        @ $a
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

        fn $f($t: &$T) -> $N {
            $t.«get_¦»$m() ‹+¦*› $1
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn new($q: $N) -> Self {
                Self { $q }
            }
        }

        ===
        let $t = $T::«‹create¦make¦init›¦new»($1);
        @ $t.$q
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m($a: $N) -> $N {
                $a * 2
            }
        }

        ===
        let $t = $T { $q: $1 };
        @ «$t.¦$T::»$m($t.$q)
        """,
    )


def private_item(rng: random.Random) -> Pair:
    """E0603/E0616/E0624/E0451: something of a module is used that is not `pub`."""
    return write(
        rng,
        """
        mod $a {
            «¦pub »fn $f() -> $N {
                $1
            }
        }

        ===
        @ $a::$f()
        """,
        """
        mod $a {
            «¦pub »const $K: $N = $1;
        }

        fn $f($b: $N) -> $N {
            $b ‹+¦*› $a::$K
        }
        """,
        """
        mod $a {
            pub struct $T {
                «¦pub »$q: $N,
            }
        }

        fn $f() -> $a::$T {
            $a::$T { $q: $1 }
        }
        """,
        """
        mod $a {
            «¦pub »struct $T;

            impl $T {
                pub fn $m(&self) -> $N {
                    $1
                }
            }
        }

        fn $f() -> $N {
            $a::$T.$m()
        }
        """,
        """
        mod $a {
            pub struct $T($N);

            impl $T {
                pub fn new($x: $N) -> $T {
                    $T($x)
                }

                «¦pub »fn $m(&self) -> $N {
                    self.0 ‹+¦*› $1
                }
            }
        }

        ===
        @ $a::$T::new($2).$m()
        """,
        """
        mod $a {
            «¦pub »mod $b {
                pub fn $f() -> $N {
                    $1
                }
            }
        }

        ===
        @ $a::$b::$f()
        """,
        """
        mod $a {
            «¦pub »enum $T {
                $A,
                $B,
            }
        }

        fn $f($x: bool) -> $N {
            let $y = if $x { $a::$T::$A } else { $a::$T::$B };
            match $y {
                $a::$T::$A => $1,
                $a::$T::$B => $2,
            }
        }
        """,
    )


def outer_variable(rng: random.Random) -> Pair:
    """E0434/E0435: an inner function or an array length uses a variable around it."""
    return write(
        rng,
        """
        fn $f($a: $N) -> $N {
            fn $g($x: $N«¦, $a: $N») -> $N {
                $x + $a
            }
            $g($1«¦, $a»)
        }
        """,
        """
        ===
        «let $a¦const $K: usize» = $1;
        let $b = [0; «$a¦$K»];
        @ $b.len()
        """,
        """
        fn $f($a: usize) -> usize {
            let $b = «[0; $a]¦vec![0; $a]»;
            $b.len()
        }
        """,
        """
        ===
        «let¦const» $K: usize = $1;
        let $a: [u8; $K] = [$2; $K];
        @ $a.len()
        """,
    )


def labels(rng: random.Random) -> Pair:
    """E0426/E0571/E0572/E0267/E0268: `break`, `continue` and `return` in the wrong place."""
    return write(
        rng,
        """
        ===
        «¦'outer: »for $x in 0..$1 {
            for $y in 0..$2 {
                if $x * $y > $3 {
                    ‹break¦continue› 'outer;
                }
                @ $x, $y
            }
        }
        """,
        """
        ===
        let mut $a = 0;
        let $b = «while true¦loop» {
            $a += 1;
            if $a > $1 {
                break $a;
            }
        };
        @ $b
        """,
        """
        fn $f($a: $N) -> $N {
            if $a > $1 {
                «break¦return 0»;
            }
            $a
        }
        """,
        """
        ===
        let $a = [$#, $#];
        $a.iter().for_each(|$x| {
                if *$x > $1 {
                    «continue¦return»;
                }
                @ $x
            });
        """,
        """
        const $K: $N = «return ¦»$1;

        fn $f() -> $N {
            $K
        }
        """,
        """
        ===
        'first: for $x in 0..$1 {
            if $x > $2 {
                break '«frist¦first»;
            }
            @ $x
        }
        """,
        """
        fn $f($a: &[$N]) -> Option<$N> {
            for $x in $a {
                if *$x > $1 {
                    «break¦return» Some(*$x);
                }
            }
            None
        }
        """,
    )


def import_clashes(rng: random.Random) -> Pair:
    """E0252/E0255/E0603: imports of one name, or of what is private."""
    return write(
        rng,
        """
        use std::fmt::Result«¦ as FmtResult»;
        use std::io::Result;

        fn $f($a: &str) -> Result<usize> {
            let $b: «std::fmt::Result¦FmtResult» = Ok(());
            Ok($a.len() + usize::from($b.is_ok()))
        }
        """,
        """
        use std::collections::«HashMap¦BTreeMap»;

        struct «HashMap¦$T» {
            $q: $N,
        }

        fn $f($a: &«HashMap¦$T») -> $N {
            $a.$q ‹+¦*› $1
        }
        """,
        """
        mod $a {
            pub fn $f($x: $N) -> $N {
                $x ‹+¦*› $1
            }
        }

        use $a::$f;

        fn $f«¦_all»($x: $N) -> $N {
            $x ‹-¦/› 2
        }

        fn $g($b: $N) -> $N {
            $f«¦_all»($b)
        }
        """,
        """
        mod $a {
            «¦pub »fn $f($x: $N) -> $N {
                $x ‹+¦*› $1
            }

            pub const $K: $N = $2;
        }

        pub use $a::$f;
        """,
        """
        use std::fmt::{self, «self, ¦»Debug};

        fn $f<T: Debug>($a: T) -> Result<String, fmt::Error> {
            Ok(format!("{:?}", $a))
        }
        """,
    )
