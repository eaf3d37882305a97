"""Secrets out of captured text, before anything of it is kept.

    text -> secrets by their shape, by the name beside them, by their entropy -> placeholders of the same length

A placeholder is letters and digits alone and has as many characters as the secret, so that every line and column
of the compiler's messages still holds and a program that parsed still parses. One `Scrubber` gives one secret the
same placeholder wherever it meets it: use one for a broken text, what the compiler said of it, and its repair.

What counts: PEM blocks, URLs with credentials, tokens of known services, JSON web tokens, literals that are
assigned to a name like `password`, `token`, `secret` or `api_key`, and words of at least 24 characters in literals
and comments that look random. Not promised: a secret that is none of these, such as a short pass phrase in a
variable called `x`. More is taken out than is secret: a placeholder too many costs a lesson little.

What detect-secrets 1.5 knows of services is among the shapes, but it is not imported: that takes 0.1 to 0.4 s, five more
packages (its plugins ask the services whether a secret works), and its patterns repeat without a bound.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from sleepy.sandbox.verdict import Diagnostic

# Every repetition that could be tried again from each of its places has a bound: 256 KiB of anything take seconds at most.
LEAST_RANDOM = 24  # characters: shorter random words are names, hashes cut short, ids
_BITS = 3.6  # of entropy a character: 24 random base64 characters have 4.2 +- 0.2, English and paths below 3.5 mostly
_HEX = 32  # digits of a hexadecimal word: a key; up to there it may be a constant
_RISING = 0.4  # share of neighbours one apart from which on a word is an alphabet, not a key
_LEAST_SAID = 6  # characters of a secret that is looked for in the compiler's words: shorter ones are words there
_DONE = re.compile(r"REDACTED\d*x*|x*")
_PLAIN = re.compile(r"[A-Za-z_ ]*|.{,5}", re.DOTALL)  # what may be a name or a sign of the program's own as well
_NUMBERED = re.compile(r"REDACTED\d+x*")
_PLACEHOLDER = re.compile(r"REDACTED\d")

_PEM = re.compile(
    r"-----BEGIN [A-Z0-9 ]+-----(?P<secret>[A-Za-z0-9+/=\s\\:,.!-]{0,12000}?)(?:-----END [A-Z0-9 ]+-----|(?=\"))"
)
_SHAPES = (
    re.compile(r"(?P<secret>eyJ[\w-]{8,2000}\.[\w-]{8,}(?:\.[\w-]*)?)"),  # JSON web token
    re.compile(r"(?P<secret>\b(?:A3T[0-9A-Z]|A(?:KI|SI|GP|ID|RO|NP|BI|CC)A)[0-9A-Z]{16}\b)"),  # AWS
    re.compile(r"(?P<secret>\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}))"),  # GitHub
    re.compile(  # GitLab
        r"(?P<secret>\b(?:gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-[\w-]{16,}|GR1348941[\w-]{16,}))"
    ),
    re.compile(r"(?P<secret>\bxox[a-z]-[\w-]{10,}|hooks\.slack\.com/services/[\w/]+)"),  # Slack
    re.compile(r"(?P<secret>\b(?:[sr]k_(?:live|test)_|whsec_)\w{10,})"),  # Stripe
    re.compile(r"(?P<secret>\b(?:sk-[\w-]{20,}|AIza[\w-]{30,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}))"),
    re.compile(r"(?P<secret>\b(?:pypi-[\w-]{20,}|cio[A-Za-z0-9]{32}\b|SG\.[\w-]{16,}\.[\w-]{16,}))"),
    re.compile(r"(?P<secret>\b[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}|\b\d{8,10}:[\w-]{35}\b)"),  # Discord, Telegram
    re.compile(  # Artifactory
        r"(?P<secret>\b(?:AKC|AP[0-9A-F])(?=[A-Za-z]{0,80}\d)(?=[A-Z\d]{0,80}[a-z])[A-Za-z0-9]{8,}\b)"
    ),
    re.compile(r":_authToken\s{0,8}=\s{0,8}(?P<secret>[^\s\"'\\]{8,})"),  # npm
    re.compile(r"(?i:\b(?:bearer|basic)) +(?P<secret>[\w+/=.~-]{12,})"),
    re.compile(r"://(?P<secret>[^\s/@\"'{}<>:]+(?=:)|[^\s/@\"'{}<>:]{12,}(?=@))(?::[^\s/@\"'{}<>]*)?@"),
    re.compile(r"://[^\s/@\"'{}<>:]*:(?P<secret>[^\s/@\"'{}<>]+)@"),
)
_NAME = r"\b\w{0,40}(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?)\w{0,24}"
_LITERAL = r"b?(?:\"(?P<{0}>(?:\\.|[^\"\\])*)\"|r(?P<{0}h>#*)\"(?P<{0}r>.{{0,4000}}?)\"(?P={0}h))"
_ASSIGNED = re.compile(  # password = "..", API_KEY: &str = "..", "token": "..", secret: Some(String::from(".."))
    rf"(?i:{_NAME})\"?\s*(?::(?!:)\s*(?:&?\s*(?:'\w+\s+)?[\w:<>&' ]{{1,40}}=)?|=>?(?!=))\s*"
    rf"(?:[A-Za-z_][\w:]*\s*\(\s*){{0,2}}&?{_LITERAL.format('a')}",
    re.DOTALL,
)
_GIVEN = re.compile(rf"(?i:{_NAME})\"?\s*[(,]\s*{_LITERAL.format('a')}", re.DOTALL)  # with_token(".."), ("token", "..")
_QUIET = re.compile(  # literals and comments, as far as words in them are concerned
    r"//[^\n]*|/\*.*?(?:\*/|\Z)|b?r(?P<h>#*)\".{0,4000}?\"(?P=h)|b?\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\\n])'", re.DOTALL
)
_WORD = re.compile(rf"(?<![\w+/=-])[\w+/=-]{{{LEAST_RANDOM},}}(?![\w+/=-])", re.ASCII)
_KEPT = re.compile(
    r"(?P<kept>^[ \t]*//[/!]?|\{[\w:?.#<>^$*+-]*\}|\\(?:u\{[^}]*\}|x[0-9A-Fa-f]{2}|.)?|[\s\"])|.",
    re.DOTALL | re.MULTILINE,
)


def placeholders(text: str) -> int:
    """How many secrets were taken out of a text."""
    return len(_PLACEHOLDER.findall(text))


class Scrubber:
    """Scrubs texts that belong together. It remembers the secrets it met, and nothing else keeps them."""

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        self._lines: dict[str, str] = {}  # of secrets that are not in one piece: a prompt may show some of them alone

    def text(self, text: str) -> str:
        """The text with placeholders, of the same length and with the same lines."""
        for form in (_PEM, *_SHAPES):
            text = self._over(text, ((found.span("secret")) for found in form.finditer(text)))
        text = self._over(text, _assigned(text))
        text = self._over(text, _given(text))
        return self._over(text, _random(text))

    def said(self, text: str) -> str:
        """Words of the compiler about a text that was scrubbed before: its secrets go wherever they are quoted."""
        return self._without(text, [secret for secret in self._placeholders if len(secret) >= _LEAST_SAID])

    def excerpt(self, text: str) -> str:
        """Some lines of a text that was scrubbed before, numbered perhaps, in a prompt or an answer.

        What makes a secret of a word is not always among them; a word of the language that is one stays.
        """
        return self._without(text, [secret for secret in self._placeholders if not _PLAIN.fullmatch(secret)])

    def _without(self, text: str, secrets: Sequence[str]) -> str:
        known = self._lines | {secret: self._placeholders[secret] for secret in secrets}
        for secret in sorted(known, key=len, reverse=True):
            text = text.replace(secret, known[secret])
        return self.text(text)

    def restored(self, text: str) -> str:
        """The text with secrets in place of their numbered placeholders; those that are all x stay."""
        secrets = {placeholder: secret for secret, placeholder in self._placeholders.items()}
        return _NUMBERED.sub(lambda found: secrets.get(found[0], found[0]), text)

    def diagnostic(self, item: Diagnostic, scrubbed: str) -> Diagnostic:
        """The diagnostic of a scrubbed text. What the terminal shows of it is left out: it quotes other files too."""
        lines = scrubbed.split("\n")
        spans = tuple(
            replace(
                span,
                label=self.said(span.label),
                text=lines[span.line_start - 1] if 0 < span.line_start <= len(lines) else self.said(span.text),
            )
            for span in item.spans
        )
        suggestions = tuple(
            replace(
                offer,
                message=self.said(offer.message),
                replacements=tuple(replace(part, text=self.said(part.text)) for part in offer.replacements),
            )
            for offer in item.suggestions
        )
        notes = tuple(self.said(note) for note in item.notes)
        return replace(
            item, message=self.said(item.message), spans=spans, suggestions=suggestions, notes=notes, rendered=""
        )

    def _over(self, text: str, spans: Iterator[tuple[int, int]]) -> str:
        parts: list[str] = []
        at = 0
        for start, end in spans:
            if start >= at:
                parts += [text[at:start], self._placeholder(text[start:end])]
                at = end
        return "".join([*parts, text[at:]])

    def _placeholder(self, secret: str) -> str:
        if _DONE.fullmatch(secret):
            return secret
        if any(mark in secret for mark in "\n\\{"):  # lines, escapes and a format's places stay: they are its form
            hidden = _KEPT.sub(lambda found: found["kept"] or "x", secret)
            for own, other in zip(secret.split("\n"), hidden.split("\n"), strict=True):
                if len(own.strip()) >= LEAST_RANDOM:
                    self._lines[own.strip()] = other.strip()
            return hidden
        if secret not in self._placeholders:
            name = f"REDACTED{len(self._placeholders)}"
            fits = len(name) <= len(secret)
            self._placeholders[secret] = name.ljust(len(secret), "x") if fits else "x" * len(secret)
        return self._placeholders[secret]


def _assigned(text: str) -> Iterator[tuple[int, int]]:
    """Contents of literals that are assigned to a telling name."""
    for found in _ASSIGNED.finditer(text):
        group = "a" if found["a"] is not None else "ar"
        if found[group].strip():
            yield found.span(group)


def _given(text: str) -> Iterator[tuple[int, int]]:
    """The same where they are only passed beside it, and look like a value rather than a word of a grammar."""
    for found in _GIVEN.finditer(text):
        group = "a" if found["a"] is not None else "ar"
        value = found[group]
        mixed = any(letter.isdigit() for letter in value) and any(letter.isalpha() for letter in value)
        if len(value) >= 8 and mixed and not re.search(r"[\s{}]", value):
            yield found.span(group)


def _random(text: str) -> Iterator[tuple[int, int]]:
    """Words in literals and comments that look as if nobody had thought of them."""
    for quiet in _QUIET.finditer(text):
        for word in _WORD.finditer(text, quiet.start(), quiet.end()):
            if _looks_random(word[0]):
                yield word.span()


def _looks_random(word: str) -> bool:
    if not (any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word)):
        return False
    rising = sum(ord(b) - ord(a) == 1 for a, b in pairwise(word))
    if rising >= _RISING * len(word):
        return False
    if re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", word):
        return len(word) >= _HEX
    counts = Counter(word)
    return -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values()) >= _BITS
