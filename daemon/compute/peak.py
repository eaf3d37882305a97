"""The most memory that this process has held at once."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_mib() -> int:
    """In MiB, since the process began its program or the peak was last reset.

    Linux carries the parent's `ru_maxrss` over to a child, but not VmHWM; macOS has the former alone, in bytes.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        lines = []
    held = next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM:")), None)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if held is not None else most >> (20 if sys.platform == "darwin" else 10)
