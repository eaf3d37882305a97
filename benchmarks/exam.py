"""P7: a whole exam against the usual script, which generates one answer, then runs cargo on it.

    python -m benchmarks.exam [--koans N] [--script N] [--model M] [--write] [--json]

The script asks the same model for the same answers, one koan after another, and judges each in a fresh cargo
project, unsandboxed (`cargo check`, and if that succeeds `cargo test`). Since it is slow, it is timed only on every
n-th koan, and rates are compared. Diagnoses are made beforehand for both.
"""

from __future__ import annotations

import argparse
import os
import random
import sys

from benchmarks import results
from benchmarks.sandbox import cargo, timed
from sleepy.daemon.attempt.attempt import EXAM, Attempt, Diagnosis, attempt, case_of, diagnose, judged_sources
from sleepy.daemon.base.config import Config
from sleepy.daemon.compute.choose import cores
from sleepy.daemon.model import edits
from sleepy.daemon.model.configured import local_model
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import ask
from sleepy.daemon.model.source import BUILT_IN
from sleepy.koans import library
from sleepy.sandbox.sandbox import Sandbox


def scripted(model: LanguageModel, item: Diagnosis) -> bool:
    """Does one koan as a script would: ask, apply, run cargo."""
    request = ask(item.koan.broken, item.diagnostics, model.format, window=model.window)
    reply = model.answer([request], [None])[0]
    try:
        repaired = request.repaired(reply.text)
    except edits.EditError:
        return False
    return cargo(None, case_of(item.koan, repaired), tests=True)


def _spent() -> float:
    """The CPU seconds of this process and of the child processes it has waited for."""
    return sum(os.times()[:4])


def measure(arguments: argparse.Namespace) -> tuple[dict[str, float], str]:
    shuffled = random.Random(arguments.seed).sample(library.exam(), len(library.exam()))
    koans, others = shuffled[: arguments.koans], shuffled[arguments.koans :][:8]
    model = local_model(Config(model=arguments.model))
    with Sandbox.open() as sandbox:
        asked, _ = diagnose(koans, sandbox)
        list(attempt(diagnose(others, sandbox)[0], model, sandbox))  # warm up: builds what is built once
        sat: list[Attempt] = []
        cpu = _spent()
        ours = timed(lambda: sat.extend(attempt(asked, model, sandbox, chunk=EXAM)))
        cpu = _spent() - cpu
        passed = {item.diagnosis.koan.id: item.passed for item in sat}
        requests = [ask(item.koan.broken, item.diagnostics, model.format) for item in asked]
        answering = timed(lambda: model.answer(requests, [None] * len(requests)))
        able = [item for item in sat if item.source]
        judging = timed(
            lambda: judged_sources([item.diagnosis for item in able], [item.source for item in able], sandbox)
        )
        some = asked[:: max(1, len(asked) // max(1, arguments.script))]
        same: dict[str, bool] = {}
        usual = timed(lambda: same.update({item.koan.id: scripted(model, item) for item in some}))
    rate, slow = len(asked) / ours, len(some) / usual
    agree = sum(passed[name] == done for name, done in same.items())
    longer = max(answering, judging)
    figures = {
        "sleepy": round(rate, 2), "script": round(slow, 2), "ratio": round(rate / slow, 2), "answering": round(answering, 1),
        "judging": round(judging, 1), "against_the_longer": round(ours / longer, 2), "cpu": round(cpu, 1),
    }  # fmt: skip
    body = "\n".join(
        [
            results.where("python -m benchmarks.exam " + " ".join(sys.argv[1:])),
            "",
            results.table(
                ["what", "koans", "seconds", "koans a second"],
                [
                    ["generate one, cargo one", str(len(some)), f"{usual:.1f}", f"{slow:.2f}"],
                    ["the exam", str(len(asked)), f"{ours:.1f}", f"{rate:.2f}, **{rate / slow:.1f}x**"],
                    ["its answers alone", str(len(asked)), f"{answering:.1f}", ""],
                    ["its judging alone", str(len(able)), f"{judging:.1f}", ""],
                ],
            ),
            "",
            f"The exam takes {ours / longer:.2f} times the longer of its two halves; it and its compilers took {cpu:.0f} seconds "
            f"of {cores()} cores, so that no order of the work is quicker than {cpu / cores():.1f} s. Computed with: "
            f"{model.compute}.",
            "",
            f"The model {arguments.model} passed {sum(passed.values())} of {len(asked)}; cargo agrees on {agree} of the "
            f"{len(same)} it judged too (it knows no policy, and its tests are not hidden).",
        ]
    )
    return figures, body


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exam", description="P7, an exam's speed.")
    parser.add_argument("--koans", type=int, default=300)
    parser.add_argument("--script", type=int, default=60, help="koans the usual script is timed on")
    parser.add_argument("--model", default=BUILT_IN)
    parser.add_argument("--seed", type=int, default=0)
    results.run("P7 An exam from end to end", parser, measure)


if __name__ == "__main__":
    main()
