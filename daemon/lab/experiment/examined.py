"""The sealed exam before the first night and after the last: the bare base and the champion, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from sleepy.daemon.night import exam
from sleepy.daemon.serve import serve
from sleepy.daemon.serve.serve import Served
from sleepy.daemon.tools.tools import Tools


@dataclass(frozen=True, slots=True)
class Examined:
    """Of `n` tasks. A loss counts when it is lost again in two of three runs."""

    n: int
    baseline: int
    champion: int
    fixed: tuple[str, ...]
    lost: tuple[str, ...]
    routes: int


def examined(tools: Tools) -> Examined:
    """Both answer the whole exam, one greedy shot each."""
    champion = serve.serving(tools)
    pairs = exam.sit(tools, exam.diagnoses(tools, tools.exam), Served(), champion, what="exam").pairs()
    return Examined(
        len(pairs),
        sum(pair.baseline for pair in pairs),
        sum(pair.challenger for pair in pairs),
        tuple(pair.task for pair in pairs if pair.challenger and not pair.baseline),
        tuple(pair.task for pair in pairs if pair.baseline and not pair.challenger),
        len(champion.router.accepted),
    )
