"""Settings: few, each with its help and limits beside it.

Flag > SLEEPY_* > ./sleepy.toml > the user's config.toml.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

from sleepy.daemon.base import address
from sleepy.daemon.base.errors import UserError
from sleepy.memory.episodic.shared import masked

_Value = TypeVar("_Value")
PREFIX = "SLEEPY_"
AUTO = "auto"  # left to what is measured on the machine
RETIRED = frozenset(["margin"])  # settings of earlier versions; where a file or variable still has one, it is ignored
_NOT_SETTINGS = frozenset(["SLEEPY_HOME"])  # where the state is, not how it is used


def _setting(
    default: _Value,
    why: str,
    *,
    between: tuple[float, float] | None = None,
    form: tuple[str, str] | None = None,
    fault: Callable[[str], str] | None = None,
    learning: bool = False,
    secret: bool = False,
    shown: Callable[[str], str] = lambda _: "(set, not shown)",
) -> _Value:
    """A field of `Config` with its help and limits as metadata.

    `why` is its help: the unit and the reason, as `sleepy config list --json` and the file of `sleepy init` show it.
    `between` is the least and the greatest number; `form` a pattern of the texts that fit, and words for it; `fault` says
    what is wrong with a text, '' where nothing is.
    `learning`: a night's outcome depends on it. `secret`: its value is shown only as `shown` makes it.
    """
    told = {"why": why, "between": between, "form": form, "fault": fault, "learning": learning, "secret": secret}
    return field(default=default, metadata={**told, "shown": shown})


@dataclass(frozen=True, slots=True)
class Config:
    """All settings with their defaults."""

    model: str = _setting(
        "built-in",
        "built-in, or the name or folder of any Hugging Face causal LM",
        fault=address.model,
        learning=True,
    )
    format: str = _setting(
        "",
        "the form of the model's answers, where its config.json names none or another: whole-file, numbered-lines",
        form=(
            r"(whole-file|numbered-lines|span-edits|choice)?",
            "whole-file or numbered-lines (span-edits or choice to a model that was taught them), or nothing",
        ),
        learning=True,
    )
    device: str = _setting(
        "auto",
        "where the model runs: cpu, cuda, cuda:1, mps; auto: a GPU if there is one",
        form=(r"auto|cpu|mps|cuda(:\d{1,3})?", "auto, cpu, cuda, cuda:1 or mps"),
    )
    dtype: str = _setting(
        "auto",
        "precision: float32, bfloat16 or float16; auto: whatever was fastest here when it was tried",
        form=(r"auto|float32|bfloat16|float16", "auto, float32, bfloat16 or float16"),
    )
    tier: str = _setting("auto", "the sandbox: auto, bubblewrap or landlock")
    threads: str = _setting(
        "auto",
        "threads of torch: a number; auto: 1 beside compilers (with 2, exams took 4 times as long)",
        form=(r"auto|[1-9]\d{0,2}", "auto or a number from 1 to 999"),
    )
    database: str = _setting(
        "",
        "a PostgreSQL database that several homes share, postgresql+psycopg://user@host/name; empty: the home's own file;"
        " its password is better kept in ~/.pgpass or PGPASSWORD, and is never shown",
        form=(
            r"(postgresql(\+psycopg)?://.+)?",
            "postgresql+psycopg://user@host/name, or nothing for the home's own file",
        ),
        fault=address.postgresql,
        secret=True,
        shown=masked,
    )
    storage: str = _setting(
        "",
        "where versions, adapters and checkpoints lie for all homes of a database and all nodes of a cluster: any URL of"
        " fsspec's, s3://bucket/prefix or file:///srv/sleepy; empty: in the home alone; what may be secret in it is never"
        " shown",
        form=(
            r"([a-z][a-z0-9+.-]*://.+)?",
            "s3://bucket/prefix, file:///srv/sleepy or another URL of fsspec's, or nothing for the home alone",
        ),
        fault=address.storage,
        secret=True,
        shown=address.masked,
    )
    cluster: str = _setting(
        "",
        "a Ray cluster whose nodes judge, answer and train: auto (one of this machine's), host:6379 or ray://host:10001;"
        " empty: this machine alone",
        form=(
            r"(auto|(ray://)?[^\s:/]+:\d{1,5})?",
            "auto, host:6379, ray://host:10001, or nothing for this machine alone",
        ),
    )
    day_at: str = _setting("*/30 * * * *", "when it practises by day, as cron in local time")
    day_tasks: int = _setting(60, "koans per practice: about two minutes on two cores", between=(1, 100_000))
    # not learning: they change what later days record, never what a begun night makes of what is recorded
    explore: float = _setting(
        2.0,
        "further answers per practised koan, on average at most, for koans that the greedy answer failed: samples, a"
        " second turn with the compiler's answer, a hint; what passes is taught as the plain question; 0: none",
        between=(0.0, 100.0),
    )
    day_samples: int = _setting(
        4, "samples at temperature of each koan that is explored; 0: only the turn and the hint", between=(0, 8)
    )
    day_hints: bool = _setting(
        True, "exploration ends with the error's hint, where there is one (the built-in model: 2 of 21 answers passed)"
    )
    night_at: str = _setting("0 3 * * *", "when it sleeps, as cron in local time")
    target: float = _setting(
        0.8, "a pattern is trained if its pass rate is reliably below this", between=(0.0, 1.0), learning=True
    )
    night_minutes: float = _setting(
        60.0,
        "minutes of a night: the most worthwhile patterns are trained first, none is begun after six tenths of them, and"
        " trials that are not over after nine tenths go on the next night",
        between=(1.0, 1440.0),
        learning=True,
    )
    night_patterns: int = _setting(
        16,
        "patterns trained per night at most; a minute has time for 130 lessons of them",
        between=(1, 1000),
        learning=True,
    )
    lessons: int = _setting(
        220,
        "forged lessons per signature, with fewer than 150 it is learnt worse (measured); a code or `all` is given as many"
        " for each signature under it, up to twelve times, and one time for every five of `night_minutes`",
        between=(16, 100_000),
        learning=True,
    )
    held_out: int = _setting(
        40, "koans of a pattern that only its route's own exam sees", between=(8, 10_000), learning=True
    )
    training_steps: int = _setting(
        80,
        "training steps per signature, about 12 seconds of the built-in model on one core, more gained nothing; a code or"
        " `all` is given as many times more as it has lessons",
        between=(1, 1_000_000),
        learning=True,
    )
    pattern_seconds: float = _setting(
        600.0,
        "of training per pattern at most: a limit for slow machines, since what the clock ends differs from run to run",
        between=(1.0, 86_400.0),
        learning=True,
    )
    replay: float = _setting(
        0.3, "share of a pattern's lessons that are the model's own successes", between=(0.0, 0.9), learning=True
    )
    teach: str = _setting(
        "both",
        "whose answers a night teaches: own, the model's alone; forged, all others; both",
        form=(r"own|forged|both", "own, forged or both"),
        learning=True,
    )
    alpha: float = _setting(
        0.01,
        "expected share of promoted routes that are no better than what served before, over all nights",
        between=(1e-6, 0.5),
        learning=True,
    )
    night_memory: int = _setting(
        0,
        "MiB that a night's training may take at most; 0: three quarters of the machine's, and a second worker only"
        " within 4 GiB in all",
        between=(0, 2**24),
    )
    rest: int = _setting(
        5,
        "nights a pattern is left alone after it was tried `tries` times and did not improve",
        between=(1, 1000),
        learning=True,
    )
    tries: int = _setting(
        3, "nights a pattern may be tried without its route beating the champion", between=(1, 1000), learning=True
    )
    kl_cap: float = _setting(
        5.0,
        "nats per token on its own koans: a pattern that moves the model further is not served"
        " (those that earned their place moved it by 1 to 3.5)",
        between=(1e-6, 1e3),
        learning=True,
    )
    keep_versions: int = _setting(
        10, "promoted versions whose files `sleepy gc` keeps, besides champion and previous", between=(1, 10_000)
    )
    keep_days: int = _setting(
        90, "days that `sleepy gc` keeps night folders, exam answers and remembered verdicts", between=(1, 36_500)
    )
    crates: tuple[str, ...] = _setting((), "folders of your own crates to watch and learn from")
    own_code: float = _setting(
        0.25,
        "share of a day's koans, and of what a night teaches and asks, that are functions of your crates, broken in a copy"
        " and judged by their tests; a part of the functions is examined only; 0: none",
        between=(0.0, 0.5),
        learning=True,
    )
    server: str = _setting(
        "",
        "an OpenAI-compatible server, http://host:port/v1; it is sent broken files, with known secrets taken out",
        fault=address.web,
    )
    server_model: str = _setting("", "the model that the server is asked for")
    server_key: str = _setting("", "the server's key, if it wants one; never shown", secret=True)
    server_seconds: float = _setting(
        60.0, "seconds that an answer of the server may take at most", between=(1.0, 3600.0)
    )
    turns: int = _setting(
        2,
        "answers in a row that `fix` and the watcher ask for, each with the errors of the one before",
        between=(1, 10),
    )
    samples: int = _setting(4, "tries at temperature where the greedy answer fails", between=(1, 64))
    idle_minutes: float = _setting(
        0.0,
        "sleep only when nobody has used the machine for so many minutes; 0: whenever it is time",
        between=(0.0, 1440.0),
    )
    only_on_ac: bool = _setting(False, "sleep only on mains power")
    max_load: float = _setting(0.0, "sleep only below this load per core; 0: at any load", between=(0.0, 1000.0))
    notify: str = _setting("", "a command run with the night's one-line result as its last argument")
    ping_url: str = _setting(
        "", "an address requested after each good night, for a dead man's switch", fault=address.web
    )
    metrics_port: int = _setting(
        0, "port of the Prometheus page on the loopback interface; 0: no page", between=(0, 65_535)
    )
    seed: int = _setting(0, "the seed of everything random", between=(0, 2**63 - 1), learning=True)

    def learning(self) -> dict[str, Any]:
        """The settings a night's outcome depends on; an interrupted night that resumes under other values begins anew."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.metadata["learning"]}


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    project: Path | None = None,
    user: Path | None = None,
) -> Config:
    """The settings from all sources. Raises `UserError` for an unknown key or a value that does not fit."""
    config = Config()
    for values, where, shown in _sources(environment, project, user):
        config = _merged(config, values, where, shown=shown)
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    return _merged(config, given, "the command line", shown=lambda key: "--" + key.replace("_", "-"))


