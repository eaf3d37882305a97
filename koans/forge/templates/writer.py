"""Writes the programs of templates: fills names in, adds what else a program has, and lays it out.

A shape is a text of items; after a line `===` come the statements of a body, which becomes `fn main`
or another function. In a shape

    «broken¦fixed»   is the mistake and its repair
    ‹one¦other›      is one of several ways to write it
    @ a, b           prints with Display, `@? a` with Debug, `@* $a` with what the kind `$O` can
    %                is a place for a statement or two that have nothing to do with it

and `$` names are filled in, the same name with the same word throughout: `$a`-`$e` variables, `$x`-`$z`
short ones, `$f`-`$h` functions, `$m`-`$n` methods, `$T`-`$W` types, `$R` `$S` traits, `$A`-`$D` variants, `$K`
a constant, `$t` `$ts` a `$T` and several, `$p` (text) `$q` `$r` (numbers) its fields, `$s1`.. texts, `$1`..
numbers, `$N` an integer type. `$s$`, `$ch$` and `$#` are drawn each time anew. `$OT`, `$OM`, `$OR`, ... are the
type, the making and a reading of an owned kind (see kinds.py); `$Q` is another, `$L` a list of copies,
`$E` one of owned values, `$H` a map.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from sleepy.koans.forge.templates import domains, kinds
from sleepy.koans.forge.templates.kinds import ValueKind
from sleepy.koans.forge.templates.layout import WIDTH, as_in, chosen, grown, indented, rows, sides, wrapped

Pair = tuple[str, str]  # a broken program and its repair
_NAME = re.compile(
    r"\$(?:(?P<kind>[OQLEH])(?P<part>[TMBRCEVK])(?![A-Za-z0-9_])|(?P<again>s\$|ch\$|#)|(?P<name>\d|(?:s\d|ts|[a-hjkmnpqrtx-zA-DJKNRST-W])(?![A-Za-z0-9_])))"
)
_KINDS: dict[str, Callable[[random.Random], ValueKind]] = {
    "O": lambda rng: kinds.owned(rng.choice),
    "Q": lambda rng: kinds.owned(rng.choice),
    "L": lambda rng: rng.choice(kinds.COPIES[:1] * 3 + kinds.COPIES),
    "E": lambda rng: rng.choice(kinds.OWNED),
    "H": lambda rng: rng.choice(kinds.MAPS),
}
_PRINT = re.compile(r'^([^@"]*[«»¦])?@([?*]?) (.*)$')
_ITEM = re.compile(r"\s+(?:pub )?fn |(?:pub )?(?:fn|impl|struct|enum|trait|mod|type|const)\b|#\[")
_INTEGERS = ("i32", "u32", "i64", "u64", "usize", "i16", "u16")
_TRIES = 50
_DEPTH = 3  # kinds within kinds' words
_PADS = (
    "let $a = $1;\n@ $a",
    'let $a = "$s1";\n@ $a‹.len()¦›',
    "let $a = [$#, $#, $#];\n@? $a",
    "let $a: Vec<i32> = vec![$#, $#];\n@ $a.len()",
    "for $x in 0..$1 {\n@ $x‹¦ + 1¦ * 2›\n}",
    "let $a = $1 ‹+¦*¦-› $2;\n@ $a",
    'println!("$s1 $s2");',
    'println!("---");',
    'let $a = String::from("$s1");\n@ $a',
    "let mut $a = $1;\n$a += $2;\n@ $a",
    "let $a = [$#, $#, $#];\nlet $b: i32 = $a.iter().sum();\n@ $b",
    'let ($a, $b) = ($1, "$s1");\n@ $a, $b',
    "let mut $a = 0;\nfor $x in 1..$1 {\n$a += $x;\n}\n@ $a",
    "let mut $a = Vec::new();\n$a.push($1);\n$a.push($2);\n@? $a",
    "let $a = $1;\nif $a > $2 {\n@ $a\n}",
    'let $a = if $1 > $2 { "$s1" } else { "$s2" };\n@ $a',
    "let $a = Some($1);\nif let Some($x) = $a {\n@ $x\n}",
    "let $a = $1.5 * $2.0;\n@ $a",
    "let $a = \"$s1 $s2\";\nfor $x in $a.split(' ') {\n@ $x\n}",
    "let $a: ‹u64¦i64¦u32¦usize› = $1;\n@ $a * 2",
)
_EXTRAS = (
    "const $K: ‹u32¦usize¦i32› = $1;",
    'const $K: &str = "$s1";',
    "fn $f($a: i32) -> i32 {\n$a ‹+¦*› $1\n}",
    "fn $f() {\n@ $1\n}",
    'fn $f() -> &\'static str {\n"$s1"\n}',
    "fn $f($x: f64, $y: f64) -> f64 {\n$x ‹*¦+› $y\n}",
    "struct $T {\n$p: String,\n$q: u32,\n}",
    "enum $T {\n$A,\n$B,\n}",
    "fn $f($a: &str) -> usize {\n$a.len()\n}",
    "fn $f($a: &[i32]) -> i32 {\n$a.iter().sum()\n}",
    "struct $T;\n\nimpl $T {\nfn $m(&self) -> u32 {\n$1\n}\n}",
    "fn $f($a: i32) -> bool {\n$a > $1\n}",
)


class Vocabulary:
    """Draws the words of one program; no two names in it are the same."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._taken: set[str] = set()
        self._filled: dict[str, str] = {}
        self._kinds: dict[str, ValueKind] = {}
        self._domain, self._other = rng.sample(domains.DOMAINS, 2)
        self._plain = rng.random() < 0.4  # names as people take who only try something out

    def again(self) -> Vocabulary:
        """A vocabulary for something else in the same program: other words for the same `$` names."""
        other = Vocabulary(self.rng)
        other._taken = self._taken
        return other

    def filled(self, text: str) -> str:
        """The text with one of its options each and every `$` name replaced."""
        text = chosen(text, self.rng)
        for _ in range(_DEPTH):
            text = chosen(_NAME.sub(lambda found: self._word(found), text), self.rng)
        if "$" in text:
            raise ValueError(f"no such name in a shape: {text[text.index('$') :][:9]!r}")
        return text

    def kind(self, letter: str) -> ValueKind:
        if letter not in self._kinds:
            self._kinds[letter] = _KINDS[letter](self.rng)
        return self._kinds[letter]

    def given(self) -> tuple[list[str], list[str]]:
        """The `use` lines and the items that the kinds drawn so far need."""
        found = list(self._kinds.values())
        return [kind.uses for kind in found if kind.uses], list(dict.fromkeys(kind.item for kind in found if kind.item))

    def _word(self, found: re.Match[str]) -> str:
        if found["kind"]:
            return self._of_kind(found["kind"], found["part"])
        if found["again"]:
            word = {"s$": self._text(), "ch$": self.rng.choice("abcdefgxyz"), "#": str(self._number())}
            return word[found["again"]]
        name = found["name"]
        if name not in self._filled:
            self._filled[name] = self._drawn(name)
        return self._filled[name]

    def _of_kind(self, letter: str, part: str) -> str:
        kind = self.kind(letter)
        key = letter + part
        if part in "RC":
            if key not in self._filled:
                self._filled[key] = self.rng.choice(kind.reads if part == "R" else kind.changes)
            return self._filled[key]
        return {
            "T": kind.type, "M": kind.make, "B": kind.borrowed, "E": kind.element, "V": kind.value, "K": kind.key
        }[part]  # fmt: skip

    def _drawn(self, name: str) -> str:
        rng, domain = self.rng, self._domain
        if name.isdigit():
            return str(self._number())
        if name[0] == "s":
            return self._text()
        if name == "N":
            return rng.choice(_INTEGERS)
        if name == "t":
            thing = self.filled("$T").lower()
            return self._fresh([thing, thing[0], *domains.LOCALS[:9]], 0.6)
        if name == "ts":
            return self._fresh([domain.plural, "list", "all", "items", "v"], 0.6)
        if name == "T":
            return self._fresh([domain.type, *domains.TYPES], 0.8)
        lists: dict[str, Sequence[str]] = {
            "abcde": domains.LOCALS if self._plain or rng.random() < 0.3 else domains.NOUNS,
            "xyz": domains.SHORT,
            "fgh": domains.FUNCTIONS if rng.random() < 0.6 else [f"{rng.choice(domains.VERBS)}", f"{rng.choice(domains.FUNCTIONS[:9])}_{rng.choice(domains.NOUNS)}"],
            "mn": domains.METHODS,
            "J": [self._other.type],
            "j": self._other.texts,
            "k": self._other.numbers,
            "p": domain.texts,
            "qr": domain.numbers,
            "UVW": [other.type for other in rng.sample(domains.DOMAINS, 5)] + [rng.choice(domains.TYPES)],
            "RS": domains.TRAITS,
            "ABCD": domains.VARIANTS,
            "K": [f"{rng.choice(('MAX', 'MIN', 'LIMIT', 'TOTAL', 'DEFAULT', 'BASE'))}_{rng.choice(domains.NOUNS).upper()}", "LIMIT", "MAX", "SIZE"],
        }  # fmt: skip
        return self._fresh(next(words for letters, words in lists.items() if name in letters))

    def _fresh(self, words: Sequence[str], first: float = 0.0) -> str:
        if first and words[0] not in self._taken | domains.HIDDEN and self.rng.random() < first:
            self._taken.add(words[0])
            return words[0]
        for _ in range(30):
            word = self.rng.choice(words)
            if word not in self._taken and word not in domains.HIDDEN:
                self._taken.add(word)
                return word
        return self._fresh(domains.TYPES if words[0][0].isupper() else domains.NOUNS)

    def _number(self) -> int:
        return self.rng.choice((self.rng.randrange(2, 10), self.rng.randrange(2, 100), 10, 20, 50, 3, 5))

    def _text(self) -> str:
        return self.rng.choice(domains.TEXTS)


