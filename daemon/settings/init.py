"""`sleepy init`: a home, a settings file that explains itself, and what to do next. Nothing there is overwritten."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sleepy.daemon.base import config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.settings import change, toml
from sleepy.daemon.settings.described import every

_HEAD = """\
# sleepy's settings, each with its default. Take the # away from a line to change it, or use `sleepy config set`.
# The command line and SLEEPY_* variables are stronger than this; ./sleepy.toml is stronger than the user's file.
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """What was made and what was there. `missing` are crates that a settings file there does not name."""

    home: Path
    home_made: bool
    file: Path
    file_made: bool
    crates: tuple[Path, ...]
    missing: tuple[Path, ...] = ()


def init(home: Home, file: Path, paths: Sequence[Path], *, here: Path) -> Begun:
    """Makes what is missing of a home and a settings file, for the crates at `paths` or the one around `here`."""
    crates = tuple(dict.fromkeys(_crate(path) for path in paths)) if paths else _around(here)
    home_made = not home.root.exists()
    home.make()
    if file.exists():
        named = _named(file)
        return Begun(
            home.root, home_made, file, False, crates, tuple(path for path in crates if str(path) not in named)
        )
    change.write(file, template(crates))
    return Begun(home.root, home_made, file, True, crates)


def template(crates: Sequence[Path] = ()) -> str:
    """A settings file: every setting commented out at its default with its reason, the crates set."""
    lines = [_HEAD]
    for item in every():
        if item.key == "crates" and crates:
            lines.append(f"crates = {toml.literal([str(path) for path in crates])}")
        else:
            lines.append(f"# {item.key} = {toml.literal(item.default)}")
        lines.append(f"#   {item.why}\n")
    return "\n".join(lines)


def _crate(path: Path) -> Path:
    """The crate at a path; `UserError` if there is none."""
    whole = path.expanduser().resolve()
    if not (whole / "Cargo.toml").is_file():
        raise UserError(
            f"{path} is no crate: there is no Cargo.toml in it",
            remedy="give the folder that holds a crate's or a workspace's Cargo.toml",
        )
    return whole


def _around(here: Path) -> tuple[Path, ...]:
    """The outermost workspace that a folder lies in, else the nearest crate; nothing where there is neither."""
    found = [folder for folder in (here.resolve(), *here.resolve().parents) if (folder / "Cargo.toml").is_file()]
    workspaces = [folder for folder in found if _is_workspace(folder / "Cargo.toml")]
    return tuple(workspaces[-1:] or found[:1])


def _is_workspace(manifest: Path) -> bool:
    try:
        return "workspace" in tomllib.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def _named(file: Path) -> tuple[str, ...]:
    """The crates that a settings file names."""
    return config.load(environment={}, project=file, user=file).crates
