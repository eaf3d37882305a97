"""`sleepy doctor`: what works here and what does not, each line with its remedy."""

from __future__ import annotations

from sleepy.daemon.doctor.examine import examine
from sleepy.daemon.doctor.finding import Finding, Grade, Unwell, Warned

__all__ = ["Finding", "Grade", "Unwell", "Warned", "examine"]
