"""Exit codes and examples that end the --help of the main commands."""

from __future__ import annotations

import click

from sleepy.daemon.base.exit_code import ExitCode, told

_USUAL = told(ExitCode.DONE, ExitCode.USAGE, ExitCode.INTERNAL)
_SANDBOX = told(ExitCode.DONE, ExitCode.USAGE, ExitCode.INTERNAL, ExitCode.NO_SANDBOX)

# command -> exit codes, examples
EPILOGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": (
        told(*ExitCode),
        ("sleepy demo", "cd my-crate && sleepy init && sleepy start", "sleepy fix --diff"),
    ),
    "learn": (
        "0 looked at, 1 no commit could be, 2 wrong usage, 78 no sandbox or compiler, 130 interrupted",
        ("sleepy learn --history 30", "sleepy learn ~/src/shop --history 200 --json"),
    ),
    "init": (
        "0 ready, 1 something that is needed does not work, 2 wrong usage",
        ("sleepy init", "sleepy init --project ~/src/mine"),
    ),
    "demo": (_SANDBOX, ("sleepy demo",)),
    "lsp": ("0 the editor left, 2 wrong usage, or pygls is missing", ("sleepy lsp", "sleepy lsp --no-model")),
    "mcp": ("0 the agent left, 2 wrong usage, or mcp is missing", ("sleepy mcp", "sleepy mcp --no-model")),
    "day": (_SANDBOX, ("sleepy day --tasks 20",)),
    "night": (_SANDBOX, ("sleepy night",)),
    "run": (_SANDBOX, ("sleepy run",)),
    "status": (_USUAL, ("sleepy status --watch", "sleepy status --json", "sleepy status --svg status.svg")),
    "report": (_USUAL, ("sleepy report", "sleepy report 2026-11-24")),
    "doctor": ("0 everything works, 1 something does not, 2 wrong usage", ("sleepy doctor", "sleepy doctor --quick")),
    "logs": (_USUAL, ("sleepy logs --level error", "sleepy logs -n 5 --follow")),
    "exam": (_SANDBOX, ("sleepy exam", "sleepy exam --koans classics --json")),
    "judge": (
        "0 it passes, 1 it does not, 2 wrong usage, 78 no sandbox",
        (
            "sleepy judge answer.rs --tests tests.rs",
            "sleepy judge answer.rs --original broken.rs --reference right.rs",
        ),
    ),
    "rollback": (_USUAL, ("sleepy rollback", "sleepy rollback base")),
    "export": (
        "0 written, 1 it differs from what is served, 2 wrong usage",
        ("sleepy export out --pattern E0308", "sleepy export out --pattern E0308 --format gguf"),
    ),
    "koans": (_SANDBOX, ("sleepy koans show bc_001", "sleepy koans verify bc_001")),
    "pretrain": (_SANDBOX, ("sleepy pretrain model",)),
    "hints": ("0 shown, 1 there is none, 2 wrong usage", ("sleepy hints show E0382",)),
    "experiment": (_SANDBOX, ("sleepy experiment strategies --only routed --only targeted", "sleepy experiment hints")),
    "gate": (_USUAL, ("sleepy gate simulate --trials 3 --effects 0.15,0,0 --lives 50",)),
    "model": (_SANDBOX, ("sleepy model list", "sleepy model get smollm2", "sleepy model check smollm2")),
    "config": (_USUAL, ("sleepy config list", "sleepy config set night_at '0 2 * * *'", "sleepy config get crates")),
    "completion": (_USUAL, ("sleepy completion fish > ~/.config/fish/completions/sleepy.fish",)),
}


def attach(group: click.Group) -> None:
    """Adds the epilogs to the group and its commands, except where a command has one of its own."""
    for name, (codes, examples) in EPILOGS.items():
        command = group if not name else group.commands.get(name)
        if command is not None and command.epilog is None:
            shown = "\n".join(f"  {example}" for example in examples)
            command.epilog = f"Exit codes: {codes}.\n\n\b\nExamples:\n{shown}"
