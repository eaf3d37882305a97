"""The language models that answer: loading, prompts, answers as edits, constraints, servers."""
