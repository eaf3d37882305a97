"""The prompt's marks for a model that has none: tokens of its own, begun as the words that they stand for.

A pretrained model's tokenizer gets one added token a mark, and its embedding the mean of the embeddings of some
words that say the same in ordinary text. The base is left as it is on disk: what is added follows from it and from
the marks alone, so an adapter need only bring what was learnt beyond that.
"""

from __future__ import annotations

from typing import Any

import torch
from tokenizers import AddedToken

from sleepy.daemon.agent import edits, prompt
from sleepy.daemon.errors import UserError

WORDS = {
    "⟦err⟧": "\nerror: ",
    "⟦at⟧": "\n --> at line",
    "⟦rel⟧": "\nrelated line",
    "⟦:⟧": ": ",
    "⟦note⟧": "\nnote: ",
    prompt.TRY: "\nhelp: try",
    "⟦src⟧": "\nsource code:\n",
    "⟦cut⟧": "\n...\n",
    "⟦fix⟧": "\nfix:\n",
    edits.TO: " -> ",
    edits.INSERT: " + insert",
    edits.DELETE: " - delete",
}


def words(mark: str) -> str:
    """What a mark stands for in ordinary text; a line's mark for the number and a bar."""
    return WORDS.get(mark, f"\n{mark[1:-1]}|")


def has_marks(tokenizer: Any) -> bool:
    """Whether each mark is one token."""
    return all(len(tokenizer.encode(mark, add_special_tokens=False)) == 1 for mark in prompt.MARKS)


def adopt(model: Any, tokenizer: Any) -> int:
    """Adds the marks to both, in place; returns the first mark's id. `UserError` where the tokenizer has some of them.

    Rows that a model's embedding has beyond its tokenizer's ids are left out: the marks follow the tokens.
    """
    count = len(tokenizer)
    meant = [tokenizer.encode(words(mark), add_special_tokens=False) for mark in prompt.MARKS]
    added = tokenizer.add_tokens([AddedToken(mark, normalized=False, special=False) for mark in prompt.MARKS])
    if added != len(prompt.MARKS) or not all(meant):
        raise UserError(
            f"the tokenizer knows {len(prompt.MARKS) - added} of the {len(prompt.MARKS)} marks of prompts, or cannot say others",
            remedy="a model that has all of them needs no adapter for them; one that has none can be given them",
        )
    model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    with torch.no_grad():
        for matrix in {
            id(m.weight): m.weight for m in (model.get_input_embeddings(), model.get_output_embeddings())
        }.values():
            rows = torch.stack([matrix[torch.tensor(ids, device=matrix.device)].float().mean(0) for ids in meant])
            matrix[count:] = rows.to(matrix.dtype)
    return count
