"""Options and results that are taken for values, and `?` where it cannot be."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


def question_mark_in_main(rng: random.Random) -> Pair:
    """E0277: `?` stands in a `main` that returns nothing."""
    return write(
        rng,
        """
        fn main()«¦ -> Result<(), std::num::ParseIntError>» {
            %
            let $a: ‹i32¦u32¦u8› = "$1".parse()?;
            @ $a
            %
            «¦Ok(())
            »}
        """,
        """
        use std::num::ParseIntError;

        fn $f($a: &str) -> Result<i32, ParseIntError> {
            let $b = $a.‹trim()¦trim_end()›.parse::<i32>()?;
            Ok($b ‹+¦*› $1)
        }

        fn main()«¦ -> Result<(), ParseIntError>» {
            let $c = $f("$2")?;
            @ $c
            %
            «¦Ok(())
            »}
        """,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a > $1 {
                return Err("$s1".to_string());
            }
            Ok($a)
        }

        fn main()«¦ -> Result<(), String>» {
            %
            let $b = $f($2)?;
            println!("{}", $b);
            «¦Ok(())
            »}
        """,
        """
        use std::error::Error;

        fn $f($a: &str) -> Result<f64, Box<dyn Error>> {
            Ok($a.parse::<f64>()? * $1.0)
        }

        fn main()«¦ -> Result<(), Box<dyn Error>>» {
            for $x in ["$1.5", "$2"] {
                @ $f($x)?
            }
            «¦Ok(())
            »}
        """,
        """
        fn $f($a: &[$N]) -> Option<$N> {
            $a.‹first()¦last()¦iter().max()›.copied()
        }

        fn main() {
            let $b = $f(&[$#, $#])«?¦.unwrap()»;
            @ $b
        }
        """,
        """
        fn main() {
            %
            let $a = "$1".parse::<i32>()«?¦.unwrap()»;
            let $b = "$2".parse::<i32>().unwrap();
            @ $a ‹+¦-¦*› $b
        }
        """,
    )


