"""sleepy: a Rust-fixing agent that practises by day and learns in its sleep."""
