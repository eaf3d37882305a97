"""The gate: decides in pure arithmetic whether a night is promoted, and bounds the regressions it may miss."""
