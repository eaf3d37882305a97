"""Work in the background, a thread for each place: of one place the newest request counts, and ends the one before it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sleepy.daemon.editor.place import Place
from sleepy.daemon.watch.attempts import lower_priority


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """A place to be repaired. `again`: even where nothing changed since the last time."""

    place: Place
    again: bool
    cancelled: threading.Event = field(default_factory=threading.Event)


class BackgroundRepairs:
    """Does `work` for requests, at low priority. `work` looks at `cancelled` between its steps and raises nothing."""

    def __init__(self, work: Callable[[RepairRequest], None]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._running: dict[Path, RepairRequest] = {}
        self._waiting: dict[Path, RepairRequest] = {}
        self._threads: dict[Path, threading.Thread] = {}
        self._ended = False

    def ask(self, request: RepairRequest) -> None:
        """Takes a request in place of what is done or waits for this place; unless `again`, only where nothing is."""
        key = request.place.key
        with self._lock:
            if self._ended or (key in self._threads and not request.again):
                return
            self._cancel(key)
            self._waiting[key] = request
            if key not in self._threads:
                thread = threading.Thread(target=self._serve, args=(key,), name="repair", daemon=True)
                self._threads[key] = thread
                thread.start()

    def cancel(self, place: Place) -> None:
        """Calls off what is done for a place."""
        with self._lock:
            self._cancel(place.key)

    def end(self) -> None:
        """Calls off everything, and takes no more requests."""
        with self._lock:
            self._ended = True
            for key in list(self._threads):
                self._cancel(key)

    def busy(self) -> bool:
        """Whether anything is still done."""
        with self._lock:
            return bool(self._threads)

    def _cancel(self, key: Path) -> None:
        self._waiting.pop(key, None)
        if key in self._running:
            self._running[key].cancelled.set()

    def _serve(self, key: Path) -> None:
        lower_priority()
        while True:
            with self._lock:
                request = self._waiting.pop(key, None)
                if request is None:
                    del self._threads[key]
                    return
                self._running[key] = request
            try:
                self._work(request)
            finally:
                with self._lock:
                    del self._running[key]
