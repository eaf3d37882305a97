"""The agent: model, prompt, edits, and one attempt at a task."""
