"""Alembic revisions of the episodic database."""
