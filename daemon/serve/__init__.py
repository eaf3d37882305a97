"""What is served: a version with its routes, the evidence for it, and what serves when it is damaged."""
