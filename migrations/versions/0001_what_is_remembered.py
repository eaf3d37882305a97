"""What is remembered, from the first day on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decision_reasons", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("exam_hash", sa.String(length=64), nullable=True),
        sa.Column("exam_tasks", sa.Integer(), nullable=True),
        sa.Column("baseline_passes", sa.Integer(), nullable=True),
        sa.Column("challenger_passes", sa.Integer(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f("ck_nights_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nights")),
        sa.UniqueConstraint("date", name=op.f("uq_nights_date")),
    )
    op.create_table(
        "patterns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("episodes", sa.Integer(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patterns")),
        sa.UniqueConstraint("signature", name=op.f("uq_patterns_signature")),
    )
    op.create_table(
        "state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_state")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("edition", sa.String(length=4), nullable=False),
        sa.Column("broken", sa.Text(), nullable=False),
        sa.Column("fixed", sa.Text(), nullable=False),
        sa.Column("tests", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('koan', 'crate')", name=op.f("ck_tasks_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("digest", name=op.f("uq_tasks_digest")),
    )
    op.create_index(op.f("ix_tasks_name"), "tasks", ["name"])

    op.create_table(
        "verdicts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_verdicts")),
    )
    op.create_index(op.f("ix_verdicts_created"), "verdicts", ["created"])

    op.create_table(
        "exam_results",
        sa.Column("night_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint("who IN ('baseline', 'challenger')", name=op.f("ck_exam_results_who")),
        sa.ForeignKeyConstraint(["night_id"], ["nights.id"], name=op.f("fk_exam_results_night_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["patterns.id"], name=op.f("fk_exam_results_pattern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_exam_results_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("night_id", "who", "run", "task_id", name=op.f("pk_exam_results")),
    )
    op.create_index(op.f("ix_exam_results_pattern_id"), "exam_results", ["pattern_id"])
    op.create_index(op.f("ix_exam_results_task_id"), "exam_results", ["task_id"])

    op.create_table(
        "fixes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pattern_id"], ["patterns.id"], name=op.f("fk_fixes_pattern_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_fixes_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixes")),
        sa.UniqueConstraint("task_id", name=op.f("uq_fixes_task_id")),
    )
    op.create_index(op.f("ix_fixes_pattern_id_created"), "fixes", ["pattern_id", "created"])

    op.create_table(
        "stages",
        sa.Column("night_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("artefact", sa.Text(), nullable=True),
        sa.Column("artefact_hash", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f("ck_stages_state")),
        sa.ForeignKeyConstraint(["night_id"], ["nights.id"], name=op.f("fk_stages_night_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("night_id", "name", name=op.f("pk_stages")),
    )
    op.create_table(
        "tallies",
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["patterns.id"], name=op.f("fk_tallies_pattern_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("phase", "version", "rung", "pattern_id", "day", name=op.f("pk_tallies")),
    )
    op.create_index(op.f("ix_tallies_day"), "tallies", ["day"])
    op.create_index(op.f("ix_tallies_pattern_id"), "tallies", ["pattern_id"])

    op.create_table(
        "versions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.String(length=64), nullable=True),
        sa.Column("night_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("removed", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["night_id"], ["nights.id"], name=op.f("fk_versions_night_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["versions.id"], name=op.f("fk_versions_parent_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    op.create_index(op.f("ix_versions_night_id"), "versions", ["night_id"])
    op.create_index(op.f("ix_versions_parent_id"), "versions", ["parent_id"])

    op.create_table(
        "alias_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alias", sa.String(length=16), nullable=False),
        sa.Column("from_id", sa.String(length=64), nullable=True),
        sa.Column("to_id", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["versions.id"], name=op.f("fk_alias_moves_from_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["to_id"], ["versions.id"], name=op.f("fk_alias_moves_to_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias_moves")),
    )
    op.create_table(
        "aliases",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("version_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint("name IN ('champion', 'challenger', 'previous')", name=op.f("ck_aliases_name")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_aliases_version_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_aliases")),
    )
    op.create_table(
        "episodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.String(length=64), nullable=True),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("is_label", sa.Boolean(), nullable=False),
        sa.CheckConstraint("phase IN ('day', 'exam', 'demo')", name=op.f("ck_episodes_phase")),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["patterns.id"], name=op.f("fk_episodes_pattern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_episodes_task_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_episodes_version_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_episodes_pattern_id_phase_passed_id"), "episodes", ["pattern_id", "phase", "passed", "id"])
    op.create_index(op.f("ix_episodes_started"), "episodes", ["started"])
    op.create_index(op.f("ix_episodes_task_id"), "episodes", ["task_id"])
    op.create_index(op.f("ix_episodes_version_id"), "episodes", ["version_id"])

    op.create_table(
        "routes",
        sa.Column("version_id", sa.String(length=64), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("serves", sa.Text(), nullable=False),
        sa.Column("wins", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("exam_n", sa.Integer(), nullable=False),
        sa.Column("p_value", sa.Float(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pattern_id"], ["patterns.id"], name=op.f("fk_routes_pattern_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_routes_version_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version_id", "pattern_id", name=op.f("pk_routes")),
    )
    op.create_index(op.f("ix_routes_pattern_id"), "routes", ["pattern_id"])

    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("is_label", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name=op.f("fk_attempts_episode_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("episode_id", "ordinal", name=op.f("uq_attempts_episode_id_ordinal")),
    )
    op.create_table(
        "lessons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("night_id", sa.Integer(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("provenance", sa.String(length=16), nullable=False),
        sa.Column("task_digest", sa.String(length=64), nullable=True),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "provenance IN ('own', 'developer', 'compiler', 'reference', 'forged', 'replay')",
            name=op.f("ck_lessons_provenance"),
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name=op.f("fk_lessons_episode_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["night_id"], ["nights.id"], name=op.f("fk_lessons_night_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["patterns.id"], name=op.f("fk_lessons_pattern_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
        sa.UniqueConstraint("night_id", "content_hash", name=op.f("uq_lessons_night_id_content_hash")),
    )
    op.create_index(op.f("ix_lessons_episode_id"), "lessons", ["episode_id"])
    op.create_index(op.f("ix_lessons_pattern_id"), "lessons", ["pattern_id"])
    op.create_index(op.f("ix_lessons_task_digest"), "lessons", ["task_digest"])


def downgrade() -> None:
    raise NotImplementedError("a database is not taken back: restore a copy")
