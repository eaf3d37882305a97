"""Benchmarks of Share against the alternatives: the naive merge, two packages of the same paper, PEFT's LoRA."""
