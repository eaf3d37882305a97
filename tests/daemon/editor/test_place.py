"""Where a file belongs, and what counts as its sources."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sandbox.workspace.planting import manifest, plant

from sleepy.daemon.editor.place import Place, place_of, sources
from sleepy.sandbox.manifest import WorkspaceError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return plant(
        tmp_path / "work",
        {
            "Cargo.toml": '[workspace]\nmembers = ["shop", "till"]\n',
            "shop/Cargo.toml": manifest("shop"),
            "shop/src/lib.rs": "pub mod target;\n",
            "shop/src/target/mod.rs": "",
            "till/Cargo.toml": manifest("till"),
            "till/src/lib.rs": "",
            "target/debug/build/out.rs": "",
            "shop/target/out.rs": "",
            "built/CACHEDIR.TAG": "",
            "built/out.rs": "",
            "notes.md": "",
        },
    )


def test_a_crates_file_belongs_to_its_workspace(folder: Path) -> None:
    assert place_of(folder / "shop/src/lib.rs", [folder]) == Place(folder, folder / "shop")
    assert place_of(folder / "shop/src/target/mod.rs", [folder]) == Place(folder, folder / "shop"), "a module's name"
    assert place_of(folder / "till/src/lib.rs", [folder / "shop", folder / "till"]) == Place(folder, folder / "till")


@pytest.mark.parametrize("name", ["target/debug/build/out.rs", "shop/target/out.rs", "built/out.rs", "notes.md"])
def test_what_a_build_made_and_what_is_no_rust_is_ignored(folder: Path, name: str) -> None:
    assert place_of(folder / name, [folder]) is None


def test_what_lies_outside_the_editors_folders_is_ignored_and_links_are_followed(folder: Path) -> None:
    assert place_of(folder / "till/src/lib.rs", [folder / "shop"]) is None
    assert place_of(folder / "till/src/lib.rs", []) is None
    (folder / "shop/src/out.rs").symlink_to(folder.parent / "elsewhere.rs")
    (folder.parent / "elsewhere.rs").write_text("")
    assert place_of(folder / "shop/src/out.rs", [folder]) is None
    (folder.parent / "link").symlink_to(folder)
    assert place_of(folder.parent / "link/shop/src/lib.rs", [folder]) == Place(folder, folder / "shop")


def test_a_file_of_no_crate_stands_alone(tmp_path: Path) -> None:
    file = plant(tmp_path, {"lone.rs": "fn f() {}\n"}) / "lone.rs"
    place = place_of(file, [tmp_path])
    assert place == Place(file, file)
    before = sources(place)
    assert before.text(file) == "fn f() {}\n" and not sources(place, before).changed(before)
    file.write_bytes(b"\xff")
    assert sources(place, before).changed(before) == {file}


def test_a_broken_manifest_is_said(folder: Path) -> None:
    (folder / "shop/Cargo.toml").write_text("[package\n")
    with pytest.raises(WorkspaceError, match=r"Cargo\.toml"):
        place_of(folder / "shop/src/lib.rs", [folder])
