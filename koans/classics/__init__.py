"""The 42 classic koans, one TOML file each."""
