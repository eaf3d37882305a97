"""Names that are out of reach."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def private_item(rng: random.Random) -> Pair:
    """E0603/E0616/E0624/E0451: something of a module is used that is not `pub`."""
    return write(
        rng,
        """
        mod $a {
            «¦pub »fn $f() -> $N {
                $1
            }
        }

        ===
        @ $a::$f()
        """,
        """
        mod $a {
            «¦pub »const $K: $N = $1;
        }

        fn $f($b: $N) -> $N {
            $b ‹+¦*› $a::$K
        }
        """,
        """
        mod $a {
            pub struct $T {
                «¦pub »$q: $N,
            }
        }

        fn $f() -> $a::$T {
            $a::$T { $q: $1 }
        }
        """,
        """
        mod $a {
            «¦pub »struct $T;

            impl $T {
                pub fn $m(&self) -> $N {
                    $1
                }
            }
        }

        fn $f() -> $N {
            $a::$T.$m()
        }
        """,
        """
        mod $a {
            pub struct $T($N);

            impl $T {
                pub fn new($x: $N) -> $T {
                    $T($x)
                }

                «¦pub »fn $m(&self) -> $N {
                    self.0 ‹+¦*› $1
                }
            }
        }

        ===
        @ $a::$T::new($2).$m()
        """,
        """
        mod $a {
            «¦pub »mod $b {
                pub fn $f() -> $N {
                    $1
                }
            }
        }

        ===
        @ $a::$b::$f()
        """,
        """
        mod $a {
            «¦pub »enum $T {
                $A,
                $B,
            }
        }

        fn $f($x: bool) -> $N {
            let $y = if $x { $a::$T::$A } else { $a::$T::$B };
            match $y {
                $a::$T::$A => $1,
                $a::$T::$B => $2,
            }
        }
        """,
    )


def outer_variable(rng: random.Random) -> Pair:
    """E0434/E0435: an inner function or an array length uses a variable around it."""
    return write(
        rng,
        """
        fn $f($a: $N) -> $N {
            fn $g($x: $N«¦, $a: $N») -> $N {
                $x + $a
            }
            $g($1«¦, $a»)
        }
        """,
        """
        ===
        «let $a¦const $K: usize» = $1;
        let $b = [0; «$a¦$K»];
        @ $b.len()
        """,
        """
        fn $f($a: usize) -> usize {
            let $b = «[0; $a]¦vec![0; $a]»;
            $b.len()
        }
        """,
        """
        ===
        «let¦const» $K: usize = $1;
        let $a: [u8; $K] = [$2; $K];
        @ $a.len()
        """,
    )


def labels(rng: random.Random) -> Pair:
    """E0426/E0571/E0572/E0267/E0268: `break`, `continue` and `return` in the wrong place."""
    return write(
        rng,
        """
        ===
        «¦'outer: »for $x in 0..$1 {
            for $y in 0..$2 {
                if $x * $y > $3 {
                    ‹break¦continue› 'outer;
                }
                @ $x, $y
            }
        }
        """,
        """
        ===
        let mut $a = 0;
        let $b = «while true¦loop» {
            $a += 1;
            if $a > $1 {
                break $a;
            }
        };
        @ $b
        """,
        """
        fn $f($a: $N) -> $N {
            if $a > $1 {
                «break¦return 0»;
            }
            $a
        }
        """,
        """
        ===
        let $a = [$#, $#];
        $a.iter().for_each(|$x| {
                if *$x > $1 {
                    «continue¦return»;
                }
                @ $x
            });
        """,
        """
        const $K: $N = «return ¦»$1;

        fn $f() -> $N {
            $K
        }
        """,
        """
        ===
        'first: for $x in 0..$1 {
            if $x > $2 {
                break '«frist¦first»;
            }
            @ $x
        }
        """,
        """
        fn $f($a: &[$N]) -> Option<$N> {
            for $x in $a {
                if *$x > $1 {
                    «break¦return» Some(*$x);
                }
            }
            None
        }
        """,
    )


def import_clashes(rng: random.Random) -> Pair:
    """E0252/E0255/E0603: imports of one name, or of what is private."""
    return write(
        rng,
        """
        use std::fmt::Result«¦ as FmtResult»;
        use std::io::Result;

        fn $f($a: &str) -> Result<usize> {
            let $b: «std::fmt::Result¦FmtResult» = Ok(());
            Ok($a.len() + usize::from($b.is_ok()))
        }
        """,
        """
        use std::collections::«HashMap¦BTreeMap»;

        struct «HashMap¦$T» {
            $q: $N,
        }

        fn $f($a: &«HashMap¦$T») -> $N {
            $a.$q ‹+¦*› $1
        }
        """,
        """
        mod $a {
            pub fn $f($x: $N) -> $N {
                $x ‹+¦*› $1
            }
        }

        use $a::$f;

        fn $f«¦_all»($x: $N) -> $N {
            $x ‹-¦/› 2
        }

        fn $g($b: $N) -> $N {
            $f«¦_all»($b)
        }
        """,
        """
        mod $a {
            «¦pub »fn $f($x: $N) -> $N {
                $x ‹+¦*› $1
            }

            pub const $K: $N = $2;
        }

        pub use $a::$f;
        """,
        """
        use std::fmt::{self, «self, ¦»Debug};

        fn $f<T: Debug>($a: T) -> Result<String, fmt::Error> {
            Ok(format!("{:?}", $a))
        }
        """,
    )
