"""How many repairs a window of so many lines can say, and what it costs in tokens.

    python -m benchmarks.windows [--model M] [--koans exam|classics|FILE ...]

For each set and window: the koans whose reference can be said as an answer to the prompt, of those with a diagnosis, and
the mean number of tokens of the prompts with the model's tokenizer. One line of JSON a set and window.
"""

from __future__ import annotations

import argparse
import json

from sleepy.daemon.attempt.attempt import diagnose
from sleepy.daemon.lab import exam
from sleepy.daemon.model.edits import EditError
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import ask
from sleepy.daemon.model.source import BUILT_IN
from sleepy.sandbox.sandbox import Sandbox

WINDOWS = (8, 10, 14, 20, 30, 40)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=BUILT_IN)
    parser.add_argument("--koans", nargs="+", default=["exam"])
    arguments = parser.parse_args()
    model = LanguageModel.load(arguments.model)
    with Sandbox.open() as sandbox:
        for name in arguments.koans:
            asked, _ = diagnose(exam.chosen(name), sandbox)
            for window in WINDOWS:
                said = tokens = 0
                for item in asked:
                    request = ask(item.koan.broken, item.diagnostics, model.format, window=window)
                    tokens += len(model.prompt_ids(request.text))
                    try:
                        request.taught(item.koan.fixed)
                        said += 1
                    except EditError:
                        pass
                n = len(asked)
                print(
                    json.dumps(
                        {"koans": name, "window": window, "n": n, "said": said, "tokens": round(tokens / max(1, n), 1)}
                    )
                )


if __name__ == "__main__":
    main()
