"""Options that several commands share, and the settings with flags applied."""

from __future__ import annotations

from typing import Any

import click

from sleepy.daemon.base import config as configs
from sleepy.daemon.base.config import Config

HOME = click.option("--home", help="Folder for all state [SLEEPY_HOME, else the platform's data folder].")
MODEL = click.option("--model", help="A name of `sleepy model list`, a folder, a GGUF file or a hub name.")
TIER = click.option("--tier", help="Sandbox: auto, bubblewrap or landlock.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")


def settings(**flags: Any) -> Config:
    """The settings from all sources, `flags` first; a flag that is None was not given."""
    return configs.load(flags)
