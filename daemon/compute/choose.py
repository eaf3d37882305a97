"""Chooses device, precision and threads, once per machine, model and version of torch.

`auto` in the settings means whatever was fastest when measured (see `probe`). The measurement is kept in the home and
repeated when the machine, the model's shape or torch changes. Precision is chosen separately for answers and for
training, since the fastest may differ. Speed alone decides: between precisions, a night's weights differ in their last
digits, and answers may differ where two tokens are almost equally likely.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from sleepy.daemon.base.config import AUTO, Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.text import plural
from sleepy.daemon.compute import probe
from sleepy.daemon.compute.compute import Compute
from sleepy.memory.parametric.storage import write_whole

_FILE = "compute.json"
_SCHEMA = 1
_KEPT = 20  # probes that the file keeps, of all machines, models and versions of torch
_BETTER = 1.05  # how many times as fast as float32 another precision must be; below that, float32's accuracy wins


def choose(config: Config, shape: Any, home: Home | None = None) -> Compute:
    """The device, precisions and threads for a model of this shape (its transformers configuration).

    Where the settings say `auto`, the probe decides. Its result is read from the home; if there is none, the probe runs
    and the result is written there, if the home exists. `UserError` if the device in the settings does not exist.
    """
    device = _device(config.device)
    if config.dtype != AUTO and config.threads != AUTO:
        return _settled(config, device, {})
    place = home.root / _FILE if home is not None else None
    key = _key(device, shape)
    known = _read(place).get(key)
    if known is None:
        known = {"measured": probe.measured(shape, device, cores())}
        if place is not None and place.parent.is_dir():
            entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "torch": torch.__version__, **known}
            kept = dict(list({**_read(place), key: entry}.items())[-_KEPT:])
            with contextlib.suppress(OSError):  # the home cannot be written: probe again next time
                write_whole(place, (json.dumps({"schema": _SCHEMA, "probes": kept}, indent=1) + "\n").encode())
    return _settled(config, device, known["measured"])


def cores() -> int:
    """The number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _settled(config: Config, device: str, measured: Mapping[str, Mapping[str, float]]) -> Compute:
    answers, trains = (
        config.dtype if config.dtype != AUTO else _fastest(measured.get(what, {}), device)
        for what in (probe.ANSWERS, probe.TRAINS)
    )
    threads, alone = 1, 1
    if config.threads != AUTO:
        threads = alone = int(config.threads)
    else:
        together = measured.get(probe.THREADS, {})
        if together.get("all", 0.0) > _BETTER * together.get("one", float("inf")):
            alone = cores()
    return Compute(device, answers, trains, threads, alone, measured or None)


def _fastest(speeds: Mapping[str, float], device: str) -> str:
    """The fastest precision; float32 unless another is clearly faster. Without measurements, the device's usual one."""
    if not speeds:
        return "bfloat16" if device.startswith("cuda") and torch.cuda.is_bf16_supported() else "float32"
    best = max(speeds, key=lambda name: speeds[name])
    return best if speeds[best] > _BETTER * speeds.get("float32", 0.0) else "float32"


def _device(asked: str) -> str:
    """Torch's name of the device; auto is a CUDA GPU, else Apple's, else the CPU. `UserError` if it does not exist."""
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if asked == AUTO:
        return "cuda" if cuda else "mps" if mps else "cpu"
    kind, _, number = asked.partition(":")
    remedy = "`sleepy config set device auto` chooses an available device"
    if kind == "cuda" and not cuda:
        raise UserError(f"device is {asked!r}, but torch {torch.__version__} sees no CUDA GPU", remedy=remedy)
    if kind == "cuda" and number and int(number) >= torch.cuda.device_count():
        raise UserError(
            f"device is {asked!r}, but torch sees {plural(torch.cuda.device_count(), 'GPU')}, counted from 0",
            remedy=remedy,
        )
    if kind == "mps" and not mps:
        raise UserError(f"device is {asked!r}, but torch {torch.__version__} sees no Apple GPU", remedy=remedy)
    return asked


def _key(device: str, shape: Any) -> str:
    """A hash of everything that a probe's result depends on."""
    sizes = {name: getattr(shape, name, None) for name in probe.SIZES}
    machine = torch.cuda.get_device_name(device) if device.startswith("cuda") else _processor()
    forced = [os.environ.get(name, "") for name in ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")]
    parts = [
        probe.VERSION, machine, torch.backends.cpu.get_cpu_capability(), forced, cores(), device.split(":")[0],
        torch.__version__, sizes,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _processor() -> str:
    """The processor's model and instruction sets, as far as the system reports them."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    fields = {line.split(":")[0].strip(): line.partition(":")[2].strip() for line in lines[:60] if ":" in line}
    return "|".join(fields.get(name, "") for name in ("model name", "cpu family", "model", "flags", "Features"))


def _read(path: Path | None) -> dict[str, Any]:
    """The probes in a file; none if it is missing, damaged or not ours."""
    try:
        data = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
        found = data["probes"].items() if data.get("schema") == _SCHEMA else ()
        return {key: value for key, value in found if isinstance(value["measured"], dict)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
