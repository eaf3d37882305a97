"""The nouns of a workspace: packages, what they build, and the compiler's errors by file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sleepy.sandbox.manifest import NAME
from sleepy.sandbox.verdict import Diagnostic


@dataclass(frozen=True, slots=True)
class Target:
    """What a package builds. `kind` is cargo's word: lib, bin, test, custom-build, proc-macro ..."""

    name: str
    kind: str
    source: Path


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the workspace. `depends_on` are names with cargo's kind: normal, dev or build."""

    name: str
    version: str
    folder: Path
    targets: tuple[Target, ...]
    depends_on: tuple[tuple[str, str], ...]

    @property
    def manifest(self) -> Path:
        return self.folder / NAME


@dataclass(frozen=True, slots=True)
class FileDiagnostic:
    """An error and the file it is in: relative to the workspace's root, absolute where it lies elsewhere."""

    file: Path
    package: str
    target: str
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Executable:
    """A test executable. `programs` are the package's binaries, by name."""

    package: str
    target: Target
    path: Path
    folder: Path
    version: str
    programs: tuple[tuple[str, Path], ...]

    @property
    def name(self) -> str:
        """The same however often it is built."""
        return f"{self.package} {self.target.kind} {self.target.name}"


def sources(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The files below a package's src as they are spelled, each with its real path; links are followed, each once."""
    waiting, met = [folder / "src"], set[str]()
    while waiting:
        place = waiting.pop()
        real = os.path.realpath(place)
        if real in met:
            continue
        met.add(real)
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir():
                waiting.append(place / entry.name)
            elif entry.is_file():
                yield place / entry.name, Path(os.path.realpath(place / entry.name))


def source_owner(packages: Sequence[Package], path: Path) -> Package | None:
    """The package that a file, by its real path, is a source of: below its src, or where a link there leads."""
    plain = next((p for p in packages if path.is_relative_to(p.folder / "src")), None)
    if plain is not None:
        return plain
    return next((p for p in packages if any(real == path for _, real in sources(p.folder))), None)


def package(entry: Mapping[str, Any]) -> Package:
    """A package in the JSON of cargo metadata."""
    return Package(
        entry["name"],
        entry["version"],
        Path(entry["manifest_path"]).parent,
        tuple(target(each) for each in entry["targets"]),
        tuple((other["name"], other["kind"] or "normal") for other in entry["dependencies"]),
    )


def target(entry: Mapping[str, Any]) -> Target:
    """A target in cargo's JSON."""
    return Target(entry["name"], entry["kind"][0], Path(entry["src_path"]))
