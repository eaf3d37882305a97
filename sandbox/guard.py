"""The policy: what an answer may not bring in, as a diff against the broken original.

What the original did is allowed; what the candidate adds is refused, each by name. So is what makes
the program another than the tests speak of: a public item that is gone, an equality of its own. The
policy does not replace the jail: it makes an attack a verdict of its own (REJECTED) before anything is compiled,
and keeps answers from fooling the tests rather than passing them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from sleepy.sandbox.lexer import lex

_LARGEST = 64 * 1024
_DEEPEST = 128
_MACROS = frozenset(
    "include include_str include_bytes env option_env asm global_asm naked_asm todo unimplemented "
    "concat_idents compile_error cfg".split()
)
_WORDS = frozenset(["unsafe", "extern", "macro_rules"])
_PATHS = frozenset("process fs net os env arch ffi ptr panic".split())  # after std:: or core::
_HARMLESS = {  # of the watched modules
    "ptr": {"eq"},
    "net": {"Ipv4Addr", "Ipv6Addr", "IpAddr"},
    "process": {"ExitCode"},
}
_CALLS = frozenset("stdin set_hook take_hook catch_unwind abort transmute".split())
_STAT = frozenset(
    "exists try_exists metadata symlink_metadata read_link canonicalize is_file is_dir is_symlink read_dir".split()
)
_BINDS = frozenset(
    "Iterator IntoIterator DoubleEndedIterator ExactSizeIterator Future Deref FromStr TryFrom TryInto "
    "Add Sub Mul Div Rem Neg Index".split()
)
_ROOTS = [[word, "::"] for word in ("std", "core", "alloc", "prelude", "v1")]
_HOLDERS = frozenset("Box Rc Arc Vec Option Cell RefCell Cow Mutex RwLock".split())
_ATTRIBUTES = frozenset(
    "path link link_name link_section no_mangle export_name feature crate_type crate_name no_std no_main "
    "no_core recursion_limit type_length_limit cfg cfg_attr allow expect macro_export macro_use global_allocator "
    "panic_handler proc_macro test should_panic ignore".split()
)
_STD = frozenset("Option Result Vec String Box".split())  # a program that speaks of them means std's
_ITEMS = frozenset("fn struct enum trait const static type mod union".split())


def objection(
    candidate: str, original: str | None, reference: str | None = None, modules: Collection[str] = ()
) -> str | None:
    """Why the candidate is refused, or None. Without an original everything counts as added.

    What a right answer needs, the `reference` shows. `modules` are those whose files it may declare.
    """
    largest = max(_LARGEST, len(original or "") + _LARGEST // 8)
    if len(candidate) > largest:
        return f"source of {len(candidate)} characters; at most {largest}"
    words = lex(candidate)
    if _depth(words) > _DEEPEST:
        return f"brackets nested deeper than {_DEEPEST}"
    known = [lex(text) for text in (original, reference) if text is not None]
    allowed: Counter[str] = Counter()
    for program in known:
        allowed |= _marks(program)
    added = _marks(words) - allowed
    for name in modules:
        del added[f"mod {name}"]
    if _names_paths(words) and not any(map(_names_paths, known)):
        added += Counter(_stats(words)) - Counter(name for program in known for name in _stats(program))
    if added:
        return "adds " + ", ".join(sorted(added))
    return None


def mismatch(candidate: str, original: str | None, reference: str | None = None, tests: str = "") -> str | None:
    """Why the candidate is no longer what the tests speak of: an item gone, an answer given in its place.

    `impl PartialEq<i32> for Yes`, any PartialEq written by hand for a type that was not there or that derives it, a
    function that now returns a type of the candidate's own, and a trait whose method the tests believe to be std's:
    they answer the tests' questions instead of the program. What the reference does is allowed, and it stands in for
    an original that is not there. Without both, only an equality with a type that is not the candidate's is refused.
    """
    words = lex(candidate)
    right = lex(reference) if reference is not None else []
    if original is None and reference is None:
        own = _types(words) | {"Self"}
        foreign = sorted(name for name, other in _equalities(words) if other and not own & set(other))
        return "adds " + ", ".join(foreign) if foreign else None
    before = lex(original) if original is not None else right
    gone = _public(before) - _public(words)
    if reference is not None:
        gone &= _public(right)
    if original is None and tests.strip():
        said = set(lex(tests))
        gone = {item for item in gone if item.split()[1] in said}
    if gone:
        return "public item gone: " + ", ".join(sorted(gone))
    if _count_asserts(words) < min(_count_asserts(before), _count_asserts(right or before)):
        if original is not None or not tests.strip():
            return "asserts less than it did"
    known = _types(before) | _types(right)
    by_hand = known - _derived(before) - _derived(right)
    allowed = Counter(name for name, _ in _equalities(before)) | Counter(name for name, _ in _equalities(right))
    equalities = Counter(name for name, other in _equalities(words) if other or name.split()[-1] not in by_hand)
    if equalities - allowed:
        return "adds " + ", ".join(sorted(equalities - allowed))
    own = _led(words, _types(words) - known - (set(before) - _STD))
    known_returns = _returns(before)
    returned = sorted(name for name, said in _returns(words).items() if own & set(said) and name in known_returns)
    if returned:
        return "returns a type of its own: " + ", ".join(returned)
    named = set(_names(before)) | set(_names(right))
    told = lex(tests)
    asked = {name for name, before_it in zip(told[1:], told, strict=False) if before_it == "."}
    methods = sorted((_trait_methods(words) - named) & asked)
    return "adds trait methods that the tests call: " + ", ".join(methods) if methods else None


def _count_asserts(words: Sequence[str]) -> int:
    return sum(word in ("assert", "assert_eq", "assert_ne") and after == "!" for word, after in pairwise(words))


def _returns(words: Sequence[str]) -> dict[str, list[str]]:
    """The words of each function's return type, by the function's name; what follows the first arrow of its own."""
    found: dict[str, list[str]] = {}
    for i, word in enumerate(words[:-1]):
        if word != "fn" or words[i + 1] == "(":
            continue
        depth, arrow, j = 0, 0, i + 1
        while j < len(words) and words[j] not in ("{", "where") and (words[j] != ";" or depth > 0):
            if words[j] == "fn" and words[j + 1 : j + 2] != ["("]:
                break
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(words[j], 0)
            if not arrow and depth == 0 and words[j - 1 : j + 1] == ["-", ">"]:
                arrow = j
            j += 1
        found.setdefault(words[i + 1], []).extend(words[arrow:j] if arrow else [])
    return found


def _names(words: Sequence[str]) -> list[str]:
    """The names of functions."""
    return [words[i + 1] for i, word in enumerate(words[:-1]) if word == "fn"]


def _trait_methods(words: Sequence[str]) -> set[str]:
    """Names of the functions declared or given in `trait X { ... }` blocks."""
    found: set[str] = set()
    depth, inside = 0, 0
    waiting = False
    for i, word in enumerate(words):
        if word == "trait":
            waiting = True
        elif word == "{":
            depth += 1
            if waiting and not inside:
                inside, waiting = depth, False
        elif word == "}":
            if depth == inside:
                inside = 0
            depth -= 1
        elif word == ";":
            waiting = False
        elif word == "fn" and inside == depth and inside and i + 1 < len(words):
            found.add(words[i + 1])
    return found


def _equalities(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Impls of PartialEq, under whatever name: what they are called, and the words of the other side, if it is one."""
    traits = _led(words, {"PartialEq"}, types=False)
    found = []
    for head, _ in _heads(words):
        end = next((i for i, word in enumerate(head) if word == "for" and head[i + 1 : i + 2] != ["<"]), len(head))
        subject = head[end + 1 :]
        at = next((i for i in range(end - 1, -1, -1) if head[i] in traits and _is_trait(head, i, end)), None)
        if at is None or not subject:
            continue
        other = head[at + 1 : end]
        other = other[other.index("<") + 1 : -1] if "<" in other else []
        subject = subject[: subject.index("where")] if "where" in subject else subject
        if other and other != ["Self"] and other != subject:
            found.append(("PartialEq<..>", other))
        else:
            path = subject[: subject.index("<")] if "<" in subject else subject
            found.append((f"impl PartialEq for {path[-1] if path else ''}", []))
    return found


