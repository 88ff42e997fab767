"""What models cost and how good they are, and which of them to ask first."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, Literal, NamedTuple

from pydantic import Field

from nodes.contract import ChatModel, Config

Difficulty = Literal["low", "medium", "high"]
HARDNESS: Final[Mapping[Difficulty, float]] = {"low": 0.5, "medium": 1.0, "high": 2.0}


class ModelOffer(Config):
    """A line of the table: what is known of a model."""

    model: str = Field(
        title="Model", description="Reference as provider:model; * stands for anything.", min_length=1, max_length=200
    )
    quality: float = Field(
        default=0.5, ge=0, le=1, title="Quality", description="Share of middling tasks it solves, 0 to 1."
    )
    price: float = Field(
        default=0, ge=0, le=10_000, title="Price", description="US dollars for a million tokens, in and out mixed.",
        json_schema_extra={"unit": "usd"},
    )  # fmt: skip


class Candidate(NamedTuple):
    """An attached model with what the table says of it."""

    model: ChatModel
    quality: float
    price: float
    chance: float
    """Of solving a task of this difficulty, 0 to 1."""
    value: float
    """The chance, less the share of the highest price, weighted."""


def candidates(
    models: Sequence[ChatModel], offers: Sequence[ModelOffer], difficulty: Difficulty, thrift: float
) -> list[Candidate]:
    """The models, the best value first; of equal ones the cheaper, then the one attached first.

    ``thrift``: how much the price counts, 0 (not at all) to 1 (as much as the chance).
    """
    known = [_offer(model, offers) for model in models]
    dearest = max([offer.price for offer in known] or [0]) or 1.0
    found = [
        Candidate(model, offer.quality, offer.price, chance, chance - thrift * offer.price / dearest)
        for model, offer in zip(models, known, strict=True)
        for chance in [offer.quality ** HARDNESS[difficulty]]
    ]
    return sorted(found, key=lambda each: (-each.value, each.price))


def fallbacks(first: Candidate, all_: Sequence[Candidate]) -> list[Candidate]:
    """Those stronger than the first, the next stronger one first."""
    return sorted((each for each in all_ if each.quality > first.quality), key=lambda each: each.quality)


def _offer(model: ChatModel, offers: Sequence[ModelOffer]) -> ModelOffer:
    """The first line that fits; a model the table has not is middling and free."""
    fits = (offer for offer in offers if fnmatchcase(model.reference, offer.model))
    return next(fits, ModelOffer(model=model.reference))