def question_mark_in_a_plain_function(rng: random.Random) -> Pair:
    """E0277: `?` stands in a function that returns no result."""
    return write(
        rng,
        """
        fn $f($a: &str) -> «i32¦Result<i32, std::num::ParseIntError>» {
            let $b: i32 = $a.parse()?;
            «$b + $1¦Ok($b + $1)»
        }
        """,
        """
        fn $f($a: &[$N], $b: usize) -> «$N¦Option<$N>» {
            let $c = $a.get($b)?;
            «*$c * 2¦Some(*$c * 2)»
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<String, u32>, $b: &str) -> «u32¦Option<u32>» {
            let $c = $a.get($b)?;
            «$c + $1¦Some($c + $1)»
        }
        """,
        """
        struct $T {
            $p: Option<String>,
        }

        impl $T {
            fn $m(&self) -> «usize¦Option<usize>» {
                let $a = self.$p.as_ref()?;
                «$a.len()¦Some($a.len())»
            }
        }
        """,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a < $1 {
                Err(String::from("$s1"))
            } else {
                Ok($a)
            }
        }

        fn $g($b: $N)«¦ -> Result<(), String>» {
            let $c = $f($b)?;
            @ $c
            «¦Ok(())
            »}
        """,
        """
        fn $f($a: &str)«¦ -> Option<()>» {
            let $b = $a.chars().‹next()¦last()›?;
            @ $b
            %
            «¦Some(())
            »}
        """,
        """
        fn $f($a: &[&str]) -> Vec<i32> {
            let mut $b = Vec::new();
            for $x in $a {
                $b.push($x.parse()«?¦.unwrap()»);
            }
            $b
        }
        """,
        """
        ===
        let $a = ["$1", "$2"];
        let $b: Vec<i32> = $a.iter().map(|$x| $x.parse::<i32>()«?¦.unwrap()»).collect();
        @? $b
        """,
    )


def option_and_result_mixed(rng: random.Random) -> Pair:
    """E0277: `?` on an Option in a function that returns a Result, or the other way round."""
    return write(
        rng,
        """
        fn $f($a: &[$N]) -> Result<$N, String> {
            let $b = $a.‹first()¦last()¦iter().max()›«¦.ok_or("$s1")»?;
            Ok(*$b)
        }
        """,
        """
        fn $f($a: &str) -> Option<i32> {
            let $b: i32 = $a.‹trim()¦trim_start()›.parse()«¦.ok()»?;
            Some($b ‹+¦-› $1)
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<&str, $N>) -> Result<$N, String> {
            let $b = $a.get("$s1")«¦.ok_or("$s2")»?;
            Ok($b ‹+ 1¦* 2›)
        }
        """,
        """
        struct $T {
            $p: String,
        }

        impl $T {
            fn $m(&self) -> Option<u32> {
                let $a = self.$p.parse::<u32>()«¦.ok()»?;
                if $a > $1 {
                    return None;
                }
                Some($a)
            }
        }
        """,
        """
        fn $f($a: &str) -> Result<char, String> {
            let $b = $a.chars().‹next()¦last()¦nth(1)›«¦.ok_or("$s1")»?;
            Ok($b.to_ascii_uppercase())
        }
        """,
        """
        use std::error::Error;

        fn $f($a: &str) -> Result<i32, Box<dyn Error>> {
            let ($b, $c) = $a.split_once(‹'='¦':'¦'-'›)«¦.ok_or("$s1")»?;
            println!("{}", $b);
            Ok($c.parse()?)
        }
        """,
    )


def error_types_differ(rng: random.Random) -> Pair:
    """E0277/E0271: `?` would have to turn one error type into another."""
    return write(
        rng,
        """
        fn $f($a: &str) -> Result<i32, String> {
            let $b = $a.parse::<i32>()«¦.map_err(|$x| $x.to_string())»?;
            Ok($b ‹+¦*› $1)
        }
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A,
            $B,
        }

        «¦impl From<std::num::ParseIntError> for $T {
        fn from(_: std::num::ParseIntError) -> Self {
        $T::$A
        }
        }

        »fn $f($a: &str) -> Result<u32, $T> {
            let $b: u32 = $a.parse()?;
            if $b > $1 {
                return Err($T::$B);
            }
            Ok($b)
        }
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A,
            $B(String),
        }

        fn $f($a: &str) -> Result<$N, $T> {
            if $a.is_empty() {
                return Err($T::$A);
            }
            let $b = $a.parse::<$N>()«¦.map_err(|_| $T::$B($a.to_string()))»?;
            Ok($b)
        }
        """,
        """
        use std::«num::ParseIntError¦error::Error»;

        fn $f($a: &str, $b: &str) -> Result<f64, «ParseIntError¦Box<dyn Error>»> {
            let $c: i32 = $a.parse()?;
            let $d: f64 = $b.parse()?;
            Ok($d * f64::from($c))
        }
        """,
        """
        #[derive(Debug)]
        struct $T(String);

        fn $g($b: $N) -> Result<$N, String> {
            if $b > $1 {
                return Err("$s1".to_string());
            }
            Ok($b)
        }

        fn $f($a: $N) -> Result<$N, $T> {
            let $c = $g($a)«¦.map_err($T)»?;
            Ok($c ‹+¦*› 2)
        }
        """,
        """
        use std::fmt;

        #[derive(Debug)]
        struct $T;

        impl fmt::Display for $T {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "$s1")
            }
        }

        «¦impl std::error::Error for $T {}

        »fn $f($a: $N) -> Result<$N, Box<dyn std::error::Error>> {
            if $a > $1 {
                Err($T)?;
            }
            Ok($a)
        }
        """,
    )


def ok_missing(rng: random.Random) -> Pair:
    """E0308: a function that returns a Result or an Option ends in a plain value."""
    return write(
        rng,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a > $1 {
                return Err("$s1".to_string());
            }
            «$a¦Ok($a)»
        }
        """,
        """
        fn $f($a: &str) -> Result<i32, std::num::ParseIntError> {
            let $b = $a.parse::<i32>()?;
            %
            «$b¦Ok($b)»
        }

        ===
        @? $f("$1")
        """,
        """
        fn $f($a: $N) -> Option<$N> {
            if $a ‹>¦<¦==› $1 {
                return None;
            }
            «$a¦Some($a)»
        }
        """,
        """
        fn $f($a: &str) -> Option<&str> {
            match $a.len() {
                0 => None,
                _ => «$a¦Some($a)»,
            }
        }
        """,
        """
        fn $f($a: $N, $b: $N) -> Result<$N, String> {
            if $b == 0 {
                «"$s1".to_string()¦Err("$s1".to_string())»
            } else {
                Ok($a / $b)
            }
        }
        """,
        """
        fn $f($a: &[$N]) -> Option<$N> {
            for $x in $a {
                if *$x > $1 {
                    return «*$x¦Some(*$x)»;
                }
            }
            None
        }
        """,
        """
        fn $f($a: $N) -> Result<(), String> {
            if $a > $1 {
                return Err(format!("{} $s1", $a));
            }
            println!("{}", $a);
            «¦Ok(())
            »}
        """,
        """
        fn $f() -> Result<(), std::num::ParseIntError> {
            let $a: i32 = "$1".parse()?;
            @ $a
            «¦Ok(())
            »}
        """,
        """
        struct $T {
            $p: Option<String>,
            $q: $N,
        }

        ===
        let $t = $T { $p: «String::from("$s1")¦Some(String::from("$s1"))», $q: $1 };
        @? $t.$p
        @ $t.$q
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            $a.unwrap_or($1)
        }

        ===
        @ $f(«$2¦Some($2)»)
        """,
        """
        fn $f($a: &str) -> Result<usize, String> {
            Ok($a.len())
        }

        fn $g($a: &str) -> Result<usize, String> {
            let $b = $f($a)?;
            «$b + 2¦Ok($b + 2)»
        }
        """,
    )