def _is_trait(head: Sequence[str], at: int, end: int) -> bool:
    """Whether a word of an impl's head is the trait it is of: outside of angle brackets, and last in its path."""
    depth = 0
    for i in range(at):
        if head[i] == "<":
            depth += 1
        elif head[i] == ">" and head[i - 1] not in ("-", "="):
            depth -= 1
    return depth == 0 and (at + 1 == end or head[at + 1] == "<" or head[at + 1 : at + 3] == ["::", "<"])


def _heads(words: Sequence[str]) -> Iterator[tuple[list[str], int]]:
    """What stands between each `impl` and its brace, and where that brace is; constants in braces are left out."""
    at = 0
    while at < len(words):
        at += 1
        if words[at - 1] != "impl":
            continue
        head: list[str] = []
        angles = braces = 0
        while at < len(words) and words[at] != "impl":
            if words[at] == "{" and angles <= 0:
                break
            braces += {"{": 1, "}": -1}.get(words[at], 0)
            if not braces:
                head.append(words[at])
                angles += words[at] == "<"
                angles -= words[at] == ">" and words[at - 1] not in ("-", "=")
            at += 1
        yield head, at


def _led(words: Sequence[str], names: set[str], *, types: bool = True) -> set[str]:
    """Names, and every name that the program gives them by `use .. as` or `type .. =`."""
    leads: dict[str, list[str]] = {}
    for i, using in enumerate(_using(words)):
        if using and words[i] == "as" and i + 1 < len(words):
            leads.setdefault(words[i - 1], []).append(words[i + 1])
    alias = ""
    for i, word in enumerate(words):
        if word == "type" and types and i + 1 < len(words):
            alias = words[i + 1]
        elif word == ";":
            alias = ""
        elif alias and word != alias:
            leads.setdefault(word, []).append(alias)
    found, waiting = set(names), list(names)
    while waiting:
        for name in leads.pop(waiting.pop(), []):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _aliased(words: Sequence[str]) -> set[str]:
    return {words[i + 1] for i, word in enumerate(words[:-1]) if word == "type"}


