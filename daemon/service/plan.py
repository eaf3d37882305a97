"""What should be at work now: a pure decision over everything that has a say in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Date
from enum import StrEnum

from sleepy.daemon.base.schedule import Due
from sleepy.daemon.service.commands import Orders


class Kind(StrEnum):
    PRACTICE = "practice"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do. `asked`: by the user, so whoever uses the machine does not stop it."""

    kind: Kind
    date: Date | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known at one moment. `busy` says why the machine is not free for a night."""

    orders: Orders = field(default_factory=Orders)
    due: Due | None = None
    asked: Date | None = None  # the night wanted at once, while it is not done
    practice: bool = False
    busy: tuple[str, ...] = ()
    stopping: bool = False
    at_work: Work | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`begin` something, or `cut` what is at work for a reason; `held` says why a night that is due waits."""

    begin: Work | None = None
    cut: str | None = None
    held: tuple[str, ...] = ()


def plan(now: Situation) -> Plan:
    """What to do. Practice under way lets a night wait that is merely due; a night never gives way to practice."""
    held = _held(now)
    if now.at_work is not None:
        return Plan(cut=_cut(now, held), held=held)
    if now.stopping or now.orders.paused or now.orders.wake:
        return Plan(held=held)
    if now.asked is not None:
        return Plan(begin=Work(Kind.NIGHT, now.asked, asked=True))
    if now.due is not None and not held:
        return Plan(begin=Work(Kind.NIGHT, now.due.date))
    return Plan(begin=Work(Kind.PRACTICE) if now.practice else None, held=held)


def _held(now: Situation) -> tuple[str, ...]:
    """Why the night that is due, or at work, should not be at work."""
    at_work = now.at_work is not None and now.at_work.kind is Kind.NIGHT
    if now.due is None and now.asked is None and not at_work:
        return ()
    if now.orders.paused:
        return (f"paused until {now.orders.until.astimezone():%H:%M}" if now.orders.until else "paused",)
    asked = now.asked is not None or (now.at_work is not None and now.at_work.asked)
    return () if asked else now.busy


def _cut(now: Situation, held: tuple[str, ...]) -> str | None:
    assert now.at_work is not None
    if now.stopping:
        return "the daemon stops"
    if now.orders.paused:
        return "paused"
    if now.at_work.kind is Kind.NIGHT:
        return "woken" if now.orders.wake else "; ".join(held) or None
    return "a night was asked for" if now.asked is not None else None
