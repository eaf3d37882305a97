"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

from typing import Any

import click

from sleepy.daemon.base import config as configs
from sleepy.daemon.base.config import Config

HOME = click.option("--home", help="Where the state is kept [SLEEPY_HOME, else the platform's data folder].")
MODEL = click.option("--model", help="A Hugging Face causal LM by name or folder [built-in].")
TIER = click.option("--tier", help="The sandbox: auto, bubblewrap or landlock [auto].")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON line on stdout.")


def settings(**flags: Any) -> Config:
    """All layers of settings, `flags` (None: not given) on top."""
    return configs.load(flags)
