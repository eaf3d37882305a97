"""The ways a program is broken: each finds its places in a syntax tree and says what changes there."""
