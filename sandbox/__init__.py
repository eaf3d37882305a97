"""Where untrusted Rust is compiled, run and judged."""
