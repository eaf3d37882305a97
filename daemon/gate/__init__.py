"""The gate: whether a night may be promoted, in pure arithmetic, and what it would miss."""
