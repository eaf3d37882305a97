"""The built-in model's tokenizer: byte-level BPE over pieces of Rust, with whole-token marks.

Identifiers never carry a leading space, so that a name is the same ids wherever it stands and
copying it is copying ids. Keywords take their trailing space and operators the spaces around them,
which is where rustfmt puts them. Digits stand alone. Marks (line numbers, section heads, edit signs)
are one token each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

END, PAD = "⟦end⟧", "⟦pad⟧"
_KEYWORDS = (
    "let mut|let|mut|fn|pub fn|pub|impl|for|in|if|else|match|struct|enum|return|use|as|where|const|static|"
    "move|ref|dyn|type|mod|trait|while|loop|self|Self|derive"
)
# Words of the compiler's English, with the spaces around them: never names, so nothing is copied from them.
_ENGLISH = (
    "the|of|in|to|for|is|a|an|be|this|that|with|and|has|not|but|as|by|on|it|at|or|which|does|was|are|only|cannot|"
    "implemented|expected|found|required|because|behind|declared|without|here|value|argument|method|function|field"
)
PIECES = (
    rf"\b(?:{_KEYWORDS}) |"  # a keyword with the space that follows it
    rf" (?:{_ENGLISH}) |\b(?:{_ENGLISH}) |"
    r"\b[iuf](?:8|16|32|64|128|size)\b|"
    r"_?[a-z]+|[A-Z][a-z]+|[A-Z]+|_+|"  # parts of snake_case and CamelCase names
    r"[0-9]|"
    r" ?[^\sA-Za-z0-9_]+ ?|"
    r"\s+"
)


def train_tokenizer(texts: Iterable[str], *, vocabulary: int, marks: Sequence[str]) -> PreTrainedTokenizerFast:
    """A tokenizer of `vocabulary` ids in all, the marks, END and PAD among them."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(marks) - 2,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
        max_token_length=20,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens([AddedToken(END, normalized=False), AddedToken(PAD, normalized=False)])
    tokenizer.add_tokens([AddedToken(mark, normalized=False) for mark in marks])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token=PAD,
        bos_token=END,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
