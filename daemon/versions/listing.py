"""`sleepy versions`: what can be served, what serves, and how that came about. Never loads torch."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sleepy.daemon.serve import fallback
from sleepy.daemon.stages import store
from sleepy.daemon.stages.stages import Consolidated
from sleepy.memory.episodic import nights, routes, versions
from sleepy.memory.episodic.database import Database

SCHEMA = 1  # of the JSON


def read(db: Database, *, moves: bool = False) -> dict[str, Any]:
    """The versions, newest first, the aliases (None: the base model), and with `moves` the aliases' history."""
    with db.reading():
        pointed = versions.pointed(db)
        serving = routes.active(db)
        computed = {
            night: merged.compute.recorded() if merged.compute is not None else None
            for night in {item.night for item in versions.recent(db) if item.night is not None}
            if (merged := store.read(db, night, Consolidated)) is not None
        }
        dates = {night.id: night.date.isoformat() for night in nights.recent(db, limit=100_000)}
        fallen = fallback.fallback_in_force(db)
        data: dict[str, Any] = {
            "schema": SCHEMA,
            "aliases": {alias.value: target for alias, target in pointed.items()},
            "fallback": asdict(fallen) if fallen is not None else None,
            "versions": [
                {
                    "id": item.id,
                    "created": item.created.isoformat(),
                    "night": dates.get(item.night) if item.night is not None else None,
                    "parent": item.parent,
                    "routes": serving.get(item.id, 0),
                    "model": item.note,
                    "compute": computed.get(item.night) if item.night is not None else None,
                    "aliases": [alias.value for alias, target in pointed.items() if target == item.id],
                    "removed": item.removed.isoformat() if item.removed is not None else None,
                }
                for item in versions.recent(db)
            ],
        }
        if moves:
            data["moves"] = [
                {
                    "moved": item.moved.isoformat(),
                    "alias": item.alias.value,
                    "from": item.from_version,
                    "to": item.to_version,
                    "reason": item.reason,
                }
                for item in versions.moves(db)
            ]
    return data


def line(data: dict[str, Any]) -> str:
    """The same as one line of JSON."""
    return json.dumps(data, ensure_ascii=False)


def view(data: dict[str, Any]) -> RenderableType:
    """The same for a person, in 80 columns."""
    parts: list[RenderableType] = []
    champion = data["aliases"].get("champion")
    if champion is None:
        parts.append(Text("The base model serves."))
    if data["fallback"]:
        parts.append(Text(data["fallback"]["reason"], style="red"))
    if not data["versions"]:
        return Group(*parts, Text("No version yet: `sleepy night` makes one once it has learnt something."))
    table = Table(box=None, pad_edge=False)
    for name in ("version", "night", "parent"):
        table.add_column(name, no_wrap=True)
    table.add_column("routes", justify="right")
    table.add_column("role", overflow="fold")
    for item in data["versions"]:
        said = [*item["aliases"], *([f"removed {item['removed'][:10]}"] if item["removed"] else [])]
        table.add_row(
            item["id"], item["night"] or item["created"][:10], (item["parent"] or "base")[:8], str(item["routes"]),
            Text(", ".join(said) or item["model"], style="bold" if "champion" in said else ""),
            style="dim" if item["removed"] else "",
        )  # fmt: skip
    parts.append(table)
    if "moves" in data:
        parts += [Text(), _moves(data["moves"])]
    return Group(*parts)


def _moves(moves: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("moved (UTC)", no_wrap=True)
    table.add_column("alias", no_wrap=True)
    table.add_column("to", no_wrap=True)
    table.add_column("because", overflow="fold")
    for item in moves:
        when = item["moved"][:16].replace("T", " ")
        table.add_row(when, item["alias"], (item["to"] or "base")[:8], Text(item["reason"]))
    return table