def _derived(words: Sequence[str]) -> set[str]:
    """Types that derive PartialEq."""
    found, derives, inside = set(), False, False
    for i, word in enumerate(words[:-1]):
        if word == "derive":
            inside = True
        elif word == "]":
            inside = False
        elif word == "PartialEq" and inside:
            derives = True
        elif word in ("struct", "enum", "union"):
            if derives:
                found.add(words[i + 1])
            derives = False
    return found


def _types(words: Sequence[str]) -> set[str]:
    return {words[i + 1] for i, word in enumerate(words[:-1]) if word in ("struct", "enum", "union")}


def _marks(words: Sequence[str]) -> Counter[str]:
    """Everything the policy watches, by name, with how often it stands there."""
    found: Counter[str] = Counter(_casts(words))
    using = _using(words)
    functions, declared = set(_names(words)), _declared(words)
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else ""
        before = words[i - 1] if i else ""
        behind = words[i - 2] if i > 1 else ""
        brought = using[i] and after in (";", ",", "}") and word not in declared and word not in _PATHS
        if word in _MACROS and (after == "!" or brought or (using[i] and after == "as")):
            found[f"{word}!"] += 1
        elif word in _WORDS:
            found[word] += 1
        elif word in _PATHS and before == "::" and behind in ("std", "core", "alloc"):
            if not _is_harmless(words, i):
                found[f"std::{word}"] += 1
        elif word in ("exit", "abort") and word in functions and behind != "process":
            continue
        elif word == "exit" and (before == "::" or (using[i] and before in ("{", ","))):
            found["process::exit"] += 1
        elif word in _CALLS and (
            before == "::"
            or (before in ("{", ",") and (after in ("(", "::") or using[i]))
            or (word == "stdin" and after == "(" and before not in (".", "fn") and word not in functions)
        ):
            found[word] += 1
        elif word in ("std", "core", "alloc") and before not in ("::",) and after == "::":
            found.update(_grouped(words, i))
        elif word in ("std", "core", "alloc") and after == "as" and using[i]:
            found[f"{word} as"] += 1
        elif word == "#!":
            found["a line for the shell"] += 1
        elif word == 'c""':
            found["a C string"] += 1
        elif word == "#":
            inner = after == "!"
            start = i + (3 if inner else 2)
            names = {name for name in words[start : start + 12] if name in _ATTRIBUTES}
            while start + 1 < len(words) and (words[start] == "::" or words[start : start + 2] in _ROOTS):
                start += 1  # `#[::core::prelude::v1::test]`
            first = words[start] if start < len(words) else ""
            if first in _ATTRIBUTES or (first == "unsafe" and names):
                found[f"#[{first}]"] += 1
            elif inner:
                found[f"#![{first}]"] += 1
        elif word == "mod" and i + 2 < len(words) and (words[i + 2] == ";" or after == "tests"):
            found[f"mod {after}"] += 1
    return found