_ENDS = {"»": "«", "›": "‹"}


def fault_of(shape: str) -> tuple[int, str] | None:
    """What is wrong with a shape's marks and names, after the number of its line from 0; None for a sound one."""
    waiting: list[tuple[str, int, int]] = []  # the mark that is open, its line, how many parts it has
    mistakes = 0
    for line, text in enumerate(shape.split("\n")):
        unknown = _NAME.sub("", text).find("$")
        if unknown >= 0:
            return line, f"no such name: {_NAME.sub('', text)[unknown:][:9]!r}"
        for mark in text:
            if mark in _ENDS.values():
                waiting.append((mark, line, 1))
            elif mark == "¦" and waiting:
                waiting[-1] = (waiting[-1][0], waiting[-1][1], waiting[-1][2] + 1)
            elif mark == "¦":
                return line, "`¦` outside of any mark"
            elif mark in _ENDS:
                opened, _, parts = waiting.pop() if waiting else ("", line, 0)
                if opened != _ENDS[mark]:
                    return line, f"`{mark}` closes no `{_ENDS[mark]}`"
                if opened == "«" and parts != 2:
                    return line, f"`«broken¦fixed»` has two parts, not {parts}"
                mistakes += opened == "«"
    if waiting:
        return waiting[-1][1], f"`{waiting[-1][0]}` is not closed"
    return None if mistakes else (0, "no `«broken¦fixed»`")


