"""The tables of the episodic memory.

What removing a row does is chosen per reference:
- CASCADE where the text came from the row: forgetting a task, a pattern or an episode leaves
  neither its attempts nor the lessons drawn from it, and its routes stop serving at once.
- RESTRICT where a null would say something false: an episode without a version is one of the bare
  model, so a version that was ever served keeps its row when its files are collected (`removed`).
- SET NULL where the row must stay without a name: a candidate's number is spent for good, so forgetting its
  pattern leaves its counts.

`patterns` and `tallies` hold running counts, kept in the transaction that records the episode:
what `sleepy status` shows costs the same after a thousand episodes and after a million.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sleepy.memory.episodic.types import AnyText, UtcTime

REVISION = "0006"  # the newest in migrations/versions; spares every start the import of Alembic
REVISION_TABLE = "sleepy_revision"  # a database with tables but without this one is not ours

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _refers(name: str, target: str, on_delete: str, *, null: bool = False, key: bool = False) -> Column[int]:
    return Column(name, ForeignKey(target, ondelete=on_delete), nullable=null, primary_key=key)


tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),  # a koan's id or a file's path
    Column("kind", String(8), nullable=False),
    Column("family", Text, nullable=False),
    Column("base", Text, nullable=False),  # the split key: variants of one program share it
    Column("origin", Text, nullable=False),
    Column("edition", String(4), nullable=False),
    Column("broken", AnyText, nullable=False),
    Column("fixed", AnyText, nullable=False),  # the reference; empty where there is none
    Column("tests", AnyText, nullable=False),
    Column("created", UtcTime, nullable=False),
    CheckConstraint("kind IN ('koan', 'crate')", name="kind"),
    Index(None, "name"),
)

patterns = Table(
    "patterns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("signature", Text, nullable=False, unique=True),
    Column("code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    Column("episodes", Integer, nullable=False),  # practice (day and demo); exams are not counted here
    Column("passes", Integer, nullable=False),
)

episodes = Table(
    "episodes",
    metadata,
    Column("id", Integer, primary_key=True),
    _refers("task_id", "tasks.id", "CASCADE"),
    _refers("pattern_id", "patterns.id", "CASCADE"),
    _refers("version_id", "versions.id", "RESTRICT", null=True),  # null: the bare base model
    Column("phase", String(8), nullable=False),
    Column("model", Text, nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("is_label", Boolean, nullable=False),  # false: our own machinery failed every attempt
    CheckConstraint("phase IN ('day', 'exam', 'demo')", name="phase"),
    Index(None, "pattern_id", "phase", "passed", "id"),
    Index(None, "task_id"),
    Index(None, "version_id"),
    Index(None, "started"),
    sqlite_autoincrement=True,  # a forgotten episode's number is never given to another
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    _refers("episode_id", "episodes.id", "CASCADE"),
    Column("ordinal", Integer, nullable=False),  # from 0
    Column("rung", Text, nullable=False),
    Column("route", Text),  # null: answered by the base
    Column("prompt", AnyText, nullable=False),
    Column("answer", AnyText, nullable=False),
    Column("source", AnyText, nullable=False),  # the repaired program; empty: could not be applied
    Column("outcome", Text, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("is_label", Boolean, nullable=False),
    Column("detail", AnyText, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("tokens", Integer, nullable=False),
    UniqueConstraint("episode_id", "ordinal"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("phase", String(8), primary_key=True),
    Column("version", Text, primary_key=True),  # '' is the bare base: a key cannot be null
    Column("rung", Text, primary_key=True),
    _refers("pattern_id", "patterns.id", "CASCADE", key=True),
    Column("day", Date, primary_key=True),  # in UTC
    Column("attempts", Integer, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Index(None, "day"),
    Index(None, "pattern_id"),
)

fixes = Table(
    "fixes",  # a developer's own repair of a task
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("tasks.id", ondelete="CASCADE"), nullable=False, unique=True),
    _refers("pattern_id", "patterns.id", "CASCADE"),
    Column("source", AnyText, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("diagnostics", JSON, nullable=False, server_default="[]"),  # what the compiler said of the broken text
    Index(None, "pattern_id", "created"),
)

forgettings = Table(
    "forgettings",  # that something was forgotten, never what: a digest of its name, and what was rebuilt
    metadata,
    Column("id", Integer, primary_key=True),
    Column("forgotten", UtcTime, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("episodes", Integer, nullable=False),
    Column("lessons", Integer, nullable=False),
    Column("outcome", JSON, nullable=False),
    CheckConstraint("kind IN ('episode', 'pattern', 'path')", name="kind"),
)

nights = Table(
    "nights",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("date", Date, nullable=False, unique=True),
    Column("state", String(8), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("reason", AnyText, nullable=False),  # why it failed; else empty
    Column("started", UtcTime, nullable=False),
    Column("ended", UtcTime),
    Column("decision", Text),
    Column("decision_reasons", JSON(none_as_null=True)),
    Column("exam_hash", String(64)),
    Column("exam_tasks", Integer),
    Column("baseline_passes", Integer),
    Column("challenger_passes", Integer),
    Column("report", Text),  # relative to the home
    CheckConstraint("state IN ('running', 'done', 'failed')", name="state"),
)

stages = Table(
    "stages",
    metadata,
    _refers("night_id", "nights.id", "CASCADE", key=True),
    Column("name", Text, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("ended", UtcTime),
    Column("inputs_hash", String(64), nullable=False),
    Column("artefact", Text),  # canonical JSON, so that its hash can be checked
    Column("artefact_hash", String(64)),
    Column("detail", AnyText, nullable=False),
    CheckConstraint("state IN ('running', 'done', 'failed')", name="state"),
)

lessons = Table(
    "lessons",
    metadata,
    Column("id", Integer, primary_key=True),
    _refers("night_id", "nights.id", "CASCADE"),
    _refers("pattern_id", "patterns.id", "CASCADE"),
    Column("prompt", AnyText, nullable=False),
    Column("answer", AnyText, nullable=False),
    Column("provenance", String(16), nullable=False),
    Column("task_digest", String(64)),  # no reference: nobody attempted a forged variant
    _refers("episode_id", "episodes.id", "CASCADE", null=True),
    Column("content_hash", String(64), nullable=False),
    Column("program", Text, nullable=False, server_default=""),  # the base program it is from; empty: not known
    CheckConstraint(
        "provenance IN ('own', 'developer', 'compiler', 'reference', 'forged', 'replay')", name="provenance"
    ),
    UniqueConstraint("night_id", "pattern_id", "content_hash"),
    Index(None, "pattern_id"),
    Index(None, "task_digest"),
    Index(None, "episode_id"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", String(64), primary_key=True),  # the hash of its content
    _refers("parent_id", "versions.id", "RESTRICT", null=True),  # null: founded on the bare base
    _refers("night_id", "nights.id", "RESTRICT", null=True),
    Column("created", UtcTime, nullable=False),
    Column("path", Text, nullable=False),  # relative to the home
    Column("files", JSON, nullable=False),  # {file: sha256}
    Column("note", Text, nullable=False),
    Column("removed", UtcTime),  # when its files were collected
    Index(None, "night_id"),
    Index(None, "parent_id"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("name", String(16), primary_key=True),
    _refers("version_id", "versions.id", "RESTRICT", null=True),  # null: the bare base model
    CheckConstraint("name IN ('champion', 'challenger', 'previous')", name="name"),
)

alias_moves = Table(
    "alias_moves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("moved", UtcTime, nullable=False),
    Column("alias", String(16), nullable=False),
    _refers("from_id", "versions.id", "RESTRICT", null=True),
    _refers("to_id", "versions.id", "RESTRICT", null=True),
    Column("reason", Text, nullable=False),
)

routes = Table(
    "routes",
    metadata,
    _refers("version_id", "versions.id", "CASCADE", key=True),
    _refers("pattern_id", "patterns.id", "CASCADE", key=True),
    Column("serves", Text, nullable=False),  # the coefficient set that answers the pattern
    Column("wins", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("exam_n", Integer, nullable=False),
    Column("p_value", Float, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("radius", Float),  # of versions before scopes: how far from its signature it answers; null: not at all
    Column("withdrawn", JSON),  # the signatures in its scope at which it does not answer; null: none
    Index(None, "pattern_id"),
)

candidates = Table(
    "candidates",  # tests of routes that do not serve yet; no row is ever removed
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # in order of beginning, from 0
    _refers("pattern_id", "patterns.id", "SET NULL", null=True),  # null: it was forgotten
    Column("base", Text, nullable=False),  # the model it was trained for
    Column("folder", Text, nullable=False),  # its adapter, relative to the home; empty: forgotten
    Column("adapter_hash", String(64), nullable=False),
    _refers("night_id", "nights.id", "RESTRICT"),  # that began it
    Column("state", String(8), nullable=False),
    Column("wins", Integer, nullable=False),  # these four: sums over candidate_evidence
    Column("losses", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("proven", UtcTime),  # when; kept if it is dropped since
    Column("updated", UtcTime, nullable=False),
    CheckConstraint("state IN ('open', 'proven', 'futile', 'dropped')", name="state"),
    Index(None, "base", "state"),
    Index(None, "pattern_id"),
    Index(None, "night_id"),
)

candidate_evidence = Table(
    "candidate_evidence",  # what each night found, so that one that is resumed does not count twice
    metadata,
    _refers("number", "candidates.number", "CASCADE", key=True),
    _refers("night_id", "nights.id", "RESTRICT", key=True),
    Column("wins", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Index(None, "night_id"),
)

exam_results = Table(
    "exam_results",
    metadata,
    _refers("night_id", "nights.id", "CASCADE", key=True),
    Column("who", String(16), primary_key=True),
    Column("run", Integer, primary_key=True),  # from 1
    _refers("task_id", "tasks.id", "CASCADE", key=True),
    _refers("pattern_id", "patterns.id", "CASCADE"),
    Column("route", Text),
    Column("passed", Boolean, nullable=False),
    Column("outcome", Text, nullable=False),
    CheckConstraint("who IN ('baseline', 'challenger')", name="who"),
    Index(None, "task_id"),
    Index(None, "pattern_id"),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("key", String(64), primary_key=True),  # sha256 of everything the verdict depends on
    Column("outcome", Text, nullable=False),
    Column("verdict", JSON, nullable=False),
    Column("created", UtcTime, nullable=False),
    Index(None, "created"),
)

state = Table(
    "state",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated", UtcTime, nullable=False),
)
