"""Making the built-in model: its corpus, its tokenizer, its weights."""
