"""What the compiler said of a mistake that its developer repaired, and what a user had forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("fixes") as batch:
        batch.add_column(sa.Column("diagnostics", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "forgettings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forgotten", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("episodes", sa.Integer(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('episode', 'pattern', 'path')", name=op.f("ck_forgettings_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgettings")),
    )


def downgrade() -> None:
    raise NotImplementedError("a database is not taken back: restore a copy")
