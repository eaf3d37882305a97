"""`make gpu` works where there is no GPU: it says so, and the same code runs small on the CPU."""

from __future__ import annotations

import json

import pytest
import torch
from benchmarks import gpu


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_it_says_so_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert gpu.main([]) == 0
    assert capsys.readouterr().out.startswith("no GPU: torch ")


def test_the_same_code_runs_small_on_the_cpu(capsys: pytest.CaptureFixture[str]) -> None:
    assert gpu.main(["--small", "--no-night", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["apart"] == 0.0 and told["chosen"]["device"] == "cpu"
    assert told["forward"]["float32"] > 0 and told["training"]["bfloat16"] > 0
    assert told["P9"] > 0 and told["P9_routed"] > 0 and told["P9_tokens"] > 0


def test_small_times_are_not_written() -> None:
    with pytest.raises(SystemExit):
        gpu.main(["--small", "--write"])
