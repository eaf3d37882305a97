"""Requests for one place and for several: the newest counts, and what is at work is told."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sleepy.daemon.editor.background import BackgroundRepairs, RepairRequest
from sleepy.daemon.editor.place import Place
from sleepy.daemon.watch.attempts import NICENESS

_SHOP, _TILL = Place(Path("/shop"), Path("/shop")), Place(Path("/till"), Path("/till"))


class Work:
    """Says when a request has begun, and ends it when it is let go or called off."""

    def __init__(self) -> None:
        self.begun: queue.Queue[RepairRequest] = queue.Queue()
        self.ended: queue.Queue[tuple[RepairRequest, bool, int]] = queue.Queue()
        self.go = threading.Event()

    def __call__(self, request: RepairRequest) -> None:
        self.begun.put(request)
        while not (self.go.is_set() or request.cancelled.is_set()):
            request.cancelled.wait(0.01)
        nice = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        self.ended.put((request, request.cancelled.is_set(), nice))


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    yield made
    made.go.set()


def test_the_newest_request_of_a_place_ends_the_one_before(work: Work) -> None:
    repairs = BackgroundRepairs(work)
    first, second, third = (RepairRequest(_SHOP, again=True) for _ in range(3))
    repairs.ask(first)
    assert work.begun.get(timeout=10) is first
    repairs.ask(second)
    repairs.ask(third)
    ended, was_cancelled, nice = work.ended.get(timeout=10)
    assert ended is first and was_cancelled and nice >= NICENESS
    assert work.begun.get(timeout=10) in (second, third)
    work.go.set()
    while work.ended.get(timeout=10)[0] is not third:
        pass
    assert work.ended.empty()


def test_an_opened_file_waits_for_nothing_where_its_place_is_at_work(work: Work) -> None:
    repairs = BackgroundRepairs(work)
    first, other = RepairRequest(_SHOP, again=True), RepairRequest(_TILL, again=False)
    repairs.ask(first)
    repairs.ask(RepairRequest(_SHOP, again=False))
    repairs.ask(other)
    assert {work.begun.get(timeout=10).place, work.begun.get(timeout=10).place} == {_SHOP, _TILL}, "beside each other"
    work.go.set()
    assert {work.ended.get(timeout=10)[1] for _ in range(2)} == {False}
    assert work.begun.empty()


def test_at_the_end_all_is_called_off_and_nothing_begins(work: Work) -> None:
    repairs = BackgroundRepairs(work)
    repairs.ask(RepairRequest(_SHOP, again=True))
    assert work.begun.get(timeout=10) and repairs.busy()
    repairs.end()
    assert work.ended.get(timeout=10)[1]
    while repairs.busy():
        pass
    repairs.ask(RepairRequest(_SHOP, again=True))
    assert not repairs.busy() and work.begun.empty()


def test_the_user_may_call_one_off(work: Work) -> None:
    repairs = BackgroundRepairs(work)
    for place in (_SHOP, _TILL):
        repairs.ask(RepairRequest(place, again=True))
        work.begun.get(timeout=10)
    repairs.cancel(_TILL)
    ended, was_cancelled, _ = work.ended.get(timeout=10)
    assert ended.place is _TILL and was_cancelled and repairs.busy()
