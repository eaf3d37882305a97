"""One crate that is followed: looks, checks, judges repairs, and keeps what they teach.

look at the sources -> git moved? forget -> quiet? check -> red: on record, told, tried -> green: judged, proven, kept
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sleepy.daemon.crate import git, ignore, lesson
from sleepy.daemon.crate.sources import look
from sleepy.daemon.watch.board import Board
from sleepy.daemon.watch.events import Kind, Teller
from sleepy.daemon.watch.ground import Ground
from sleepy.daemon.watch.judging import judged
from sleepy.daemon.watch.proof import located
from sleepy.daemon.watch.story import Broken, Health, Repaired, Story
from sleepy.daemon.watch.trying import Background, Plea, pleas
from sleepy.memory.episodic import episodes, tasks
from sleepy.memory.episodic.episodes import Episode
from sleepy.sandbox import manifest
from sleepy.sandbox.manifest import WorkspaceError
from sleepy.sandbox.pattern import signature
from sleepy.sandbox.verdict import Diagnostic, Outcome
from sleepy.sandbox.workspace import Workspace

_PATIENCE = 3.0  # seconds an attempt has to hear that it is called off, before memory and sandbox close


class Crate:
    """A crate or workspace being followed. `step` is called at every wake-up, always in one thread."""

    def __init__(self, path: Path, ground: Ground) -> None:
        layout = manifest.locate(path)
        self.root, self._folders = layout.root, layout.folders
        self._path, self._ground = path, ground
        self._story = Story(ground.pace)
        self._workspace: Workspace | None = None
        self._teller = Teller(self.root, ground.say)
        self._board = Board(ground.db, str(self.root), ground.now, self._teller.trouble)
        self._rules = ignore.excludes(self.root)
        self._looked_at = float("-inf")
        attempt = ground.attempt
        self._trying = Background(attempt, self._tried, self._failed) if attempt is not None else None

    @property
    def folders(self) -> frozenset[Path]:
        """The folders whose changes matter."""
        return self._story.seen.folders or frozenset(self._folders)

    @property
    def health(self) -> Health:
        return self._story.health

    def step(self, at: float, *, changed: bool) -> None:
        """Does what there is to do at this time."""
        if changed or at - self._looked_at >= self._ground.pace.again:
            self._look(at)
            if self._teller.troubled and not changed:
                self._story.retry()  # what was wrong may lie outside: a full disk, a crate not fetched
        if self._story.due(at):
            self._check()
        fresh = self._story.settle(at)
        if fresh:
            self._on_record(fresh)

    def glance(self) -> None:
        """Looks and checks at once."""
        self._look(self._ground.clock())
        self._check()

    def call_off(self) -> None:
        """Calls off what is being tried."""
        if self._trying is not None:
            self._trying.cancel()

    def end(self) -> None:
        """Calls off what is being tried, gives it time to hear of it, and takes the crate out of the state."""
        if self._trying is not None:
            self._trying.end(_PATIENCE)
        self._board.clear()

    def _look(self, at: float) -> bool:
        """Takes note of the sources; returns whether anything is not as it was."""
        before, self._looked_at = self._story.seen, at
        try:
            self._folders = manifest.locate(self._path).folders
        except WorkspaceError as error:
            self._teller.trouble(f"{error}; {error.remedy}")
        try:
            found = look(self._folders, before, self._rules)
        except OSError as error:
            self._teller.trouble(f"{error.filename}: {error.strerror}; is it gone, or closed to this user?")
            return True
        why = self._story.look(found, git.position(self.root), at)
        if why is not None:
            for item in self._story.forget():
                self._not_learnt(item, why)
        changed = bool(found.changed(before)) or why is not None
        if changed and self._trying is not None:
            self._trying.cancel()
            self._board.withdraw()
        return changed

    def _check(self) -> None:
        try:
            if self._workspace is None:
                ground = self._ground
                self._workspace = Workspace.open(self._path, ground.jail, ground.cache, cargo_home=ground.cargo_home)
            checked = self._workspace.check()
        except WorkspaceError as error:  # a manifest's fault teaches nothing
            self._story.passed_over()
            self._teller.trouble(f"{error}; {error.remedy}")
            return
        if self._look(self._ground.clock()):
            return  # it was of a tree that is no more: the next quiet moment checks again
        if checked.passed:
            self._teller.calm()
            self._green()
        elif checked.outcome is Outcome.COMPILE_ERROR:
            self._teller.calm()
            self._red(located(checked, self.root), checked.detail)
        else:
            self._story.passed_over()
            self._teller.trouble(f"it could not be checked: {checked.outcome} {checked.detail}".strip())

    def _red(self, found: Mapping[Path, tuple[Diagnostic, ...]], detail: str) -> None:
        self._story.red(found)
        pattern = self._teller.errors(found, self._story.seen, detail)
        self._board.show(self._story.health, [self._teller.name(path) for path in found], pattern)

    def _on_record(self, fresh: list[Broken]) -> None:
        """Mistakes have been put on record: an attempt at them begins."""
        if self._trying is None or self._workspace is None:
            return
        self._trying.begin(pleas(self._workspace, fresh))

    def _green(self) -> None:
        was = self._story.health
        self._teller.relieved()
        repaired = self._story.green()
        if was is not Health.GREEN:
            self._teller.say(Kind.GREEN, message="it compiles again" if was is Health.RED else "it compiles")
        self._board.show(self._story.health)
        for item in repaired:
            self._judge(item)

    def _judge(self, item: Repaired) -> None:
        """Keeps a repair as a lesson, or says why it is none."""
        assert self._workspace is not None
        found = judged(self._workspace, item, self._story.seen)
        if isinstance(found, str):
            self._not_learnt(item.broken, found)
            return
        name, ground = lesson.task_name(item.broken.path, self._workspace.packages), self._ground
        if self._board.kept(lambda: lesson.keep(ground.db, name, found, now=ground.now())):
            self._teller.say(
                Kind.LEARNT, item.broken.path, pattern=found.signature, message=f"a repair of {found.signature}"
            )

    def _not_learnt(self, item: Broken, why: str) -> None:
        self._teller.say(Kind.NOT_LEARNT, item.path, pattern=signature(item.diagnostics[0], item.text), message=why)

    def _tried(self, plea: Plea, episode: Episode) -> None:
        """An attempt ended, in its own thread."""
        ground = self._ground

        def record() -> None:
            known = next((task for task in tasks.find(ground.db, plea.task.digest)), plea.task)
            episodes.record(ground.db, replace(episode, task=known), now=ground.now())  # a repair known of it stays

        if not self._board.kept(record) or not episode.passed:
            return
        rung = next(item.rung for item in episode.attempts if item.passed)
        if not plea.cancelled.is_set() and self._board.offer(plea.file.as_posix(), rung, plea.signature):
            message = f"a fix is ready ({rung}): sleepy fix {self.root} --diff"
            self._teller.say(Kind.OFFER, self.root / plea.file, pattern=plea.signature, message=message)

    def _failed(self, plea: Plea, error: Exception) -> None:
        self._teller.say(Kind.TROUBLE, self.root / plea.file, message=f"the attempt at a fix failed: {error}")
