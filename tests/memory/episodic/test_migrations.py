"""Migrations: from empty, from every earlier revision with rows in place, and to what the tables say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, create_engine, inspect, select, text

from sleepy.memory.episodic import routes
from sleepy.memory.episodic.database import Database, DatabaseError
from sleepy.memory.episodic.migrate import SCRIPTS, migrate, revisions
from sleepy.memory.episodic.routes import Route
from sleepy.memory.episodic.tables import REVISION, REVISION_TABLE, metadata

WHEN = "2031-03-04 05:06:07.000000"
DAY = "2031-03-04"
# Rows a database may hold at a revision, in an order its references allow. A new revision adds its own.
ROWS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "0001": [
        (
            "tasks",
            {
                "id": 1, "digest": "d" * 64, "name": "bc_001", "kind": "koan", "family": "f", "base": "b",
                "origin": "classic", "edition": "2021", "broken": "fn", "fixed": "fn", "tests": "",
                "created": WHEN,
            },
        ),
        (
            "patterns",
            {
                "id": 1, "signature": "E0382:x@fn", "code": "E0382", "state": "seen", "first_seen": WHEN,
                "last_seen": WHEN, "episodes": 1, "passes": 1,
            },
        ),
        ("nights", {"id": 1, "date": DAY, "state": "running", "seed": 7, "reason": "", "started": WHEN}),
        (
            "versions",
            {"id": "v1", "night_id": 1, "created": WHEN, "path": "v", "files": "{}", "note": ""},
        ),
        (
            "episodes",
            {
                "id": 1, "task_id": 1, "pattern_id": 1, "version_id": "v1", "phase": "day", "model": "m",
                "started": WHEN, "passed": True, "is_label": True,
            },
        ),
        (
            "attempts",
            {
                "id": 1, "episode_id": 1, "ordinal": 0, "rung": "model", "prompt": "p", "answer": "a",
                "source": "s", "outcome": "PASS", "passed": True, "is_label": True, "detail": "",
                "seconds": 0.5, "tokens": 3,
            },
        ),
        (
            "tallies",
            {
                "phase": "day", "version": "v1", "rung": "model", "pattern_id": 1, "day": DAY, "attempts": 1,
                "passes": 1, "seconds": 0.5, "tokens": 3,
            },
        ),
        ("fixes", {"id": 1, "task_id": 1, "pattern_id": 1, "source": "s", "created": WHEN}),
        (
            "stages",
            {
                "night_id": 1, "name": "train", "ordinal": 4, "state": "running", "started": WHEN,
                "inputs_hash": "i" * 64, "detail": "",
            },
        ),
        (
            "lessons",
            {
                "id": 1, "night_id": 1, "pattern_id": 1, "prompt": "p", "answer": "a", "provenance": "own",
                "task_digest": "d" * 64, "episode_id": 1, "content_hash": "c" * 64,
            },
        ),
        ("aliases", {"name": "champion", "version_id": "v1"}),
        ("alias_moves", {"id": 1, "moved": WHEN, "alias": "champion", "to_id": "v1", "reason": "r"}),
        (
            "routes",
            {
                "version_id": "v1", "pattern_id": 1, "serves": "x", "wins": 5, "losses": 0, "exam_n": 9,
                "p_value": 0.03, "active": True,
            },
        ),
        (
            "exam_results",
            {
                "night_id": 1, "who": "baseline", "run": 1, "task_id": 1, "pattern_id": 1, "passed": True,
                "outcome": "PASS",
            },
        ),
        ("verdicts", {"key": "k" * 64, "outcome": "PASS", "verdict": "{}", "created": WHEN}),
        ("state", {"key": "heartbeat", "value": "{}", "updated": WHEN}),
    ],
}  # fmt: skip
ROWS["0002"] = [
    *(
        (table, {**row, "diagnostics": '[{"code": "E0382"}]'} if table == "fixes" else row)
        for table, row in ROWS["0001"]
    ),
    (
        "forgettings",
        {
            "id": 1, "forgotten": WHEN, "kind": "episode", "digest": "e" * 64, "episodes": 1, "lessons": 2,
            "outcome": "{}",
        },
    ),
]  # fmt: skip

ROWS["0003"] = [(table, {**row, "radius": 0.2} if table == "routes" else row) for table, row in ROWS["0002"]]

ROWS["0004"] = [
    *ROWS["0003"],
    (
        "candidates",
        {
            "number": 0, "pattern_id": 1, "base": "b", "folder": "nights/x", "adapter_hash": "h" * 64, "night_id": 1,
            "state": "open", "wins": 2, "losses": 1, "asked": 9, "passed": 4, "updated": WHEN,
        },
    ),
    ("candidate_evidence", {"number": 0, "night_id": 1, "wins": 2, "losses": 1, "asked": 9, "passed": 4}),
]  # fmt: skip
ROWS["0005"] = [(table, {**row, "program": "b"} if table == "lessons" else row) for table, row in ROWS["0004"]]
ROWS["0006"] = [
    (table, {**row, "withdrawn": '["E0382:y@fn"]'} if table == "routes" else row) for table, row in ROWS["0005"]
]


@pytest.fixture
def engine(where: str) -> Iterator[Engine]:
    """An engine on an empty database, as `Database` makes it."""
    with Database.open(where) as database:
        with database.writing() as connection:  # what opening made goes: the tests choose the revision
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in (*reversed(metadata.sorted_tables), REVISION_TABLE):
                connection.execute(text(f"DROP TABLE {table}"))
        yield database.engine


def fill(engine: Engine, rows: list[tuple[str, dict[str, Any]]]) -> None:
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        for table, row in rows:
            columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)


def content(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, read as the database describes itself."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in found.sorted_tables
            if table.name != REVISION_TABLE
        }


def shape(engine: Engine) -> dict[str, Any]:
    """What the database says of its tables, constraints and what deleting does included."""
    seen = inspect(engine)

    def by_name(items: list[Any]) -> list[Any]:
        return sorted(items, key=lambda item: str(item["name"]))

    return {
        table: {
            "columns": by_name([{**column, "type": str(column["type"])} for column in seen.get_columns(table)]),
            "key": seen.get_pk_constraint(table),
            "refers": by_name(seen.get_foreign_keys(table)),
            "unique": by_name(seen.get_unique_constraints(table)),
            "checks": by_name(seen.get_check_constraints(table)),
            "indexes": by_name(seen.get_indexes(table)),
        }
        for table in seen.get_table_names()
        if table != REVISION_TABLE
    }


def test_the_revision_the_program_expects_is_the_newest() -> None:
    assert revisions()[-1] == REVISION


def test_an_empty_database_gets_exactly_what_the_tables_say(engine: Engine, where: str) -> None:
    migrate(engine)
    migrated = shape(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": REVISION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert migrated == shape(engine)
    assert len(migrated) == len(metadata.tables)


def test_every_revision_has_rows_to_be_upgraded_with() -> None:
    assert sorted(ROWS) == revisions()


@pytest.mark.parametrize("revision", revisions())
def test_rows_of_an_earlier_revision_survive_the_upgrade(engine: Engine, revision: str) -> None:
    migrate(engine, target=revision)
    fill(engine, ROWS[revision])
    before = content(engine)
    assert all(before.values()), "every table has a row"
    migrate(engine)
    after = content(engine)
    for table in before.keys() & after.keys():
        kept = before[table][0].keys() & after[table][0].keys()
        assert [{name: row[name] for name in kept} for row in after[table]] == [
            {name: row[name] for name in kept} for row in before[table]
        ]


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The revisions, and one more that rebuilds the episodes."""
    folder = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "next_rebuild.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision, down_revision = 'next', {REVISION!r}\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('episodes', recreate='auto') as batch:\n"
        "        batch.alter_column('model', type_=sa.String(200), existing_nullable=False)\n"
        "        batch.add_column(sa.Column('mood', sa.Text()))\n"
    )
    return folder


