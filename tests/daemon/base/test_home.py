"""Where a home is, what it holds, who may read it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sleepy.daemon.base import home
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home


def test_a_new_home_is_closed_to_other_users_and_an_opened_one_stays_open(tmp_path: Path) -> None:
    root = tmp_path / "a" / "home"
    assert Home(root).make().root.stat().st_mode & 0o077 == 0
    root.chmod(0o750)
    assert Home(root).make().root.stat().st_mode & 0o077 == 0o050


def test_a_home_is_the_flags_else_the_environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLEEPY_HOME", str(tmp_path / "b"))
    assert home.find(str(tmp_path / "a")).root == tmp_path / "a"
    assert home.find(None).root == tmp_path / "b"
    monkeypatch.delenv("SLEEPY_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home.find(None).root.name == "sleepy"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home.find("~/x").root == tmp_path / "x"
    monkeypatch.chdir(tmp_path)
    assert home.find("here").root == tmp_path / "here"


def test_nothing_is_made_before_it_is_asked_for(tmp_path: Path) -> None:
    found = Home(tmp_path / "deep" / "home")
    assert not found.root.exists()
    assert found.make() is found
    assert {path.name for path in found.root.iterdir()} == {"versions", "nights", "reports", "koans", "logs"}
    assert all(part.is_relative_to(found.root) for part in (found.file, found.lock, found.versions))
    found.make()


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=f"the home {tmp_path}/file/home cannot be created") as caught:
        Home(tmp_path / "file" / "home").make()
    assert "SLEEPY_HOME" in caught.value.remedy


_CHECK = """
import sys
from pathlib import Path
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
for name in sys.argv[1:]:
    try:
        print(Home(Path(name)).checked().root)
    except UserError as error:
        print(error, "|", error.remedy)
"""


def test_a_home_that_is_none_and_cannot_be_one_is_named_before_anything_is_read_or_made(tmp_path: Path) -> None:
    file, shut, bare = (tmp_path / name for name in ("file", "shut", "bare"))
    file.touch()
    (bare / "home").mkdir(parents=True)
    shut.mkdir()
    bare.chmod(0o500)
    shut.chmod(0)
    # root may write whatever the permissions say, until it gives that right away
    bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    asked = (file, file / "home", bare / "new" / "home", shut, shut / "home", bare / "home", tmp_path / "a" / "b")
    done = subprocess.run([*bound, sys.executable, "-c", _CHECK, *asked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"{wrong} | set SLEEPY_HOME (or --home) to a folder that you may write to"
        for wrong in (
            f"the home {file} cannot be created: it is a file",
            f"the home {file}/home cannot be created: {file} is a file",
            f"the home {bare}/new/home cannot be created: you may not write in {bare}",
            f"the home {shut} may not be read",
            f"the home {shut}/home cannot be reached: Permission denied",
        )
    ] + [str(bare / "home"), str(tmp_path / "a" / "b")]
    assert not (tmp_path / "a").exists()


def test_the_database_is_the_homes_own_file_unless_the_setting_names_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SLEEPY_DATABASE", raising=False)
    own = home.find(str(tmp_path / "a"))
    assert own.database == own.file == tmp_path / "a" / "sleepy.db" and not own.is_used
    Path("sleepy.toml").write_text('database = "postgresql://u:s3cret@h/d"\nnight_at = "never"\n')
    found = home.find(str(tmp_path / "a"))
    assert str(found.database) == "postgresql://u:***@h/d" and found.is_used
    assert "s3cret" not in repr(found) + repr(found.database)
    monkeypatch.setenv("SLEEPY_DATABASE", "postgresql+psycopg://u@other/d")
    assert str(home.find(None).database) == "postgresql+psycopg://u@other/d"
    monkeypatch.setenv("SLEEPY_DATABASE", "mysql://u:s3cret@h/d")
    with pytest.raises(UserError, match=r"SLEEPY_DATABASE is mysql://u:\*\*\*@h/d") as caught:
        home.find(None)
    assert "postgresql" in caught.value.remedy
