"""Templates by family: each function writes one mistake in many shapes."""
