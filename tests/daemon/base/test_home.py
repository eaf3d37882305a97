"""Where a home is, what it holds, who may read it."""

from __future__ import annotations

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
