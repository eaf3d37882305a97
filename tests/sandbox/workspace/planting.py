"""Crates for tests, planted in folders; the user's own cargo beside the jail's."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from sleepy.sandbox import toolchain
from sleepy.sandbox.workspace import Workspace

CRATES = Path(__file__).parent / "crates"
ADD = "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n"
ADDS = (
    "\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(add(1, 2), 3);\n"
    "    }\n\n    #[test]\n    fn adds_zero() {\n        assert_eq!(add(5, 0), 5);\n    }\n}\n"
)
LIB = Path("src/lib.rs")

Open = Callable[..., Workspace]


def manifest(name: str, more: str = "") -> str:
    return f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n{more}'


def plant(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def single(folder: Path, lib: str = ADD + ADDS, more: str = "") -> Path:
    return plant(folder / "single", {"Cargo.toml": manifest("single", more), "src/lib.rs": lib})


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder with its mode and bytes, folders too."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def cargo(words: list[str], cwd: Path, home: Path) -> None:
    """The user's own cargo, outside the jail."""
    found = toolchain.find()
    said = subprocess.run(
        [found.sysroot / "bin" / "cargo", *words],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd), "CARGO_HOME": str(home), "RUSTC": str(found.rustc)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert said.returncode == 0, said.stderr
