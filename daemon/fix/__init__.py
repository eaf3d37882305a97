"""Mending: the ladder of rungs, climbed for each error of a crate or of a file until it compiles."""
