"""Measurements: both sides of every ratio in one run, interleaved, medians. None of them is a test."""
