"""Options that several commands share, and the settings with flags applied."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from sleepy.daemon.base import config as configs
from sleepy.daemon.base.config import Config

HOME = click.option("--home", help="Folder for all state [SLEEPY_HOME, else the platform's data folder].")
MODEL = click.option("--model", help="A name of `sleepy model list`, a folder, a GGUF file or a hub name.")
TIER = click.option("--tier", help="Sandbox: auto, bubblewrap or landlock.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")


_SCOPE = (
    click.option("-p", "--package", "packages", multiple=True, metavar="NAME", help="Only this package; as in cargo."),
    click.option("--workspace", is_flag=True, help="All members of the workspace."),
    click.option("--features", multiple=True, metavar="F,G", help="Features to build with."),
    click.option("--all-features", is_flag=True, help="Build with all features."),
    click.option("--no-default-features", is_flag=True, help="Build without the default features."),
    click.option("--target", default="", metavar="TRIPLE", help="Compile for another machine; tests run on this one."),
)


def scoped(act: Callable[..., None]) -> Callable[..., None]:
    """A command with cargo's options for packages, features and targets; it is given them as one `scope`."""

    @wraps(act)
    def run(
        *,
        packages: tuple[str, ...],
        workspace: bool,
        features: tuple[str, ...],
        all_features: bool,
        no_default_features: bool,
        target: str,
        **others: Any,
    ) -> None:
        from sleepy.sandbox.scope import Scope

        named = tuple(name for words in features for name in words.replace(",", " ").split())
        act(scope=Scope(packages, workspace, named, all_features, no_default_features, target), **others)

    for option in reversed(_SCOPE):
        run = option(run)
    return run


def settings(**flags: Any) -> Config:
    """The settings from all sources, `flags` first; a flag that is None was not given."""
    return configs.load(flags)
