"""Episodic memory: what happened, in SQL."""