def test_rebuilding_a_table_does_not_delete_what_refers_to_it(engine: Engine, scripts: Path) -> None:
    migrate(engine)
    fill(engine, ROWS[REVISION])
    before = content(engine)
    migrate(engine, scripts=scripts)
    after = content(engine)
    assert after["episodes"] == [{**before["episodes"][0], "mood": None}]
    assert {name: rows for name, rows in after.items() if name != "episodes"} == {
        name: rows for name, rows in before.items() if name != "episodes"
    }


def test_foreign_keys_hold_again_after_a_migration(engine: Engine, scripts: Path) -> None:
    migrate(engine)
    fill(engine, ROWS[REVISION])
    migrate(engine, scripts=scripts)
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text("DELETE FROM tasks"))
    assert content(engine)["attempts"] == []


def test_a_migration_that_fails_half_way_changes_nothing(engine: Engine, scripts: Path) -> None:
    migrate(engine)
    fill(engine, ROWS[REVISION])
    before, looked = content(engine), shape(engine)
    with (scripts / "versions" / "next_rebuild.py").open("a") as script:
        script.write("    op.execute('INSERT INTO nowhere VALUES (1)')\n")
    with pytest.raises(Exception, match="nowhere"):
        migrate(engine, scripts=scripts)
    assert content(engine) == before
    assert shape(engine) == looked


def test_a_migration_that_would_leave_dangling_rows_changes_nothing(tmp_path: Path, scripts: Path) -> None:
    with Database.open(tmp_path / "sleepy.db") as database:  # PostgreSQL refuses by itself
        fill(database.engine, ROWS[REVISION])
        before = content(database.engine)
        with (scripts / "versions" / "next_rebuild.py").open("a") as script:
            script.write("    op.execute('DELETE FROM episodes')\n")
        with pytest.raises(DatabaseError, match="nothing was changed"):
            migrate(database.engine, scripts=scripts)
        assert content(database.engine) == before


@pytest.mark.parametrize("revision", revisions()[:-1])
def test_a_reader_brings_an_earlier_revision_up_to_date_first(engine: Engine, where: str, revision: str) -> None:
    migrate(engine, target=revision)
    fill(engine, ROWS[revision])
    with Database.open(where, read_only=True) as db:
        (route,) = routes.of_version(db, "v1")
        assert route.radius == (0.2 if revision >= "0003" else None)
        assert route.withdrawn == (("E0382:y@fn",) if revision >= "0006" else ())
        assert route.proof == Route("E0382:x@fn", "x", 5, 0, 9, 0.03, True)
        with pytest.raises(DatabaseError, match="read-only"), db.writing():
            pass


def test_a_database_without_a_revision_is_read_only_after_a_writer_set_it_up(engine: Engine, where: str) -> None:
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text(f"CREATE TABLE {REVISION_TABLE} (version_num VARCHAR(32) NOT NULL)"))
    with pytest.raises(DatabaseError, match="at revision none"):
        Database.open(where, read_only=True)
    Database.open(where).close()
    Database.open(where, read_only=True).close()


def test_developers_can_migrate_from_the_command_line(tmp_path: Path) -> None:
    from alembic.config import main

    url = f"sqlite:///{tmp_path / 'scratch.db'}"
    main(["-c", str(SCRIPTS / "alembic.ini"), "-x", f"url={url}", "upgrade", "head"])
    assert len(inspect(create_engine(url)).get_table_names()) == len(metadata.tables) + 1
