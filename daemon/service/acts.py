"""What the daemon does by itself: practices, nights, and the notifications after a night."""

from __future__ import annotations

from collections.abc import Callable

from sleepy.daemon.day.day import day
from sleepy.daemon.gate import reasons
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.service import notice
from sleepy.daemon.service.plan import Work, WorkKind
from sleepy.daemon.tools.tools import Tools


def act(tools: Tools, check: Callable[[], None]) -> Callable[[Work], str]:
    """A function that does a work with these tools; `check` raises when the work is to end."""

    def do(work: Work) -> str:
        return practice(tools) if work.kind is WorkKind.PRACTICE else night(tools, work, check)

    return do


def practice(tools: Tools) -> str:
    """Practises with what serves; returns a line for the log."""
    served = serve.serving(tools)
    done = day(tools, served, int(tools.now().timestamp()), tools.config.day_tasks)
    return f"practised: {done.passed} of {done.attempted} solved"


def night(tools: Tools, work: Work, check: Callable[[], None]) -> str:
    """Runs the night of the work's date and notifies the user; returns a line for the log."""
    assert work.date is not None
    config = tools.config
    try:
        slept = sleep(tools, work.date)
    except Exception as error:
        if config.notify:
            notice.command(config.notify, f"night of {work.date} failed: {error}", check=check)
        raise
    line = f"night of {slept.date}: {slept.decision}: {'; '.join(reasons.sentences(slept.decision_reasons))}"
    if config.notify:
        notice.command(config.notify, line, check=check)
    if config.ping_url:
        notice.ping(config.ping_url, check=check)
    return line
