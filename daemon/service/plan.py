"""Decides what should be running now: a pure function of everything that matters for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from enum import StrEnum

from sleepy.daemon.base.schedule import Due
from sleepy.daemon.service.commands import Orders


class WorkKind(StrEnum):
    PRACTICE = "practice"  # koans, by what serves
    NIGHT = "night"  # a date's night, begun or resumed


class Obstacle(StrEnum):
    """What keeps a due night on hold."""

    PAUSED = "paused"  # the user paused the daemon
    IN_USE = "in use"  # somebody used the machine recently
    BATTERY = "battery"  # it runs on battery
    LOAD = "load"  # it is busy with other programs
    GPU = "gpu"  # another program uses the GPU
    ELSEWHERE = "elsewhere"  # another home with the same database sleeps it, or has its files


@dataclass(frozen=True, slots=True)
class Hindrance:
    """An obstacle now: what was measured, the limit that it exceeds, its end if that is known, or `said` in words."""

    what: Obstacle
    measured: float = 0.0
    limit: float = 0.0
    until: datetime | None = None
    said: str = ""

    def __str__(self) -> str:
        match self.what:
            case Obstacle.PAUSED:
                return f"paused until {self.until.astimezone():%H:%M}" if self.until else "paused"
            case Obstacle.IN_USE:
                return f"used within the last {self.limit:g} min"
            case Obstacle.BATTERY:
                return "on battery"
            case Obstacle.LOAD:
                return f"load {self.measured:.1f} above {self.limit:g}"
            case Obstacle.GPU:
                return f"GPU {self.measured:.0f} % busy"
            case Obstacle.ELSEWHERE:
                return self.said


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do. `asked`: by the user, so it goes on even if the machine is in use."""

    kind: WorkKind
    date: Date | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known at a moment. `busy` says why the machine is not free for a night, `elsewhere` whose it is."""

    orders: Orders = field(default_factory=Orders)
    due: Due | None = None
    asked: Date | None = None  # the night to begin at once, as long as it is not done
    practice: bool = False
    busy: tuple[Hindrance, ...] = ()
    elsewhere: Hindrance | None = None
    stopping: bool = False
    at_work: Work | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to `begin`, or why to `cut` what is running; `held` says why a due night is on hold."""

    begin: Work | None = None
    cut: str | None = None
    held: tuple[Hindrance, ...] = ()


def plan(now: Situation) -> NextStep:
    """The next step. A due night waits for a running practice; a night never gives way to practice."""
    held = _held(now)
    if now.at_work is not None:
        return NextStep(cut=_cut(now, held), held=held)
    if now.stopping or now.orders.paused or now.orders.wake:
        return NextStep(held=held)
    if now.asked is not None and now.elsewhere is None:
        return NextStep(begin=Work(WorkKind.NIGHT, now.asked, asked=True))
    if now.due is not None and not held:
        return NextStep(begin=Work(WorkKind.NIGHT, now.due.date))
    return NextStep(begin=Work(WorkKind.PRACTICE) if now.practice else None, held=held)


def _held(now: Situation) -> tuple[Hindrance, ...]:
    """Why the night that is due, or running, should not run."""
    at_work = now.at_work is not None and now.at_work.kind is WorkKind.NIGHT
    if now.due is None and now.asked is None and not at_work:
        return ()
    if now.orders.paused:
        return (Hindrance(Obstacle.PAUSED, until=now.orders.until),)
    if now.elsewhere is not None and not at_work:
        return (now.elsewhere,)
    asked = now.asked is not None or (now.at_work is not None and now.at_work.asked)
    return () if asked else now.busy


def _cut(now: Situation, held: tuple[Hindrance, ...]) -> str | None:
    assert now.at_work is not None
    if now.stopping:
        return "the daemon is stopping"
    if now.orders.paused:
        return "paused"
    if now.at_work.kind is WorkKind.NIGHT:
        return "ended by `sleepy wake`" if now.orders.wake else "; ".join(map(str, held)) or None
    return "a night was asked for" if now.asked is not None and now.elsewhere is None else None
