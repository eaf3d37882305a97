"""The models folder: what is in it, beside it and in the hub's cache; adding to it and taking from it.

What is added is made beside its place and renamed into it: a name stands for a whole model, or for none.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.model import source
from sleepy.daemon.model.source import Kind, ModelSource

_WANTED = ["*.json", "*.safetensors", "*.bin", "*.model", "*.txt", "*.jinja"]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the list. `where` is shipped, here (in the models folder) or hub (in its cache)."""

    name: str
    where: str
    kind: Kind
    path: str
    size: int  # bytes on disk
    note: str = ""  # what a copy was made of, or what is wrong
    base: str = ""  # of an adapter


def listed() -> list[ModelEntry]:
    """All models on this machine: those shipped, those in the models folder, those in the hub's cache."""
    out = [
        ModelEntry(name, "shipped", source.find(name).kind, str(path), size_of(path))
        for name, path in source.shipped().items()
    ]
    folder = source.models_folder()
    places = sorted(folder.iterdir()) if folder.is_dir() else []
    out += [_entry(place) for place in places if place.is_dir() and source.is_plain(place.name)]
    return [_with_base(item) for item in out] + _cached()


def _entry(place: Path) -> ModelEntry:
    said = source.record(place)
    note = said.get("from", "")
    try:
        found = source.find(place.name)
    except UserError as error:
        return ModelEntry(place.name, "here", Kind.FOLDER, said.get("path", str(place)), size_of(place), str(error))
    return ModelEntry(place.name, "here", found.kind, found.path, size_of(found.place), note)


def _with_base(item: ModelEntry) -> ModelEntry:
    """An adapter's entry names its base."""
    if item.kind is not Kind.ADAPTER:
        return item
    base = _base(Path(item.path))
    return replace(item, base=base) if base else replace(item, note="its adapter.json cannot be read")


