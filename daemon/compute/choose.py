"""The choice of device, precision and threads, made once for a machine, a model and a torch.

`auto` in the settings means what was fastest when it was tried (see `probe`); the outcome is kept in the home and
tried again when the machine, the model's shape or torch is another. Precision is chosen twice, for answers and for
training, since a machine may be quicker in another one at each. What decides is speed alone: the weights of one night
differ from precision to precision in their last digits, and answers may differ where two tokens are nearly alike.
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
from sleepy.daemon.compute import probe
from sleepy.daemon.compute.compute import Compute
from sleepy.memory.parametric.storage import write_whole

_FILE = "compute.json"
_SCHEMA = 1
_KEPT = 20  # probes of other machines, models and torches that the file keeps
_BETTER = 1.05  # how much quicker than float32 another precision must be: below that exactness counts more


def choose(config: Config, shape: Any, home: Home | None = None) -> Compute:
    """What the settings and this machine come to for a model of this shape (its transformers configuration).

    The probe's outcome is read from the home, or made and left there if the home exists. `UserError` names a device
    that is not there.
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
            told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "torch": torch.__version__, **known}
            kept = dict(list({**_read(place), key: told}.items())[-_KEPT:])
            with contextlib.suppress(OSError):  # a home that cannot be written: it is tried again next time
                write_whole(place, (json.dumps({"schema": _SCHEMA, "probes": kept}, indent=1) + "\n").encode())
    return _settled(config, device, known["measured"])


def cores() -> int:
    """How many processors this process may use."""
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
    """The quickest precision; float32 unless another is plainly quicker. Without figures what the device is made for."""
    if not speeds:
        return "bfloat16" if device.startswith("cuda") and torch.cuda.is_bf16_supported() else "float32"
    best = max(speeds, key=lambda name: speeds[name])
    return best if speeds[best] > _BETTER * speeds.get("float32", 0.0) else "float32"


def _device(asked: str) -> str:
    """Torch's name of the device; auto is a CUDA GPU, else Apple's, else the CPU. `UserError` if there is none such."""
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if asked == AUTO:
        return "cuda" if cuda else "mps" if mps else "cpu"
    kind, _, number = asked.partition(":")
    remedy = "`sleepy config set device auto` chooses what there is"
    if kind == "cuda" and not cuda:
        raise UserError(f"device is {asked!r}, but torch {torch.__version__} sees no CUDA GPU", remedy=remedy)
    if kind == "cuda" and number and int(number) >= torch.cuda.device_count():
        raise UserError(f"device is {asked!r}, but there are {torch.cuda.device_count()} GPUs", remedy=remedy)
    if kind == "mps" and not mps:
        raise UserError(f"device is {asked!r}, but torch {torch.__version__} sees no Apple GPU", remedy=remedy)
    return asked


def _key(device: str, shape: Any) -> str:
    """What a probe's outcome depends on."""
    sizes = {name: getattr(shape, name, None) for name in probe.SIZES}
    machine = torch.cuda.get_device_name(device) if device.startswith("cuda") else _processor()
    forced = [os.environ.get(name, "") for name in ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA")]
    parts = [
        probe.VERSION, machine, torch.backends.cpu.get_cpu_capability(), forced, cores(), device.split(":")[0],
        torch.__version__, sizes,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _processor() -> str:
    """The processor's model and what it can do, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    told = {line.split(":")[0].strip(): line.partition(":")[2].strip() for line in lines[:60] if ":" in line}
    return "|".join(told.get(name, "") for name in ("model name", "cpu family", "model", "flags", "Features"))


def _read(path: Path | None) -> dict[str, Any]:
    """The probes a file keeps; none where it is missing, damaged or another program's."""
    try:
        data = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
        found = data["probes"].items() if data.get("schema") == _SCHEMA else ()
        return {key: value for key, value in found if isinstance(value["measured"], dict)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
