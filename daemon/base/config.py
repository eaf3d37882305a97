"""Settings: few, each with its unit and reason. Flag > SLEEPY_* > ./sleepy.toml > the user's config.toml."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from sleepy.daemon.base.errors import UserError

PREFIX = "SLEEPY_"
AUTO = "auto"  # left to what is measured on the machine
_LEARNING = (
    "model", "format", "target", "night_patterns", "lessons", "held_out", "training_steps", "pattern_seconds", "replay", "alpha", "margin",
    "rest", "tries", "kl_cap", "seed",
)  # fmt: skip
_NOT_SETTINGS = frozenset(["SLEEPY_HOME"])  # where the state is, not how it is used


@dataclass(frozen=True, slots=True)
class Config:
    """All settings with their defaults."""

    model: str = "built-in"  # or the name or folder of any Hugging Face causal LM
    format: str = ""  # of its answers, where it is not the one its config.json names: whole-file, numbered-lines
    device: str = "auto"  # where the model runs: cpu, cuda, cuda:1, mps; auto: a GPU if there is one
    dtype: str = "auto"  # precision: float32, bfloat16 or float16; auto: what was fastest here when it was tried
    tier: str = "auto"  # sandbox: auto, bubblewrap or landlock
    threads: str = "auto"  # torch's, a number; auto: 1 beside compilers (2 made examinations take 4 times as long)
    day_at: str = "*/30 * * * *"  # cron, local time: when the day practises
    day_tasks: int = 60  # koans a practice: some two minutes on two cores
    night_at: str = "0 3 * * *"  # cron, local time: when it sleeps
    target: float = 0.8  # a pattern whose pass rate is credibly below this is trained
    night_patterns: int = 8  # patterns trained a night at most: some 15 seconds each
    lessons: int = 220  # forged lessons a pattern; below 150 a pattern is learnt worse (measured)
    held_out: int = 40  # koans of a pattern that only its route's own exam sees
    training_steps: int = 80  # a pattern: some 12 seconds of the built-in model on a core; more gained nothing
    pattern_seconds: float = (
        600.0  # training a pattern, at most: a limit for a slow machine, since what the clock ends differs
    )
    replay: float = 0.3  # share of a pattern's lessons that are the model's own successes
    alpha: float = 0.05  # share of lucky promotions among all, over all nights; and the level of a route's own test
    margin: float = 0.02  # share of all exam tasks that may be lost unseen, with 95 % confidence
    night_memory: int = 0  # MiB a night's training may take at most; 0: three quarters of the machine's
    rest: int = 5  # nights a pattern is left alone after it was tried `tries` times and did not move
    tries: int = 3  # nights a pattern may be tried without its route beating the champion
    kl_cap: float = 5.0  # nats a token on its own koans: a pattern that moves the model further is not served (earned ones: 1 to 3.5)
    keep_versions: int = 10  # promoted versions whose files `sleepy gc` keeps, beside champion and previous
    keep_days: int = 90  # days that `sleepy gc` keeps night folders, exam answers and remembered verdicts
    crates: tuple[str, ...] = ()  # folders of your own crates to watch and learn from
    server: str = (
        ""  # an OpenAI-compatible server, http://host:port/v1; it is sent broken files, known secrets taken out
    )
    server_model: str = ""  # the model it is asked for
    server_key: str = ""  # its key, if it wants one; never shown
    server_seconds: float = 60.0  # an answer may take at most
    turns: int = 2  # answers in a row that `fix` and the watcher ask for, each with the errors of the one before
    samples: int = 4  # tries at temperature where the greedy answer fails
    idle_minutes: float = 0.0  # sleep only when nobody has used the machine for so long; 0: whenever it is time
    only_on_ac: bool = False  # sleep only on mains power
    max_load: float = 0.0  # sleep only below this load a core; 0: at any
    notify: str = ""  # a command run with the night's one-line result as its last argument
    ping_url: str = ""  # requested after each good night, for a dead man's switch
    metrics_port: int = 0  # of the Prometheus page on the loopback interface; 0: none
    seed: int = 0  # of everything random

    def learning(self) -> dict[str, Any]:
        """What a night's outcome depends on; a night that is gone on with under other values begins anew."""
        return {name: getattr(self, name) for name in _LEARNING}


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    project: Path | None = None,
    user: Path | None = None,
) -> Config:
    """The settings of all layers. `UserError` names an unknown key or a value that does not fit."""
    config = Config()
    for path in (user or user_file(), project or Path("sleepy.toml")):
        config = _merged(config, _file(path), str(path))
    found = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in (environment if environment is not None else os.environ).items()
        if name.startswith(PREFIX) and name not in _NOT_SETTINGS
    }
    config = _merged(config, found, "the environment", shown=lambda key: PREFIX + key.upper())
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    return _merged(config, given, "the command line", shown=lambda key: "--" + key.replace("_", "-"))


