"""What a model's frozen lower layers make of a sample, computed once and kept in a file: later epochs begin above them.

Nothing below the first layer that learns changes, so neither do the hidden states that enter it: (tokens, d) a sample, in
the model's precision, 1,152 bytes a token for SmolLM2-135M. With 14 of its 30 layers frozen that is three tenths of a
step's work (378 -> 542 tokens a second of one core). The index begins with a fingerprint of the frozen weights: a file of
another model, or another cut, counts as empty. Samples are found by a hash of their ids, of 128 bits.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sleepy.memory.parametric.storage import write_whole

_ENTRY = struct.Struct("<16sQI")  # a sample's hash, where it begins, its tokens
_PRINT = 32  # bytes of the fingerprint
_BITS = {1: torch.uint8, 2: torch.int16, 4: torch.int32}


class LowerLayers:
    """The layers below `first` of a Llama-like model, with a file of what they made: at most `limit` bytes of it.

    Within `with`, the model's own forward pass is unchanged outside of `lower` and `upper`.
    """

    def __init__(self, model: Any, first: int, file: Path, *, limit: int) -> None:
        self.base, self.first, self.limit = model.base_model, first, limit
        self.layers, self.norm = self.base.layers, self.base.norm
        weight = next(model.parameters())
        self.dtype: torch.dtype = weight.dtype
        self.device: torch.device = weight.device
        self.width = int(model.config.hidden_size)
        self._data, self._index = file, file.with_suffix(".index")
        self._print = _fingerprint(self.base, first)
        self._known = self._read()
        self._end = max((begin + length * self._row_bytes for begin, length in self._known.values()), default=0)

    def __len__(self) -> int:
        return len(self._known)

    def hidden(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """What enters the first layer that learns, for token ids: (rows, longest, d), padded with zeros on the right."""
        keys = [_key(row) for row in rows]
        lacking = [i for i, key in enumerate(keys) if key not in self._known]
        kept = [(i, self._known[key]) for i, key in enumerate(keys) if key in self._known]
        out = torch.zeros(len(rows), max(map(len, rows)), self.width, dtype=self.dtype)
        if lacking:
            longest = max(len(rows[i]) for i in lacking)
            ids = torch.zeros(len(lacking), longest, dtype=torch.long)
            for n, i in enumerate(lacking):
                ids[n, : len(rows[i])] = torch.tensor(rows[i])
            made = self.lower(ids.to(self.device)).cpu()
            for n, i in enumerate(lacking):
                out[i, : len(rows[i])] = made[n, : len(rows[i])]
            self._append([keys[i] for i in lacking], [made[n, : len(rows[i])] for n, i in enumerate(lacking)])
        if kept:
            with self._data.open("rb") as file:
                for i, (begin, length) in kept:
                    file.seek(begin)
                    raw = bytearray(file.read(length * self._row_bytes))
                    out[i, :length] = torch.frombuffer(raw, dtype=self.dtype).view(length, self.width)
        return out.to(self.device)

    @torch.no_grad()
    def lower(self, ids: Tensor) -> Tensor:
        """The hidden states (rows, tokens, d) that enter layer `first`."""
        with self._only(self.layers[: self.first], nn.Identity()):
            found: Tensor = self.base(input_ids=ids, use_cache=False).last_hidden_state
        return found

    def upper(self, hidden: Tensor) -> Tensor:
        """The model's last hidden states, begun at layer `first`."""
        with self._only(self.layers[self.first :], self.norm):
            found: Tensor = self.base(inputs_embeds=hidden, use_cache=False).last_hidden_state
        return found

    @contextmanager
    def _only(self, layers: nn.ModuleList, norm: nn.Module) -> Iterator[None]:
        self.base.layers, self.base.norm = layers, norm
        try:
            yield
        finally:
            self.base.layers, self.base.norm = self.layers, self.norm

    @property
    def _row_bytes(self) -> int:
        return self.width * int(self.dtype.itemsize)

    def _append(self, keys: Sequence[bytes], made: Sequence[Tensor]) -> None:
        """Data first, synced, then the index: what a kill cuts off is not in the index, and is written over."""
        entries = []
        with self._data.open("r+b" if self._data.exists() else "w+b") as data:
            data.seek(self._end)
            for key, rows in zip(keys, made, strict=True):
                size = len(rows) * self._row_bytes
                if self._end + size > self.limit or key in self._known:
                    continue
                data.write(rows.contiguous().view(_BITS[self.dtype.itemsize]).numpy().tobytes())
                entries.append(_ENTRY.pack(key, self._end, len(rows)))
                self._known[key] = self._end, len(rows)
                self._end += size
            data.flush()
            os.fsync(data.fileno())
        with self._index.open("ab") as index:
            index.write(b"".join(entries))

    def _read(self) -> dict[bytes, tuple[int, int]]:
        """What the index names and the data has; the index is written anew where it names more, or is of other weights."""
        raw = self._index.read_bytes() if self._index.exists() else b""
        body = raw[_PRINT:] if raw[:_PRINT] == self._print else b""
        size = self._data.stat().st_size if self._data.exists() else 0
        whole = body[: len(body) // _ENTRY.size * _ENTRY.size]
        entries = [item for item in _ENTRY.iter_unpack(whole) if item[1] + item[2] * self._row_bytes <= size]
        if raw != (found := self._print + b"".join(_ENTRY.pack(*item) for item in entries)):
            write_whole(self._index, found)
        return {key: (begin, length) for key, begin, length in entries}


def lower_layers(model: Any, first: int, file: Path, ids: Tensor, *, limit: int) -> LowerLayers | None:
    """The model's lower layers, where the model can be cut there; None where, tried on ids (1, tokens), it cannot."""
    base = model.base_model
    layers, norm = getattr(base, "layers", None), getattr(base, "norm", None)
    kinds = set(getattr(model.config, "layer_types", None) or ())  # layers of several kinds are told by their number
    if not first > 0 or not isinstance(layers, nn.ModuleList) or not isinstance(norm, nn.Module) or len(kinds) > 1:
        return None
    found = LowerLayers(model, first, file, limit=limit)
    with torch.no_grad():
        whole = base(input_ids=ids, use_cache=False).last_hidden_state
        try:
            cut = found.upper(found.lower(ids))
        except (TypeError, ValueError, RuntimeError, AttributeError, IndexError):
            return None
    return found if torch.equal(whole, cut) else None


def _fingerprint(base: Any, first: int) -> bytes:
    """A hash of the embedding and the layers below `first`, their precision and device."""
    found = hashlib.sha256(f"{first}".encode())
    for part in (base.get_input_embeddings(), *base.layers[:first]):
        for name, value in part.named_parameters():
            found.update(f"{name} {tuple(value.shape)} {value.dtype} {value.device.type}".encode())
            found.update(value.detach().cpu().contiguous().view(_BITS[value.dtype.itemsize]).numpy().tobytes())
    return found.digest()


def _key(ids: Sequence[int]) -> bytes:
    return hashlib.sha256(struct.pack(f"<{len(ids)}I", *ids)).digest()[:16]
