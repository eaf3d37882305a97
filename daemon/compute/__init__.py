"""Chooses what the model computes with on this machine: device, precision, threads."""