def wrapped_too_much(rng: random.Random) -> Pair:
    """E0308: a value is wrapped or a Result returned where the plain thing is needed."""
    return write(
        rng,
        """
        fn $f($a: $N) -> $N {
            if $a > $1 {
                «Some($a)¦$a»
            } else {
                0
            }
        }
        """,
        """
        fn $f($a: &str) -> «i32¦Result<i32, std::num::ParseIntError>» {
            $a.‹trim()¦trim_end()›.parse::<i32>()
        }
        """,
        """
        fn $f($a: &[$N]) -> «$N¦Option<$N>» {
            $a.iter().‹max()¦min()¦next()¦last()›.copied()
        }
        """,
        """
        fn $f($a: &str) -> Result<i32, std::num::ParseIntError> {
            «Ok($a.parse::<i32>())¦$a.parse::<i32>()»
        }
        """,
        """
        fn $f($a: &[String]) -> Option<&String> {
            «Some($a.first())¦$a.first()»
        }
        """,
        """
        fn $f($a: $N) {
            if $a > $1 {
                println!("$s1");
            }
            «Ok(())
            ¦»}
        """,
        """
        struct $T {
            $q: $N,
        }

        impl $T {
            fn new($q: $N) -> «Self¦Option<Self>» {
                if $q > $1 {
                    return None;
                }
                Some($T { $q })
            }
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<String, $N>, $b: &str) -> «$N¦Option<$N>» {
            $a.get($b).copied()
        }
        """,
        """
        fn $f($a: &mut Vec<$N>) -> «$N¦Option<$N>» {
            $a.pop()
        }
        """,
    )


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


