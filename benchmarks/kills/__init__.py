"""Kills nights at random moments: `python -m benchmarks.kills`."""
