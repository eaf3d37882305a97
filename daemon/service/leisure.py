"""Whether the machine is free for a night: not in use, on mains power, with little load.

`busy` decides from plain values, which the readers below fetch. What cannot be known does not prevent a night: an
unknown idle time counts as idle, and `unknown` says so.

Idle time comes from logind, to which desktops report when nobody has used them for the time they are set to; else
from the terminals, as `w` does it, which the kernel updates every eight seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from sleepy.daemon.base.config import Config
from sleepy.daemon.service.plan import Hindrance, Obstacle

_WAIT = 2.0  # seconds for another program's answer
GPU_BUSY = 20  # per cent of use from which a GPU counts as used by another program


@dataclass(frozen=True, slots=True)
class Machine:
    """The state of the machine. None: not asked for, or unknown.

    `idle` is seconds since it was used, `load` the load per core without sleepy's own, `gpu` the use in per cent.
    """

    idle: float | None = None
    on_battery: bool | None = None
    load: float | None = None
    gpu: float | None = None


def busy(config: Config, machine: Machine) -> tuple[Hindrance, ...]:
    """The reasons why the machine is not free; empty if it is."""
    reasons = []
    if config.idle_minutes and machine.idle is not None and machine.idle < config.idle_minutes * 60:
        reasons.append(Hindrance(Obstacle.IN_USE, machine.idle / 60, config.idle_minutes))
    if config.only_on_ac and machine.on_battery:
        reasons.append(Hindrance(Obstacle.BATTERY))
    if config.max_load and machine.load is not None and machine.load > config.max_load:
        reasons.append(Hindrance(Obstacle.LOAD, machine.load, config.max_load))
    if _on_gpu(config) and machine.gpu is not None and machine.gpu >= GPU_BUSY:
        reasons.append(Hindrance(Obstacle.GPU, machine.gpu, GPU_BUSY))
    return tuple(reasons)


def unknown(config: Config, machine: Machine) -> tuple[str, ...]:
    """What the settings ask for and this machine cannot say; each counts as free."""
    said = []
    if config.idle_minutes and machine.idle is None:
        said.append("this machine cannot say when it was last used (no logind, no terminal); it counts as idle")
    if config.only_on_ac and machine.on_battery is None:
        said.append("this machine cannot say whether it runs on battery; it counts as on mains power")
    return tuple(said)


@dataclass(frozen=True, slots=True)
class Readers:
    """The functions that fetch the values; each returns None for what is unknown."""

    idle: Callable[[], float | None]
    on_battery: Callable[[], bool | None]
    load: Callable[[], float | None]
    others: Callable[[], float | None]  # the load while sleepy itself is at work
    gpu: Callable[[], float | None]


def look(config: Config, readers: Readers, *, at_work: bool) -> Machine:
    """The state of the machine, as far as the settings ask; sleepy's own load and use of the GPU do not count."""
    load = readers.others if at_work else readers.load
    return Machine(
        readers.idle() if config.idle_minutes else None,
        readers.on_battery() if config.only_on_ac else None,
        load() if config.max_load else None,
        readers.gpu() if _on_gpu(config) and not at_work else None,
    )


def real() -> Readers:
    """The readers of this machine."""
    return Readers(idle_seconds, on_battery, load_a_core, Others(), gpu_use)


def idle_seconds() -> float | None:
    """Seconds since this machine was used; None if neither logind nor a terminal can tell."""
    told = logind(time.time(), _busctl)
    return told if told is not None else terminals(time.time(), (Path("/dev/pts"), Path("/dev")))


def logind(now: float, ask: Callable[[], str | None]) -> float | None:
    """Seconds since the last use, from logind's answer: busctl's JSON lines of IdleHint and IdleSinceHint."""
    try:
        idle, since = (json.loads(line)["data"] for line in (ask() or "").splitlines())
        if not idle:
            return 0.0
        return max(0.0, now - int(since) / 1e6) if since else float("inf")  # nobody ever logged in
    except (ValueError, KeyError, TypeError):
        return None


def terminals(now: float, folders: Iterable[Path]) -> float | None:
    """Seconds since the last key press in any user's terminal; None without a terminal."""
    read = []
    for folder in folders:
        for path in folder.glob("[0-9]*" if folder.name == "pts" else "tty[1-9]*"):
            try:
                found = path.stat()
            except OSError:
                continue
            if found.st_uid or os.getuid() == 0:  # root's are consoles at which nobody has logged in
                read.append(found.st_atime)
    return max(0.0, now - max(read)) if read else None


def on_battery() -> bool | None:
    """Whether the machine runs on battery; None if the battery cannot tell."""
    sensor = getattr(psutil, "sensors_battery", None)
    battery = sensor() if sensor is not None else None
    if battery is None:
        return False
    return None if battery.power_plugged is None else not battery.power_plugged


def load_a_core() -> float | None:
    """The load average per core over the last minute."""
    try:
        return float(psutil.getloadavg()[0]) / (psutil.cpu_count() or 1)
    except OSError:
        return None


class Others:
    """The load per core of other programs since the last call; None at the first call."""

    def __init__(self, me: int | None = None) -> None:
        self._me = psutil.Process(me)
        self._last: tuple[float, float, float] | None = None

    def __call__(self) -> float | None:
        times = psutil.cpu_times()
        total = time.monotonic()
        waiting = sum(getattr(times, name, 0.0) for name in ("idle", "iowait", "guest", "guest_nice"))
        used = sum(times) - waiting
        last, self._last = self._last, (total, used, _own(self._me))
        if last is None or total - last[0] < 0.2:
            return None
        return others_load(last, self._last, psutil.cpu_count() or 1)


def others_load(before: tuple[float, float, float], after: tuple[float, float, float], cores: int) -> float:
    """The load per core of other programs, from two readings of (clock, all busy seconds, own busy seconds)."""
    elapsed, used, own = (late - early for early, late in zip(before, after, strict=True))
    return max(0.0, used - max(0.0, own)) / elapsed / cores


def gpu_use() -> float | None:
    """The use of the busiest NVIDIA GPU in per cent; None if nvidia-smi cannot tell."""
    told = _said(["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"])
    try:
        return max(float(line) for line in (told or "").split())
    except ValueError:
        return None


def _own(me: psutil.Process) -> float:
    """Processor seconds of a process, of its living descendants, and of those they have waited for."""
    seconds = 0.0
    for process in (me, *me.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def _busctl() -> str | None:
    manager = ["org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"]
    return _said(["busctl", "--json=short", "get-property", *manager, "IdleHint", "IdleSinceHint"])


def _said(command: list[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _on_gpu(config: Config) -> bool:
    return config.device.startswith("cuda")
