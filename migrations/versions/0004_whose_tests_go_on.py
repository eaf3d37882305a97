"""The tests of routes that do not serve yet, which go on over nights with what each night found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidates",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=True),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("adapter_hash", sa.String(length=64), nullable=False),
        sa.Column("night_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("wins", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("proven", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'proven', 'futile', 'dropped')", name=op.f("ck_candidates_state")),
        sa.ForeignKeyConstraint(["night_id"], ["nights.id"], name=op.f("fk_candidates_night_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["patterns.id"], name=op.f("fk_candidates_pattern_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_candidates")),
    )
    op.create_index(op.f("ix_candidates_base_state"), "candidates", ["base", "state"])
    op.create_index(op.f("ix_candidates_night_id"), "candidates", ["night_id"])
    op.create_index(op.f("ix_candidates_pattern_id"), "candidates", ["pattern_id"])
    op.create_table(
        "candidate_evidence",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("night_id", sa.Integer(), nullable=False),
        sa.Column("wins", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["night_id"], ["nights.id"], name=op.f("fk_candidate_evidence_night_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["candidates.number"], name=op.f("fk_candidate_evidence_number"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", "night_id", name=op.f("pk_candidate_evidence")),
    )
    op.create_index(op.f("ix_candidate_evidence_night_id"), "candidate_evidence", ["night_id"])


def downgrade() -> None:
    raise NotImplementedError("a database is not taken back: restore a copy")
