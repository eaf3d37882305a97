"""Values and functions by a wrong name."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


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
