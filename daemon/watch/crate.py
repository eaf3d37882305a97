"""One crate that is followed: its sources are looked at, it is checked, and its repairs are kept as lessons.

look at the sources -> git moved? forget -> quiet? check -> red: on record, told, tried -> green: judged, proven, kept
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.crate import git, ignore, lesson
from sleepy.daemon.crate.sources import look
from sleepy.daemon.watch.attempts import BackgroundAttempts, FixRequest, TryFix, fix_requests
from sleepy.daemon.watch.crate_state import CrateState, Health, Pace, RedFile, RepairedFile
from sleepy.daemon.watch.events import EventKind, EventSource, HearEvent, StatusEntries
from sleepy.daemon.watch.repair import lesson_of, located
from sleepy.memory.episodic import episodes, tasks
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.episodes import Episode
from sleepy.sandbox import manifest
from sleepy.sandbox.isolation import Jail
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome
from sleepy.sandbox.workspace import Workspace

_PATIENCE = 3.0  # seconds an attempt has to hear that it is called off, before memory and sandbox close


@dataclass(frozen=True, slots=True)
class WatchContext:
    """What all followed crates share. `cache` holds the mirrors; `clock` counts seconds; `cargo_home` None is the user's."""

    db: Database
    jail: Jail
    cache: Path
    now: Callable[[], datetime]
    clock: Callable[[], float]
    say: HearEvent
    pace: Pace
    attempt: TryFix | None
    cargo_home: Path | None


