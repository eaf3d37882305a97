"""What cannot be assigned or dereferenced."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def not_assignable(rng: random.Random) -> Pair:
    """E0070/E0067/E0368/E0369: something is assigned to that is no place, or that has no such operator."""
    return write(
        rng,
        """
        ===
        let mut $a = $1;
        «$2 = $a¦$a = $2»;
        @ $a
        """,
        """
        ===
        let mut $a = "$s1"«¦.to_string()»;
        $a += "$s2";
        @ $a
        """,
        """
        fn $f($a: &mut $N) {
            «¦*»$a += $1;
        }

        ===
        let mut $b = $2;
        $f(&mut $b);
        @ $b
        """,
        """
        ===
        let mut $a = vec![$#, $#];
        for $x in $a.iter_mut() {
            «¦*»$x ‹+=¦*=› $1;
        }
        @? $a
        """,
        """
        const $K: $N = $1;

        fn $f($a: $N) -> $N {
            let mut $b = $a;
            «$K¦$b» = $2;
            $b
        }
        """,
        """
        use std::collections::HashMap;

        fn $f($a: &mut HashMap<String, $N>) {
            «¦*»$a.entry("$s1".to_string()).or_insert(0) += 1;
        }
        """,
    )


def not_dereferenceable(rng: random.Random) -> Pair:
    """E0614/E0608/E0600: `*` or `[]` on a value that has none."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        @ «*¦»$a ‹+¦*› $2
        """,
        """
        fn $f($a: &[$N]) -> $N {
            let mut $b = 0;
            for &$x in $a {
                $b += «*¦»$x;
            }
            $b
        }
        """,
        """
        struct $T {
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            «*¦»$t.$q ‹+¦*› $1
        }
        """,
        """
        ===
        let $a = $1;
        let $b = $a«[0]¦»;
        @ $b
        """,
        """
        ===
        let $a = ($1, $2);
        @ $a«[0]¦.0» ‹+¦*› $a.1
        """,
        """
        struct $T {
            $ts: Vec<$N>,
        }

        fn $f($t: &$T) -> $N {
            $t«¦.$ts»[‹0¦1›]
        }
        """,
        """
        use std::collections::HashSet;

        fn $f($a: &HashSet<$N>) -> bool {
            «$a[$1]¦$a.contains(&$1)»
        }
        """,
        """
        ===
        let $a: Option<Vec<i32>> = Some(vec![$1, $2]);
        @ $a«¦.unwrap()»[0]
        """,
        """
        fn $f($a: &[$N]) -> usize {
            $a.iter().filter(|$x| «***¦**»$x > $1).count()
        }
        """,
    )
