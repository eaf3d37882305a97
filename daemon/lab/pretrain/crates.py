"""Samples from real crates: built once by cargo, then broken in place and compiled again by rustc alone.

Both happen in the jail: build scripts and macros of a crate are programs of others. Cargo is told
to call rustc through a script that writes its words down; with them, and with what cargo left of
the dependencies, a crate's library is checked again in the time rustc itself takes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sleepy.daemon.base.listener import Say, silent
from sleepy.daemon.lab.pretrain.corpus import _ANSWER, Sample, _code
from sleepy.daemon.model import edits, prompt
from sleepy.daemon.model.source import HELD_BACK
from sleepy.daemon.model.window import LIMIT
from sleepy.koans.forge.crates import BrokenFile, CrateBreaker, CrateFolder, Fault, LineMap, MistakeBalance
from sleepy.koans.library import Firewall
from sleepy.sandbox import process, rustc
from sleepy.sandbox.isolation import Jail, Profile
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Replacement, Span, Suggestion

BUILD = process.Limits(
    wall_s=300, cpu_s=300, memory=16 * process.GIB, file=process.GIB, output=4 * process.MIB, processes=512, files=1024
)
# sixty errors at once say much; a crate whose check takes longer than this is left out
_CHECK = replace(process.COMPILE, wall_s=20, cpu_s=20, output=16 * process.MIB)
_SLOW = 8.0  # seconds
_SHARE = 0.05  # no code above it
_WRAPPER = """#!/bin/sh
{ printf '%s\\0' "$@"; printf '\\0'; /usr/bin/env -0; } > "$(/usr/bin/mktemp "$SLEEPY_LOG/XXXXXXXX")"
exec "$@"
"""
_UNWANTED = ("RUSTC", "SLEEPY_", "LD_LIBRARY_PATH", "PATH", "PWD", "RUSTFLAGS", "CARGO_MAKEFLAGS", "TMPDIR", "OLDPWD")
_UNCOPIED = frozenset(["target", ".git"])


@dataclass(frozen=True, slots=True)
class RustcCommand:
    """How cargo had a library compiled: rustc's words without those for output, and the environment."""

    words: tuple[str, ...]
    entry: str  # the library's first file, below the crate's folder
    environment: Mapping[str, str]


