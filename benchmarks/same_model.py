"""Real nights that compare a model with itself: none may promote anything.

    python -m benchmarks.same_model [--nights N] [--home DIR]

Short nights through the product as it is, one after the other in one home, on a copy of the novice whose learning rate is
remembered as next to nothing: its candidates are the model itself, but for rounding. So whatever is promoted is promoted
falsely: by answers that differ between batches, or verdicts that differ between runs. A home that is kept is gone on
with. The last line is JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import tempfile
import time
from collections import Counter
from datetime import date as Date
from datetime import timedelta
from pathlib import Path

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.home import Home
from sleepy.daemon.day.day import day
from sleepy.daemon.model.source import NOVICE, shipped
from sleepy.daemon.night import recipe
from sleepy.daemon.night.night import sleep
from sleepy.daemon.serve import serve
from sleepy.daemon.stages import store
from sleepy.daemon.tools.equip import equipped
from sleepy.koans import library
from sleepy.memory.episodic import nights
from sleepy.memory.episodic.nights import NightState

FIRST = Date(2026, 1, 1)
RATE = 1e-12  # of learning: the weights change by less than rounding leaves of them
TASKS = 120  # koans of the one day


def config(model: Path) -> Config:
    """The settings of a short night; patterns never rest."""
    return Config(
        model=str(model), lessons=16, held_out=8, night_patterns=3, training_steps=1, tries=1000, explore=0.0,
        teach="forged", night_minutes=4.0,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=50)
    parser.add_argument("--home", type=Path, help="go on in this home; a temporary one without")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        root = arguments.home or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home"
        model = root.with_name(f"{root.name}-model")
        if not model.exists():
            shutil.copytree(shipped()[NOVICE], model)
        exam = library.exam()[::20]
        tools = stack.enter_context(equipped(config(model), Home(root), exam=exam))
        recipe.remember(tools.db, tools.model.name, recipe.RateRecipe(RATE), now=tools.now())
        if not nights.read(tools.db, FIRST):
            day(tools, serve.serving(tools), 1, TASKS)
        decisions: Counter[str] = Counter()
        asked = wins = losses = candidates = 0
        began = time.monotonic()
        for number in range(arguments.nights):
            date = FIRST + timedelta(days=number)
            known = nights.read(tools.db, date)
            night = known if known is not None and known.state is NightState.DONE else sleep(tools, date)
            made = store.record(tools.db, night.id)
            assert made is not None, "the night is done"
            decisions[night.decision or "failed"] += 1
            for item in made.examined.held_out.values():
                candidates += 1
                asked, wins, losses = asked + item.trial.n, wins + item.trial.wins, losses + item.trial.losses
            print(
                f"{date}: {night.decision}, {len(made.examined.held_out)} candidates, {asked} koans in all", flush=True
            )
    out = {
        "nights": arguments.nights, "decisions": decisions, "trials": candidates, "asked": asked, "wins": wins,
        "losses": losses, "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    print(json.dumps(out))


if __name__ == "__main__":
    main()
