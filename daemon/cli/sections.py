"""How --help lists commands: in sections, in a chosen order, every one-liner whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

# What sleepy's commands are for. Every command stands in one section.
SECTIONS: dict[str, tuple[str, ...]] = {
    "Start here": ("demo", "init", "start", "status", "stop", "doctor"),
    "Your crate": ("fix", "watch", "learn", "why", "hints", "lsp", "mcp", "serve"),
    "Practice and sleep": ("day", "night", "sleep-now", "wake", "pause", "resume", "run"),
    "Inspect": ("report", "versions", "logs"),
    "Manage": ("model", "config", "cluster", "service", "restart", "rollback", "forget", "gc", "export", "completion"),
    "Laboratory": ("judge", "exam", "koans", "experiment", "gate", "pretrain"),
}


class Sectioned(click.Group):
    """A group that lists its commands by `sections`; without any, in the order in which they were added."""

    def __init__(self, *args: Any, sections: Mapping[str, Sequence[str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands in the order of the help."""
        order = list(self.commands)
        if self.sections is not None:
            order = [name for names in self.sections.values() for name in names]
        return sorted(super().list_commands(ctx), key=order.index)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the sections: a command's name, and the first sentence of its help."""
        width = max(map(len, self.commands))
        for title, names in (self.sections or {"Commands": self.list_commands(ctx)}).items():
            with formatter.section(title):
                lines = [self.commands[name].get_short_help_str(limit=formatter.width) for name in names]
                formatter.write_dl([(name.ljust(width), line) for name, line in zip(names, lines, strict=True)])
