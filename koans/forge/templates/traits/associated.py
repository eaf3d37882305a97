"""Associated types."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def associated_type_unsaid(rng: random.Random) -> Pair:
    """E0191/E0220/E0223/E0229/E0107: an associated type is missing, unknown or ambiguous."""
    return write(
        rng,
        """
        fn $f($a: Box<dyn Iterator«¦<Item = $N>»>) -> usize {
            $a.count()
        }

        ===
        @ $f(Box::new(vec![$1 as $N].into_iter()))
        """,
        """
        trait $R {
            type Output;

            fn $m(&self) -> Self::«Out¦Output»;
        }

        struct $T($N);

        impl $R for $T {
            type Output = $N;

            fn $m(&self) -> $N {
                self.0
            }
        }
        """,
        """
        fn $f<I: Iterator>($a: I) -> Vec<I::«Items¦Item»> {
            $a.collect()
        }
        """,
        """
        trait $R {
            type $V;

            fn $m(&self) -> Self::$V;
        }

        fn $f<T: $R>($a: &T) -> «$R¦T»::$V {
            $a.$m()
        }
        """,
        """
        use std::ops::Deref;

        fn $f($a: &dyn Deref«¦<Target = String>») -> usize {
            $a.len()
        }
        """,
        """
        fn $f($a: Vec«<Item = $N>¦<$N>») -> usize {
            $a.len()
        }
        """,
        """
        trait $R {
            type $V;

            fn $m(&self) -> Self::$V;
        }

        struct $T {
            $ts: Vec<Box<dyn $R«¦<$V = $N>»>>,
        }

        impl $T {
            fn $n(&self) -> $N {
                self.$ts.iter().map(|$x| $x.$m()).sum()
            }
        }
        """,
    )


def associated_type_differs(rng: random.Random) -> Pair:
    """E0271: an associated type is another than the one asked for."""
    return write(
        rng,
        """
        fn $f($a: impl Iterator<Item = $N>) -> $N {
            $a.sum()
        }

        ===
        let $b: Vec<$N> = vec![$1, $2];
        @ $f($b.«iter()¦into_iter()»)
        """,
        """
        fn $f($a: &[$N]) -> impl Iterator<Item = $N> + '_ {
            $a.iter()«¦.copied()»
        }
        """,
        """
        fn $f($a: &str) -> Box<dyn Iterator<Item = String> + '_> {
            Box::new($a.split(' ')«¦.map(String::from)»)
        }
        """,
        """
        struct $T {
            $ts: Vec<$N>,
        }

        impl IntoIterator for $T {
            type Item = $N;
            type IntoIter = std::«slice::Iter<'static, $N>¦vec::IntoIter<$N>»;

            fn into_iter(self) -> Self::IntoIter {
                self.$ts.into_iter()
            }
        }
        """,
        """
        trait $R {
            type $V;

            fn $m(&self) -> Self::$V;
        }

        struct $T;

        impl $R for $T {
            type $V = «u8¦u32»;

            fn $m(&self) -> Self::$V {
                $1
            }
        }

        fn $f($a: impl $R<$V = u32>) -> u32 {
            $a.$m()
        }

        ===
        @ $f($T)
        """,
    )