def origins(
    *, environment: Mapping[str, str] | None = None, project: Path | None = None, user: Path | None = None
) -> dict[str, str]:
    """Each setting -> where its value comes from: `default`, a file's path or a variable's name."""
    found = {item.name: "default" for item in fields(Config)}
    for path in (user or user_file(), project or Path("sleepy.toml")):
        found |= dict.fromkeys(_file(path), str(path))
    names = environment if environment is not None else os.environ
    given = {name.removeprefix(PREFIX).lower(): name for name in names if name.startswith(PREFIX)}
    return found | {key: name for key, name in given.items() if key in found}


def user_file() -> Path:
    return Path(platformdirs.user_config_dir("sleepy")) / "config.toml"


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"{path}: {error}", remedy="mend the file or move it away") from error


def _merged(config: Config, values: Mapping[str, Any], where: str, *, shown: Any = str) -> Config:
    known = {item.name: item for item in fields(Config)}
    changes: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            raise UserError(
                f"{where}: no setting {shown(key)!r}",
                remedy=f"did you mean {shown(near[0])}?" if near else f"there are {', '.join(known)}",
            )
        changes[key] = _fitting(key, value, f"{where}: {shown(key)}")
    return replace(config, **changes)


_RANGES = {
    "target": (0.0, 1.0), "replay": (0.0, 0.9), "alpha": (1e-6, 0.5), "margin": (1e-4, 1.0), "day_tasks": (1, 100_000),
    "night_patterns": (1, 1000), "lessons": (16, 100_000), "held_out": (8, 10_000),
    "pattern_seconds": (1.0, 86_400.0), "training_steps": (1, 1_000_000), "seed": (0, 2**63 - 1), "night_memory": (0, 2**24), "rest": (1, 1000),
    "tries": (1, 1000), "kl_cap": (1e-6, 1e3), "keep_versions": (1, 10_000), "keep_days": (1, 36_500),
    "server_seconds": (1.0, 3600.0), "turns": (1, 10), "samples": (1, 64), "idle_minutes": (0.0, 1440.0),
    "max_load": (0.0, 1000.0), "metrics_port": (0, 65_535),
}  # fmt: skip

_FORMS = {  # texts of which not all will do
    "device": (r"auto|cpu|mps|cuda(:\d{1,3})?", "auto, cpu, cuda, cuda:1 or mps"),
    "dtype": (r"auto|float32|bfloat16|float16", "auto, float32, bfloat16 or float16"),
    "threads": (r"auto|[1-9]\d{0,2}", "auto or a number from 1 to 999"),
}


def _fitting(key: str, value: Any, where: str) -> Any:
    default = getattr(Config(), key)
    kind = type(default)
    try:
        made: Any
        if kind is bool:
            made = _truth(value)
        elif kind is tuple:
            made = _several(value)
        elif key == "threads" and isinstance(value, int) and not isinstance(value, bool):
            made = str(value)
        elif isinstance(value, bool) or (kind is str and not isinstance(value, str)):
            raise ValueError
        else:
            made = kind(value)
        if kind is int and isinstance(value, float) and value != made:
            raise ValueError
    except (TypeError, ValueError, KeyError) as error:
        raise UserError(
            f"{where} is {value!r}", remedy=f"give a {_WORDS[kind]}, such as the default {default!r}"
        ) from error
    if key in _RANGES:
        low, high = _RANGES[key]
        if not low <= made <= high:
            raise UserError(f"{where} is {made!r}", remedy=f"give a value from {low} to {high}")
    if key in _FORMS:
        form, wanted = _FORMS[key]
        if not re.fullmatch(form, made):
            raise UserError(f"{where} is {made!r}", remedy=f"give {wanted}")
    if key in ("day_at", "night_at"):
        _cron(made, where)
    return made


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[str(value).lower()]


def _several(value: Any) -> tuple[str, ...]:
    """A list of texts; in the environment and on the command line separated as in PATH."""
    if isinstance(value, str):
        return tuple(part for part in value.split(os.pathsep) if part)
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise ValueError
    return tuple(value)


def _cron(text: str, where: str) -> None:
    from apscheduler.triggers.cron import CronTrigger

    try:
        CronTrigger.from_crontab(text)
    except ValueError as error:
        raise UserError(
            f"{where} is {text!r}: {error}", remedy="give five cron fields, such as '0 3 * * *' for 3 o'clock"
        ) from error


_WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false", tuple: "list of texts"}
