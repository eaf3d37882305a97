"""The outputs of a night's stages: one typed value each, stored as JSON and read back unchanged."""
