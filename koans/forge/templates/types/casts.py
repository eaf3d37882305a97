"""Casts, and literals that do not fit."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def casts(rng: random.Random) -> Pair:
    """E0604/E0605/E0606/E0607/E0620/E0054: a cast that is not allowed."""
    return write(
        rng,
        """
        ===
        let $a = "$1";
        let $b = $a«¦.parse::<i32>().unwrap()» «as i32 ¦»+ 1;
        @ $b
        """,
        """
        ===
        let $a = $1;
        let $b = «$a as bool¦$a != 0»;
        @ $b
        """,
        """
        fn $f($a: u32) -> char {
            «$a as char¦char::from_u32($a).unwrap()»
        }
        """,
        """
        ===
        let $a = $1;
        let $b = «$a as String¦$a.to_string()»;
        @ $b
        """,
        """
        fn $f($a: char) -> u32 {
            «$a as f32 as u32¦$a as u32»
        }
        """,
        """
        fn $f($a: &u8) -> u32 {
            «¦*»$a as u32
        }
        """,
        """
        ===
        let $a = vec![$#, $#];
        let $b: Vec<f64> = $a.iter().map(|$x| «$x¦*$x» as f64).collect();
        @? $b
        """,
        """
        enum $T {
            $A($N),
            $B,
        }

        fn $f($a: $T) -> $N {
            «$a as $N¦match $a {
            $T::$A($x) => $x,
            $T::$B => 0,
        }»
        }
        """,
        """
        ===
        let $a = [$1, $2, $3];
        let $b = «&$a as [i32]¦&$a as &[i32]»;
        @ $b.len()
        """,
        """
        ===
        let $a = Some($1);
        let $b = $a«¦.unwrap()» as ‹u8¦f64¦i64›;
        @ $b
        """,
        """
        struct $T($N);

        fn $f($t: $T) -> i64 {
            $t«¦.0» as i64
        }
        """,
    )


def literal_too_large(rng: random.Random) -> Pair:
    """A literal does not fit its type."""
    return write(
        rng,
        """
        ===
        let $a: «u8¦u16» = 256;
        @ $a
        """,
        """
        ===
        let $a: «u8¦u16» = ‹300¦999¦1000¦512¦400¦640›;
        @ $a
        """,
        """
        ===
        let $a: «i8¦i16» = ‹128¦200¦255¦150¦180›;
        @ $a
        """,
        """
        fn $f($a: «u8¦u16») -> u32 {
            $a as u32 ‹+¦*› $1
        }

        ===
        @ $f(‹256¦300¦500¦750¦1024›)
        """,
        """
        const $K: «i32¦i64» = ‹3_000_000_000¦5_000_000_000¦4_294_967_296¦2_500_000_000›;

        fn $f($a: bool) -> bool {
            $a && $K > 0
        }
        """,
        """
        struct $T {
            $q: «u8¦u16»,
        }

        ===
        let $t = $T { $q: ‹260¦300¦365¦500¦1000› };
        @ $t.$q
        """,
        """
        ===
        let $a: «u16¦u32» = ‹70_000¦100_000¦65_536¦80_000›;
        @ $a
        """,
    )


def negative_of_unsigned(rng: random.Random) -> Pair:
    """E0600/E0277: a minus or a not before something that has none."""
    return write(
        rng,
        """
        ===
        let $a: «u32¦i32» = -$1;
        @ $a
        """,
        """
        fn $f($a: ‹u32¦u64¦usize›) -> i64 {
            -«$a¦($a as i64)»
        }
        """,
        """
        ===
        let $a = «-¦»"$s1";
        @ $a
        """,
        """
        struct $T {
            $q: i32,
        }

        fn $f($t: $T) -> i32 {
            -$t«¦.$q»
        }
        """,
        """
        struct $T {
            $q: «u32¦i32»,
        }

        ===
        let $t = $T { $q: -$1 };
        @ $t.$q
        """,
        """
        fn $f($a: «u32¦i32») -> bool {
            $a > -$1
        }
        """,
        """
        ===
        let $a = vec![$1];
        if !$a«¦.is_empty()» {
            @? $a
        }
        """,
        """
        fn $f($a: Option<bool>) -> bool {
            !$a«¦.unwrap_or(false)»
        }
        """,
    )
