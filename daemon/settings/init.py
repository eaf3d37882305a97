"""`sleepy init`: makes a home and a settings file that explains itself. Existing files are never overwritten."""

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
# sleepy's settings with their defaults. To change one, remove the # from its line, or use `sleepy config set`.
# Command-line flags and SLEEPY_* variables win over this file; ./sleepy.toml wins over your own config.toml.
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """What was made and what existed. `missing` are the crates that an existing settings file does not name, which names `named`."""

    home: Path
    home_made: bool
    file: Path
    file_made: bool
    crates: tuple[Path, ...]
    missing: tuple[Path, ...] = ()
    named: tuple[str, ...] = ()


def init(home: Home, file: Path, paths: Sequence[Path], *, here: Path) -> Begun:
    """Makes the home and the settings file if missing, for the crates at `paths`, else for the one around `here`."""
    crates = tuple(dict.fromkeys(_crate(path) for path in paths)) if paths else _around(here)
    home_made = not home.root.exists()
    home.make()
    if file.exists():
        named = _named(file)
        missing = tuple(path for path in crates if str(path) not in named)
        return Begun(home.root, home_made, file, False, crates, missing, named)
    change.write(file, template(crates))
    return Begun(home.root, home_made, file, True, crates)


def template(crates: Sequence[Path] = ()) -> str:
    """The text of a settings file: every setting commented out at its default with its help, `crates` set."""
    lines = [_HEAD]
    for item in every():
        if item.key == "crates" and crates:
            lines.append(f"crates = {toml.literal([str(path) for path in crates])}")
        else:
            lines.append(f"# {item.key} = {toml.literal(item.default)}")
        lines.append(f"#   {item.why}\n")
    return "\n".join(lines)


def _crate(path: Path) -> Path:
    """The folder of the crate at a path; raises `UserError` if there is none."""
    whole = path.expanduser().resolve()
    if not (whole / "Cargo.toml").is_file():
        raise UserError(
            f"{path} is not a crate: it has no Cargo.toml",
            remedy="name the folder with the Cargo.toml of a crate or workspace",
        )
    return whole


def _around(here: Path) -> tuple[Path, ...]:
    """The outermost workspace around a folder, else the nearest crate, else nothing."""
    found = [folder for folder in (here.resolve(), *here.resolve().parents) if (folder / "Cargo.toml").is_file()]
    workspaces = [folder for folder in found if _is_workspace(folder / "Cargo.toml")]
    return tuple(workspaces[-1:] or found[:1])


def _is_workspace(manifest: Path) -> bool:
    try:
        return "workspace" in tomllib.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def _named(file: Path) -> tuple[str, ...]:
    """The crates in a settings file."""
    return config.load(environment={}, project=file, user=file).crates
