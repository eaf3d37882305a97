"""Bring a database to a revision: in one transaction, one process at a time."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from sleepy.memory.episodic.engine import pragma
from sleepy.memory.episodic.errors import ASIDE, DatabaseError

SCRIPTS = Path(str(files("sleepy.migrations")))
LOCK = 7_165_337_909  # PostgreSQL's advisory lock: a number nobody else is likely to take


def revisions(scripts: Path = SCRIPTS) -> list[str]:
    """Every known revision, oldest first."""
    walk = ScriptDirectory.from_config(_config(scripts)).walk_revisions()
    return [script.revision for script in walk][::-1]


def migrate(engine: Engine, *, target: str = "head", scripts: Path = SCRIPTS) -> None:
    """Runs the revisions that are missing up to `target`; whoever comes second finds it done.

    `DatabaseError` if that would leave rows that refer to nothing; nothing is changed then.
    """
    sqlite = engine.dialect.name == "sqlite"
    config = _config(scripts)
    with engine.connect().execution_options(writing=True) as connection:
        if sqlite:  # a table rebuilt in batch mode is dropped first: that must not cascade
            pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                config.attributes["connection"] = connection
                command.upgrade(config, target)
                if sqlite:
                    _refuse_dangling(connection)
        finally:
            if sqlite:
                pragma(connection, "foreign_keys=ON")


def _refuse_dangling(connection: Connection) -> None:
    row = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if row is not None:
        raise DatabaseError(
            f"migrating would leave {row[0]} row {row[1]} without its row of {row[2]}; nothing was changed",
            remedy=ASIDE,
        )


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
