"""What `sleepy learn` says: a summary for a person, one line of JSON for a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from sleepy.daemon.base.pattern import spoken
from sleepy.daemon.base.text import plural
from sleepy.daemon.history.learn import Learnt
from sleepy.daemon.history.look import CommitFinding

_SHORT = 10  # characters of a commit's name
_WORDS = {
    CommitFinding.NO_RUST: "changed no Rust source of the crate",
    CommitFinding.FIRST: "has nothing before it",
    CommitFinding.COMPILED: "followed a commit that compiles",
    CommitFinding.BROKEN: "followed one that does not, and fail as well",
    CommitFinding.NO_LESSON: "repaired what was broken, and gave no lesson",
    CommitFinding.LEARNT: "repaired what was broken, and gave a lesson",
}


def summary(learnt: Learnt) -> str:
    """What was looked at and what was taken, and why the rest was not."""
    looked = len(learnt.looks) - len(learnt.of(CommitFinding.NOT_LOOKED_AT))
    there = plural(learnt.commits, "commit") + (" (all there are)" if learnt.commits < learnt.asked else "")
    before = f"; {learnt.known} before" if learnt.known else ""
    lines = [f"Looked at {looked} of the last {there} of {learnt.root.name}{before}."]
    lines += [f"{len(found):>6}  {words}" for finding, words in _WORDS.items() if (found := learnt.of(finding))]
    for reason, count in Counter(look.why for look in learnt.of(CommitFinding.NOT_LOOKED_AT)).items():
        lines.append(f"{count:>6}  not looked at: {reason}")
    files = [*_files(learnt)]
    lines += ["", *files] if files else []
    taken = sum(item.repair is not None for look in learnt.looks for item in look.files)
    return "\n".join([*lines, f"{plural(taken, 'repair')} learnt."])


def _files(learnt: Learnt) -> Iterator[str]:
    for look in learnt.looks:
        short = look.commit[:_SHORT]
        for item in look.files:
            if item.repair is not None:
                yield f"learnt      {short}  {item.file}  {spoken(item.repair.signature)}"
            else:
                yield f"not learnt  {short}  {item.file}  {item.why}"
        if look.why and not look.files and look.finding is not CommitFinding.NOT_LOOKED_AT:
            yield f"not learnt  {short}  {look.why}"


def line(learnt: Learnt) -> str:
    """The same as JSON: the numbers, and of each commit that was looked at what was found."""
    commits = [
        {
            "commit": look.commit,
            "finding": look.finding.value,
            "why": look.why,
            "files": [
                {
                    "file": item.file,
                    "learnt": item.repair is not None,
                    "signature": item.repair.signature if item.repair is not None else "",
                    "why": item.why,
                }
                for item in look.files
            ],
        }
        for look in learnt.looks
    ]
    said = {
        "crate": str(learnt.root),
        "asked": learnt.asked,
        "commits": learnt.commits,
        "known": learnt.known,
        "looked": len(learnt.looks) - len(learnt.of(CommitFinding.NOT_LOOKED_AT)),
        "learnt": sum(item.repair is not None for look in learnt.looks for item in look.files),
        "looks": commits,
    }
    return json.dumps(said, ensure_ascii=False)
