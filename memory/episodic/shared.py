"""A database that several homes use: its address, and what each of them keeps there for itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PASSWORD = re.compile(r"(://[^:@/?#]*):.*@")  # up to the last @: rather too much than a part of it
_NO_PORT = re.compile(
    r"(://[^:@/?#\[]*):(?!\d*(?:[/?#,]|$))[^@/?#]*(?=[/?#]|$)"
)  # a password whose `@host` was forgotten
_PARAMETER = re.compile(r"([?&](?:password|sslpassword)=)[^&#]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shared:
    """A server's database by URL. In its state, each `home` has entries of its own under the names in `own`.

    A name in `own` that ends with a colon stands for all that begin with it.
    """

    url: str = field(repr=False)  # with its password, if there is one
    home: str
    own: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return masked(self.url)


def masked(url: str) -> str:
    """The URL as it may be shown: stars for its password, wherever in it that stands, or for what is no URL."""
    if "://" not in url:
        return "***"
    return _PARAMETER.sub(r"\1***", _NO_PORT.sub(r"\1:***", _PASSWORD.sub(r"\1:***@", url)))
