"""Type parameters that are missing, superfluous or unused."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def parameter_unused(rng: random.Random) -> Pair:
    """E0392/E0207: a type parameter is declared and not used."""
    return write(
        rng,
        """
        struct $T«<T>¦» {
            $q: $N,
        }

        fn $f($t: &$T«<u8>¦») -> $N {
            $t.$q
        }
        """,
        """
        struct $T«<'a>¦» {
            $p: String,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len()
        }
        """,
        """
        enum $T«<T>¦» {
            $A($N),
            $B,
        }

        fn $f($a: $T«<u8>¦») -> $N {
            match $a {
                $T::$A($x) => $x,
                $T::$B => 0,
            }
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        impl«<T>¦» $T {
            fn $m(&self) -> $N {
                self.$q
            }
        }
        """,
        """
        struct $U<T> {
            $t: T,
        }

        impl<T«, U¦»> $U<T> {
            fn $m(self) -> T {
                self.$t
            }
        }
        """,
        """
        use std::marker::PhantomData;

        struct $U<T> {
            $q: $N,
            «¦$p: PhantomData<T>,
            »}

        fn $f<T>($a: $N) -> $U<T> {
            $U { $q: $a, «¦$p: PhantomData» }
        }
        """,
    )


def parameter_counts(rng: random.Random) -> Pair:
    """E0107: a type or a function is given the wrong number of parameters."""
    return write(
        rng,
        """
        struct $U<T> {
            $t: T,
        }

        impl<T> $U«¦<T>» {
            fn $m(&self) -> &T {
                &self.$t
            }
        }
        """,
        """
        struct $U<T, U> {
            $t: T,
            $p: U,
        }

        fn $f($a: $U<$N«¦, String»>) -> ($N, String) {
            ($a.$t, $a.$p)
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: $T«<$N>¦») -> $N {
            $t.$q
        }
        """,
        """
        fn $f<T: Copy>($a: T) -> T {
            $a
        }

        ===
        @ $f::<$N«, $N¦»>($1)
        """,
        """
        enum $U<T> {
            $A(T),
            $B,
        }

        fn $f($a: $U«¦<$N>») -> $N {
            match $a {
                $U::$A($x) => $x,
                $U::$B => 0,
            }
        }
        """,
        """
        fn $f($a: Vec«¦<$N>») -> usize {
            $a.len()
        }
        """,
    )


def generic_for_concrete(rng: random.Random) -> Pair:
    """E0308: a generic function gives a concrete value, or two parameters are taken for one type."""
    return write(
        rng,
        """
        fn $f«<T>¦»($a: «T¦$N») -> $N {
            $a
        }

        ===
        @ $f($1)
        """,
        """
        struct $U<T> {
            $q: T,
            $r: T,
        }

        ===
        let $a = $U { $q: $1, $r: «$2.5¦$2» };
        @ $a.$q, $a.$r
        """,
        """
        fn $f<T: PartialOrd>($a: T, $b: T) -> bool {
            $a > $b
        }

        ===
        @ $f($1, «$2.0¦$2»)
        """,
        """
        fn $f<T, U>($a: T, $b: U) -> «T¦U» {
            let _ = $a;
            $b
        }
        """,
        """
        struct $U<T> {
            $t: T,
        }

        impl<T> $U<T> {
            fn new($t: T) -> «$U<$N>¦$U<T>» {
                $U { $t }
            }
        }
        """,
        """
        fn $f<T: Default>($a: Option<T>) -> T {
            match $a {
                Some($x) => $x,
                None => «0¦T::default()»,
            }
        }
        """,
    )


def parameter_default_or_constant(rng: random.Random) -> Pair:
    """E0128/E0747/E0770/E0401: parameters in the wrong order or used where they are not known."""
    return write(
        rng,
        """
        struct $V<T = «U¦u32», U = u8> {
            $t: T,
            $p: U,
        }

        fn $f<T: Copy, U>($a: &$V<T, U>) -> T {
            $a.$t
        }
        """,
        """
        struct $V<'a, T> {
            $t: &'a T,
        }

        fn $f<'a>($a: $V<«$N, 'a¦'a, $N»>) -> $N {
            *$a.$t
        }
        """,
        """
        fn $f<T: Clone>($a: T) -> T {
            fn $g«¦<T: Clone>»($x: &T) -> T {
                $x.clone()
            }
            $g(&$a)
        }
        """,
        """
        struct $V<T, const $K: usize> {
            $ts: [T; $K],
        }

        fn $f($a: $V<«2, $N¦$N, 2»>) -> $N {
            $a.$ts[0]
        }
        """,
    )


def bound_in_the_wrong_form(rng: random.Random) -> Pair:
    """E0225/E0224/E0404/E0277: several traits for one object, or bounds in the wrong place."""
    return write(
        rng,
        """
        use std::fmt::{Debug, Display};

        fn $f($a: &(«dyn¦impl» Debug + Display)) {
            println!("{:?} {}", $a, $a);
        }
        """,
        """
        use std::fmt::{Debug, Display};

        «¦trait $R: Debug + Display {}

        impl<T: Debug + Display> $R for T {}

        »fn $f($a: Box<dyn «Debug + Display¦$R»>) -> String {
            format!("{:?} {}", $a, $a)
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        trait $S«¦: $R» {
            fn $n(&self) -> $N;
        }

        fn $f($a: Box<dyn «$R + $S¦$S»>) -> $N {
            $a.$m() + $a.$n()
        }
        """,
    )
