"""Progress on stderr: one bar per activity on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

_EVERY = 10.0  # seconds between lines without a terminal


class Bars:
    """A `Say` that draws bars or prints lines. Use it as a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, float] = {}

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        shown = what if len(what) <= 48 else what[:45] + "..."
        if self.console.is_terminal:
            if shown not in self._tasks:
                self._tasks[shown] = self._progress.add_task(shown.replace("[", "\\["), total=total)
            self._progress.update(self._tasks[shown], completed=done, total=total)
            return
        now = time.monotonic()
        if done >= total or now - self._said.get("", 0.0) > _EVERY:
            if done and (done >= total) and self._said.get(what) == -1.0:
                return
            self._said[""] = now
            self._said[what] = -1.0 if done >= total else now
            self.console.print(f"{shown}: {done} of {total}", markup=False, highlight=False)
