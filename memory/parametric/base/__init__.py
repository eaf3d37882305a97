"""The built-in model: architecture, tokenizer, pretraining, weights."""
