"""Makes a repository with a past, by one `git fast-import`: no commit is made by hand."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.daemon.desk import git

Files = Mapping[str, str | None]


@dataclass(frozen=True)
class Step:
    """A commit: the files it writes (None: removes), its other parents by mark, and the mark it follows [the one before]."""

    files: Files
    merges: Sequence[int] = ()
    after: int | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)


def repository(folder: Path, steps: Sequence[Step | Files]) -> list[str]:
    """A repository in `folder` with these commits, checked out at the last one; the commits' names, the oldest first."""
    folder.mkdir(parents=True)
    git(folder, "init")
    return extend(folder, steps, begun=False)


def extend(folder: Path, steps: Sequence[Step | Files], *, begun: bool = True) -> list[str]:
    """More commits on top of HEAD."""
    said: list[bytes] = []
    for mark, step in enumerate((s if isinstance(s, Step) else Step(s) for s in steps), 1):
        text = f"commit {mark}".encode()
        said.append(
            f"commit refs/heads/main\nmark :{mark}\ncommitter A <a@example.org> {1700000000 + mark} +0000\n".encode()
        )
        said.append(b"data %d\n%s\n" % (len(text), text))
        if step.after is not None or mark > 1 or begun:
            origin = f":{step.after or mark - 1}" if mark > 1 else "refs/heads/main^0"
            said.append(f"from {origin}\n".encode())
        said += [f"merge :{other}\n".encode() for other in step.merges]
        for path, content in step.files.items():
            if content is None:
                said.append(f"D {path}\n".encode())
            else:
                data = content.encode()
                said.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
        said += [f"M 120000 inline {path}\ndata {len(to)}\n{to}\n".encode() for path, to in step.links.items()]
        said += [f"M 160000 {name} {path}\n".encode() for path, name in step.modules.items()]
    said.append(b"done\n")
    marks = folder / ".git" / "marks"
    words = ["git", "-C", str(folder), "fast-import", "--quiet", "--done", f"--export-marks={marks}"]
    subprocess.run(words, input=b"".join(said), check=True, capture_output=True, timeout=60)
    git(folder, "reset", "--hard", "main")
    found = dict(line.split() for line in marks.read_text().splitlines())
    return [found[f":{number}"] for number in range(1, len(steps) + 1)]
