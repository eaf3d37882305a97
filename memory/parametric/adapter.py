"""One pattern's LoRA factors, and PEFT's folder format for them in both directions.

The scale (alpha / r, or alpha / sqrt r with rsLoRA) is folded into the factors once, on reading, and
is 1 from then on. Anything a pair of factors per linear layer cannot say is refused by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from sleepy.memory.parametric import linear_algebra
from sleepy.memory.parametric.errors import SubspaceError
from sleepy.memory.parametric.storage import write_whole

_CONFIG, _WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_KEY = re.compile(r"base_model\.model\.(?P<module>.+)\.lora_(?P<side>[AB])\.weight")
# fields of PEFT's LoraConfig (0.21) that change what the weights mean, and the values under which they do not
_PLAIN: dict[str, tuple[Any, ...]] = {
    "use_dora": (False, None),
    "bias": ("none", None),
    "lora_bias": (False, None),
    "modules_to_save": (None, []),
    "trainable_token_indices": (None, [], {}),
    "target_parameters": (None, []),
    "layer_replication": (None, []),
    "alora_invocation_tokens": (None, []),
    "use_qalora": (False, None),
    "use_bdlora": (None, False),
    "velora_config": (None,),
    "kasa_config": (None,),
    "monteclora_config": (None,),
    "arrow_config": (None,),
    "ensure_weight_tying": (False, None),
    "fan_in_fan_out": (False, None),
    # the other starts change the base itself
    "init_lora_weights": (True, False, None, "gaussian", "eva", "orthogonal", "mica"),
}
# fields that say which layers there are, how they were trained, or nothing that outlives training
_READ = ("r", "lora_alpha", "rank_pattern", "alpha_pattern", "use_rslora", "peft_type")
_TARGETS = ("target_modules", "exclude_modules", "layers_to_transform", "layers_pattern")
_INDIFFERENT = (
    "auto_mapping", "base_model_name_or_path", "corda_config", "eva_config", "inference_mode", "loftq_config",
    "lora_dropout", "lora_ga_config", "megatron_config", "megatron_core", "peft_version", "qalora_group_size",
    "revision", "runtime_config", "task_type",
)  # fmt: skip
_KNOWN = {*_PLAIN, *_READ, *_TARGETS, *_INDIFFERENT}


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """dW = b @ a for one linear layer: b (n, r), a (r, d)."""

    b: Tensor
    a: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """Factors by module name, as `named_modules` spells it. `ValueError` if shapes or values are unfit."""

    factors: Mapping[str, Factors]

    def __post_init__(self) -> None:
        for name, pair in self.factors.items():
            if pair.b.ndim != 2 or pair.a.ndim != 2 or pair.b.shape[1] != pair.a.shape[0]:
                raise ValueError(f"{name}: B {tuple(pair.b.shape)} and A {tuple(pair.a.shape)} do not multiply")
            if not (pair.b.isfinite().all() and pair.a.isfinite().all()):
                raise ValueError(f"{name}: a factor is not finite")

    def reduced(self, p: int) -> Adapter:
        """The nearest adapter of rank at most p in every layer, balanced, in float64."""
        return Adapter({n: Factors(*linear_algebra.reduced(f.b, f.a, p)) for n, f in self.factors.items()})

    def uniform(self) -> tuple[int, dict[str, Factors]]:
        """One rank, and factors of it for every layer: balanced, padded with zeros, float32, layers in order of name.

        For readers that know one rank and one alpha.
        """
        pairs = {m: linear_algebra.triple(f.b, f.a).balanced() for m, f in sorted(self.factors.items())}
        rank = max([1, *(b.shape[1] for b, _ in pairs.values())])
        factors = {}
        for module, (b, a) in pairs.items():
            lacking = rank - b.shape[1]
            wide, long = (
                torch.nn.functional.pad(side, by) for side, by in ((b, (0, lacking)), (a, (0, 0, 0, lacking)))
            )
            factors[module] = Factors(wide.float().contiguous(), long.float().contiguous())
        return rank, factors

    @property
    def parameters(self) -> int:
        return sum(f.b.numel() + f.a.numel() for f in self.factors.values())


def read_peft(folder: Path, *, modules: Iterable[str] | None = None) -> Adapter:
    """Reads a PEFT LoRA folder; mixed ranks, alphas, rsLoRA and partial layers are fine.

    With `modules` (the names of the model's linear layers) every module the config targets must be
    there. `SubspaceError` names what is unsupported, missing or unexpected; a field that this program does not
    know is unsupported unless it is empty.
    """
    config = _config(folder)
    try:
        tensors = load_tensors((folder / _WEIGHTS).read_bytes())
    except OSError as error:
        raise SubspaceError(
            f"{folder}: no {_WEIGHTS}", remedy="save the adapter with safetensors (PEFT's default)"
        ) from error
    except SafetensorError as error:
        raise SubspaceError(f"{folder / _WEIGHTS} is damaged: {error}", remedy="copy the adapter again") from error
    sides: dict[str, dict[str, Tensor]] = {}
    for key, tensor in sorted(tensors.items()):  # files hold them in any order
        match = _KEY.fullmatch(key)
        if match is None or tensor.ndim != 2:
            raise _unexpected(folder, key, tensor)
        sides.setdefault(match["module"], {})[match["side"]] = tensor
    for module, found in sides.items():
        for side in {"A", "B"} - found.keys():
            raise _missing(folder, f"base_model.model.{module}.lora_{side}.weight")
    _check_targets(folder, config, sides.keys(), modules)
    factors = {}
    for module, found in sides.items():
        b, a = found["B"], found["A"]
        rank = a.shape[0]
        declared = _by_pattern(config.get("rank_pattern") or {}, module, config["r"])
        if b.shape[1:] != (rank,) or rank != declared:
            raise SubspaceError(
                f"{folder}: {module} has B {tuple(b.shape)} and A {tuple(a.shape)}, its config says rank {declared}",
                remedy="config and weights must come from one save",
            )
        alpha = _by_pattern(config.get("alpha_pattern") or {}, module, config["lora_alpha"])
        scale = alpha / (rank**0.5 if config.get("use_rslora") else rank)
        factors[module] = Factors(b.float() * scale, a.float())
    try:
        return Adapter(factors)
    except ValueError as error:
        raise SubspaceError(f"{folder}: {error}", remedy="train the adapter again") from error


def write_peft(folder: Path, adapter: Adapter, base_model_name: str) -> None:
    """Writes a folder that `PeftModel.from_pretrained` loads: scale 1, float32, balanced factors of one rank.

    Readers other than PEFT know no rank_pattern.
    """
    rank, pairs = adapter.uniform()
    tensors = {}
    for module, pair in pairs.items():
        tensors[f"base_model.model.{module}.lora_A.weight"] = pair.a
        tensors[f"base_model.model.{module}.lora_B.weight"] = pair.b
    config = {
        "alpha_pattern": {},
        "base_model_name_or_path": base_model_name,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "init_lora_weights": True,
        "lora_alpha": rank,
        "lora_dropout": 0.0,
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": rank,
        "rank_pattern": {},
        "target_modules": sorted(pairs),
        "task_type": "CAUSAL_LM",
        "use_dora": False,
        "use_rslora": False,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / _WEIGHTS, save_tensors(tensors, metadata={"format": "pt"}))
    write_whole(folder / _CONFIG, (json.dumps(config, indent=2, sort_keys=True) + "\n").encode())


def _config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    except OSError as error:
        raise SubspaceError(
            f"{folder}: no {_CONFIG}", remedy="give a folder written by PEFT's save_pretrained"
        ) from error
    except ValueError as error:
        raise SubspaceError(f"{folder / _CONFIG} is no JSON: {error}", remedy="copy the adapter again") from error
    if not isinstance(config, dict) or config.get("peft_type") != "LORA":
        kind = config.get("peft_type") if isinstance(config, dict) else None
        raise SubspaceError(f"{folder}: peft_type is {kind!r}", remedy="only LORA adapters can be taken in")
    for field, plain in _PLAIN.items():
        value = config.get(field)
        if not any(value is fine or value == fine for fine in plain):
            raise SubspaceError(
                f"{folder}: {field} = {value!r} says more than LoRA factors of linear layers can",
                remedy=f"train the adapter with {field} = {plain[0]!r}",
            )
    for field in sorted(config.keys() - _KNOWN):
        if config[field]:
            raise SubspaceError(
                f"{folder}: {field} = {config[field]!r} is nothing this program knows, and may change the weights",
                remedy=f"train the adapter without {field}",
            )
    for field, pattern, kinds in (("r", "rank_pattern", int), ("lora_alpha", "alpha_pattern", (int, float))):
        for name, value in ((field, config.get(field)), *(config.get(pattern) or {}).items()):
            if not isinstance(value, kinds) or value <= 0:
                raise SubspaceError(f"{folder}: {name} is {value!r}", remedy="it must be a positive number")
    return config


def _check_targets(folder: Path, config: dict[str, Any], present: Iterable[str], modules: Iterable[str] | None) -> None:
    """Every target is in the file, and the file has no module the model lacks."""
    present = set(present)
    if not present:
        raise _missing(folder, "base_model.model.<module>.lora_A.weight")
    if modules is None:
        targets = config.get("target_modules")
        for target in targets if isinstance(targets, list) else []:
            if not any(module == target or module.endswith(f".{target}") for module in present):
                raise _missing(folder, f"base_model.model.*.{target}.lora_A.weight")
        return
    from peft import LoraConfig
    from peft.tuners.tuners_utils import check_target_module_exists

    names = set(modules)
    for module in sorted(present - names):
        raise SubspaceError(
            f"{folder}: unexpected module {module!r}: the model has no such linear layer",
            remedy="use the adapter with the model it was trained on",
        )
    wanted = LoraConfig(**{field: config[field] for field in _TARGETS if config.get(field) is not None})
    for module in sorted(names - present):
        if config.get("target_modules") != "all-linear" and not check_target_module_exists(wanted, module):
            continue
        raise _missing(folder, f"base_model.model.{module}.lora_A.weight")


def _unexpected(folder: Path, key: str, tensor: Tensor) -> SubspaceError:
    """What a key or shape that no linear layer's factor has is, as far as it is known."""
    module = re.split(r"\.(?:lora_|base_layer\.)", key.removeprefix("base_model.model."))[0]
    if ".lora_embedding_" in key or ".base_layer." in key:  # PEFT saves a base_layer of embeddings alone
        return SubspaceError(
            f"{folder}: unexpected key {key!r}: a LoRA of the embedding {module}",
            remedy=f"train the adapter without {module.rpartition('.')[2]} in target_modules",
        )
    if _KEY.fullmatch(key):
        return SubspaceError(
            f"{folder}: unexpected key {key!r} of {tuple(tensor.shape)}: {module} is no linear layer",
            remedy=f"train the adapter without {module.rpartition('.')[2]} in target_modules",
        )
    return SubspaceError(
        f"{folder}: unexpected key {key!r}",
        remedy="a LoRA has only base_model.model.<module>.lora_A.weight and .lora_B.weight",
    )


def _missing(folder: Path, key: str) -> SubspaceError:
    return SubspaceError(f"{folder}: missing key {key!r}", remedy="save the whole adapter again")


def _by_pattern(patterns: Mapping[str, Any], module: str, default: Any) -> Any:
    """PEFT's rule: the first key that, as a regular expression, matches the whole name or its end."""
    for key, value in patterns.items():
        if re.match(rf"(.*\.)?({key})$", module):
            return value
    return default