def _using(words: Sequence[str]) -> list[bool]:
    """For each word, whether it stands in a `use` declaration."""
    out, inside = [], False
    for i, word in enumerate(words):
        if word == "use" and words[i + 1 : i + 2] != ["<"]:
            inside = True
        elif word == ";":
            inside = False
        out.append(inside)
    return out


def _declared(words: Sequence[str]) -> set[str]:
    """The names of items and modules."""
    return {after for word, after in pairwise(words) if word in _ITEMS}


def _is_harmless(words: Sequence[str], at: int) -> bool:
    """Whether a watched module is only named for a part of it that does nothing, or is the macro `panic!`."""
    module, parts = words[at], _HARMLESS.get(words[at], set())
    if at + 2 >= len(words) or words[at + 1] != "::":
        return module == "panic" and words[at + 1 : at + 2] == ["!"]
    if words[at + 2] != "{":
        return words[at + 2] in parts
    for i in range(at + 3, len(words)):
        if words[i] == "}":
            return True
        if words[i] != "," and words[i] not in parts:
            return False
    return False


def _grouped(words: Sequence[str], at: int) -> list[str]:
    """Watched modules in `use std::{fs, net}`: the braces after a std path; std as a whole by `*` or `self`."""
    if at + 2 < len(words) and words[at + 2] in ("*", "self"):
        return [f"{words[at]}::{words[at + 2]}"]
    if at + 2 >= len(words) or words[at + 2] != "{":
        return []
    out, depth = [], 0
    for i in range(at + 2, len(words)):
        depth += {"{": 1, "}": -1}.get(words[i], 0)
        if depth == 0 or words[i] == ";":
            break
        if words[i - 1] not in ("{", ","):
            continue
        if (words[i] in _PATHS and not _is_harmless(words, i)) or (depth == 1 and words[i] in ("self", "*")):
            out.append(f"std::{words[i]}")
    return out


def _names_paths(words: Sequence[str]) -> bool:
    """Whether a program speaks of paths: by their types, or by std's module of them."""
    if "Path" in words or "PathBuf" in words:
        return True
    using = _using(words)
    return any(
        word == "path" and (using[i] or words[max(0, i - 2) : i] == ["std", "::"]) for i, word in enumerate(words)
    )


