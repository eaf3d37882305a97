"""E0507, a move out of what is only lent: `.take()` of an `Option`, `std::mem::take` of what can be empty.

Both leave nothing behind: right where the place is given a new value, and doubted where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sleepy.daemon.fix.recipes.place import byte_range
from sleepy.sandbox.verdict import Diagnostic

CODES = ("E0507",)

_OF = re.compile(r"has type `(?:\w+::)*(\w+)")
_EMPTY = frozenset("Vec VecDeque String HashMap HashSet BTreeMap BTreeSet BinaryHeap LinkedList".split())


def taken(source: str, error: Diagnostic) -> Iterator[str]:
    """With the value taken out of its place."""
    place, labels = error.primary, " ".join(each.label for each in error.spans)
    found = _OF.search(labels)
    if place is None or found is None or "behind a shared reference" in error.message:
        return
    data = source.encode()
    start, end = byte_range(source, place)
    what = data[start:end].decode()
    if found[1] == "Option":
        yield (data[:end] + b".take()" + data[end:]).decode()
    elif found[1] in _EMPTY:
        yield (data[:start] + f"std::mem::take(&mut {what})".encode() + data[end:]).decode()
