"""What the model computes with: as the settings say, else as measured here; measured once, kept in the home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import LlamaConfig

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.compute import choose as choosing
from sleepy.daemon.compute.choose import choose, cores
from sleepy.daemon.compute.compute import Compute
from sleepy.daemon.compute.probe import ANSWERS, TRAINS
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.model.source import BUILT_IN

SMALL = LlamaConfig(
    hidden_size=32, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, intermediate_size=64, vocab_size=99
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").make()


def kept(home: Home) -> dict[str, object]:
    probes: dict[str, object] = json.loads((home.root / "compute.json").read_text())["probes"]
    return probes


def test_what_was_fastest_is_chosen_and_remembered(home: Home) -> None:
    random = torch.random.get_rng_state()
    first = choose(Config(device="cpu"), SMALL, home)
    assert first.measured is not None
    for what, used in ((ANSWERS, first.answers), (TRAINS, first.trains)):
        speeds = first.measured[what]
        assert set(speeds) == {"float32", "bfloat16"} and all(speed > 0 for speed in speeds.values())
        assert speeds[used] * 1.05 >= max(speeds.values())
    assert first.threads == 1 and first.alone in (1, cores())
    assert torch.equal(torch.random.get_rng_state(), random), "the probe draws no numbers of anybody else's"
    (probe,) = kept(home).values()
    assert choose(Config(device="cpu"), SMALL, home) == first, "read back, not measured again"
    assert list(kept(home).values()) == [probe]


def test_what_is_remembered_decides(home: Home) -> None:
    choose(Config(device="cpu"), SMALL, home)
    path = home.root / "compute.json"
    data = json.loads(path.read_text())
    (probe,) = data["probes"].values()
    probe["measured"] = {
        "answers": {"float32": 100.0, "bfloat16": 104.0}, "trains": {"float32": 100.0, "bfloat16": 190.0},
        "threads": {"one": 100.0, "all": 150.0},
    }  # fmt: skip
    path.write_text(json.dumps(data))
    found = choose(Config(device="cpu"), SMALL, home)
    assert (found.answers, found.trains) == ("float32", "bfloat16"), "another precision must be plainly quicker"
    assert (found.threads, found.alone) == (1, cores())


def test_another_model_is_tried_for_itself(home: Home) -> None:
    choose(Config(device="cpu"), SMALL, home)
    other = LlamaConfig(**{**SMALL.to_dict(), "hidden_size": 64})
    choose(Config(device="cpu"), other, home)
    assert len(kept(home)) == 2


def test_a_home_that_takes_no_file_is_done_without(home: Home) -> None:
    (home.root / "compute.json").mkdir()
    assert choose(Config(device="cpu"), SMALL, home).measured is not None


@pytest.mark.parametrize(
    "left", ["", "{", "[]", '{"schema": 99, "probes": {}}', '{"schema": 1, "probes": {"x": 7}}', '{"schema": 1}']
)
def test_a_damaged_file_is_made_anew(home: Home, left: str) -> None:
    (home.root / "compute.json").write_text(left)
    choose(Config(device="cpu"), SMALL, home)
    assert len(kept(home)) == 1


def test_what_the_settings_say_is_not_tried(home: Home) -> None:
    found = choose(Config(device="cpu", dtype="float16", threads="3"), SMALL, home)
    assert found == Compute("cpu", "float16", "float16", 3, 3)
    assert not (home.root / "compute.json").exists()


def test_without_a_home_nothing_is_written(tmp_path: Path) -> None:
    choose(Config(device="cpu"), SMALL, Home(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_network_that_cannot_be_made_from_its_shape_is_computed_in_float32() -> None:
    class Strange:
        hidden_size = 8

    assert choose(Config(device="cpu"), Strange()).answers == "float32"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_a_gpu_that_is_not_there_is_one_clear_line(device: str) -> None:
    with pytest.raises(UserError, match=f"device is '{device}', but torch .* sees no CUDA GPU") as raised:
        choose(Config(device=device), SMALL)
    assert "sleepy config set device auto" in raised.value.remedy


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_a_model_is_loaded_in_the_precision_chosen(dtype: str) -> None:
    model = LanguageModel.load(BUILT_IN, compute=Compute(answers=dtype))
    assert model.model.dtype == getattr(torch, dtype) and model.compute.answers == dtype


def test_a_processor_without_bfloat16_computes_in_float32(tmp_path: Path) -> None:
    """Both libraries are told to do without AVX-512, as on most machines; a process of its own, since they look once."""
    if torch.backends.cpu.get_cpu_capability() not in ("AVX2", "AVX512"):
        pytest.skip("not x86")
    program = (
        "import sys, json\n"
        "from sleepy.daemon.model.language_model import architecture\n"
        "from sleepy.daemon.compute.choose import choose\n"
        "from sleepy.daemon.base.config import Config\n"
        "print(json.dumps(choose(Config(device='cpu'), architecture('built-in')).recorded()))\n"
    )
    environment = {**os.environ, "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment, cwd=tmp_path
    )
    told = json.loads(done.stdout)
    assert (told["answers"], told["trains"]) == ("float32", "float32")


def test_the_machine_is_part_of_what_is_remembered(home: Home) -> None:
    """What a machine of the other kind measured is not taken for this one's."""
    shape = architecture(BUILT_IN)
    here = choosing._key("cpu", shape)
    before = os.environ.get("ONEDNN_MAX_CPU_ISA")
    os.environ["ONEDNN_MAX_CPU_ISA"] = "SSE41" if before == "AVX2" else "AVX2"
    try:
        assert choosing._key("cpu", shape) != here
    finally:
        os.environ.pop("ONEDNN_MAX_CPU_ISA")
        if before is not None:
            os.environ["ONEDNN_MAX_CPU_ISA"] = before
