"""Benchmarks. Both sides of every ratio are measured in one run, interleaved, and medians count. None is a test."""