class FollowedCrate:
    """A crate or workspace being followed. `step` is called at every wake-up, always in one thread."""

    def __init__(self, path: Path, context: WatchContext) -> None:
        layout = manifest.locate(path)
        self.root, self._folders = layout.root, layout.folders
        self._path, self._context = path, context
        self._state = CrateState(context.pace)
        self._workspace: Workspace | None = None
        self._source = EventSource(self.root, context.say)
        self._entries = StatusEntries(context.db, str(self.root), context.now, self._source.trouble)
        self._rules = ignore.excludes(self.root)
        self._looked_at = float("-inf")
        attempt = context.attempt
        self._trying = BackgroundAttempts(attempt, self._tried, self._failed) if attempt is not None else None

    @property
    def folders(self) -> frozenset[Path]:
        """The folders whose changes matter."""
        return self._state.seen.folders or frozenset(self._folders)

    @property
    def health(self) -> Health:
        return self._state.health

    def step(self, at: float, *, changed: bool) -> None:
        """Does what there is to do at this time."""
        if changed or at - self._looked_at >= self._context.pace.again:
            self._look(at)
            if self._source.troubled and not changed:
                self._state.retry()  # what was wrong may lie outside: a full disk, a crate not fetched
        if self._state.due(at):
            self._check()
        fresh = self._state.settle(at)
        if fresh:
            self._on_record(fresh)

    def glance(self) -> None:
        """Looks and checks at once."""
        self._look(self._context.clock())
        self._check()

    def call_off(self) -> None:
        """Calls off what is being tried."""
        if self._trying is not None:
            self._trying.cancel()

    def end(self) -> None:
        """Calls off what is being tried, gives it time to hear of it, and takes the crate out of the state."""
        if self._trying is not None:
            self._trying.end(_PATIENCE)
        self._entries.clear()

    def _look(self, at: float) -> bool:
        """Takes note of the sources; returns whether anything is not as it was."""
        before, self._looked_at = self._state.seen, at
        wrong = ""
        try:
            self._folders = manifest.locate(self._path).folders
        except WorkspaceError as error:
            wrong = f"{error}; {error.remedy}"
            self._trouble(wrong)
        try:
            found = look(self._folders, before, self._rules)
        except OSError as error:
            self._trouble(wrong or f"{error.filename}: {error.strerror}; was it removed, or can you not read it?")
            return True
        why = self._state.look(found, git.position(self.root), at)
        if why is not None:
            for item in self._state.forget():
                self._not_learnt(item, why)
        changed = bool(found.changed(before)) or why is not None
        if changed and self._trying is not None:
            self._trying.cancel()
            self._entries.withdraw()
        return changed

    def _check(self) -> None:
        try:
            if self._workspace is None:
                context = self._context
                self._workspace = Workspace.open(self._path, context.jail, context.cache, cargo_home=context.cargo_home)
            checked = self._workspace.check()
        except WorkspaceError as error:  # a manifest's fault teaches nothing
            self._state.passed_over()
            self._trouble(f"{error}; {error.remedy}")
            return
        if self._look(self._context.clock()):
            return  # it was of a tree that is no more: the next quiet moment checks again
        if checked.passed:
            self._source.calm()
            self._green()
        elif checked.outcome is Outcome.COMPILE_ERROR:
            self._source.calm()
            self._red(located(checked, self.root), checked.detail)
        else:
            self._state.passed_over()
            self._trouble(f"it could not be checked: {checked.outcome} {checked.detail}".strip())

    def _trouble(self, what: str) -> None:
        """Tells what keeps it from being followed, and shows it in the place of what was known before."""
        self._source.trouble(what)
        self._entries.trouble(what)

    def _red(self, found: Mapping[Path, tuple[Diagnostic, ...]], detail: str) -> None:
        self._state.red(found)
        pattern = self._source.errors(found, self._state.seen, detail)
        self._entries.show(self._state.health, [self._source.name(path) for path in found], pattern)

    def _on_record(self, fresh: list[RedFile]) -> None:
        """Begins an attempt at mistakes that have just been put on record."""
        if self._trying is None or self._workspace is None:
            return
        self._trying.begin(fix_requests(self._workspace, fresh))

    def _green(self) -> None:
        was = self._state.health
        self._source.no_errors()
        repaired = self._state.green()
        if was is not Health.GREEN:
            self._source.say(EventKind.GREEN, message="it compiles again" if was is Health.RED else "it compiles")
        self._entries.show(self._state.health)
        for item in repaired:
            self._judge(item)

    def _judge(self, item: RepairedFile) -> None:
        """Keeps a repair as a lesson, or says why it is none."""
        assert self._workspace is not None
        found = lesson_of(self._workspace, item, self._state.seen)
        if isinstance(found, str):
            self._not_learnt(item.broken, found)
            return
        name, context = lesson.task_name(item.broken.path, self._workspace.packages), self._context
        if self._entries.kept(lambda: lesson.keep(context.db, name, found, now=context.now())):
            self._source.say(
                EventKind.LEARNT,
                item.broken.path,
                pattern=found.signature,
                message=f"a repair of {spoken(found.signature)}",
            )

    def _not_learnt(self, item: RedFile, why: str) -> None:
        self._source.say(
            EventKind.NOT_LEARNT, item.path, pattern=signature(item.diagnostics[0], item.text), message=why
        )

    def _tried(self, request: FixRequest, episode: Episode) -> None:
        """An attempt ended, in its own thread."""
        context = self._context

        def record() -> None:
            known = next((task for task in tasks.find(context.db, request.task.digest)), request.task)
            episodes.record(context.db, replace(episode, task=known), now=context.now())  # a repair known of it stays

        if not self._entries.kept(record) or not episode.passed:
            return
        rung = next(item.rung for item in episode.attempts if item.passed)
        if not request.cancelled.is_set() and self._entries.offer(request.file.as_posix(), rung, request.signature):
            message = f"a fix is ready ({rung}): `sleepy fix {self.root} --diff`"
            self._source.say(EventKind.OFFER, self.root / request.file, pattern=request.signature, message=message)

    def _failed(self, request: FixRequest, error: Exception) -> None:
        self._source.say(EventKind.TROUBLE, self.root / request.file, message=f"the attempt to fix it failed: {error}")
