"""`sleepy cluster`: the nodes of a Ray cluster."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.text import plural
from sleepy.daemon.cli import options
from sleepy.daemon.cli.sections import Sectioned

if TYPE_CHECKING:
    from sleepy.daemon.jobs.census import Census, NodeState


@click.group(cls=Sectioned)
def cluster() -> None:
    """Work on the nodes of a Ray cluster.

    The setting `cluster` names one: its nodes judge, answer and train, this machine decides and writes. Needs the package
    ray (sleepy's extra `cluster`). docs/cluster.md says how a cluster is set up.
    """


@cluster.command()
@click.option(
    "--cluster", "address", metavar="ADDRESS", help="auto, host:6379 or ray://host:10001 [the setting `cluster`]."
)
@options.TIER
@options.JSON
def status(address: str | None, tier: str | None, as_json: bool) -> None:
    """Show each node's sandbox, what runs where, and what waits.

    Every node probes its sandbox for it. Exits with 1 if no node can judge.
    """
    config = options.settings(cluster=address, tier=tier)
    if not config.cluster:
        raise UserError(
            "no cluster is set: this machine does everything itself",
            remedy="`sleepy config set cluster auto` (or host:6379) uses one; --cluster looks at one",
        )
    from sleepy.daemon.jobs.census import census
    from sleepy.daemon.tools.judging import probing
    from sleepy.sandbox import toolchain

    found = census(config.cluster, probing(config.tier, toolchain.find().version))
    click.echo(json.dumps(found.plain(), ensure_ascii=False)) if as_json else _show(found)
    if not any(item.tier for item in found.nodes):
        raise click.exceptions.Exit(1)


def _show(found: Census) -> None:
    able = sum(bool(item.tier) for item in found.nodes)
    console = Console(highlight=False)
    console.print(f"{found.address}: {plural(len(found.nodes), 'node')}, {able} can judge; sleepy {found.sleepy}")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("node", "cores", "gpus", "sandbox", "runs"):
        table.add_column(name, justify="right" if name in ("cores", "gpus") else "left")
    for item in found.nodes:
        runs = ", ".join(_running(item)) or "-"
        named = f"{item.node.name} {item.node.id[:6]}"
        table.add_row(named, f"{item.node.cores:g}", f"{item.node.gpus:g}", item.tier or "none", runs)
    console.print(table)
    for why in dict.fromkeys(item.why for item in found.nodes if item.why):
        console.print(f"not at work: {why}", soft_wrap=True)
    for head, count in found.queue.items():
        if count:
            console.print(f"{head} has {plural(count, 'more job')} on the way or waiting")


def _running(item: NodeState) -> list[str]:
    return [
        f"{doing.what} {100 * doing.done // max(1, doing.total)} %, {time.time() - doing.since:.0f} s"
        if doing.done
        else f"{doing.what}, {time.time() - doing.since:.0f} s"
        for doing in item.doing
        if doing.task is not None
    ]
