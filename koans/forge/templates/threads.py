"""Closures that leave, threads, and what they take with them."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import write

Pair = tuple[str, str]


def thread_borrows_a_local(rng: random.Random) -> Pair:
    """E0373: a thread's closure borrows a local variable."""
    return write(
        rng,
        """
        use std::thread;

        ===
        let $a = $OM;
        let $b = thread::spawn(«¦move »|| {
                @? $a
            });
        $b.join().unwrap();
        """,
        """
        use std::thread;

        ===
        let mut $a = vec![];
        for $x in 0..$1 {
            $a.push(thread::spawn(«¦move »|| $x ‹* 2¦+ $2›));
        }
        for $y in $a {
            @ $y.join().unwrap()
        }
        """,
        """
        use std::thread;

        fn $f($a: Vec<$N>) -> $N {
            let $b = thread::spawn(«¦move »|| $a.iter().sum());
            $b.join().unwrap()
        }
        """,
        """
        use std::sync::mpsc;
        use std::thread;

        ===
        let ($a, $b) = mpsc::channel();
        let $c = $1;
        thread::spawn(«¦move »|| {
                $a.send($c).unwrap();
            });
        @ $b.recv().unwrap()
        """,
        """
        use std::sync::{Arc, Mutex};
        use std::thread;

        ===
        let $a = Arc::new(Mutex::new(0));
        let mut $b = Vec::new();
        for _ in 0..$1 {
            let $c = Arc::clone(&$a);
            $b.push(thread::spawn(«¦move »|| {
                        *$c.lock().unwrap() += $2;
                    }));
        }
        for $x in $b {
            $x.join().unwrap();
        }
        @ $a.lock().unwrap()
        """,
    )


def closure_returned_borrows_its_maker(rng: random.Random) -> Pair:
    """E0373/E0597: a function returns a closure that borrows its parameters or locals."""
    return write(
        rng,
        """
        fn $f($a: $N) -> impl Fn($N) -> $N {
            «¦move »|$x| $x ‹+¦*¦-› $a
        }

        ===
        let $b = $f($1);
        @ $b($2)
        """,
        """
        fn $f($a: $N, $b: $N) -> Box<dyn Fn($N) -> bool> {
            Box::new(«¦move »|$x| $x > $a ‹&& $x < $b¦|| $x == $b›)
        }
        """,
        """
        fn $f($a: String) -> impl Fn(&str) -> String {
            «¦move »|$x| format!("{} {}", $a, $x)
        }

        ===
        let $b = $f(String::from("$s1"));
        @ $b("$s2")
        """,
        """
        fn $f() -> impl FnMut() -> $N {
            let mut $a = $1;
            «¦move »|| {
                $a += 1;
                $a
            }
        }

        ===
        let mut $b = $f();
        @ $b() + $b()
        """,
        """
        struct $T {
            $p: Vec<Box<dyn Fn(i32) -> i32>>,
        }

        impl $T {
            fn $m(&mut self, $a: i32) {
                self.$p.push(Box::new(«¦move »|$x| $x ‹+¦*› $a));
            }
        }
        """,
        """
        fn $f($a: $N) -> Vec<Box<dyn Fn() -> $N>> {
            (0..$a).map(|$x| Box::new(«¦move »|| $x * 2) as Box<dyn Fn() -> $N>).collect()
        }
        """,
        """
        fn $f<'a>($a: &'a [$N], $b: $N) -> impl Iterator<Item = $N> + 'a {
            $a.iter().map(«¦move »|$x| $x * $b)
        }
        """,
    )


