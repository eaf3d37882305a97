"""cargo's home in the jail: the user's registry and checkouts by link, where crates come from, and nothing else."""

from __future__ import annotations

import json
import os
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sleepy.sandbox.isolation import Jail, Tier

_STORES = ("registry", "git")
_GIT = Path("/etc/gitconfig")
# In the jail a thread cannot be interrupted (tgkill), and a rustc that waits for leave from cargo's job server to
# use another thread gives that up a second late, each time. Without the server a test builds in 0.2 s, not 1.2 s.
_RUSTC = '#!/bin/sh\nunset CARGO_MAKEFLAGS MAKEFLAGS MFLAGS\nexec {rustc} "$@"\n'


def prepare_cargo_home(place: Path, home: Path, jail: Jail) -> list[Path]:
    """Makes `place` a home for the jail's cargo, with `rustc` in it, and returns what must be readable besides.

    `home` is the user's; it is only read. The place stays the same between calls, since cargo builds a crate anew
    when its source is at another path.
    """
    place.mkdir(exist_ok=True)
    found = []
    for name in _STORES:
        (place / name).unlink(missing_ok=True)
        store = Path(os.path.realpath(home / name))
        if store.is_dir():
            (place / name).symlink_to(store)
            found.append(store)
    if found and jail.tier is Tier.LANDLOCK and _is_plain(_GIT):
        found.append(_GIT)  # where it cannot be hidden, only forbidden, cargo's git gives up over it
    (place / "config.toml").write_text(_configuration(home), encoding="utf-8")
    rustc, script = place / "rustc", _RUSTC.format(rustc=shlex.quote(str(jail.toolchain.rustc)))
    if not rustc.is_file() or rustc.read_text(encoding="utf-8") != script:  # cargo looks at its time
        rustc.write_text(script, encoding="utf-8")
        rustc.chmod(0o755)
    return found


def _configuration(home: Path) -> str:
    """What the jail's cargo may know of the user's configuration: where crates come from. No token, no program."""
    try:
        known = tomllib.loads((home / "config.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    sources = known.get("source")
    registries = known.get("registries")
    kept: dict[str, Any] = {
        "source": {
            name: {key: value for key, value in source.items() if not _secret(value)}
            for name, source in (sources.items() if isinstance(sources, dict) else ())
        },
        "registries": {
            name: {"index": registry["index"]}
            for name, registry in (registries.items() if isinstance(registries, dict) else ())
            if "index" in registry and not _secret(registry["index"])
        },
    }
    lines = [
        f"[{kind}.{json.dumps(name)}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in entry.items())
        for kind, entries in kept.items()
        for name, entry in entries.items()
    ]
    return "\n".join(lines)


def _is_plain(file: Path) -> bool:
    """Whether a git configuration is there and holds nothing that opens a door."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return re.search(r"://[^/\s]*:[^/\s]*@|(?i:header|token|password|secret)", text) is None


def _secret(value: object) -> bool:
    return isinstance(value, str) and urlsplit(value).password is not None
