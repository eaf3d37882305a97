"""Settings read and changed: where a value comes from, and a file that keeps everything but the one line."""

from __future__ import annotations

import json
import os
import stat
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.daemon.cli.test_cli import refused, sleepy

from sleepy.daemon.base import config
from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.settings import change, toml
from sleepy.daemon.settings.described import every

FILE = """\
# mine
seed = 7  # lucky

crates = [
    "/a",  # one, with a ] in it
    "/b # not a comment",
]
night_at = '0 2 * * *'
notify = \"\"\"
seed = 1
# seed = 2
\"\"\"
"""


def assigned(text: str, key: str, value: Any) -> str:
    return toml.assigned(text, key, value, name="f.toml")


def test_only_the_value_changes() -> None:
    assert assigned(FILE, "seed", 8) == FILE.replace("seed = 7 ", "seed = 8 ")
    assert assigned(FILE, "night_at", "0 4 * * *") == FILE.replace("'0 2 * * *'", '"0 4 * * *"')
    made = assigned(FILE, "crates", ("/c",))
    assert 'crates = ["/c"]\nnight_at' in made and made.startswith("# mine\nseed = 7  # lucky")


def test_a_new_key_goes_below_the_line_that_shows_it_else_to_the_end() -> None:
    shown = "# seed = 0\n#   of everything random\n\nturns = 3"
    assert assigned(shown, "seed", 5) == "# seed = 0\nseed = 5\n#   of everything random\n\nturns = 3"
    assert assigned("turns = 3", "seed", 5) == "turns = 3\nseed = 5\n"
    assert assigned("", "seed", 5) == "seed = 5\n"
    assert assigned(FILE, "turns", 5) == FILE + "turns = 5\n"  # what looks like a comment within a text is none


def test_a_key_is_put_before_a_table_and_never_into_one() -> None:
    text = "turns = 3\n\n[other]\nseed = 1\n"
    assert assigned(text, "seed", 5) == "turns = 3\nseed = 5\n\n[other]\nseed = 1\n"
    assert assigned("[other]\nseed = 1\n", "seed", 5) == "seed = 5\n[other]\nseed = 1\n"


def test_line_ends_stay_what_they_are() -> None:
    assert assigned("turns = 3\r\n", "seed", 5) == "turns = 3\r\nseed = 5\r\n"


def test_a_key_is_taken_out_with_its_line() -> None:
    assert toml.removed(FILE, "seed", name="f") == FILE.replace("seed = 7  # lucky\n", "", 1)
    assert toml.removed(FILE, "turns", name="f") == FILE
    whole = toml.removed(FILE, "crates", name="f")
    assert "crates" not in tomllib.loads(whole) and "# one" not in whole


