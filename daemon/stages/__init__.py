"""What the stages of a night leave: a typed value each, stored as JSON and read back as it was."""