def moved_into_a_thread(rng: random.Random) -> Pair:
    """E0382: a value is moved into a thread and used again."""
    return write(
        rng,
        """
        use std::thread;

        ===
        let $a = $OM;
        «¦let $c = $a.clone();
        »let $b = thread::spawn(move || println!("{:?}", «$a¦$c»));
        $b.join().unwrap();
        @? $a
        """,
        """
        use std::sync::{Arc, Mutex};
        use std::thread;

        ===
        let $a = Arc::new(Mutex::new($LM));
        «¦let $c = Arc::clone(&$a);
        »let $b = thread::spawn(move || «$a¦$c».lock().unwrap().push($LV));
        $b.join().unwrap();
        @? $a.lock().unwrap()
        """,
        """
        use std::sync::Arc;
        use std::thread;

        ===
        let $a = Arc::new(vec![$#, $#]);
        let mut $b = Vec::new();
        for $x in 0..$1 {
            «¦let $a = Arc::clone(&$a);
            »$b.push(thread::spawn(move || $a.len() + $x));
        }
        @ $b.len()
        """,
        """
        use std::sync::mpsc;
        use std::thread;

        ===
        let ($a, $b) = mpsc::channel();
        for $x in 0..$1 {
            «¦let $a = $a.clone();
            »thread::spawn(move || $a.send($x ‹* 2¦+ 1›).unwrap());
        }
        @ $b.recv().unwrap()
        """,
        """
        use std::sync::mpsc;
        use std::thread;

        ===
        let ($a, $b) = mpsc::channel();
        «¦let $c = $a.clone();
        »thread::spawn(move || «$a¦$c».send("$s1").unwrap());
        $a.send("$s2").unwrap();
        @ $b.recv().unwrap()
        """,
        """
        use std::thread;

        fn $f($a: String) -> usize {
            let $b = thread::spawn({
                    let $c = $a«¦.clone()»;
                    move || $c.len()
                });
            $b.join().unwrap() + $a.len()
        }
        """,
    )


def not_for_threads(rng: random.Random) -> Pair:
    """E0277: an `Rc`, a cell or a plain boxed trait is sent to a thread."""
    return write(
        rng,
        """
        use std::«rc::Rc¦sync::Arc»;
        use std::thread;

        ===
        let $a = «Rc¦Arc»::new($OM);
        let $b = thread::spawn(move || println!("{:?}", $a));
        $b.join().unwrap();
        """,
        """
        use std::«rc::Rc¦sync::Arc»;
        use std::thread;

        ===
        let $a = «Rc¦Arc»::new($1);
        let $b = «Rc¦Arc»::clone(&$a);
        let $c = thread::spawn(move || *$b ‹+¦*› $2);
        @ *$a + $c.join().unwrap()
        """,
        """
        use std::«cell::RefCell¦sync::Mutex»;
        use std::sync::Arc;
        use std::thread;

        ===
        let $a = Arc::new(«RefCell¦Mutex»::new($1));
        let $b = Arc::clone(&$a);
        thread::spawn(move || *$b.«borrow_mut()¦lock().unwrap()» += $2).join().unwrap();
        @ $a.«borrow()¦lock().unwrap()»
        """,
        """
        use std::thread;

        fn $f($a: Box<dyn Fn() -> $N«¦ + Send»>) -> $N {
            thread::spawn(move || $a()).join().unwrap()
        }
        """,
        """
        use std::fmt::Debug;
        use std::thread;

        fn $f<T: Debug«¦ + Send» + 'static>($a: T) {
            thread::spawn(move || println!("{:?}", $a)).join().unwrap();
        }
        """,
        """
        use std::thread;

        trait $R«¦: Send» {
            fn $m(&self) -> $N;
        }

        fn $f($a: Box<dyn $R>) -> $N {
            thread::spawn(move || $a.$m()).join().unwrap()
        }
        """,
    )


def too_short_for_a_thread(rng: random.Random) -> Pair:
    """E0521/E0310/E0621/E0597: what a thread borrows does not live long enough."""
    return write(
        rng,
        """
        use std::thread;

        fn $f($a: &str) {
            «¦let $a = $a.to_string();
            »let $b = thread::spawn(move || println!("{}", $a));
            $b.join().unwrap();
        }
        """,
        """
        use std::thread;

        fn $f($a: &Vec<$N>) -> usize {
            «¦let $a = $a.clone();
            »let $b = thread::spawn(move || $a.len());
            $b.join().unwrap()
        }
        """,
        """
        use std::thread;

        struct $T {
            $p: String,
        }

        impl $T {
            fn $m(&self) {
                «¦let $a = self.$p.clone();
                »thread::spawn(move || println!("{}", «self.$p¦$a»)).join().unwrap();
            }
        }
        """,
        """
        use std::thread;

        fn $f<T: Send«¦ + 'static»>($a: T) {
            thread::spawn(move || drop($a)).join().unwrap();
        }
        """,
        """
        use std::thread;

        fn $f<F: FnOnce() -> $N + Send«¦ + 'static»>($a: F) -> $N {
            thread::spawn($a).join().unwrap()
        }
        """,
        """
        use std::thread;

        ===
        let $a = $OM;
        let $b = &$a;
        «thread::spawn(move || println!("{:?}", $b));¦thread::scope(|$x| {
        $x.spawn(move || println!("{:?}", $b));
        });»
        @? $a
        """,
    )


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