def _stats(words: Sequence[str]) -> Iterator[str]:
    """The methods of Path that ask the file system."""
    for i, word in enumerate(words[:-1]):
        if word not in _STAT or i < 2:
            continue
        if (words[i - 1] == "." and words[i + 1] == "(") or words[i - 2 : i] in (["Path", "::"], ["PathBuf", "::"]):
            yield f".{word}()"


def _casts(words: Sequence[str]) -> Iterator[str]:
    """The two known ways for safe code to take memory for another type (rust#25860, rust#57893)."""
    for i, word in enumerate(words[:-2]):
        if word == "&" and words[i + 1].startswith("'"):
            j = i + 2
            while j < len(words) and words[j] in ("mut", "("):
                j += 1
            inner = words[j + 1] if j + 1 < len(words) and words[j] == "&" else ""
            if _is_lifetime(words[i + 1]) and _is_lifetime(inner) and inner not in ("'static", words[i + 1]):
                yield "a reference with a lifetime to one with another"
    if _has_blanket(words):
        yield from ("an associated type named beside a blanket impl" for _ in range(_bindings(words)))


def _is_lifetime(word: str) -> bool:
    return len(word) > 1 and word[0] == "'" and word[-1] != "'" and word != "'_"


def _has_blanket(words: Sequence[str]) -> bool:
    """Whether an impl with an associated type is of every type, sized or not."""
    holders = _types(words) | (_HOLDERS - _aliased(words))
    for head, at in _heads(words):
        of = next((i for i, word in enumerate(head) if word == "for" and head[i + 1 : i + 2] != ["<"]), None)
        if of is None or "?" not in head:
            continue
        subject = [word for word in head[of + 1 :] if word != "("]
        if subject and (subject[0] in ("&", "[", "*", "dyn") or subject[0] in holders):
            continue
        depth = 0
        for i in range(at, len(words)):
            depth += {"{": 1, "}": -1}.get(words[i], 0)
            if words[i] == "type":
                return True
            if depth == 0:
                break
    return False


def _bindings(words: Sequence[str]) -> int:
    """How often `NAME = type` stands in angle brackets, but for std's traits and the defaults of parameters."""
    using = _using(words)
    own = _declared(words) | {words[i + 1] for i in range(len(words) - 1) if using[i] and words[i] == "as"}
    opens: list[tuple[str, bool]] = []
    found = 0
    for i, word in enumerate(words):
        if word in ("(", "[", "{"):
            opens.append((word, False))
        elif word == "<":
            name = words[i - 1] if i else ""
            watched = (name not in _BINDS or name in own) and (i < 2 or words[i - 2] not in _ITEMS)
            opens.append((word, watched))
        elif word in (")", "]", "}"):
            while opens and opens.pop()[0] == "<":
                pass
        elif word == ";" or (word == ">" and words[i - 1] not in ("-", "=")):
            while opens and opens[-1][0] == "<":
                opens.pop()
                if word == ">":
                    break
        elif word == "=" and opens and opens[-1] == ("<", True) and words[i - 2] in ("<", ","):
            found += words[i + 1 : i + 2] != ["="]
    return found


def _public(words: Sequence[str]) -> set[str]:
    """`fn name`, `struct Name` ... of everything declared pub."""
    found = set()
    for i, word in enumerate(words):
        if word != "pub":
            continue
        j = i + 1
        if j < len(words) and words[j] == "(":
            while j < len(words) and words[j] != ")":
                j += 1
            j += 1
        while j + 1 < len(words) and words[j] in ("async", "unsafe", "const") and words[j + 1] in _ITEMS:
            j += 1
        if j + 1 < len(words) and words[j] in _ITEMS:
            found.add(f"{words[j]} {words[j + 1]}")
    return found


def _depth(words: Sequence[str]) -> int:
    depth = deepest = 0
    for word in words:
        if word in ("(", "[", "{"):
            depth += 1
            deepest = max(deepest, depth)
        elif word in (")", "]", "}"):
            depth = max(0, depth - 1)
    return deepest
