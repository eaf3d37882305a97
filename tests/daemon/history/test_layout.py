"""A commit's files in a folder, and the step from one commit to the next."""

from __future__ import annotations

from pathlib import Path

from tests.daemon.desk import tree
from tests.daemon.history.planting import repository

from sleepy.daemon.history.layout import CommitLayout
from sleepy.daemon.history.repository import Repository


def test_a_folder_is_brought_from_one_commit_to_the_next(tmp_path: Path) -> None:
    names = repository(
        tmp_path / "r",
        [{"a/b.rs": "1", "kept.rs": "k", "d": "file"}, {"a/b.rs": None, "a": "now a file", "d": None, "d/e.rs": "2"}],
    )
    found, place = Repository.around(tmp_path / "r"), tmp_path / "laid"
    place.mkdir()
    layout = CommitLayout(found, place)
    layout.lay(found.tree(names[0]))
    kept = (place / "kept.rs").stat().st_mtime_ns
    layout.lay(found.tree(names[1]))
    assert {path: text for path, (_, _, text) in tree(place).items() if text} == {
        "a": b"now a file",
        "d/e.rs": b"2",
        "kept.rs": b"k",
    }
    assert (place / "kept.rs").stat().st_mtime_ns == kept
    layout.lay(found.tree(names[0]))
    assert (place / "a" / "b.rs").read_text() == "1" and (place / "d").read_text() == "file"
