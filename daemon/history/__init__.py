"""Repairs from the user's own past: the commits of a crate's repository, looked at once and learnt from."""
