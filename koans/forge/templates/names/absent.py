"""Types and variants that are not there."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