def write(rng: random.Random, *shapes: str) -> Pair:
    """A broken and a fixed program of one of the shapes."""
    return write_one(rng, *shapes)[1]


class TooWide(ValueError):
    """None of the programs that were written fits the lines' width."""


def write_one(rng: random.Random, *shapes: str) -> tuple[str, Pair]:
    """One of the shapes, and a broken and a fixed program of it. `TooWide` where the draws were unlucky."""
    for tried in range(_TRIES):
        drawn = random.Random(rng.random())
        shape = rng.choice(shapes)
        made = _written(drawn, shape)
        lines = [line.strip() for side in made for line in side.split("\n")]
        if made[0] != made[1] and not any(len(line) > WIDTH - 12 or (tried < 9 and _broken_up(line)) for line in lines):
            return shape, made
    raise TooWide(f"none of {_TRIES} programs of these shapes fits the lines' width")


def _broken_up(line: str) -> bool:
    """Whether rustfmt would likely break a line at its calls or branches."""
    chain = line.split(" = ", 1)[-1].removeprefix("return ")
    calls = len(re.findall(r"\.\w+(?:::<[^(]*>)?\(", chain))
    return (len(chain) > 61 and calls > 1) or (len(chain) > 51 and chain.startswith("if ") and " } else { " in chain)


def _written(rng: random.Random, shape: str) -> Pair:
    vocabulary = Vocabulary(rng)
    text = re.sub(
        r"(«[^¦»]*¦use [^\n»]*;)\n»",
        r"\1»\n",
        vocabulary.filled("\n".join(line.strip() for line in shape.strip().split("\n")) + "\n"),
    )
    head, _, body = text.partition("===\n") if "===\n" in text else (text, "", "")
    uses, needed = vocabulary.given()
    items = [vocabulary.filled(item) for item in needed] + _items(head)
    if rng.random() < 0.25:
        other = vocabulary.again()
        items.insert(rng.randrange(len(items) + 1), other.filled(rng.choice(_EXTRAS)))
    if body:
        items = _with_body(items, body, vocabulary)
    prefix = "pub " if rng.random() < 0.12 else ""
    kept: list[str] = []
    for item in items:
        lines = [line for line in item.split("\n") if line.strip()]
        uses += [line for line in lines if line.lstrip("«¦").startswith("use ")]
        lines = [line for line in lines if not line.lstrip("«¦").startswith("use ")]
        if lines:
            kept.append(_spelt(lines, vocabulary, prefix))
    uses = sorted(dict.fromkeys(uses), key=lambda line: sides(line)[1])
    return _laid(["\n".join(uses), *kept] if uses else kept)


def _items(text: str) -> list[str]:
    """Items are parted by blank lines; those within brackets part nothing."""
    out: list[str] = []
    waiting = ""
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        waiting = f"{waiting}\n{part}" if waiting else part
        if waiting.count("«") == waiting.count("»") and sum(map(grown, sides(waiting)[1].split("\n"))) <= 0:
            out.append(waiting)
            waiting = ""
    return [item for item in [*out, waiting] if item.strip()]