@given(
    st.dictionaries(
        st.sampled_from([item.name for item in fields(Config)]),
        st.one_of(
            st.booleans(),
            st.integers(-(2**40), 2**40),
            st.floats(allow_nan=False, allow_infinity=False),
            st.text(st.characters(exclude_categories=["Cs"])),
            st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
        ),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_any_values_one_after_the_other_are_read_back(values: dict[str, Any], random: Any) -> None:
    text = "# a comment\n\n# seed = 1\n"
    for key in random.sample(sorted(values), len(values)) * 2:
        text = assigned(text, key, values[key])
    assert tomllib.loads(text) == values
    assert text.startswith("# a comment\n") and "# seed = 1\n" in text
    for key in values:
        text = toml.removed(text, key, name="f")
    assert tomllib.loads(text) == {}


@pytest.mark.parametrize("text", ["a.b = 1\n", "seed = {a = 1, b = [2, {c = 3}]}\n", "'seed' = 2\n", '"seed" = 0x_f\n'])
def test_a_file_written_in_another_way_is_changed_rightly_or_refused(text: str) -> None:
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        before = None
    try:
        made = assigned(text, "seed", 9)
    except UserError as error:
        assert error.remedy
        return
    assert before is not None and tomllib.loads(made) == before | {"seed": 9}


def test_what_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    for key, words in (
        ("target", ("2",)),
        ("night_at", ("never",)),
        ("seed", ("1", "2")),
        ("nihgt_at", ("1",)),
        ("tier", ("none",)),
    ):
        with pytest.raises(UserError) as caught:
            change.assign(path, key, change.fitting(key, words))
        assert caught.value.remedy
    assert path.read_text() == FILE


def test_a_broken_file_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("seed = \n")
    with pytest.raises(UserError, match=r"config\.toml"):
        change.assign(path, "seed", 1)
    path.write_text("sed = 1\n")
    with pytest.raises(UserError, match=f"{path}: there is no setting 'sed'"):
        change.assign(path, "seed", 1)
    assert path.read_text() == "sed = 1\n"


def test_a_secret_is_its_owners_alone_and_other_modes_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    change.assign(path, "server_key", "s3cret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    change.assign(path, "seed", 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_to_a_file_of_settings_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text("turns = 3\n")
    (tmp_path / "config.toml").symlink_to("real.toml")
    change.assign(tmp_path / "config.toml", "seed", 1)
    assert (tmp_path / "config.toml").is_symlink()
    assert (tmp_path / "real.toml").read_text() == "turns = 3\nseed = 1\n"


def test_crates_are_kept_as_whole_paths(tmp_path: Path) -> None:
    (tmp_path / "b c").mkdir()
    here = os.path.relpath(tmp_path)
    assert change.fitting("crates", (here, f"{tmp_path}/b c")) == (str(tmp_path.absolute()), f"{tmp_path}/b c") or (
        Path(change.fitting("crates", (here,))[0]).samefile(tmp_path)
    )
    with pytest.raises(UserError, match="is not a folder"):
        change.fitting("crates", (str(tmp_path / "none"),))
    assert change.fitting("crates", ("",)) == ()


def test_every_setting_is_described_and_knows_where_it_comes_from(tmp_path: Path) -> None:
    assert [item.key for item in every()] == [item.name for item in fields(Config)]
    assert [item.key for item in every() if len(item.why) < 5] == []
    (tmp_path / "user").write_text("seed = 1\nturns = 2\n")
    (tmp_path / "project").write_text("turns = 3\n")
    origins = config.origins(
        environment={"SLEEPY_REST": "4", "SLEEPY_HOME": "/x"}, project=tmp_path / "project", user=tmp_path / "user"
    )
    assert (origins["seed"], origins["turns"]) == (str(tmp_path / "user"), str(tmp_path / "project"))
    assert (origins["rest"], origins["tries"], "home" in origins) == ("SLEEPY_REST", "default", False)


def test_the_commands_set_get_and_unset(tmp_path: Path) -> None:
    def run(*words: str, **more: str) -> Any:
        return sleepy("config", *words, cwd=tmp_path, XDG_CONFIG_HOME=str(tmp_path / "cfg"), **more)

    assert run("set", "night_at", "0 2 * * *").returncode == 0
    got = run("get", "night_at")
    assert got.stdout == "0 2 * * *\n" and str(tmp_path / "cfg" / "sleepy" / "config.toml") in got.stderr
    overruled = run("set", "--project", "night_at", "0 4 * * *", SLEEPY_NIGHT_AT="0 5 * * *")
    assert "SLEEPY_NIGHT_AT overrides it" in overruled.stderr
    secrets = {"SLEEPY_SERVER_KEY": "s3cret", "SLEEPY_DATABASE": "postgresql://u:s3cret@h/d"}
    rows = {row["key"]: row for row in json.loads(run("list", "--json", **secrets).stdout)}
    assert (rows["night_at"]["value"], rows["night_at"]["from"]) == ("0 4 * * *", "sleepy.toml")
    assert "s3cret" not in json.dumps(rows) and rows["server_key"]["value"]
    assert rows["database"]["value"] == "postgresql://u:***@h/d"
    run("unset", "--project", "night_at")
    assert run("get", "night_at").stdout == "0 2 * * *\n"
    refused(run("get", "nihgt_at"), "did you mean night_at?")
    refused(run("set", "own_code", "-1"), "own_code is -1.0", "from 0.0 to 0.5")  # a value, not a flag
    refused(run("set", "database", "postgresql://u:s3cret@h:x/d"), "database is postgresql://u:***@h:x/d: its port")
    assert "own_code" not in (tmp_path / "cfg" / "sleepy" / "config.toml").read_text()


def test_a_model_that_leads_nowhere_is_refused_and_an_unknown_name_is_doubted(tmp_path: Path) -> None:
    folders = {"SLEEPY_HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    for value, said in {"": "is empty", "./x.gguf": "no such file", "smollm2": "sleepy model get smollm2"}.items():
        refused(sleepy("config", "set", "model", value, cwd=tmp_path, **folders), said, "remedy")
    done = sleepy("config", "set", "model", "smolm2", cwd=tmp_path, **folders)
    assert done.returncode == 0 and "looked up at the hub" in done.stderr
    for value in ("novice", "http://localhost:8000/v1#m"):
        done = sleepy("config", "set", "model", value, cwd=tmp_path, **folders)
        assert done.returncode == 0 and done.stderr == ""
