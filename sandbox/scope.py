"""What of a workspace is meant and how it is built, in cargo's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.package import Package


@dataclass(frozen=True, slots=True)
class Scope:
    """cargo's options of these names. Without `packages` and `workspace`: what cargo means where it is opened."""

    packages: tuple[str, ...] = ()
    workspace: bool = False
    features: tuple[str, ...] = ()
    all_features: bool = False
    no_default_features: bool = False
    target: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for."""
        return self == Scope()

    def selected(self, packages: Sequence[Package], meant: Sequence[str], opened: Path, root: Path) -> list[str]:
        """The words that select packages. `meant` are those of a plain command at the root; inside a member it is that one.

        `WorkspaceError` where a package is named that there is not.
        """
        for name in self.packages:
            if not any(fnmatchcase(package.name, name) for package in packages):
                known = ", ".join(sorted(package.name for package in packages))
                raise WorkspaceError(f"there is no package {name} in {root}", remedy=f"name one of {known}")
        if self.packages:
            return [word for name in self.packages for word in ("-p", name)]
        if self.workspace:
            return ["--workspace"]
        inside = [package.name for package in packages if package.folder == opened and opened != root]
        return [word for name in inside or meant for word in ("-p", name)] or ["--workspace"]

    def names(self, package: Package) -> bool:
        """Whether a package's own files are meant, as far as packages are named at all."""
        return not self.packages or any(fnmatchcase(package.name, name) for name in self.packages)

    @property
    def switches(self) -> list[str]:
        """The words that choose features."""
        words = ["--features", ",".join(self.features)] if self.features else []
        words += ["--all-features"] if self.all_features else []
        return [*words, *(["--no-default-features"] if self.no_default_features else [])]

    def check(self, sysroot: Path) -> None:
        """`WorkspaceError` where there is nothing to build for the target with."""
        known = sorted(place.parent.name for place in (sysroot / "lib/rustlib").glob("*/lib"))
        if self.target and self.target not in known:
            raise WorkspaceError(
                f"the toolchain has no standard library for {self.target}; it has {', '.join(known)}",
                remedy=f"`rustup target add {self.target}`, or name one that it has",
            )
