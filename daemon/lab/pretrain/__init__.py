"""Making a base model: its corpus, its tokenizer, its weights."""
