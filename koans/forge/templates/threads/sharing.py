"""What goes into a thread or leaves with a closure."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
