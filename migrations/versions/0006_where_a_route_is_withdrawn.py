"""Where in its scope a route does not answer: routes now also stand for a code, or for everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("routes") as batch:
        batch.add_column(sa.Column("withdrawn", sa.JSON(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a database is not taken back: restore a copy")
