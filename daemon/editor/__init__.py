"""`sleepy lsp`: verified repairs as quick fixes in an editor. Nothing is written to disk here; the editor applies them."""