def fitting(key: str, value: Any) -> Any:
    """The value, converted to the type of the setting `key`; `UserError` where it does not fit."""
    return _fitting(next(item for item in fields(Config) if item.name == key), value, key)


def alone(*keys: str) -> Config:
    """These settings alone, all others as by default: one of them that does not fit is the error of those who need it."""
    config = Config()
    for values, where, shown in _sources():
        config = _merged(config, {key: value for key, value in values.items() if key in keys}, where, shown=shown)
    return config


def _sources(
    environment: Mapping[str, str] | None = None, project: Path | None = None, user: Path | None = None
) -> Iterator[tuple[Mapping[str, Any], str, Callable[[str], str]]]:
    """Files and environment, the strongest last: values, where they are from, and how a key is written there."""
    for path in (user or user_file(), project or Path("sleepy.toml")):
        yield _file(path), str(path), str
    found = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in (environment if environment is not None else os.environ).items()
        if name.startswith(PREFIX) and name not in _NOT_SETTINGS
    }
    yield found, "the environment", lambda key: PREFIX + key.upper()


def origins(
    *, environment: Mapping[str, str] | None = None, project: Path | None = None, user: Path | None = None
) -> dict[str, str]:
    """Where the value of each setting comes from: `default`, the path of a file, or the name of a variable."""
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
        raise UserError(f"{path}: {error}", remedy="correct the file or move it away") from error


