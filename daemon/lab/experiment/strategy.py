"""The strategies that are compared, as data: each is a configuration of one pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TrainOn(StrEnum):
    NOTHING = "nothing"
    FAILING = "failing"  # the patterns that a night would learn
    ALL = "all"  # these and as many mastered ones
    FEW = "few"  # four failing ones
    PRACTISED = "practised"  # whatever was practised: the model's own answers alone, which is all there is of most


class Teach(StrEnum):
    FORGED = "forged"  # what is not the model's own answer
    OWN = "own"  # the model's own answers, of failing patterns and of mastered ones
    BOTH = "both"  # the two together: with replay


class Trainable(StrEnum):
    NONE = "none"
    LORA = "lora"  # factors of its own
    COEFFICIENTS = "coefficients"  # Phase 2, inside the bases of the few


class Consolidate(StrEnum):
    NONE = "none"  # one adapter of all lessons together
    AVERAGE = "average"  # the mean of the patterns' dW
    ONE = "one task"  # the first pattern's for everything
    SHARE = "share"  # Phases 1 to 3


class Serve(StrEnum):
    BASE = "base"
    GLOBAL = "global"  # every task gets the adapter
    ROUTED = "routed"  # by the compiler's error, the base for the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One row of the table. `model` replaces the base model; `also` answers where it fails."""

    name: str
    title: str
    train_on: TrainOn = TrainOn.NOTHING
    teach: Teach = Teach.FORGED
    trainable: Trainable = Trainable.NONE
    consolidate: Consolidate = Consolidate.NONE
    serve: Serve = Serve.BASE
    hints: bool = False
    turns: int = 1
    samples: int = 1
    lr: float | None = None
    model: str = ""
    also: str = ""

    @property
    def trains(self) -> bool:
        return self.train_on is not TrainOn.NOTHING


def strategies(other: str) -> tuple[Strategy, ...]:
    """All of them; `other` is the second model."""
    lora, coefficients = Trainable.LORA, Trainable.COEFFICIENTS
    failing, everything, few = TrainOn.FAILING, TrainOn.ALL, TrainOn.FEW
    average, one, share = Consolidate.AVERAGE, Consolidate.ONE, Consolidate.SHARE
    anywhere, both, own = Serve.GLOBAL, Teach.BOTH, Teach.OWN
    return (
        Strategy(name="baseline", title="the base model alone"),
        Strategy(
            name="everything", title="LoRA on every pattern, averaged",
            train_on=everything, trainable=lora, consolidate=average, serve=anywhere,
        ),
        Strategy(
            name="few", title="the same with four adapters",
            train_on=few, trainable=lora, consolidate=average, serve=anywhere,
        ),
        Strategy(
            name="one-task", title="one pattern's adapter for everything",
            train_on=failing, trainable=lora, consolidate=one, serve=anywhere,
        ),
        Strategy(name="targeted", title="one LoRA on the failing patterns", train_on=failing, trainable=lora, serve=anywhere),
        Strategy(
            name="replay", title="the same with replay",
            train_on=failing, teach=both, trainable=lora, serve=anywhere,
        ),
        Strategy(
            name="own-only", title="the same on the model's own right answers alone",
            train_on=failing, teach=own, trainable=lora, serve=anywhere,
        ),
        Strategy(
            name="own-practised", title="one LoRA on its own right answers to all it practised",
            train_on=TrainOn.PRACTISED, teach=own, trainable=lora, serve=anywhere,
        ),
        Strategy(
            name="timid", title="the same at a learning rate of 1e-6",
            train_on=failing, teach=both, trainable=lora, serve=anywhere, lr=1e-6,
        ),
        Strategy(
            name="coefficients", title="Phase 2 coefficients only, for all failing patterns together",
            train_on=failing, teach=both, trainable=coefficients, serve=anywhere,
        ),
        Strategy(
            name="share-averaged", title="Share, Phases 1 to 3, coefficients averaged",
            train_on=failing, teach=both, trainable=coefficients, consolidate=average, serve=anywhere,
        ),
        Strategy(
            name="routed", title="Share, routed by the compiler's error: the night",
            train_on=failing, teach=both, trainable=coefficients, consolidate=share, serve=Serve.ROUTED,
        ),
        Strategy(name="hints", title="a hint for the error in the prompt", hints=True),
        Strategy(name="turns", title="three turns, each with the errors of the one before", turns=3),
        Strategy(name="samples", title="best of four", samples=4),
        Strategy(name="another", title=f"another model: {other}", model=other),
        Strategy(name="ensemble", title=f"the base, and {other} where it fails", also=other),
    )  # fmt: skip
