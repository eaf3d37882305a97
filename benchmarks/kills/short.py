"""A short day and a short night with real parts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.koans import library
from sleepy.koans.koan import Koan

# a short night: steps end its training, never the clock
CONFIG = Config(model="novice", lessons=32, held_out=8, night_patterns=2, training_steps=24, pattern_seconds=86_400.0)
MISTAKES = ("repeated_item", "missing_field")  # of the forge; the novice repairs next to none of them
DAY = 40  # koans
FIRST = date(2026, 11, 24)


def exam() -> list[Koan]:
    """A small exam: tasks that the night can gain, and a sample of those it must not lose."""
    koans = library.sealed_exam()
    won = [koan for name in MISTAKES for koan in [item for item in koans if item.mistake == name][:8]]
    return [*won, *[koan for koan in koans if koan.mistake not in MISTAKES][:: max(1, len(koans) // 24)]]


def practised(root: Path) -> None:
    """Makes a home with one short day of practice."""
    from sleepy.daemon.day import shelf
    from sleepy.daemon.day.day import practise
    from sleepy.daemon.serve import serve
    from sleepy.daemon.tools.equip import equipped
    from sleepy.koans.forge.mistakes import BY_NAME

    home = Home(root)
    with equipped(CONFIG, home, exam=exam()) as tools:
        koans = shelf.practice(tools.judge, 7, DAY, exam=tools.exam, mistakes=[BY_NAME[name] for name in MISTAKES])
        practise(tools, serve.champion(tools.db, home, base=tools.model.name), koans)


def slept(root: Path, when: date) -> None:
    """Runs or resumes the night of a date; this is what the child process does."""
    from sleepy.daemon.night.night import sleep
    from sleepy.daemon.tools.equip import equipped

    with equipped(CONFIG, Home(root), exam=exam()) as tools:
        sleep(tools, when)