def _merged(config: Config, values: Mapping[str, Any], where: str, *, shown: Any = str) -> Config:
    known = {item.name: item for item in fields(Config)}
    changes: dict[str, Any] = {}
    for key, value in values.items():
        if key in RETIRED:
            continue
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            raise UserError(
                f"{where}: there is no setting {shown(key)!r}",
                remedy=f"did you mean {shown(near[0])}?" if near else f"the settings are {', '.join(known)}",
            )
        changes[key] = _fitting(known[key], value, f"{where}: {shown(key)}")
    return replace(config, **changes)


def _fitting(item: Field[Any], value: Any, where: str) -> Any:
    """The value, converted to the setting's type; raises `UserError` if it does not fit."""
    key = item.name
    default: Any = item.default
    kind = type(default)
    told = (lambda given: item.metadata["shown"](str(given))) if item.metadata["secret"] else repr
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
            f"{where} is {told(value)}", remedy=f"give {_WORDS[kind]}, such as the default {default!r}"
        ) from error
    if between := item.metadata["between"]:
        low, high = between
        if not low <= made <= high:
            raise UserError(f"{where} is {made!r}", remedy=f"give a value from {low} to {high}")
    if form := item.metadata["form"]:
        pattern, wanted = form
        if not re.fullmatch(pattern, made):
            raise UserError(f"{where} is {told(made)}", remedy=f"give {wanted}")
    if (fault := item.metadata["fault"]) and (wrong := fault(made)):
        raise UserError(f"{where} is {told(made)}: {wrong}", remedy=f"give {form[1] if form else _ADDRESS}")
    if key in ("day_at", "night_at"):
        _cron(made, where)
    return made


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[str(value).lower()]


def _several(value: Any) -> tuple[str, ...]:
    """A list of strings; in the environment and on the command line separated as in PATH."""
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


_ADDRESS = "an address such as http://host:8000/v1"
_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", tuple: "a list of texts"}
