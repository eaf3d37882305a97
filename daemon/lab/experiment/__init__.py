"""Experiments: what strategies are worth, and what a week of nights comes to, on one base and one exam."""
