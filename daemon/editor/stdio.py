"""The process's stdin and stdout, kept for a protocol alone."""

from __future__ import annotations

import os
from typing import BinaryIO


def claimed() -> tuple[BinaryIO, BinaryIO]:
    """Streams for the protocol. Whatever else reads stdin finds its end, and whatever else prints goes to stderr."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return reader, writer
