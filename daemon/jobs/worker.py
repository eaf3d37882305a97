"""Starts a worker process (`python -m` of this module): it listens before it loads what its jobs need, such as torch.

So it ends with its parent at once, even while it is still loading.
"""

from __future__ import annotations

import os
import queue
import sys
import threading


def main() -> None:
    """Does the jobs on stdin, one after the other; ends when stdin closes."""
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    from sleepy.daemon.jobs import processes

    processes.work(jobs)


def _listen(jobs: queue.SimpleQueue[str]) -> None:
    """Takes in jobs; ends this process with its parent: nobody else holds the other end of stdin."""
    for line in sys.stdin:
        jobs.put(line)
    os._exit(75)


if __name__ == "__main__":
    main()
