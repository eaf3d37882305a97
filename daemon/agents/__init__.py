"""`sleepy mcp`: what sleepy can do as tools for coding agents. Files are written only where a call asks for it."""
