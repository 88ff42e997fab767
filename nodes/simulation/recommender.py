"""Rank posts or items for someone: by likeness to their interests, by popularity, by how new they are.

Use it in a simulated network before each person's turn, or to pick what to show from a list. Each part
is 0 to 1 and weighted: likeness is the cosine of word weights (tf-idf over the items), popularity the
logarithm of ``likes`` against the most liked, newness halves every ``half_life`` of the items' own time
(``at``: ticks, days, seconds). What was seen is left out; a share of places may go to chance.

Source: Yang et al. 2024, OASIS: Open Agent Social Interaction Simulations with One Million Agents
(https://arxiv.org/abs/2411.11581). We deviate: likeness is by words instead of a trained encoder, and the
hot score is split into its two parts with weights of their own.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from pydantic import Field, model_validator

from nodes.contract import Config, Context, Inputs, Outputs, Port, node
from nodes.templating import as_text
from nodes.views import table_view

_WORD: Final = re.compile(r"\w{2,}")


class RecommenderConfig(Config):
    """How many, and what counts."""

    top_k: int = Field(
        default=5, ge=1, le=1_000, title="Items", description="How many are given out.",
        json_schema_extra={"unit": "items"},
    )  # fmt: skip
    similarity: float = Field(default=0.6, ge=0, le=1, title="Likeness", description="Weight of likeness, 0 to 1.")
    popularity: float = Field(default=0.2, ge=0, le=1, title="Popularity", description="Weight of likes, 0 to 1.")
    recency: float = Field(default=0.2, ge=0, le=1, title="Newness", description="Weight of newness, 0 to 1.")
    half_life: float = Field(
        default=24, gt=0, title="Half-life", description="After so much of the items' time newness is one half.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    chance: float = Field(
        default=0, ge=0, le=1, title="Chance", description="Share of the places that go to others by chance, 0 to 1.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    seed: int = Field(
        default=1, ge=0, le=2**31, title="Seed", description="For the places that go to chance.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _something_counts(self) -> "RecommenderConfig":
        if self.similarity + self.popularity + self.recency <= 0:
            raise ValueError("all weights are 0; let likeness, popularity or newness count")
        return self


class Ranked(NamedTuple):
    """An item with the parts of its score."""

    item: dict[str, Any]
    similarity: float
    popularity: float
    recency: float
    score: float


@node(
    kind="simulation.recommender", family="simulation", title="Recommender", summary="Rank posts or items for someone",
    config=RecommenderConfig,
    inputs=(
        Port("items", "list[any]", "Texts, or records with text and where known id, likes, at."),
        Port("interests", "any", "What the person likes, in words: a persona, posts it liked.", required=False),
        Port("seen", "list[any]", "Ids or texts of items to leave out.", required=False),
        Port("now", "number", "The time in the items' unit; absent: that of the newest.", required=False),
    ),
    outputs=(
        Port("items", "documents", "The best first, each with its score and parts."),
        Port("text", "text", "The same as a list of texts."),
    ),
    source="Yang et al. 2024, OASIS, https://arxiv.org/abs/2411.11581", icon="thumbs-up",
)  # fmt: skip
async def recommender(inputs: Inputs, config: RecommenderConfig, ctx: Context) -> Outputs:
    """Score what was not seen, take the best, give some places to chance."""
    seen = {as_text(each) for each in inputs.get("seen") or ()}
    items = [_item(each, at) for at, each in enumerate(inputs["items"])]
    fresh = [item for item in items if item["id"] not in seen and item["text"] not in seen]
    newest = max((item["at"] for item in items), default=0.0)
    now = newest if inputs.get("now") is None else inputs["now"]
    ranked = rank(fresh, as_text(inputs.get("interests")), now, config)
    lucky = min(round(config.chance * min(config.top_k, len(ranked))), max(len(ranked) - config.top_k, 0))
    best, others = ranked[: config.top_k - lucky], ranked[config.top_k - lucky :]
    dice = random.Random(f"{config.seed}:{ctx.visit}")  # noqa: S311 - chance, not secrecy
    chosen = [*best, *dice.sample(others, lucky)]
    rows = [[each.item["text"][:80], *(round(part, 2) for part in each[1:])] for each in chosen]
    ctx.show(table_view(["item", "likeness", "popularity", "newness", "score"], rows, title="Recommended"))
    documents = [{**each.item, "score": round(each.score, 6), "parts": _parts(each)} for each in chosen]
    return {"items": documents, "text": as_text(documents)}


def rank(items: Sequence[dict[str, Any]], interests: str, now: float, config: RecommenderConfig) -> list[Ranked]:
    """The best first; of equal ones the earlier."""
    likeness = _likeness([item["text"] for item in items], interests)
    most = max((math.log1p(item["likes"]) for item in items), default=0.0) or 1.0
    total = config.similarity + config.popularity + config.recency
    found: list[Ranked] = []
    for item, alike in zip(items, likeness, strict=True):
        liked = math.log1p(item["likes"]) / most
        new = 0.5 ** (max(now - item["at"], 0) / config.half_life)
        score = (config.similarity * alike + config.popularity * liked + config.recency * new) / total
        found.append(Ranked(item, alike, liked, new, score))
    return sorted(found, key=lambda each: -each.score)


def _item(value: Any, at: int) -> dict[str, Any]:
    record: dict[str, Any] = dict(value) if isinstance(value, Mapping) else {"text": as_text(value)}
    text = as_text(record["text"]) if "text" in record else as_text(record)
    likes, when = record.get("likes") or 0, record.get("at") or 0
    return {**record, "id": str(record.get("id", at)), "text": text, "likes": max(float(likes), 0), "at": float(when)}


def _likeness(texts: Sequence[str], interests: str) -> list[float]:
    """Cosine of each text with the interests, words weighted by tf-idf over the texts."""
    counts = [Counter(_WORD.findall(text.casefold())) for text in texts]
    spread = Counter(word for each in counts for word in each)
    rarity = {word: math.log((1 + len(texts)) / (1 + times)) + 1 for word, times in spread.items()}
    wanted = _weighted(Counter(_WORD.findall(interests.casefold())), rarity)
    return [_cosine(_weighted(each, rarity), wanted) for each in counts]


def _weighted(counts: Counter[str], rarity: Mapping[str, float]) -> dict[str, float]:
    return {word: times * rarity[word] for word, times in counts.items() if word in rarity}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return sum(weight * other.get(word, 0) for word, weight in one.items()) / lengths if lengths else 0.0


def _parts(each: Ranked) -> dict[str, float]:
    return {"similarity": round(each.similarity, 6), "popularity": round(each.popularity, 6),
            "recency": round(each.recency, 6)}  # fmt: skip
