"""Parametric memory: what was learnt, in weights."""
