"""A page for Prometheus on the loopback interface, read from the database at each request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from sleepy.daemon.base import heartbeat
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.service import commands
from sleepy.memory.episodic import patterns, routes, state, tables, versions
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.nights import NightState

HOST = "127.0.0.1"


class Memory(Collector):
    """The figures of a database; all names begin with sleepy_."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db, self._now = db, now

    def describe(self) -> list[Metric]:
        """Nothing: registering must not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("sleepy_database_up", "Whether the database could be read")
        try:
            found = list(self._read())
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from found

    def _read(self) -> Iterator[Metric]:
        with self._db.reading() as connection:  # one moment for all of them
            attempts = CounterMetricFamily("sleepy_attempts", "Attempts in practice", labels=["rung"])
            passes = CounterMetricFamily("sleepy_passes", "Attempts that solved their task", labels=["rung"])
            seconds = CounterMetricFamily("sleepy_attempt_seconds", "Time attempts took", labels=["rung"])
            for rung, tally in patterns.rungs(self._db, since=date.min).items():
                attempts.add_metric([rung], tally.attempts)
                passes.add_metric([rung], tally.passes)
                seconds.add_metric([rung], tally.seconds)
            yield from (attempts, passes, seconds)

            rows = tables.nights.c
            nights = CounterMetricFamily("sleepy_nights", "Nights", labels=["state", "decision"])
            counts = select(rows.state, rows.decision, func.count()).group_by(rows.state, rows.decision)
            for state_of, decision, count in connection.execute(counts):
                nights.add_metric([state_of, decision or ""], count)
            yield nights
            ended = connection.execute(select(func.max(rows.ended)).where(rows.state == NightState.DONE.value)).scalar()
            age = GaugeMetricFamily("sleepy_last_good_night_age_seconds", "Since the last night that was done")
            if ended is not None:
                age.add_metric([], (self._now() - ended).total_seconds())
            yield age

            champion = versions.champion(self._db)
            served = routes.of_version(self._db, champion) if champion is not None else []
            yield GaugeMetricFamily(
                "sleepy_champion_routes", "Patterns the champion answers", value=sum(route.active for route in served)
            )
            entries = state.everything(self._db)
            doing = GaugeMetricFamily("sleepy_doing", "1 for what is being done", labels=["what"])
            if (known := heartbeat.doing(entries)) is not None:
                doing.add_metric([known.what], 1)
            yield doing
            paused = commands.read(entries, self._now()).paused
            yield GaugeMetricFamily("sleepy_paused", "Whether the user paused it", value=float(paused))


@contextmanager
def served(db: Database, port: int, now: Callable[[], datetime]) -> Iterator[int | None]:
    """Serves the page and yields its port; none with port 0. Raises `UserError` if the port is taken."""
    if not port:
        yield None
        return
    registry = CollectorRegistry()
    registry.register(Memory(db, now))
    try:
        server, thread = start_http_server(port, addr=HOST, registry=registry)
    except OSError as error:
        raise UserError(
            f"the setting metrics_port is {port}: {error.strerror or error}",
            remedy="set a free port, or 0 for no page",
        ) from error
    try:
        yield port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