def result_type_arguments(rng: random.Random) -> Pair:
    """E0107: a Result, an Option or a map is named with the wrong number of types."""
    return write(
        rng,
        """
        fn $f($a: $N) -> Result<$N«¦, String»> {
            if $a > $1 {
                return Err("$s1".to_string());
            }
            Ok($a)
        }
        """,
        """
        fn $f($a: &str) -> Result<«¦i32, »std::num::ParseIntError> {
            let $b: i32 = $a.parse()?;
            Ok($b)
        }
        """,
        """
        use std::fmt;

        fn $f($a: &mut String) -> fmt::Result«<()>¦» {
            fmt::Write::write_str($a, "$s1")
        }
        """,
        """
        type Result<T> = std::result::Result<T, String>;

        fn $f($a: $N) -> Result<$N«, String¦»> {
            if $a == 0 {
                return Err("$s1".into());
            }
            Ok($1 / $a)
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &[$N]) -> HashMap<$N«¦, usize»> {
            let mut $b = HashMap::new();
            for $x in $a {
                *$b.entry(*$x).or_insert(0) += 1;
            }
            $b
        }
        """,
        """
        struct $T<T> {
            $p: T,
        }

        fn $f($t: &$T«¦<$N>») -> $N {
            $t.$p
        }
        """,
        """
        fn $f($a: Option«<$N, $N>¦<$N>») -> $N {
            $a.unwrap_or($1)
        }
        """,
        """
        fn $f($a: Option«¦<String>») -> usize {
            $a.map_or(0, |$x| $x.len())
        }
        """,
    )


def error_not_boxed(rng: random.Random) -> Pair:
    """E0308: an error is returned as text or as itself where a boxed one or an own type is asked for."""
    return write(
        rng,
        """
        use std::error::Error;

        fn $f($a: $N) -> Result<$N, Box<dyn Error>> {
            if $a > $1 {
                return Err("$s1 $s2"«¦.into()»);
            }
            Ok($a)
        }
        """,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a > $1 {
                return Err("$s1"«¦.to_string()»);
            }
            Ok($a)
        }
        """,
        """
        #[derive(Debug)]
        enum $T {
            $A,
            $B(String),
        }

        fn $f($a: &str) -> Result<usize, $T> {
            if $a.is_empty() {
                return Err($T::$A);
            }
            if $a.len() > $1 {
                return Err(«$a.to_string()¦$T::$B($a.to_string())»);
            }
            Ok($a.len())
        }
        """,
        """
        fn $f($a: &str) -> Result<i32, String> {
            match $a.parse::<i32>() {
                Ok($x) => Ok($x),
                Err($y) => Err($y«¦.to_string()»),
            }
        }
        """,
        """
        fn $f($a: Option<$N>) -> Result<$N, String> {
            $a.ok_or("$s1"«¦.to_string()»)
        }
        """,
        """
        use std::error::Error;

        fn $f($a: &str) -> Result<i32, Box<dyn Error>> {
            match $a.parse::<i32>() {
                Ok($x) => Ok($x),
                Err($y) => Err(«$y¦Box::new($y)»),
            }
        }
        """,
        """
        #[derive(Debug)]
        struct $T {
            $p: String,
        }

        fn $f($a: $N) -> Result<$N, $T> {
            if $a > $1 {
                return Err($T { $p: "$s1"«¦.to_string()» });
            }
            Ok($a)
        }
        """,
    )


def main_returns_the_wrong_thing(rng: random.Random) -> Pair:
    """E0277/E0308/E0317: what `main` returns, or what a match on a result gives, does not fit."""
    return write(
        rng,
        """
        use std::error::Error;

        fn main() -> Result<(), Box<dyn Error>> {
            let $a: i32 = "$1".parse()?;
            @ $a
            %
            «¦Ok(())
            »}
        """,
        """
        fn main() -> Result<(), String> {
            let $a = $1;
            if $a > $2 {
                return «"$s1"¦Err("$s1".to_string())»;
            }
            %
            Ok(())
        }
        """,
        """
        ===
        let $a: Result<$N, String> = Ok($1);
        let $b = match $a {
            Ok($x) => $x,
            Err($y) => {
                @ $y
                «¦0
                »}
        };
        @ $b
        """,
        """
        ===
        let $a = match "$1".parse::<i32>() {
            Ok($x) => $x,
            Err(_) => «None¦0»,
        };
        @ $a
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            let Some($x) = $a else {
                «println!("$s1");¦return 0;»
            };
            $x ‹+¦*› $1
        }
        """,
        """
        fn $f($a: Option<$N>) -> $N {
            if let Some($x) = $a {
                $x
            }«¦ else {
                0
            }»
        }
        """,
        """
        fn $f($a: $N) -> Result<$N, String> {
            if $a > $1 {
                Err("$s1".to_string())«;¦»
            } else {
                Ok($a)
            }
        }
        """,
    )
