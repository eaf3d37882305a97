"""Values of unknown size."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def unsized_value(rng: random.Random) -> Pair:
    """E0277/E0308: a value of unknown size is held, passed or returned by value."""
    return write(
        rng,
        """
        fn $f($a: «¦&»str) -> usize {
            $a.len()
        }

        ===
        @ $f("$s1")
        """,
        """
        fn $f($a: «¦&»[$N]) -> usize {
            $a.len()
        }

        ===
        @ $f(&[$#, $#])
        """,
        """
        ===
        let $a = $LM;
        let $b = «¦&»$a[‹1..¦..1¦..›];
        @? $b
        """,
        """
        ===
        let $a = String::from("$s1");
        let $b = «¦&»$a[‹1..¦..1¦..2›];
        @ $b
        """,
        """
        struct $T {
            $p: «str¦String»,
            $q: $N,
        }

        fn $f($t: &$T) -> usize {
            $t.$p.len()
        }
        """,
        """
        fn $f($a: &str) -> «str¦&str» {
            $a.trim()
        }
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        fn $f($a: «dyn ¦&dyn »$R) -> $N {
            $a.$m()
        }
        """,
        """
        use std::fmt::Debug;

        fn $f<T: Debug«¦ + ?Sized»>($a: &T) {
            @? $a
        }

        ===
        let $b: &str = "$s1";
        $f::<str>($b);
        """,
        """
        trait $R {
            fn $m(&self) -> $N;
        }

        struct $T {
            $ts: Vec<«dyn $R¦Box<dyn $R>»>,
        }

        fn $f($t: &$T) -> usize {
            $t.$ts.len()
        }
        """,
        """
        fn $f($a: &[$N]) -> Vec<$N> {
            let $b«: [$N]¦: &[$N]» = «¦&»$a[1..];
            $b.to_vec()
        }
        """,
    )
