"""How far beyond its own signature a route answers: until now only the files of its version said so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("routes") as batch:
        batch.add_column(sa.Column("radius", sa.Float(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a database is not taken back: restore a copy")