class CrateBuilds:
    """A folder in which cargo builds crates of one corpus, each in the jail, with one target for all.

    `corpus` is a folder of crates; where they carry cargo's checksums it stands in for the registry,
    else their dependencies are taken from the user's own, read only.
    """

    def __init__(self, jail: Jail, corpus: Path, folder: Path) -> None:
        self.jail, self.corpus, self.folder = jail, corpus.resolve(), folder.resolve()
        self.vendored = any(self.corpus.glob("*/.cargo-checksum.json"))
        for name in ("target", "home", "log", "rooms"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        # one of its own each time, so that two may work with one target
        self.copies = Path(tempfile.mkdtemp(prefix="copies-", dir=self.folder))
        wrapper = self.folder / "wrapper"
        wrapper.write_text(_WRAPPER)
        wrapper.chmod(0o755)
        self._reads = [self.corpus, wrapper]
        own = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
        if not self.vendored:
            for name in ("registry", "git"):
                link = self.folder / "home" / name
                if (own / name).is_dir() and not link.is_symlink():
                    link.symlink_to(own / name)
                if (own / name).is_dir():
                    self._reads.append(own / name)

    def build(self, crate: CrateFolder) -> str:
        """Has cargo check a crate's library with what it depends on. Empty, or what cargo said against it."""
        copy = self.folder / "rooms" / f"{crate.name}-{crate.version}"
        said = "no cargo beside rustc"
        for defaults in ("true", "false"):  # a dependency of the default features may be missing
            shutil.rmtree(copy, ignore_errors=True)
            (copy / "src").mkdir(parents=True)
            (copy / "src" / "lib.rs").write_text("")
            where = f'version = "={crate.version}"' if self.vendored else f'path = "{crate.folder}"'
            (copy / "Cargo.toml").write_text(
                '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n'
                f'[dependencies."{crate.name}"]\n{where}\ndefault-features = {defaults}\n'
            )
            if self.vendored:
                (copy / ".cargo").mkdir()
                (copy / ".cargo" / "config.toml").write_text(
                    f'[source.crates-io]\nreplace-with = "corpus"\n[source.corpus]\ndirectory = "{self.corpus}"\n'
                )
            done = self.jail.run(
                [str(self.jail.toolchain.sysroot / "bin" / "cargo"), "check", "--offline", "--quiet", "--jobs", "1"],
                profile=Profile.COMPILE,
                limits=BUILD,
                folder=copy,
                writable=True,
                reads=self._reads,
                writes=[self.folder / name for name in ("target", "home", "log")],
                environment={
                    "CARGO_HOME": str(self.folder / "home"),
                    "CARGO_TARGET_DIR": str(self.folder / "target"),
                    "CARGO_INCREMENTAL": "0",
                    "RUSTC": str(self.jail.toolchain.rustc),
                    "RUSTC_WRAPPER": str(self.folder / "wrapper"),
                    "RUSTFLAGS": "--cap-lints=allow",
                    "SLEEPY_LOG": str(self.folder / "log"),
                },
            )
            if done.code == 0:
                return ""
            said = done.stderr.decode(errors="replace").strip()[-300:] or f"exit {done.code}"
        return said

    def commands(self) -> dict[Path, RustcCommand]:
        """The commands of all libraries built so far, by their crates' folders."""
        found: dict[Path, RustcCommand] = {}
        for log in sorted((self.folder / "log").iterdir()):
            words, _, told = log.read_text(encoding="utf-8", errors="replace").partition("\0\0")
            environment = dict(item.split("=", 1) for item in told.split("\0") if "=" in item)
            command = _command(words.split("\0")[1:], environment)
            if command is None:
                continue
            folder = Path(environment["CARGO_MANIFEST_DIR"]).resolve()
            if folder not in found or _order(command) > _order(found[folder]):
                found[folder] = command
        return found

    def compiler(self, crate: CrateFolder, command: RustcCommand) -> CrateCompiler | None:
        """The crate ready to be broken; None where it does not compile alone, or takes too long."""
        copy = self.copies / f"{crate.name}-{crate.version}"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(
            crate.folder,
            copy,
            ignore=lambda at, names: _UNCOPIED.intersection(names) if Path(at) == crate.folder else [],
        )
        compiler = CrateCompiler(self, crate, command, copy)
        done = compiler.check("metadata,dep-info")
        return compiler if done.code == 0 and done.seconds < _SLOW else None


@dataclass(frozen=True, slots=True)
class CrateCompiler:
    """One crate's sources in a folder of their own. Called with texts, it compiles the crate with them."""

    builds: CrateBuilds
    crate: CrateFolder
    command: RustcCommand
    folder: Path

    def texts(self) -> dict[str, str]:
        """The crate's files that rustc read when it was first checked: what `cfg` leaves out is not among them."""
        read: set[str] = set()
        for told in (self.folder / "out").glob("*.d"):
            read |= {line.removesuffix(":") for line in told.read_text().splitlines() if line.endswith(".rs:")}
        return {name: text for name, text in self.crate.texts().items() if name in read}

    def check(self, emit: str = "metadata") -> process.Finished:
        """rustc's run over what is in the folder."""
        found = self.builds.jail.toolchain
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        return self.builds.jail.run(
            [str(found.rustc), *self.command.words, f"--emit={emit}", "--error-format=json", "--out-dir", "out",
             self.command.entry],
            profile=Profile.COMPILE,
            limits=_CHECK,
            folder=self.folder,
            writable=True,
            reads=[self.builds.folder / "target"],
            environment={**self.command.environment, "CARGO_MANIFEST_DIR": str(self.folder)},
        )  # fmt: skip

    def __call__(self, texts: Mapping[str, str]) -> list[Fault]:
        """The errors with these texts in place of the crate's; none as well where rustc gave up without a word."""
        before = {name: (self.folder / name).read_bytes() for name in texts}
        try:
            for name, text in texts.items():
                (self.folder / name).write_text(text, encoding="utf-8")
            done = self.check()
        finally:
            for name, data in before.items():
                (self.folder / name).write_bytes(data)
        return [] if done.code == 0 else faults(done.stderr)


def crate_compilers(builds: CrateBuilds, crates: Sequence[CrateFolder], say: Say = silent) -> list[CrateCompiler]:
    """The crates that compile, ready to be broken; those that do not are left out."""
    for number, crate in enumerate(crates, start=1):
        builds.build(crate)
        say("build crates", number, len(crates))
    commands = builds.commands()
    able = [(crate, commands[crate.folder.resolve()]) for crate in crates if crate.folder.resolve() in commands]
    return [one for crate, command in able if (one := builds.compiler(crate, command)) is not None]


def samples(
    ready: Sequence[CrateCompiler],
    seed: int,
    *,
    held_back: frozenset[str] = HELD_BACK,
    share: float = _SHARE,
    balance: MistakeBalance | None = None,
    firewall: Firewall | None = None,
    lines: int = LIMIT,
) -> Iterator[Sample]:
    """Samples of the crates, larger ones oftener, until nothing new comes; no code above `share` of them.

    Windows that are mostly a program of the exam's are left out: a crate may be where one came from.
    """
    rng = random.Random(f"crates {seed}")
    balance = balance or MistakeBalance(refused=held_back)
    breakers = [CrateBreaker(one.crate, one.texts(), one) for one in ready]
    breakers = [breaker for breaker in breakers if breaker.items]
    weights = [(len(breaker.functions) + 4) ** 0.5 for breaker in breakers]
    barren = [0] * len(breakers)
    while any(weights):
        (at,) = rng.choices(range(len(breakers)), weights)
        kept = 0
        for item in breakers[at].broken(rng, balance):
            if item.code in held_back or balance.codes[item.code] >= share * (balance.codes.total() + 250):
                continue
            made = sample(item, f"crate:{breakers[at].crate.name}", lines=lines)
            if made is not None and (firewall is None or firewall.blocks_part(prompt.window_of(made.prompt)) is None):
                kept += 1
                balance.keep(made.code)
                yield made
        barren[at] = 0 if kept else barren[at] + 1
        if barren[at] == 3:
            weights[at] = 0.0


def sample(item: BrokenFile, base: str, *, lines: int = LIMIT) -> Sample | None:
    """The mistake as a user's `fix` would see it; None where its repair cannot be said within `lines` lines."""
    found = moved(rustc.diagnostics(item.fault.said.encode(), item.file), item.lines)
    if found is None or found.primary is None:
        return None
    try:
        asked = prompt.compose(item.text, (found,), lines=lines)
        answer = prompt.answer(item.text, item.fixed, asked)
        again = edits.apply(item.text, asked.source_edits(answer))
    except edits.EditError:
        return None
    if not 0 < len(answer) <= _ANSWER or (again != item.fixed and _code(again) != _code(item.fixed)):
        return None
    return Sample(asked.text, answer, item.code, signature(found, item.text), item.mistake.name, base)


def moved(found: Sequence[Diagnostic], lines: LineMap) -> Diagnostic | None:
    """A diagnostic of a file with many mistakes as one of the file with its own alone.

    None where it points into another's lines.
    """
    if not found:
        return None

    def line(number: int) -> int:
        alone = lines.alone(number)
        if alone is None:
            raise LookupError(number)
        return alone

    try:
        spans = tuple(
            Span(
                line(span.line_start), line(span.line_end), span.column_start, span.column_end, span.is_primary,
                span.label, span.text,
            )
            for span in found[0].spans
        )  # fmt: skip
        offers = tuple(
            Suggestion(
                offer.message,
                offer.applicability,
                tuple(
                    Replacement(
                        line(part.line_start), part.column_start, line(part.line_end), part.column_end, part.text
                    )
                    for part in offer.replacements
                ),
            )
            for offer in found[0].suggestions
        )
    except LookupError:
        return None
    return replace(found[0], spans=spans, suggestions=offers)


def faults(stderr: bytes) -> list[Fault]:
    """rustc's JSON lines as faults; messages without a place left out."""
    found = []
    for line in stderr.decode(errors="replace").splitlines():
        try:
            message = json.loads(line) if line.startswith("{") else {}
        except ValueError:
            continue
        if message.get("level") != "error":
            continue
        primary = next((span for span in message["spans"] if span["is_primary"]), None)
        if primary is None:
            continue
        labels = " ".join(span["label"] or "" for span in message["spans"])
        code = message["code"]["code"] if message.get("code") else None
        found.append(Fault(code, tuple(_places(primary)), f"{message['message']} {labels}", line))
    return found


def _places(span: Mapping[str, Any] | None) -> Iterator[tuple[str, int]]:
    while span is not None:
        yield span["file_name"], span["line_start"]
        span = (span.get("expansion") or {}).get("span")


def _order(command: RustcCommand) -> tuple[int, tuple[str, ...]]:
    """Of two ways to compile a crate the one with more features counts."""
    return len(command.words), command.words


def _command(words: Sequence[str], environment: Mapping[str, str]) -> RustcCommand | None:
    """The command of a library; None for build scripts, macros and questions about the compiler."""
    folder = environment.get("CARGO_MANIFEST_DIR")
    if folder is None or environment.get("CARGO_CRATE_NAME") == "build_script_build":
        return None
    kept: list[str] = []
    entry = ""
    kinds = []
    rest = iter(words)
    for word in rest:
        if word in ("--out-dir", "--emit", "--error-format", "--json", "--diagnostic-width"):
            next(rest, None)
        elif word.startswith(("--emit=", "--error-format=", "--json=", "--out-dir=", "--diagnostic-width=")):
            continue
        elif word.endswith(".rs") and not word.startswith("-"):
            entry = word
        elif word == "-C":
            value = next(rest, "")
            if not value.startswith("incremental"):
                kept += [word, value]
        elif word == "--crate-type":
            kinds.append(next(rest, ""))
            kept += [word, kinds[-1]]
        else:
            kept.append(word)
    if not entry or not kinds or "bin" in kinds:
        return None
    path = Path(entry)
    if path.is_absolute():
        if not path.is_relative_to(folder):
            return None
        entry = path.relative_to(folder).as_posix()
    known = {name: value for name, value in environment.items() if not name.startswith(_UNWANTED)}
    return RustcCommand(tuple(kept), entry, known)
