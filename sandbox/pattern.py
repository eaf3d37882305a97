"""The name of a mistake, read off the compiler's output: `E0277:Hash@struct`, `E0308:String<-&str@fn`.

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
    i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 bool char str String Vec VecDeque
    HashMap HashSet BTreeMap BTreeSet BinaryHeap Option Some None Result Ok Err Box Rc Arc RefCell Cell
    Mutex RwLock Cow Path PathBuf Debug Display Clone Copy Hash Eq PartialEq Ord PartialOrd Default Send
    Sync Sized Iterator IntoIterator FromIterator DoubleEndedIterator ExactSizeIterator Extend From Into
    TryFrom TryInto FromStr ToString AsRef Borrow Deref DerefMut Drop Fn FnMut FnOnce Add Sub Mul Div
    Rem Neg Not Index IndexMut AddAssign SubAssign MulAssign DivAssign Sum Product Error Write Read
    BufRead ParseIntError ParseFloatError Range RangeInclusive RangeFrom dyn impl mut fn self Self
    static ref move loop while for if else match struct enum trait type const let return break continue
    true false unsafe async await std core fmt io collections integer float clone len push push_str
    insert get get_mut iter iter_mut into_iter map filter collect sum unwrap expect unwrap_or is_some
    is_none is_empty contains contains_key to_string to_owned as_str chars bytes split trim parse sort
    sort_by sort_by_key max min abs pow sqrt lock borrow borrow_mut take next rev enumerate zip fold any
    all find position count last first pop remove join concat extend drain entry or_insert and_then
    ok_or map_err as_ref as_mut to_vec cmp partial_cmp eq hash default from into try_from closure
    """.split()
)
_QUOTED = re.compile(r"`([^`]*)`")
_WORD = re.compile(r"'?[A-Za-z_][A-Za-z0-9_]*")
_EXPECTED = re.compile(r"expected (.+?), found (.+)", re.DOTALL)
_TRAIT = (
    re.compile(r"the trait bound `[^`]*?: ([^`]+)` is not satisfied"),
    re.compile(r"doesn't implement `([^`]+)`"),
    re.compile(r"`([A-Za-z:]+)` cannot be (?:sent|shared) between threads"),
)
_ITEM = re.compile(
    r"^\s*(?:pub(?:\([^)]*\))?\s+)?(?:default\s+|async\s+|unsafe\s+|const\s+(?=fn|unsafe)|extern\s+\"C\"\s+)*"
    r"(fn|struct|enum|union|trait|impl|use|mod|type|const|static|macro_rules!)\b"
)


def signature(diagnostic: Diagnostic, source: str) -> str:
    """The diagnostic's signature, e.g. `E0382:borrow of moved value@fn`; `syntax:` where it has no code."""
    return f"{diagnostic.code or 'syntax'}:{_detail(diagnostic)}@{enclosing_item(diagnostic, source)}"


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
            return f"{_kind(found.group(1))}<-{_kind(found.group(2))}"
        return _generalised(label or message)
    if diagnostic.code == "E0277":
        for form in _TRAIT:
            found = form.search(message)
            if found:
                return _kind(f"`{found.group(1)}`")
    return _generalised(message)


def _kind(description: str) -> str:
    """struct `Vec<u8>` -> Vec<u8>, `&Point` -> &_: the type with the user's names left out."""
    quoted = _QUOTED.search(description)
    text = quoted.group(1) if quoted else description
    return _anonymous(re.sub(r"\s+", " ", text.strip()))[:60]


def _generalised(message: str) -> str:
    text = _QUOTED.sub(lambda found: f"`{_anonymous(found.group(1))}`", message)
    text = re.sub(r"\d+", "#", text)
    return re.sub(r"\s+", " ", text).strip()[:90]


def _anonymous(text: str) -> str:
    """Names the user chose become `_`, lifetimes `'_`, literals `#`; paths keep their last segment."""
    text = re.sub(r"\b(?:std|core|alloc)::(?:[a-z_]+::)*", "", text)
    text = re.sub(r"\"[^\"]*\"", '""', text)

    def word(found: re.Match[str]) -> str:
        name = found.group(0)
        if name.startswith("'"):
            return "'static" if name == "'static" else "'_"
        return name if name in KNOWN else "_"

    return re.sub(r"(?<![A-Za-z_])\d[\d_.]*", "#", _WORD.sub(word, text))


def _without_strings(line: str) -> str:
    line = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
    line = re.sub(r"'(?:\\.|[^'\\])'", "' '", line)
    return line.split("//")[0]
