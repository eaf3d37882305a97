"""The name of a mistake, read off the compiler's output: `E0277:Hash@fn`, `E0308:Result<-Option@fn`.

A signature is code, ':' what the message says, '@' the item around the error. It is computed from
the diagnostic and the source alone, and names of the user's own are left out, so that renaming
changes nothing. The item is part of it because one code covers several mistakes: a missing
lifetime in a struct and one in a function are repaired differently, and a route for the one must
not capture the other.
"""

from __future__ import annotations

import re

from sleepy.sandbox.verdict import Diagnostic

# Words that belong to the language or to std: they say what kind of mistake it is, so they stay.
KNOWN = frozenset(
    """
    int float bool char str String Vec VecDeque
    HashMap HashSet BTreeMap BTreeSet BinaryHeap Option Some None Result Ok Err Box Rc Arc RefCell Cell
    Mutex RwLock Cow Path PathBuf Debug Display Clone Copy Hash Eq PartialEq Ord PartialOrd Default Send
    Sync Sized Iterator IntoIterator FromIterator DoubleEndedIterator ExactSizeIterator Extend From Into
    TryFrom TryInto FromStr ToString AsRef Borrow Deref DerefMut Drop Fn FnMut FnOnce Add Sub Mul Div
    Rem Neg Not Index IndexMut AddAssign SubAssign MulAssign DivAssign Sum Product Error Write Read
    BufRead ParseIntError ParseFloatError Range RangeInclusive RangeFrom dyn impl mut fn self Self
    static ref move loop while for if else match struct enum trait type const let return break continue
    true false unsafe async await std core fmt io collections integer clone len push push_str
    insert get get_mut iter iter_mut into_iter map filter collect sum unwrap expect unwrap_or is_some
    is_none is_empty contains contains_key to_string to_owned as_str chars bytes split trim parse sort
    sort_by sort_by_key max min abs pow sqrt lock borrow borrow_mut take next rev enumerate zip fold any
    all find position count last first pop remove join concat extend drain entry or_insert and_then
    ok_or map_err as_ref as_mut to_vec Ordering Map Filter Iter IntoIter Chars Rev Zip Enumerate Take Skip Chain Lines Split cmp partial_cmp eq hash default from into try_from closure
    """.split()
)
_QUOTED = re.compile(r"`([^`]*)`")
_WORD = re.compile(r"'?[A-Za-z_][A-Za-z0-9_]*")
_EXPECTED = re.compile(r"expected (.+?), found (.+)", re.DOTALL)
_INTEGER = re.compile(r"\b[iu](?:8|16|32|64|128|size)\b")
_FLOAT = re.compile(r"\bf(?:32|64)\b")
_TRAIT = (
    re.compile(r"the trait bound `[^`]*?: ([^`]+)` is not satisfied"),
    re.compile(r"doesn't implement `([^`]+)`"),
)
_MISSING = re.compile(r"no (.+?) named `(\w+)` found")
_ITEM = re.compile(
    r"^\s*(?:pub(?:\([^)]*\))?\s+)?(?:default\s+|async\s+|unsafe\s+|const\s+(?=fn|unsafe)|extern\s+\"C\"\s+)*"
    r"(fn|struct|enum|union|trait|impl|use|mod|type|const|static|macro_rules!)\b"
)


def signature(diagnostic: Diagnostic, source: str) -> str:
    """The diagnostic's signature, e.g. `E0382:borrow of moved value@fn`; `uncoded:` where it has none."""
    return f"{diagnostic.code or 'uncoded'}:{_detail(diagnostic)}@{enclosing_item(diagnostic, source)}"


def enclosing_item(diagnostic: Diagnostic, source: str) -> str:
    """The keyword of the innermost item around the primary span: fn, struct, impl ... or `file`."""
    primary = diagnostic.primary
    if primary is None:
        return "file"
    lines = source.split("\n")
    depth = 0  # braces closed minus opened, walking up from the error
    for number in range(min(primary.line_start, len(lines)), 0, -1):
        line = _without_strings(lines[number - 1])
        here = number == primary.line_start
        if not here:
            depth += line.count("}") - line.count("{")
        found = _ITEM.match(line)
        if found is None:
            continue
        if here or depth < 0 or (depth == 0 and "{" not in line and ";" not in line and "}" not in line):
            return found.group(1)
    return "file"


def _detail(diagnostic: Diagnostic) -> str:
    message = diagnostic.message.split("\n")[0]
    if diagnostic.code == "E0308":
        label = diagnostic.primary.label if diagnostic.primary else ""
        found = _EXPECTED.search(label) or _EXPECTED.search(message)
        if found:
            return _against(_quoted(found.group(1)), _quoted(found.group(2)))
        return _generalised(label or message)
    if diagnostic.code == "E0277":
        for form in _TRAIT:
            found = form.search(message)
            if found:
                return _head(_anonymous(found.group(1)))
        if "cannot be sent between threads" in message:
            return "Send"
        if "cannot be shared between threads" in message:
            return "Sync"
    if diagnostic.code == "E0599":
        found = _MISSING.search(message)
        if found:
            return f"no {found.group(1)} {_anonymous(found.group(2))}"
    return _generalised(message)


def _quoted(description: str) -> str:
    """struct `Vec<u8>` -> Vec<int>, `&Point` -> &_: a type's text with the user's names left out."""
    quoted = _QUOTED.search(description)
    return _anonymous(" ".join((quoted.group(1) if quoted else description).split()))


def _against(expected: str, found: str) -> str:
    """`Result<-Option`: two types by their heads; alike heads show what is inside them."""
    heads = _head(expected), _head(found)
    return f"{heads[0]}<-{heads[1]}" if heads[0] != heads[1] else f"{expected[:40]}<-{found[:40]}"


def _head(kind: str) -> str:
    """Vec<int> -> Vec, &mut Option<_> -> &mut Option: references stay, arguments go."""
    return kind.split("<")[0].strip()[:40]


def _generalised(message: str) -> str:
    text = re.sub(r"\d+", "#", _FLOAT.sub("float", _INTEGER.sub("int", message)))
    text = _QUOTED.sub(lambda found: f"`{_anonymous(found.group(1))}`", text)
    return re.sub(r"\s+", " ", text).strip()[:90]


def _anonymous(text: str) -> str:
    """Names the user chose become `_`, lifetimes `'_`, literals `#`, number types `int` and `float`."""
    text = re.sub(r"\b(?:std|core|alloc)::(?:[a-z_]+::)*", "", text)
    text = _FLOAT.sub("float", _INTEGER.sub("int", re.sub(r"\"[^\"]*\"", '""', text)))

    def word(found: re.Match[str]) -> str:
        name = found.group(0)
        if name.startswith("'"):
            return "'static" if name == "'static" else "'_"
        return name if name in KNOWN else "_"

    return re.sub(r"(?<![A-Za-z_\d])\d[\d_.]*", "#", _WORD.sub(word, text))


def _without_strings(line: str) -> str:
    line = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
    line = re.sub(r"'(?:\\.|[^'\\])'", "' '", line)
    return line.split("//")[0]
