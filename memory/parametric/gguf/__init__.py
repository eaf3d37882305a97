"""Files of llama.cpp: models, adapters and tokenizers as GGUF."""
