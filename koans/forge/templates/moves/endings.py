"""Values dropped, lent on or moved in one branch."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
