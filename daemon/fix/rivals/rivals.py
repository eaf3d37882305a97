"""All rivals of a repair: programs that chose otherwise where it chose.

If one compiles and passes the tests too, nothing says that the repair is what was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from sleepy.daemon.fix.rivals.change import Rival, once
from sleepy.daemon.fix.rivals.derives import other_derives
from sleepy.daemon.fix.rivals.names import other_names
from sleepy.daemon.fix.rivals.offers import other_offers
from sleepy.daemon.fix.rivals.values import other_arguments, other_arms, other_texts, other_types
from sleepy.sandbox.verdict import Diagnostic

_MOST = 8  # of one repair


def rivals(
    error: Diagnostic,
    old: str,
    new: str,
    others: Callable[[], Sequence[str]] = tuple,
    *,
    is_own: bool = True,
    in_tests: bool = False,
) -> list[Rival]:
    """The rivals of `new`, a file's text repaired; none as a rule: most repairs are no choice.

    `others` gives the crate's other texts. `is_own`: the error is in this file. `in_tests`: it is in what is there for
    tests only.
    """
    found: Iterator[Rival] = other_derives(error, old, new, in_tests=in_tests)
    if is_own:
        found = chain(
            other_offers(error, old, new),
            other_names(error, old, new, others),
            other_arguments(error, old, new),
            other_arms(error, old, new),
            other_types(old, new),
            other_texts(old, new),
            found,
        )
    return list(islice(once(found, new), _MOST))
