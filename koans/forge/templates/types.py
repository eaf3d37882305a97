"""One type where another is needed."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


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


def reference_for_value(rng: random.Random) -> Pair:
    """E0308: a reference stands where a value is needed."""
    return write(
        rng,
        """
        fn $f($a: $N) -> $N {
            $a ‹+¦*› 2
        }

        ===
        let $b = [$#, $#];
        for $x in $b.iter() {
            @ $f(«¦*»$x)
        }
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let mut $b = 0;
            for $x in $a {
                if *$x > $b {
                    $b = «¦*»$x;
                }
            }
            $b
        }
        """,
        """
        fn $f($a: &$N) -> $N {
            «¦*»$a
        }

        ===
        @ $f(&$1)
        """,
        """
        fn $f($a: &Vec<$OT>) -> $OT {
            «&$a[0]¦$a[0].clone()»
        }
        """,
        """
        fn $f($a: $OT) {
            @? $a
        }

        ===
        let $b = $OM;
        $f(«&¦»$b);
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<&str, $N>) -> $N {
            match $a.get("$s1") {
                Some($x) => «¦*»$x,
                None => 0,
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                «&¦»self.$q
            }
        }
        """,
        """
        fn $f($a: &mut $N) {
            «¦*»$a = $1;
        }

        ===
        let mut $b = $2;
        $f(&mut $b);
        @ $b
        """,
        """
        fn $f($a: &mut $OT) {
            «¦*»$a = $OM;
        }
        """,
        """
        fn $f($a: &[$N]) -> Vec<$N> {
            let mut $b: Vec<$N> = Vec::new();
            for $x in $a.iter() {
                $b.push(«¦*»$x);
            }
            $b
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b: i32 = $a.iter().map(|$x| if $x > «$1¦&$1» { 1 } else { 0 }).sum();
        @ $b
        """,
    )


def mutable_reference_needed(rng: random.Random) -> Pair:
    """E0308: a call gives a value or `&` where `&mut` is asked for."""
    return write(
        rng,
        """
        fn $f($a: &mut $LT) {
            $a.push($LV);
        }

        ===
        let mut $b = $LM;
        $f(«&¦&mut »$b);
        @? $b
        """,
        """
        fn $f($a: &mut $N) {
            *$a += $1;
        }

        ===
        let mut $b = $2;
        $f(«¦&mut »$b);
        @ $b
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &mut $T) {
            $t.$q += $1;
        }

        ===
        let mut $a = $T { $q: $2 };
        $f(«&¦&mut »$a);
        @ $a.$q
        """,
        """
        fn $f($a: &mut String, $b: &str) {
            $a.push_str($b);
        }

        ===
        let mut $c = String::new();
        $f(«¦&mut »$c, "$s1");
        @ $c
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $N>) {
            $a.clear();
        }

        ===
        let mut $b = HashMap::new();
        $b.insert("$s1".to_string(), $1);
        $f(«&¦&mut »$b);
        @ $b.len()
        """,
        """
        fn $f($a: &mut [$N]) {
            $a[0] = $1;
        }

        fn $g(mut $b: Vec<$N>) -> Vec<$N> {
            $f(«&¦&mut »$b);
            $b
        }
        """,
        """
        ===
        let mut $a = $OM;
        let mut $b = $OM;
        std::mem::swap(«&¦&mut »$a, &mut $b);
        @? $a, $b
        """,
    )


def integer_types(rng: random.Random) -> Pair:
    """E0308: integers of two types meet."""
    return write(
        rng,
        """
        fn $f($a: u64) -> u64 {
            $a ‹*¦+› 2
        }

        ===
        let $b: usize = $1;
        @ $f($b«¦ as u64»)
        """,
        """
        fn $f($a: &[$N]) -> i32 {
            $a.len()«¦ as i32»
        }
        """,
        """
        struct $T {
            $q: u32,
        }

        fn $f($t: &$T) -> usize {
            $t.$q«¦ as usize»
        }
        """,
        """
        fn $f($a: &str) -> u32 {
            $a.‹len()¦chars().count()¦lines().count()›«¦ as u32»
        }
        """,
        """
        ===
        let $a = vec![$#, $#, $#];
        let $b: i32 = $1;
        if $a.len() ‹>¦<¦==› $b«¦ as usize» {
            @? $a
        }
        """,
        """
        fn $f($a: u8) -> u32 {
            let $b: u32 = $a«¦.into()»;
            $b * $1
        }
        """,
        """
        struct $T {
            $q: u8,
            $r: u32,
        }

        fn $f($a: u32) -> $T {
            $T { $q: ($a % $1)«¦ as u8», $r: $a }
        }
        """,
        """
        fn $f($a: f64) -> i32 {
            ‹$a.round()¦$a.floor()¦($a * $1.0)›«¦ as i32»
        }
        """,
        """
        ===
        let mut $a: u64 = 0;
        for $x in [$#u32, $#, $#] {
            $a += «$x¦u64::from($x)»;
        }
        @ $a
        """,
        """
        fn $f($a: usize, $b: &[i32]) -> i32 {
            $b.iter().take($a).sum()
        }

        ===
        let $c: i32 = $1;
        @ $f($c«¦ as usize», &[$#, $#])
        """,
        """
        const $K: usize = $1;

        fn $f($a: u32) -> bool {
            $a ‹>¦<¦>=› $K«¦ as u32»
        }
        """,
    )


def float_and_integer(rng: random.Random) -> Pair:
    """E0308: an integer stands where a float is needed, or the other way round."""
    return write(
        rng,
        """
        fn $f($a: f64) -> f64 {
            $a * $1.0
        }

        ===
        @ $f(«$2¦$2.0»)
        """,
        """
        ===
        let $a: «i32¦f64» = $1.5;
        @ $a
        """,
        """
        struct $T {
            $q: f64,
        }

        ===
        let $t = $T { $q: «$1¦$1.0» };
        @ $t.$q
        """,
        """
        ===
        let mut $a: Vec<f64> = Vec::new();
        $a.push(«$1¦$1.0»);
        $a.push($2.5);
        @? $a
        """,
        """
        ===
        let $a = [$1.5, «$2¦$2.0», $3.0];
        let $b: f64 = $a.iter().sum();
        @ $b
        """,
        """
        fn $f($a: i32, $b: i32) -> f64 {
            «$a / $b¦$a as f64 / $b as f64»
        }

        ===
        @ $f($1, $2)
        """,
        """
        fn $f($a: &[f64]) -> f64 {
            let mut $b = «0¦0.0»;
            for $x in $a {
                if *$x > $b {
                    $b = *$x;
                }
            }
            $b
        }
        """,
        """
        fn $f($a: $N) -> f64 {
            if $a > $1 {
                $2.5
            } else {
                «0¦0.0»
            }
        }
        """,
        """
        struct $T {
            $q: f64,
            $r: u32,
        }

        impl $T {
            fn $m(&self) -> f64 {
                f64::from(self.$r) * self.$q
            }
        }

        ===
        let $t = $T { $q: $1.25, $r: «$2.0¦$2» };
        @ $t.$m()
        """,
    )


def return_value_lost(rng: random.Random) -> Pair:
    """E0308: a function's last expression ends in a semicolon, or its value is not returned."""
    return write(
        rng,
        """
        fn $f($a: $N, $b: $N) -> $N {
            $a ‹+¦*¦-› $b«;¦»
        }

        ===
        @ $f($1, $2)
        """,
        """
        fn $f($a: &str) -> String {
            $a.‹to_uppercase()¦replace('-', " ")¦repeat(2)›«;¦»
        }
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let mut $b = 0;
            for $x in $a {
                $b += $x;
            }
            $b«;¦»
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self) -> $N {
                self.$q ‹* 2¦+ 1›«;¦»
            }
        }
        """,
        """
        fn $f($a: $N) -> bool {
            if $a > $1 {
                true«;¦»
            } else {
                false
            }
        }
        """,
        """
        fn $f($a: $N) -> &'static str {
            match $a {
                0 => "$s1",
                _ => "$s2",
            }«;¦»
        }
        """,
        """
        fn $f($a: &[$N]) -> usize {
            let mut $b = 0;
            for $x in $a {
                if *$x ‹>¦<› $1 {
                    $b += 1;
                }
            }
            «¦$b
            »}
        """,
        """
        fn $f($a: $N) -> $N {
            let $b = $a ‹*¦+› $1;
            println!("{}", $b);
            «¦$b
            »}
        """,
        """
        fn $f($a: &[String]) -> Option<usize> {
            for ($x, $y) in $a.iter().enumerate() {
                if $y.is_empty() {
                    return Some($x);
                }
            }
            «¦None
            »}
        """,
        """
        struct $T {
            $p: String,
            $q: $N,
        }

        impl $T {
            fn new($p: &str) -> Self {
                Self { $p: $p.to_string(), $q: $1 }«;¦»
            }
        }
        """,
        """
        ===
        let $a = {
            let $b = $1;
            $b ‹+ 1¦* 2›«;¦»
        };
        let $c: i32 = $a;
        @ $c
        """,
    )


def return_type_missing(rng: random.Random) -> Pair:
    """E0308: a function returns a value and does not say its type."""
    return write(
        rng,
        """
        fn $f($a: $N, $b: $N)«¦ -> $N» {
            $a ‹+¦*› $b
        }

        ===
        let $c = $f($1, $2);
        @? $c
        """,
        """
        fn $f($a: &str)«¦ -> usize» {
            $a.len()
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn $m(&self)«¦ -> $N» {
                self.$q
            }
        }
        """,
        """
        fn $f($a: $N)«¦ -> bool» {
            return $a ‹>¦<¦==› $1;
        }
        """,
        """
        fn $f($a: &[$N])«¦ -> $N» {
            let mut $b = 0;
            for $x in $a {
                $b += *$x;
            }
            $b
        }
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn new($p: String)«¦ -> $T» {
                $T { $p }
            }
        }
        """,
        """
        fn $f($a: $N)«¦ -> String» {
            format!("$s1 {}", $a)
        }
        """,
        """
        fn $f($a: $N) -> $N {
            let $b = |$x: $N| -> «()¦$N» { $x ‹+¦*› $a };
            $b($1)
        }
        """,
    )


def branches_differ(rng: random.Random) -> Pair:
    """E0308: two branches give values of two types."""
    return write(
        rng,
        """
        ===
        let $a = if $1 > $2 { $3 } else { «"$4"¦$4» };
        @ $a
        """,
        """
        fn $f($a: $N) -> String {
            let $b = match $a {
                0 => "$s1".to_string(),
                1 => «"$s2"¦"$s2".to_string()»,
                _ => String::new(),
            };
            $b
        }
        """,
        """
        ===
        let $a = match $1 {
            1 => "$s1",
            2 => «'$ch$'¦"$s2"»,
            _ => "$s3",
        };
        @ $a
        """,
        """
        fn $f($a: bool) -> $N {
            if $a {
                $1
            } else {
                «println!("$s1");¦println!("$s1");
                0»
            }
        }
        """,
        """
        ===
        let $a = $1;
        let $b = if $a > $2 {
            $a ‹+¦*› 2
        } else {
            println!("$s1");
            «¦$a
            »};
        @ $b
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            match $a {
                Some($x) => $x,
                None => «"$s1"¦0»,
            }
        }
        """,
        """
        enum $T {
            $A,
            $B($N),
        }

        fn $f($a: $T) -> $N {
            match $a {
                $T::$A => «()¦0»,
                $T::$B($x) => $x ‹+¦*› $1,
            }
        }
        """,
        """
        ===
        let $a = [$1, $2];
        let $b = loop {
            if $a.len() > $3 {
                break «"$s1"¦0»;
            }
            break $a[0];
        };
        @ $b
        """,
        """
        ===
        let $a = vec![$1, «"$2"¦$2», $3];
        @? $a
        """,
    )


def if_without_else(rng: random.Random) -> Pair:
    """E0317: an `if` that gives a value has no `else`."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        let $b = if $a > $2 {
            $a
        }«¦ else {
            0
        }»;
        @? $b
        """,
        """
        fn $f($a: $N) -> $N {
            if $a ‹>¦<› $1 {
                $a ‹+¦*› 2
            }«¦ else {
                $a
            }»
        }
        """,
        """
        ===
        let $a = "$s1";
        let $b: &str = if $a.len() > $1 {
            $a
        }«¦ else {
            ""
        }»;
        @ $b
        """,
        """
        fn $f($a: &[$N]) -> Option<$N> {
            if !$a.is_empty() {
                Some($a[0])
            }«¦ else {
                None
            }»
        }
        """,
        """
        fn $f($a: &str) -> usize {
            if let Some($x) = $a.find('$ch$') {
                $x
            }«¦ else {
                0
            }»
        }
        """,
        """
        ===
        let $a = $1;
        let $b: String = if $a % 2 == 0 {
            String::from("$s1")
        } «else if $a > $2 {¦else {»
            String::from("$s2")
        };
        @ $b
        """,
    )


def condition_is_no_bool(rng: random.Random) -> Pair:
    """E0308/E0600/E0614: a condition is a number, an assignment or a text."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        if $a «=¦==» $2 {
            println!("$s1");
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        if $a.len()«¦ > 0» {
            @? $a
        }
        """,
        """
        fn $f($a: $N) -> bool {
            if $a % 2«¦ == 0» {
                return true;
            }
            false
        }
        """,
        """
        ===
        let mut $a = $1;
        while $a«¦ > 0» {
            $a -= 1;
        }
        @ $a
        """,
        """
        fn $f($a: &str) -> bool {
            if «$a¦!$a.is_empty()» {
                return true;
            }
            false
        }
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            if $a«¦.is_some()» {
                $1
            } else {
                0
            }
        }
        """,
        """
        ===
        let $a = "$s1";
        if «!$a¦$a.is_empty()» {
            println!("$s2");
        }
        """,
        """
        struct $T {
            $q: u32,
        }

        fn $f($t: &$T) -> bool {
            if $t.$q «& 1¦& 1 == 1» {
                return true;
            }
            false
        }
        """,
        """
        fn $f($a: $N, $b: $N) -> bool {
            $a > $1 && $b«¦ > $1»
        }
        """,
    )


def tuples_and_arrays(rng: random.Random) -> Pair:
    """E0308: a tuple or an array has another length or order than asked for."""
    return write(
        rng,
        """
        fn $f($a: &[$N]) -> ($N, $N) {
            let mut $b = $a[0];
            let mut $c = $a[0];
            for &$x in $a {
                $b = $b.min($x);
                $c = $c.max($x);
            }
            «[$b, $c]¦($b, $c)»
        }
        """,
        """
        ===
        let $a: [i32; «2¦3»] = [$1, $2, $3];
        @? $a
        """,
        """
        ===
        let ($a, $b«¦, _») = ($1, "$s1", $2.5);
        @ $a, $b
        """,
        """
        fn $f() -> (String, $N) {
            («$1, String::from("$s1")¦String::from("$s1"), $1»)
        }
        """,
        """
        fn $f($a: ($N, $N)) -> $N {
            $a.0 ‹+¦*› $a.1
        }

        ===
        @ $f(«[$1, $2]¦($1, $2)»)
        """,
        """
        ===
        let $a: «Vec<i32>¦[i32; 2]» = [$1, $2];
        @? $a
        """,
        """
        ===
        let $a: «[i32; 2]¦Vec<i32>» = vec![$1, $2];
        @? $a
        """,
        """
        ===
        let mut $a: Vec<(String, $N)> = Vec::new();
        $a.push((String::from("$s1"), $1));
        $a.push((«"$s2"¦String::from("$s2")», $2));
        @ $a.len()
        """,
        """
        fn $f($a: &[&str]) -> Vec<String> {
            let mut $b = vec![];
            for $x in $a {
                $b.push($x«¦.to_string()»);
            }
            $b
        }
        """,
    )


def characters_and_text(rng: random.Random) -> Pair:
    """E0308/E0277: a `char` stands for a text or the other way round."""
    return write(
        rng,
        """
        ===
        let mut $a = String::new();
        $a.push(«"-"¦'-'»);
        @ $a
        """,
        """
        ===
        let mut $a = String::from("$s1");
        $a.push_str(«'!'¦"!"»);
        @ $a
        """,
        """
        fn $f($a: &str) -> usize {
            $a.chars().filter(|$x| *$x == «"a"¦'a'»).count()
        }
        """,
        """
        ===
        let $a: char = «"x"¦'x'»;
        @ $a
        """,
        """
        fn $f($a: char) -> bool {
            match $a {
                «"a" | "e"¦'a' | 'e'» => true,
                _ => false,
            }
        }
        """,
        """
        ===
        let $a = "$s1";
        for $x in $a.chars() {
            if $x ‹==¦!=› «"b"¦'b'» {
                @ $x
            }
        }
        """,
        """
        fn $f($a: &str) -> String {
            let mut $b = String::new();
            for $x in $a.chars().rev() {
                $b.«push_str¦push»($x);
            }
            $b
        }
        """,
        """
        fn $f($a: &str) -> Vec<char> {
            let mut $b = Vec::new();
            for $x in $a.«split("")¦chars()» {
                $b.push($x);
            }
            $b
        }
        """,
        """
        ===
        let $a = "$s1".to_string();
        let $b: String = $a.chars().next().unwrap()«¦.to_string()»;
        @ $b
        """,
    )


def boxed_and_shared(rng: random.Random) -> Pair:
    """E0308: a plain value stands where a `Box`, an `Rc` or a cell is needed."""
    return write(
        rng,
        """
        struct $T {
            $q: $N,
            $p: Option<Box<$T>>,
        }

        ===
        let $a = $T { $q: $1, $p: None };
        let $b = $T { $q: $2, $p: Some(«$a¦Box::new($a)») };
        @ $b.$q, $b.$p.is_some()
        """,
        """
        enum $T {
            $A($N),
            $B(Box<$T>, Box<$T>),
        }

        fn $f($a: $N) -> $T {
            $T::$B(Box::new($T::$A($a)), «$T::$A($1)¦Box::new($T::$A($1))»)
        }
        """,
        """
        use std::rc::Rc;

        struct $T {
            $p: Rc<String>,
        }

        ===
        let $t = $T { $p: «String::from("$s1")¦Rc::new(String::from("$s1"))» };
        @ $t.$p
        """,
        """
        use std::cell::RefCell;
        use std::rc::Rc;

        ===
        let $a: Rc<RefCell<String>> = Rc::new(«String::from("$s1")¦RefCell::new(String::from("$s1"))»);
        @? $a
        """,
        """
        use std::sync::{Arc, Mutex};

        fn $f() -> Arc<Mutex<Vec<$N>>> {
            «Mutex::new(Vec::new())¦Arc::new(Mutex::new(Vec::new()))»
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T($N);

        impl $R for $T {
            fn $m(&self) -> $N {
                self.0
            }
        }

        ===
        let mut $a: Vec<Box<dyn $R>> = Vec::new();
        $a.push(«$T($1)¦Box::new($T($1))»);
        @ $a[0].$m()
        """,
        """
        use std::cell::Cell;

        struct $T {
            $q: Cell<u32>,
        }

        ===
        let $t = $T { $q: «$1¦Cell::new($1)» };
        $t.$q.set($2);
        @ $t.$q.get()
        """,
    )


def types_unknown(rng: random.Random) -> Pair:
    """E0282/E0283/E0284/E0790: the type of a value cannot be inferred."""
    return write(
        rng,
        """
        ===
        let $a«¦: Vec<i32>» = Vec::new();
        @ $a.len()
        """,
        """
        ===
        let $a = "$1".parse«¦::<i32>»().unwrap();
        @ $a
        """,
        """
        ===
        let $a = vec![$1, $2];
        let $b«¦: Vec<_>» = $a.iter().map(|$x| $x ‹+¦*› 2).collect();
        @ $b.len()
        """,
        """
        ===
        let $a«¦: Option<i32>» = None;
        if $a.is_none() {
            println!("$s1");
        }
        """,
        """
        ===
        let $a = "$s1 $s2";
        let $b«¦: Vec<&str>» = $a.split(' ').collect();
        @ $b.len()
        """,
        """
        ===
        let $a = [$1, $2];
        let $b«¦: i32» = $a.iter().‹sum()¦product()›;
        @ $b
        """,
        """
        use std::collections::HashMap;

        ===
        let $a«¦: HashMap<String, i32>» = HashMap::new();
        @ $a.len()
        """,
        """
        fn $f($a: &str) -> bool {
            let $b = $a.trim().parse«¦::<$N>»();
            $b.is_ok()
        }
        """,
        """
        ===
        let $a = «Default::default()¦String::default()»;
        @? $a
        """,
        """
        fn $f<T: Default + std::fmt::Debug>() {
            @? T::default()
        }

        ===
        $f«¦::<$N>»();
        """,
        """
        ===
        let $a = |$x«¦: &str»| $x.len();
        @ $a("$s1")
        """,
        """
        ===
        let $a = "$s1".chars().rev().collect«¦::<String>»();
        @ $a
        """,
    )


def number_without_a_type(rng: random.Random) -> Pair:
    """E0689: a method is called on a number whose type is not known."""
    return write(
        rng,
        """
        ===
        let $a = «$1.0¦$1.0_f64».‹sqrt()¦powi(2)¦abs()¦floor()¦sin()›;
        @ $a
        """,
        """
        ===
        let $a«¦: f64» = $1.5;
        @ $a.‹powi(2)¦sqrt()¦round()¦ceil()›
        """,
        """
        ===
        let $a = $1.0;
        let $b = «$2.5¦$2.5_f64».‹max¦min¦powf›($a);
        @ $b
        """,
        """
        ===
        let $a = «$1¦$1_i32».pow(2);
        @ $a
        """,
        """
        ===
        let mut $a«¦: f64» = 0.0;
        for $x in 0..$1 {
            $a += 0.5;
            println!("{}", $x);
        }
        @ $a.sqrt()
        """,
    )


def casts(rng: random.Random) -> Pair:
    """E0604/E0605/E0606/E0607/E0620/E0054: a cast that is not allowed."""
    return write(
        rng,
        """
        ===
        let $a = "$1";
        let $b = $a«¦.parse::<i32>().unwrap()» «as i32 ¦»+ 1;
        @ $b
        """,
        """
        ===
        let $a = $1;
        let $b = «$a as bool¦$a != 0»;
        @ $b
        """,
        """
        fn $f($a: u32) -> char {
            «$a as char¦char::from_u32($a).unwrap()»
        }
        """,
        """
        ===
        let $a = $1;
        let $b = «$a as String¦$a.to_string()»;
        @ $b
        """,
        """
        fn $f($a: char) -> u32 {
            «$a as f32 as u32¦$a as u32»
        }
        """,
        """
        fn $f($a: &u8) -> u32 {
            «¦*»$a as u32
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b: Vec<f64> = $a.iter().map(|$x| «$x¦*$x» as f64).collect();
        @? $b
        """,
        """
        enum $T {
            $A($N),
            $B,
        }

        fn $f($a: $T) -> $N {
            «$a as $N¦match $a {
            $T::$A($x) => $x,
            $T::$B => 0,
        }»
        }
        """,
        """
        ===
        let $a = [$1, $2, $3];
        let $b = «&$a as [i32]¦&$a as &[i32]»;
        @ $b.len()
        """,
        """
        ===
        let $a = Some($1);
        let $b = $a«¦.unwrap()» as ‹u8¦f64¦i64›;
        @ $b
        """,
        """
        struct $T($N);

        fn $f($t: $T) -> i64 {
            $t«¦.0» as i64
        }
        """,
    )


def literal_too_large(rng: random.Random) -> Pair:
    """A literal does not fit its type."""
    return write(
        rng,
        """
        ===
        let $a: «u8¦u16» = 256;
        @ $a
        """,
        """
        ===
        let $a: «u8¦u16» = ‹300¦999¦1000¦512¦400¦640›;
        @ $a
        """,
        """
        ===
        let $a: «i8¦i16» = ‹128¦200¦255¦150¦180›;
        @ $a
        """,
        """
        fn $f($a: «u8¦u16») -> u32 {
            $a as u32 ‹+¦*› $1
        }

        ===
        @ $f(‹256¦300¦500¦750¦1024›)
        """,
        """
        const $K: «i32¦i64» = ‹3_000_000_000¦5_000_000_000¦4_294_967_296¦2_500_000_000›;

        fn $f($a: bool) -> bool {
            $a && $K > 0
        }
        """,
        """
        struct $T {
            $q: «u8¦u16»,
        }

        ===
        let $t = $T { $q: ‹260¦300¦365¦500¦1000› };
        @ $t.$q
        """,
        """
        ===
        let $a: «u16¦u32» = ‹70_000¦100_000¦65_536¦80_000›;
        @ $a
        """,
    )


def negative_of_unsigned(rng: random.Random) -> Pair:
    """E0600/E0277: a minus or a not before something that has none."""
    return write(
        rng,
        """
        ===
        let $a: «u32¦i32» = -$1;
        @ $a
        """,
        """
        fn $f($a: ‹u32¦u64¦usize›) -> i64 {
            -«$a¦($a as i64)»
        }
        """,
        """
        ===
        let $a = «-¦»"$s1";
        @ $a
        """,
        """
        struct $T {
            $q: i32,
        }

        fn $f($t: $T) -> i32 {
            -$t«¦.$q»
        }
        """,
        """
        struct $T {
            $q: «u32¦i32»,
        }

        ===
        let $t = $T { $q: -$1 };
        @ $t.$q
        """,
        """
        fn $f($a: «u32¦i32») -> bool {
            $a > -$1
        }
        """,
        """
        ===
        let $a = vec![$1];
        if !$a«¦.is_empty()» {
            @? $a
        }
        """,
        """
        fn $f($a: Option<bool>) -> bool {
            !$a«¦.unwrap_or(false)»
        }
        """,
    )
