"""Alembic's entry: the program hands it a connection in a transaction, a developer a URL with -x url=..."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator, create_engine

from sleepy.memory.episodic.tables import REVISION_TABLE, metadata


def plainly(kind: str, item: object, _autogenerate: AutogenContext) -> str | Literal[False]:
    """Our own column types as what they are in the database: a revision must not change with them."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=REVISION_TABLE,
        render_item=plainly,
        render_as_batch=True,  # SQLite cannot alter a table in place
    )
    with context.begin_transaction():
        context.run_migrations()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
else:
    url = context.get_x_argument(as_dictionary=True).get("url")
    if url is None:
        raise SystemExit("which database? add -x url=sqlite:///scratch.db (before the alembic command)")
    with create_engine(url).begin() as connection:
        migrate(connection)
