"""`sleepy serve`: the base and the champion with its routes, for tools that speak to an OpenAI-compatible server."""
