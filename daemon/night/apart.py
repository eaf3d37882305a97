"""Training in a process of its own: it gives way to others, takes no more memory than it may, and ends with us.

The child gets its job as one line of JSON and answers in lines of JSON. It goes when its input closes, so it outlives
nobody, killed or not. Its memory is limited by what it may allocate (RLIMIT_DATA, where the kernel counts that: Linux),
not for a model on a GPU.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import IO, Any

import psutil

from sleepy.daemon.errors import UserError
from sleepy.daemon.tools import Tools

_POLL = 0.5  # seconds between two looks whether we are told to stop
_GRACE = 1.5  # seconds for a last checkpoint: less than the two in which a pause must act


class ApprenticeFailed(UserError):
    """Training ended without a result."""


def run(tools: Tools, job: Mapping[str, Any]) -> tuple[Any, int]:
    """The job's result and the most memory the child held, MiB. `ApprenticeFailed` says why there is none.

    What `tools.say` raises ends the child, which keeps a checkpoint, and is raised on.
    """
    limit = memory(tools)
    sent = {
        **job, "model": tools.model.name, "device": tools.config.device, "form": tools.config.format,
        "threads": tools.config.threads, "steps": tools.config.training_steps, "seconds": tools.config.pattern_seconds, "memory": limit,
    }  # fmt: skip
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(
            [sys.executable, "-m", "sleepy.daemon.night.apprentice"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, start_new_session=True,
        )  # fmt: skip
        try:
            with contextlib.suppress(BrokenPipeError):
                assert child.stdin is not None
                child.stdin.write(json.dumps(sent).encode() + b"\n")
                child.stdin.flush()
            told = _listened(tools, child, str(job["act"]))
        finally:
            _ended(child)
        if told is not None and "result" in told:
            return told["result"], int(told["peak"])
        raise ApprenticeFailed(_why(told, child.returncode, complaints, limit), remedy=_REMEDY)


def memory(tools: Tools) -> int:
    """What training may allocate, MiB; 0 where it is not limited."""
    if tools.config.device != "cpu":
        return 0
    return tools.config.night_memory or int(psutil.virtual_memory().total * 0.75) >> 20


def _listened(tools: Tools, child: subprocess.Popen[bytes], act: str) -> dict[str, Any] | None:
    """The child's last word, None without any; its progress goes to `tools.say`, which is asked all the time."""
    assert child.stdout is not None
    last: tuple[str, int, int] = (act, 0, 1)
    pending = b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ)
        while True:
            tools.say(*last)
            if not waiting.select(_POLL):
                continue
            got = child.stdout.read1()  # type: ignore[attr-defined]
            if not got:
                return None
            *lines, pending = (pending + got).split(b"\n")
            for text in lines:
                said = json.loads(text)
                if "say" not in said:
                    return said  # type: ignore[no-any-return]
                last = (said["say"][0], said["say"][1], said["say"][2])


def _ended(child: subprocess.Popen[bytes]) -> None:
    """The child is gone afterwards, with its last checkpoint if it is quick about it."""
    child.terminate()
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _why(told: dict[str, Any] | None, code: int, complaints: IO[bytes], limit: int) -> str:
    if told is not None:
        reason = str(told["error"])
    else:
        complaints.seek(0)
        last = complaints.read().decode(errors="replace").strip().split("\n")[-1]
        reason = last or (f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}")
    allowed = f" (it may take {limit} MiB)" if limit else ""
    return f"training failed{allowed}: {reason}"


_REMEDY = "raise night_memory where it is for lack of memory; the night goes on from here when it is begun again"
