"""What is sent to a server: a text and its errors without secrets, and the way back from its answer.

The user's own lines come back as they are, and a placeholder in a new line becomes its secret again. An answer that
edits a line whose secret cannot be put back is refused: no placeholder ever reaches a file of the user's.
Not promised: more than `scrub.py` does. The rest of the file is sent as it stands.
"""

from __future__ import annotations

import difflib
import ipaddress
from urllib.parse import urlsplit

from sleepy.daemon.crate.scrub import Scrubber, placeholders
from sleepy.daemon.model.edits import EditError
from sleepy.sandbox.verdict import Diagnostic


class RedactedSource:
    """A text and its errors as a server sees them."""

    def __init__(self, source: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        self._scrubber, self._own = Scrubber(), source
        self.source = self._scrubber.text(source)
        self.diagnostics = tuple(self._scrubber.diagnostic(each, self.source) for each in diagnostics)

    def restored(self, answered: str) -> str:
        """The user's text with the changes made to the one that was sent; `EditError` where a secret is in the way."""
        if self.source == self._own:
            return answered
        own, sent, now = self._own.split("\n"), self.source.split("\n"), answered.split("\n")
        found: list[str] = []
        for kind, a, b, c, d in difflib.SequenceMatcher(None, sent, now, autojunk=False).get_opcodes():
            if kind == "equal":
                found += own[a:b]
                continue
            hidden = next((i for i in range(a, b) if self._scrubber.restored(sent[i]) != own[i]), None)
            if hidden is not None:
                raise EditError(f"it edits line {hidden + 1}, where a secret was taken out")
            found += [self._scrubber.restored(line) for line in now[c:d]]
        text = "\n".join(found)
        if placeholders(text) > placeholders(self._own):
            raise EditError("it holds a placeholder of no secret")
        return text


def leaves_machine(address: str) -> bool:
    """Whether what is sent to an address leaves this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")
