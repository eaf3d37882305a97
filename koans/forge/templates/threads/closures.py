"""Closures of another kind, shape or type."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def closure_too_eager(rng: random.Random) -> Pair:
    """E0525: a closure gives away what it captured, where one is needed that can be called again."""
    return write(
        rng,
        """
        fn $f<F: «Fn¦FnOnce»() -> $OT>($a: F) -> $OT {
            $a()
        }

        ===
        let $b = $OM;
        let $c = || $b;
        let $d = $f($c);
        @? $d
        """,
        """
        fn $f<F>($a: F)
        where
        F: Fn(),
        {
            $a();
            $a();
        }

        ===
        let $b = $OM;
        let $c = || drop($b«¦.clone()»);
        $f($c);
        """,
        """
        fn $f($a: impl Fn($N) -> String) -> String {
            $a($1) + &$a($2)
        }

        ===
        let $b = String::from("$s1");
        let $c = |$x: $N| $b«¦.clone()» + &$x.to_string();
        @ $f($c)
        """,
        """
        ===
        let $a = $EM;
        let $b = move || $a«¦.clone()»;
        let $c: &dyn Fn() -> $ET = &$b;
        @ $c().len()
        """,
        """
        fn $f($a: &dyn Fn() -> usize) -> usize {
            $a() + $a()
        }

        ===
        let $b = $EM;
        let $c = || $b.«into_iter¦iter»().count();
        @ $f(&$c)
        """,
    )


def wrong_closure_shape(rng: random.Random) -> Pair:
    """E0593: a closure takes another number of arguments than it is called with."""
    return write(
        rng,
        """
        ===
        let $a = vec![$#, $#, $#];
        let $b: i32 = $a.iter().fold(0, |$x«¦, $y»| $x + «1¦$y»);
        @ $b
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b: Vec<usize> = $a.iter().enumerate().map(|«$x, $y¦($x, $y)»| $x + $y).collect();
        @? $b
        """,
        """
        fn $f($a: impl Fn($N, $N) -> $N) -> $N {
            $a($1, $2)
        }

        ===
        @ $f(|$x«¦, $y»| $x ‹+¦*› «$3¦$y»)
        """,
        """
        ===
        let mut $a = vec![$#, $#, $#];
        $a.sort_by(|$x«¦, $y»| «$x¦$y».cmp(«&0¦$x»));
        @? $a
        """,
        """
        use std::thread;

        ===
        let $a = thread::spawn(|«$x¦»| {
                println!("$s1");
                $1
            });
        @ $a.join().unwrap()
        """,
        """
        ===
        let $a: Option<$N> = Some($1);
        let $b = $a.unwrap_or_else(|«_¦»| $2);
        @ $b
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &HashMap<String, u32>) -> u32 {
            $a.iter().map(|«$x, $y¦($x, $y)»| $x.len() as u32 + $y).sum()
        }
        """,
        """
        ===
        let $a = [$1, $2, $3];
        let $b = $a.iter().filter(|«$x, _¦$x»| **$x > $4).count();
        @ $b
        """,
    )


def closure_types_disagree(rng: random.Random) -> Pair:
    """E0631/E0271/E0308/E0277/E0614: a closure takes or gives another type than its caller needs."""
    return write(
        rng,
        """
        ===
        let $a = vec![$#, $#];
        let $b: Vec<i32> = $a.iter().map(|$x: «i32¦&i32»| $x ‹+¦*› $1).collect();
        @? $b
        """,
        """
        fn $f($a: impl Fn(&str) -> usize) -> usize {
            $a("$s1")
        }

        ===
        @ $f(|$x: «String¦&str»| $x.len())
        """,
        """
        fn $f($a: impl Fn($N) -> $N) -> $N {
            $a($1)
        }

        ===
        @ $f(|$x| «$x == $2¦$x + $2»)
        """,
        """
        fn $f<F: Fn(i32) -> String>($a: F) -> String {
            $a($1)
        }

        ===
        @ $f(|$x| «$x * 2¦($x * 2).to_string()»)
        """,
        """
        ===
        let $a = [$1, $2, $3];
        let $b: Vec<&i32> = $a.iter().filter(|$x: «&i32¦&&i32»| **$x > $4).collect();
        @? $b
        """,
        """
        fn $f($a: fn(i32) -> i32) -> i32 {
            $a($1)
        }

        ===
        let $b = $2;
        @ $f(|$x| $x + «$b¦$2»)
        @ $b
        """,
    )


def returned_closure_type(rng: random.Random) -> Pair:
    """E0746/E0782/E0308: a function's return type is a bare trait."""
    return write(
        rng,
        """
        fn $f($a: $N) -> «dyn ¦impl »Fn($N) -> $N {
            move |$x| $x ‹+¦*› $a
        }

        ===
        let $b = $f($1);
        @ $b($2)
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T;

        impl $R for $T {
            fn $m(&self) -> $N {
                $1
            }
        }

        fn $f() -> «dyn ¦impl »$R {
            $T
        }

        ===
        @ $f().$m()
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

        fn $f($a: $N) -> Box<dyn $R> {
            «$T($a)¦Box::new($T($a))»
        }
        """,
        """
        fn $f($a: bool) -> Box<dyn Fn($N) -> $N> {
            if $a {
                Box::new(|$x| $x + $1)
            } else {
                «|$x| $x * $2¦Box::new(|$x| $x * $2)»
            }
        }
        """,
        """
        fn $f($a: &[$N]) -> «Iterator<Item = &$N>¦impl Iterator<Item = &$N>» {
            $a.iter().‹filter(|$x| **$x > $1)¦skip($1)¦take($1)›
        }
        """,
        """
        fn $f($a: u32) -> «¦impl »Iterator<Item = u32> {
            (0..$a).‹map(|$x| $x * 2)¦filter(|$x| $x % 2 == 0)¦rev()›
        }
        """,
    )


def branches_with_two_closures(rng: random.Random) -> Pair:
    """E0308: two closures stand where one type is needed."""
    return write(
        rng,
        """
        fn $f($a: bool, $b: $N) -> «impl Fn($N) -> $N¦Box<dyn Fn($N) -> $N>» {
            if $a {
                «move |$x| $x + $b¦Box::new(move |$x| $x + $b)»
            } else {
                «move |$x| $x * $b¦Box::new(move |$x| $x * $b)»
            }
        }
        """,
        """
        ===
        let $c = $1;
        let $a: Vec<Box<dyn Fn(i32) -> i32>> = vec![Box::new(|$x| $x + $2), «move |$x| $x * $c¦Box::new(move |$x| $x * $c)»];
        for $b in &$a {
            @ $b($3)
        }
        """,
        """
        ===
        let $a = $1;
        let mut $b: Box<dyn Fn(i32) -> i32> = Box::new(move |$x| $x + $a);
        @ $b($2)
        $b = «|$x| $x * $3¦Box::new(|$x| $x * $3)»;
        @ $b($2)
        """,
    )