def _with_body(items: list[str], body: str, vocabulary: Vocabulary) -> list[str]:
    """The items with the body as `fn main` or as a function of another name, padded."""
    rng = vocabulary.rng
    units = _units(body.strip("\n").split("\n"))
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
        units.insert(rng.randrange(len(units) + 1), vocabulary.again().filled(rng.choice(_PADS)))
    if rng.random() < 0.12:
        place = rng.randrange(len(units))
        units[place] = f"// {rng.choice(domains.COMMENTS)}\n{units[place]}"
    inner = "\n".join(units)
    way = rng.random()
    if way < 0.72:
        main = [f"fn main() {{\n{inner}\n}}"]
    else:
        name = vocabulary.again().filled("$f")
        main = [f"fn {name}() {{\n{inner}\n}}"] + ([f"fn main() {{\n{name}();\n}}"] if way < 0.86 else [])
    return items + main if rng.random() < 0.75 else main + items


def _units(lines: list[str]) -> list[str]:
    """Statements with all their lines, as the fixed side has them."""
    out: list[str] = []
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        whole = "\n".join(waiting)
        if whole.count("«") != whole.count("»"):
            continue
        fixed = sides(whole)[1].split("\n")
        if sum(grown(item) for item in fixed) <= 0 and (
            not fixed[-1].strip()
            or fixed[-1].rstrip().endswith((";", "}", "%"))
            or fixed[-1].lstrip().startswith(("@", "//"))
        ):
            out.append(whole)
            waiting = []
    return out + (["\n".join(waiting)] if waiting else [])


def _spelt(lines: list[str], vocabulary: Vocabulary, prefix: str) -> str:
    """An item with its prints and places for other statements written out."""
    out: list[str] = []
    depth = 0
    if any(line.count("«") != line.count("»") for line in lines):
        prefix = ""  # a depth that the two sides do not share
    for line in lines:
        bare = line.strip()
        if bare == "%":
            if vocabulary.rng.random() < 0.3:
                out += _spelt(
                    vocabulary.again().filled(vocabulary.rng.choice(_PADS)).split("\n"), vocabulary, ""
                ).split("\n")
            continue
        found = _PRINT.match(bare)
        if found:
            bare = (found.group(1) or "") + _print(found.group(2), found.group(3), vocabulary)
        if depth == 0 and prefix and re.match(r"(?:fn (?!main)|struct|enum|trait|const|type) ?", bare):
            bare = prefix + bare
        out.append(bare)
        depth += grown(sides(bare)[1]) if bare.count("«") == bare.count("»") else 0
    return "\n".join(out)


def _print(how: str, args: str, vocabulary: Vocabulary) -> str:
    """`@ a, b` as a macro that prints; `@?` with Debug, `@*` as the kind `$O` prints."""
    rng = vocabulary.rng
    spec = {"": "{}", "?": "{:?}", "*": vocabulary.kind("O").show if how == "*" else ""}[how]
    count = len(re.sub(r"\([^()]*(?:\([^()]*\))*[^()]*\)|«[^»]*»", "", args).split(","))
    if re.fullmatch(r"[a-z_]\w*", args) and rng.random() < 0.35:
        return f'println!("{rng.choice(("", args + ": ", args + " = "))}{spec[:1]}{args}{spec[1:]}");'
    label = rng.choice(
        (
            "",
            "",
            "",
            rng.choice(domains.TEXTS) + ": ",
            rng.choice(domains.NOUNS) + " = ",
            rng.choice(domains.TEXTS) + " ",
        )
    )
    return f'println!("{label}{" ".join([spec] * count)}", {args});'


def _laid(items: Sequence[str]) -> tuple[str, str]:
    """Both sides, laid out, a blank line between items."""
    broken: list[list[str]] = []
    fixed: list[list[str]] = []
    for item in items:
        here = rows(wrapped(item))
        broken.append([line for row in here for line in row.broken])
        fixed.append([line for row in here for line in row.fixed])
    right = [indented(lines) for lines in fixed]
    wrong = [
        indented(lines) if sum(map(grown, lines)) == 0 else as_in(lines, model)
        for lines, model in zip(broken, right, strict=True)
    ]
    return _joined(wrong), _joined(right)


def _joined(items: Sequence[Sequence[str]]) -> str:
    return "\n\n".join("\n".join(_spaced(lines)) for lines in items if lines) + "\n"


def _spaced(lines: Sequence[str]) -> list[str]:
    """A blank line between methods."""
    out: list[str] = []
    for line in lines:
        if out and out[-1].strip() == "}" and _ITEM.match(line):
            out.append("")
        out.append(line)
    return out
