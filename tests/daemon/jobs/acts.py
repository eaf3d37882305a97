"""What the jobs of these tests do: nodes find it by its name."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from sleepy.daemon.attempt.attempt import Piece
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.listener import Say
from sleepy.daemon.model.answerer import Reply
from sleepy.daemon.tools import answering
from sleepy.daemon.tools.answering import AnswerTerms


def noted(folder: Path, job: tuple[int, float], say: Say) -> tuple[int, int]:
    """Takes so many seconds, notes in the folder that it was done, and by which process."""
    number, seconds = job
    (folder / f"{number}.{os.getpid()}.{time.monotonic_ns()}").touch()
    for step in range(10):
        say(f"job {number}", step, 10)
        time.sleep(seconds / 10)
    return number, os.getpid()


def failing(_terms: None, job: int, _say: Say) -> int:
    """Fails at 3."""
    if job == 3:
        raise UserError("three is too many", remedy="give two")
    return job


def dying(_terms: None, _job: int, _say: Say) -> int:
    """Takes its process with it."""
    os._exit(1)


def answered(folder: Path, terms: AnswerTerms, piece: Piece, say: Say) -> tuple[list[Reply], float]:
    """Answers, and notes for each question the node that did."""
    import ray

    node = ray.get_runtime_context().get_node_id()
    for request in piece.requests:
        asked = hashlib.sha256(request.text.encode()).hexdigest()[:16]
        (folder / f"{asked}.{'routed' if terms.subspace else 'plain'}.{node}").touch()
    return answering.answer(terms, piece, say)
