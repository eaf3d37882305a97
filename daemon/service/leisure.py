"""Whether the machine is free for a night's work: nobody at it, on mains power, little to do.

`busy` decides from plain values; the readers beneath fetch them. What cannot be known does not keep the
night from being slept: an unknown idle time counts as idle, and `unknown` says so.

Idleness comes from logind, which desktops tell when nobody has moved for as long as they are set to wait;
else from the terminals, as `w` does it, which the kernel keeps to within eight seconds.
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
GPU_BUSY = 20  # per cent of use from which a GPU is another's


@dataclass(frozen=True, slots=True)
class Machine:
    """How the machine stands. None: not asked for, or not to be known.

    `idle` is seconds since somebody used it, `load` what it has to do a core, sleepy's own work left out,
    `gpu` per cent.
    """

    idle: float | None = None
    on_battery: bool | None = None
    load: float | None = None
    gpu: float | None = None


def busy(config: Config, machine: Machine) -> tuple[Hindrance, ...]:
    """Why the machine is not free, reason by reason; empty when it is."""
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
    """What the settings ask for and this machine does not tell; each counts as if it were free."""
    said = []
    if config.idle_minutes and machine.idle is None:
        said.append("how long nobody has used the machine is unknown (no logind, no terminal): it counts as idle")
    if config.only_on_ac and machine.on_battery is None:
        said.append("whether it runs on battery is unknown: it counts as mains power")
    return tuple(said)


@dataclass(frozen=True, slots=True)
class Readers:
    """Where the values come from. Each returns None for what cannot be known."""

    idle: Callable[[], float | None]
    on_battery: Callable[[], bool | None]
    load: Callable[[], float | None]
    others: Callable[[], float | None]  # the load while sleepy itself is at work
    gpu: Callable[[], float | None]


def look(config: Config, readers: Readers, *, at_work: bool) -> Machine:
    """The machine as far as the settings ask. At work, sleepy's own load and its use of the GPU do not count."""
    load = readers.others if at_work else readers.load
    return Machine(
        readers.idle() if config.idle_minutes else None,
        readers.on_battery() if config.only_on_ac else None,
        load() if config.max_load else None,
        readers.gpu() if _on_gpu(config) and not at_work else None,
    )


def real() -> Readers:
    """This machine's."""
    return Readers(idle_seconds, on_battery, load_a_core, Others(), gpu_use)


def idle_seconds() -> float | None:
    """Seconds since somebody used this machine; None when neither logind nor a terminal tells."""
    told = logind(time.time(), _busctl)
    return told if told is not None else terminals(time.time(), (Path("/dev/pts"), Path("/dev")))


def logind(now: float, ask: Callable[[], str | None]) -> float | None:
    """What logind's answer (busctl's JSON lines of IdleHint and IdleSinceHint) comes to."""
    try:
        idle, since = (json.loads(line)["data"] for line in (ask() or "").splitlines())
        if not idle:
            return 0.0
        return max(0.0, now - int(since) / 1e6) if since else float("inf")  # nobody ever logged in
    except (ValueError, KeyError, TypeError):
        return None


def terminals(now: float, folders: Iterable[Path]) -> float | None:
    """Seconds since the last key in any terminal of a user's; None where there is no terminal."""
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
    """False on mains power or without a battery; None when the battery does not say."""
    sensor = getattr(psutil, "sensors_battery", None)
    battery = sensor() if sensor is not None else None
    if battery is None:
        return False
    return None if battery.power_plugged is None else not battery.power_plugged


def load_a_core() -> float | None:
    """The last minute's load average a core."""
    try:
        return float(psutil.getloadavg()[0]) / (psutil.cpu_count() or 1)
    except OSError:
        return None


class Others:
    """The cores' time that went to other programs since the last call, a core; None at the first call."""

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
    """From two readings of (clock, all busy seconds, our own busy seconds)."""
    elapsed, used, own = (late - early for early, late in zip(before, after, strict=True))
    return max(0.0, used - max(0.0, own)) / elapsed / cores


def gpu_use() -> float | None:
    """The busiest NVIDIA GPU's use in per cent; None where nvidia-smi does not tell."""
    told = _said(["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"])
    try:
        return max(float(line) for line in (told or "").split())
    except ValueError:
        return None


def _own(me: psutil.Process) -> float:
    """Processor seconds of a process, its living descendants, and those they have waited for."""
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
