"""A headless Chromium over its debugging pipe, as the tests of pages need it. Nothing but the standard library."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip
_WAIT = 60.0  # seconds for one answer, on a busy machine


def found() -> str | None:
    """The browser's path, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it was shown: what it asked the network for beside itself, what it complained of, and its widths."""

    requests: tuple[str, ...]
    complaints: tuple[str, ...]
    width: int  # of what there is to scroll
    window: int
    clipped: tuple[str, ...]  # texts of charts that leave their chart
    background: str


class Browser:
    """One process and one page in it."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._number, self._left, self._events = 0, b"", list[dict[str, Any]]()
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session: str | None = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **given: Any) -> Any:
        """A command of the DevTools protocol and its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": given}
        if session := getattr(self, "_session", None):
            message["sessionId"] = session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == self._number:
                assert "error" not in heard, heard
                return heard["result"]
            self._events.append(heard)

    def open(self, path: Path, *, width: int, dark: bool, picture: Path | None = None) -> Seen:
        """Shows a file in a window so wide; `picture` keeps the whole page as PNG."""
        self._events.clear()
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        address = path.absolute().as_uri()
        self.ask("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._events.append(self._hear())
        shown = self.ask("Runtime.evaluate", expression=_LOOK, returnByValue=True)["result"]["value"]
        if picture is not None:
            data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
            picture.write_bytes(base64.b64decode(data))
        urls = [e["params"]["request"]["url"] for e in self._events if e.get("method") == "Network.requestWillBeSent"]
        told = [
            json.dumps(event["params"])
            for event in self._events
            if event.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        ]
        asked = tuple(url for url in urls if url != address and not url.startswith("data:"))
        return Seen(asked, tuple(told), shown["width"], shown["window"], tuple(shown["clipped"]), shown["background"])

    def _hear(self) -> dict[str, Any]:
        until = time.monotonic() + _WAIT
        while b"\0" not in self._left:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, until - time.monotonic()))
            data = os.read(self._answers, 1 << 20) if ready else b""
            if not data:
                raise TimeoutError("the browser does not answer")
            self._left += data
        message, self._left = self._left.split(b"\0", 1)
        heard: dict[str, Any] = json.loads(message)
        return heard


# Widths, and every text of a chart whose box is not inside the chart's.
_LOOK = """
(() => {
  const clipped = [];
  for (const svg of document.querySelectorAll("svg")) {
    const outer = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (box.left < outer.left - 1 || box.right > outer.right + 1 || box.top < outer.top - 1
          || box.bottom > outer.bottom + 1) clipped.push(text.textContent);
    }
  }
  const root = document.scrollingElement;
  return {width: root.scrollWidth, window: window.innerWidth, clipped,
          background: getComputedStyle(document.body).backgroundColor};
})()
"""


@contextmanager
def running(path: str) -> Iterator[Browser]:
    """A browser, killed with all its processes at the end."""
    ours = [_high(end) for end in os.pipe()], [_high(end) for end in os.pipe()]
    (to_read, to_write), (from_read, from_write) = ours
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        child = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{from_write}', "_", path, *_FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(to_read, from_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_read)
        os.close(from_write)
        try:
            yield Browser(to_write, from_read)
        finally:
            os.close(to_write)
            os.close(from_read)
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _high(descriptor: int) -> int:
    """The same pipe under a number that is neither 3 nor 4, which are the browser's."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return high
