"""Qualifiers, forms and formats."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
