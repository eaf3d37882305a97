"""Words and signs of other languages, and what stands in the wrong place."""

from __future__ import annotations

import random

from sleepy.koans.forge.templates.pen import Pair, write


def wrong_keyword(rng: random.Random) -> Pair:
    """A keyword of another language, or one that is misspelt or missing."""
    return write(
        rng,
        """
        «‹func¦def¦function¦fun›¦fn» $f($a: $N) -> $N {
            $a ‹+¦*› $1
        }
        """,
        """
        «¦fn »$f($a: $N) -> $N {
            $a ‹+¦*› $1
        }
        """,
        """
        ===
        «‹var¦int¦auto¦const›¦let» $a = $1;
        @ $a
        """,
        """
        ===
        «¦let »$a: i32 = $1;
        @ $a
        """,
        """
        ===
        let $a = $1;
        if $a > $2 {
            println!("$s1");
        } «‹elif¦elseif¦elsif›¦else if» $a > $3 {
            println!("$s2");
        }
        """,
        """
        «‹class¦Struct¦structure›¦struct» $T {
            $q: $N,
        }

        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        ===
        let «mutable¦mut» $a = $1;
        $a += $2;
        @ $a
        """,
        """
        ===
        let $a = [$#, $#];
        for $x «‹of¦:¦=›¦in» $a {
            @ $x
        }
        """,
        """
        ===
        let «$a mut¦mut $a» = $1;
        $a += $2;
        @ $a
        """,
        """
        «public¦pub» fn $f($a: $N) -> $N {
            $a ‹+¦*› $1
        }
        """,
        """
        fn $f($a: $N) -> $N {
            «‹switch¦case›¦match» $a {
                0 => $1,
                _ => $2,
            }
        }
        """,
        """
        ===
        «import¦use» std::rc::Rc;
        let $a = Rc::new($1);
        @ $a
        """,
        """
        struct $T {
            $q: $N,
        }

        «implement¦impl» $T {
            fn $m(&self) -> $N {
                self.$q
            }
        }
        """,
    )


def wrong_operator(rng: random.Random) -> Pair:
    """An operator of another language."""
    return write(
        rng,
        """
        fn $f($a: $N, $b: $N) -> bool {
            $a > $1 «‹and¦AND›¦&&» $b > $2
        }
        """,
        """
        fn $f($a: $N) -> bool {
            $a < $1 «or¦||» $a > $2
        }
        """,
        """
        ===
        let mut $a = $1;
        $a«++¦ += 1»;
        @ $a
        """,
        """
        ===
        let mut $a = $1;
        while $a < $2 {
            $a«++¦ += 1»;
        }
        @ $a
        """,
        """
        fn $f($a: bool) -> bool {
            «not ¦!»$a
        }
        """,
        """
        fn $f($a: $N) -> bool {
            $a «===¦==» $1
        }
        """,
        """
        fn $f($a: $N, $b: $N) -> $N {
            let $c = «$a > $b ? $a : $b¦if $a > $b { $a } else { $b }»;
            $c
        }
        """,
        """
        fn $f($a: i32) -> bool {
            «0 < $a < $1¦0 < $a && $a < $1»
        }
        """,
        """
        fn $f($a: $N) -> bool {
            $a «<>¦!=» $1
        }
        """,
    )


def wrong_quotes(rng: random.Random) -> Pair:
    """A text in single quotes, or a string that does not end."""
    return write(
        rng,
        """
        ===
        let $a = «'$s1 $s2'¦"$s1 $s2"»;
        @ $a
        """,
        """
        ===
        println!(«'$s1'¦"$s1"»);
        """,
        """
        ===
        let $a = String::from(«'$s1'¦"$s1"»);
        @ $a
        """,
        """
        ===
        let $a = $1;
        println!(«'{}'¦"{}"», $a);
        """,
        """
        ===
        let $a: char = «'ab'¦'a'»;
        @ $a
        """,
    )


def type_before_name(rng: random.Random) -> Pair:
    """A parameter or a field as in C, or without its type."""
    return write(
        rng,
        """
        fn $f(«$N $a¦$a: $N») -> $N {
            $a ‹+¦*› $1
        }
        """,
        """
        fn $f(«$a¦$a: $N») -> $N {
            $a ‹+¦*› $1
        }
        """,
        """
        struct $T {
            «$N $q¦$q: $N»,
        }

        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        ===
        let «i32 $a¦$a: i32» = $1;
        @ $a
        """,
        """
        struct $T {
            $q«¦:» $N,
        }

        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        fn $f($a«¦:» &str) -> usize {
            $a.len()
        }
        """,
        """
        impl $T {
            fn $m(&self, «$N $a¦$a: $N») -> $N {
                self.$q ‹+¦*› $a
            }
        }

        struct $T {
            $q: $N,
        }
        """,
        """
        fn $f(«mut $a¦$a: &mut $N») {
            *$a += $1;
        }
        """,
    )


def misplaced_statement(rng: random.Random) -> Pair:
    """Statements or items stand where they cannot."""
    return write(
        rng,
        """
        «let¦const» $K: $N = $1;

        fn $f($a: $N) -> $N {
            $a ‹+¦*› $K
        }
        """,
        """
        struct $T {
            «let ¦»$q: $N,
        }

        fn $f($t: &$T) -> $N {
            $t.$q
        }
        """,
        """
        ===
        let $a = $1;
        if «($a > $2 {¦$a > $2 {»
            println!("$s1");
        }
        """,
        """
        fn $f($a: «mut &¦&mut »$N) {
            *$a += $1;
        }
        """,
        """
        fn $f($a: $N) -> $N {
            if $a > $1 «then ¦»{
                return 0;
            }
            $a
        }
        """,
        """
        impl $T {
            «let¦const» $K: $N = $1;

            fn $m(&self) -> $N {
                Self::$K
            }
        }

        struct $T;
        """,
    )


def turbofish_missing(rng: random.Random) -> Pair:
    """Type arguments in an expression without `::`."""
    return write(
        rng,
        """
        ===
        let $a = "$1".parse«¦::»<i32>().unwrap();
        @ $a
        """,
        """
        ===
        let $a = [$#, $#].iter().copied().collect«¦::»<Vec<i32>>();
        @? $a
        """,
        """
        ===
        let $a = Vec«¦::»<i32>::new();
        @ $a.len()
        """,
        """
        ===
        let $a = [$#, $#];
        let $b = $a.iter().sum«¦::»<i32>();
        @ $b
        """,
        """
        fn $f() -> usize {
            std::mem::size_of«¦::»<$N>()
        }
        """,
    )
