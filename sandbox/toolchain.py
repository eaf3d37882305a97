"""Finds the real rustc: not the rustup proxy, which costs 5-12 ms a call and needs the user's home."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


class SandboxUnavailable(Exception):
    """Nothing untrusted can be run here. `remedy` says what would help; the exit code is 78."""

    exit_code = 78

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A Rust toolchain: `rustc` is the real binary inside `sysroot`, `version` its first line."""

    sysroot: Path
    rustc: Path
    version: str


def find(rustc: Path | None = None) -> Toolchain:
    """The toolchain of `rustc`, $RUSTC, the PATH or ~/.cargo/bin, in this order."""
    candidates = [
        str(rustc) if rustc else None,
        os.environ.get("RUSTC"),
        shutil.which("rustc"),
        str(Path.home() / ".cargo" / "bin" / "rustc"),
    ]
    tried = []
    for candidate in candidates:
        if not candidate or candidate in tried:
            continue
        tried.append(candidate)
        try:
            asked = subprocess.run(
                [candidate, "--print", "sysroot"], capture_output=True, text=True, timeout=60, check=True
            )
            sysroot = Path(asked.stdout.strip())
            real = sysroot / "bin" / "rustc"
            real = real if real.exists() else Path(candidate)
            version = subprocess.run(
                [str(real), "--version"], capture_output=True, text=True, timeout=60, check=True
            ).stdout.strip()
        except (OSError, subprocess.SubprocessError):
            continue
        return Toolchain(sysroot, real.resolve(), version)
    raise SandboxUnavailable(
        f"no working rustc (tried {', '.join(tried)})",
        remedy="install Rust with rustup, or set RUSTC to the compiler",
    )