def _base(adapter: Path) -> str:
    """The base that an adapter's folder names; "" where it cannot be read."""
    try:
        return str(json.loads((adapter / source.ADAPTER).read_text(encoding="utf-8"))["base"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _cached() -> list[ModelEntry]:
    """Causal LMs in the hub's cache, by their hub names."""
    return [
        ModelEntry(str(repo.repo_id), "hub", Kind.HUB, str(repo.repo_path), int(repo.size_on_disk))
        for repo in _cached_repos()
    ]


def _cached_repos() -> list[Any]:
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repos = scan_cache_dir().repos
    except CacheNotFound:
        return []
    out = []
    for repo in sorted(repos, key=lambda item: str(item.repo_id)):
        files = {str(file.file_name) for revision in repo.revisions for file in revision.files}
        if (
            repo.repo_type == "model"
            and source.CONFIG in files
            and any(name.endswith((".safetensors", ".bin")) for name in files)
        ):
            out.append(repo)
    return out


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(item.stat().st_size for item in path.rglob("*") if item.is_file())


def added(given: str, name: str | None) -> ModelSource:
    """Makes a folder, a GGUF file or a hub's model known by a name, its own by default; returns where it now leads.

    A GGUF file is converted into a folder, a hub's model fetched into the hub's cache, a folder recorded where it lies.
    Each must have a configuration and a tokenizer that can be read. `UserError` where it has not, or the name is taken.
    """
    from sleepy.daemon.model import adapter, opening
    from sleepy.daemon.model_store import convert

    found = source.find(given)
    if found.kind is Kind.HUB:
        from huggingface_hub import snapshot_download

        if name is not None:
            raise UserError("a hub's model keeps its hub name", remedy="leave out --as")
        with opening.loading(given):
            opening.configuration(found)  # before gigabytes are fetched
            snapshot_download(given, allow_patterns=_WANTED, ignore_patterns=["consolidated*"])
            opening.checked(found)
        return found
    place = found.place.resolve()
    own = Path(given).stem if found.kind is Kind.GGUF else Path(given).expanduser().absolute().name
    chosen = _fresh(own if name is None else name)
    if found.kind is Kind.GGUF:
        with making(chosen) as folder:
            convert.to_folder(found, folder)
            write_record(folder, {"from": str(place)})
    else:
        with opening.loading(given):
            if found.kind is Kind.ADAPTER:
                adapter.architecture(place)
            else:
                opening.checked(found)
        with making(chosen) as folder:
            write_record(folder, {"path": str(place)})
    return source.find(chosen)


def adopted(base: str, name: str, window: int) -> ModelSource:
    """An adapter that gives a base the prompt's marks, their embeddings begun as the words they stand for, and no more.

    It answers in span edits from then on; what the answers are worth, nights and `sleepy pretrain --lora` teach it.
    """
    from sleepy.daemon.model import adapter, opening
    from sleepy.daemon.model.request import Format

    found = source.find(base)
    if found.kind is Kind.ADAPTER:
        raise UserError(f"{base!r} has the marks: it is an adapter", remedy="name a model without them")
    chosen = _fresh(name)
    model, tokenizer = opening.opened(found, "float32")
    first = adapter.add_marks(model, tokenizer)
    rows = model.get_output_embeddings().weight.detach()[first:]
    with making(chosen) as folder:
        told = adapter.AdapterInfo(source.lasting(base), Format.CHOICE.value, window)
        adapter.save_adapter(folder, told, {adapter.ROWS: rows}, scale=1.0)
    return source.find(chosen)


def removed(name: str, in_use: str) -> tuple[str, int]:
    """Takes a model away: from the models folder or the hub's cache; returns what was removed, and the bytes freed.

    A folder that was only recorded stays where it lies. `UserError` for one that is shipped, `in_use`, or unknown.
    """
    if name in source.shipped():
        raise UserError(f"{name!r} comes with the program", remedy="uninstall the program to remove it")
    if name == in_use:
        raise UserError(f"{name!r} is the model of the settings", remedy="`sleepy config set model built-in` first")
    needing = _needing(name, in_use)
    if needing:
        raise UserError(
            f"{name!r} is the base of {', '.join(needing)}",
            remedy=f"remove {needing[0]} first: it cannot answer without it",
        )
    place = source.models_folder() / name
    if source.is_plain(name) and (place.is_dir() or place.is_symlink()):
        size, path = size_of(place), source.record(place).get("path")
        with _alone(source.models_folder()):
            if place.is_symlink():
                place.unlink()
            else:
                away = place.with_name(f".{name}.removed")
                place.rename(away)  # gone at once, whatever interrupts the rest
                shutil.rmtree(away)
        return (f"the name {name} ({path} stays)" if path else name), size
    found = next((repo for repo in _cached_repos() if str(repo.repo_id) == name), None)
    if found is None:
        raise UserError(f"there is no model {name!r} to remove", remedy="`sleepy model list` shows what there is")
    from huggingface_hub import scan_cache_dir

    plan = scan_cache_dir().delete_revisions(*(revision.commit_hash for revision in found.revisions))
    plan.execute()
    return f"{name} from the hub's cache", int(plan.expected_freed_size)


def _needing(name: str, in_use: str) -> list[str]:
    """The adapters, of those listed and the one in use, whose base this is."""
    own = source.find(name).path if source.is_named(name) and _leads(name) else name
    adapters = {item.name: Path(item.path) for item in listed() if item.kind is Kind.ADAPTER}
    if (used := _leads(in_use)) is not None and used.kind is Kind.ADAPTER:
        adapters.setdefault(in_use, used.place)
    out = []
    for adapter, place in adapters.items():
        base = _base(place)
        found = _leads(str(place / base)) or _leads(base) if base else None
        if base == name or (found is not None and found.path == own):
            out.append(adapter)
    return out


def _leads(name: str) -> ModelSource | None:
    """Where a name leads; None where it leads nowhere, or to a server."""
    with contextlib.suppress(UserError):
        return source.find(name)
    return None


def write_record(folder: Path, said: dict[str, str]) -> None:
    (folder / source.RECORD).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@contextlib.contextmanager
def making(name: str) -> Iterator[Path]:
    """A folder to make a model in, renamed to its name on leaving; on an error it is removed. One process at a time."""
    root = source.models_folder()
    partial = root / f".{name}.partial"
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(root):
            if (root / name).exists():
                raise _taken(name)
            partial.mkdir()
            try:
                yield partial
                partial.rename(root / name)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise UserError(
            f"the model {name!r} cannot be written to {root}: {error.strerror or error}",
            remedy="make room or give yourself the right to write there, or set SLEEPY_HOME to another folder",
        ) from error


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """No other process changes the models folder meanwhile; what killed ones left is cleared."""
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError("another process changes the models folder", remedy="wait until it is done") from None
        for left in (*root.glob(".*.partial"), *root.glob(".*.removed")):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _taken(name: str) -> UserError:
    if name in source.shipped():
        return UserError(f"{name!r} comes with the program", remedy="give another name with --as")
    return UserError(
        f"there is a model {name!r} already",
        remedy=f"`sleepy model remove {name}` first, or give another name with --as",
    )


def _fresh(name: str) -> str:
    """The name, if it can be one and nothing has it yet."""
    if not source.is_plain(name):
        raise UserError(
            f"{name!r} cannot be a model's name",
            remedy="give one with --as: letters, digits, dots, dashes and underscores",
        )
    if name in source.shipped() or (source.models_folder() / name).exists():
        raise _taken(name)
    if name in source.GETTABLE:
        raise UserError(f"{name!r} is what `sleepy model get {name}` makes", remedy="give another name with --as")
    return name
