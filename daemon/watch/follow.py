"""Following folders: a wake-up whenever something in them changed, and now and then without a reason.

Each folder is watched by itself, not what is below it, so that a build in target/ wakes nobody and costs no watch.
Where the kernel gives no more watches they are polled instead, and a complaint says so once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Set
from pathlib import Path

from watchfiles import watch

from sleepy.daemon.base.listener import Complain

DEBOUNCE = 400  # milliseconds that changes are gathered for at most
_STEP = 50  # milliseconds of silence that end the gathering
_POLL = 1000  # milliseconds between looks where nothing tells of changes
_SPENT = ("limit reached", "os error 24", "os error 28", "too many open files", "no space left")


def follow(
    folders: Callable[[], Set[Path]],
    stop: threading.Event,
    complain: Complain,
    *,
    tick: float = 0.5,
    polling: bool = False,
) -> Iterator[set[Path]]:
    """The paths that changed; an empty set every `tick` seconds without a change. Ends when `stop` is set.

    `folders` is asked after each wake-up: another answer is followed from then on. There may be none for now.
    """
    while not stop.is_set():
        wanted = _there(folders())
        if not wanted:
            stop.wait(tick)
            yield set()
            continue
        unseen: set[Path] = set(wanted)  # what happened before the watch began: the first wake-up names every folder
        try:
            for changes in watch(
                *sorted(wanted),
                watch_filter=None,
                debounce=DEBOUNCE,
                step=_STEP,
                stop_event=stop,
                rust_timeout=max(1, int(tick * 1000)),
                yield_on_timeout=True,
                force_polling=polling or None,
                poll_delay_ms=_POLL,
                recursive=False,
                ignore_permission_denied=False,  # True hides every refusal, the kernel's limits too
            ):
                yield {Path(name) for _, name in changes} | unseen
                unseen = set()
                if _there(folders()) != wanted:
                    break
        except (OSError, RuntimeError) as error:  # watchfiles has errors of its own for what the kernel refuses
            if isinstance(error, FileNotFoundError | PermissionError):
                stop.wait(tick)  # a folder went or was closed between the look and the watch
                yield set()
                continue
            if polling or not any(word in str(error).lower() for word in _SPENT):
                raise
            polling = True
            complain(
                f"the kernel allows no more watches ({len(wanted)} folders): checking every {_POLL / 1000:g} s instead; "
                "to see changes at once, raise fs.inotify.max_user_watches and max_user_instances"
            )
            yield set()


def _there(folders: Set[Path]) -> frozenset[Path]:
    return frozenset(folder for folder in folders if folder.is_dir())
