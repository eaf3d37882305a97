"""Which program a lesson is from, and the same lesson in the courses of two scopes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lessons") as batch:
        batch.add_column(sa.Column("program", sa.Text(), nullable=False, server_default=""))
        batch.drop_constraint("uq_lessons_night_id_content_hash", type_="unique")
        batch.create_unique_constraint(
            "uq_lessons_night_id_pattern_id_content_hash", ["night_id", "pattern_id", "content_hash"]
        )


def downgrade() -> None:
    raise NotImplementedError("a database is not taken back: restore a copy")
