"""What is looped over or collected."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def not_an_iterator(rng: random.Random) -> Pair:
    """E0277/E0599: something is looped over or chained that is no iterator."""
    return write(
        rng,
        """
        ===
        let $a = $1;
        for $x in «$a¦0..$a» {
            @ $x
        }
        """,
        """
        ===
        let $a = "$s1";
        for $x in $a«¦.chars()» {
            @ $x
        }
        """,
        """
        ===
        let $a = $LM;
        let $b: Vec<_> = $a.«map¦iter().map»(|$x| format!("{:?}", $x)).collect();
        @ $b.len()
        """,
        """
        struct $T {
            $ts: Vec<$N>,
        }

        fn $f($t: &$T) -> $N {
            let mut $a = 0;
            for $x in «$t¦&$t.$ts» {
                $a += $x;
            }
            $a
        }
        """,
        """
        fn $f($a: &[$N]) -> usize {
            $a.«filter¦iter().filter»(|$x| **$x > $1).count()
        }
        """,
        """
        ===
        let $a = vec![$1, $2];
        for $x in «$a.len()¦0..$a.len()» {
            @ $a[$x]
        }
        """,
        """
        ===
        let $a = ($1, $2, $3);
        for $x in «$a¦[$a.0, $a.1, $a.2]» {
            @ $x
        }
        """,
        """
        ===
        let mut $a = $1;
        for $x in «$a¦1..=$a» {
            $a += $x;
        }
        @ $a
        """,
    )


def collected_into_another_type(rng: random.Random) -> Pair:
    """E0277: a collection or a sum is made of the wrong elements."""
    return write(
        rng,
        """
        ===
        let $a = vec![$#, $#];
        let $b: Vec<i32> = $a.iter()«¦.copied()».filter(|$x| «**$x¦*$x» > $1).collect();
        @? $b
        """,
        """
        fn $f($a: &str) -> Vec<String> {
            $a.split(',')«¦.map(String::from)».collect()
        }

        ===
        @? $f("$s1,$s2")
        """,
        """
        ===
        let $a = ["$s1", "$s2"];
        let $b: Vec<usize> = $a.iter()«¦.map(|$x| $x.len())».collect();
        @? $b
        """,
        """
        use std::collections::HashMap;

        ===
        let $a = vec!["$s1", "$s2"];
        let $b: HashMap<&str, usize> = $a.iter().map(|$x| «$x.len()¦(*$x, $x.len())»).collect();
        @? $b
        """,
        """
        ===
        let $a = [$1.5, $2.5];
        let $b: «i32¦f64» = $a.iter().sum();
        @ $b
        """,
        """
        fn $f($a: &[&str]) -> «Vec<i32>¦Result<Vec<i32>, std::num::ParseIntError>» {
            $a.iter().map(|$x| $x.parse::<i32>()).collect()
        }
        """,
        """
        ===
        let $a = "$s1";
        let $b: «Vec<&str>¦Vec<char>» = $a.chars().‹rev()¦skip(1)¦take(2)›.collect();
        @? $b
        """,
        """
        fn $f($a: &[u32]) -> u64 {
            $a.iter().map(|$x| «$x¦u64::from(*$x)»).sum()
        }
        """,
        """
        ===
        let $a = $EM;
        let $b: Vec<$EE> = $a.iter()«¦.cloned()».collect();
        @ $b.len()
        """,
    )
