"""Synthetic memories for the benchmark: varied texts of many topics, each with a seeded vector.

A vector is its topic's direction plus noise, of length 1: near ones share a topic, as embeddings of
real notes do. To embed 100,000 texts would take minutes and measure onnxruntime, not the memory.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

DIMENSIONS: Final = 384
KINDS: Final = ("fact", "lesson", "solved", "note")
_SYLLABLES: Final = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "ai", "or")]
_COMMON: Final = ("the", "of", "to", "a", "in", "is", "for", "with", "on", "by", "it", "was", "when", "then", "so")
_WORDS_IN_ALL: Final = 4_000
_NOISE: Final = 1.2  # against a topic's 1: cosine of about 0.4 within a topic, 0 between


@dataclass(frozen=True)
class Corpus:
    """``texts[i]`` has ``vectors[i]``, of length 1."""

    texts: list[str]
    kinds: list[str]
    vectors: "np.ndarray[Any, np.dtype[np.float32]]"


def corpus(count: int, *, seed: int, topics: int = 400) -> Corpus:
    """``count`` different texts of 8 to 40 words with their vectors; the same for the same arguments."""
    chosen = random.Random(seed)
    words = sorted({"".join(chosen.choices(_SYLLABLES, k=chosen.randint(2, 4))) for _ in range(_WORDS_IN_ALL)})
    own = [chosen.sample(words, 60) for _ in range(topics)]
    of = [chosen.randrange(topics) for _ in range(count)]
    texts = [_text(chosen, own[topic], words, number) for number, topic in enumerate(of)]
    return Corpus(texts, [chosen.choice(KINDS) for _ in of], points(of, seed=seed, topics=topics))


def points(of: Sequence[int], *, seed: int, topics: int = 400) -> "np.ndarray[Any, np.dtype[np.float32]]":
    """A vector for each topic in ``of``."""
    generator = np.random.default_rng(seed)
    centres = generator.standard_normal((topics, DIMENSIONS)).astype(np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    noise = generator.standard_normal((len(of), DIMENSIONS)).astype(np.float32)
    noise *= _NOISE / np.sqrt(DIMENSIONS)
    found = centres[np.asarray(of)] + noise
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def _text(chosen: random.Random, own: Sequence[str], words: Sequence[str], number: int) -> str:
    said = [
        chosen.choice(_COMMON) if chosen.random() < 0.4 else chosen.choice(own if chosen.random() < 0.7 else words)
        for _ in range(chosen.randint(8, 40))
    ]
    return " ".join(said).capitalize() + f" {number}."


class Given:
    """An embedding that knows the vectors of the texts it was given, and makes none."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def know(self, texts: Sequence[str], vectors: Sequence[Any]) -> None:
        """Answer with these from now on."""
        self._known.update(zip(texts, vectors, strict=True))

    def texts(self) -> Iterable[str]:
        """What it knows."""
        return self._known

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._known[text].tolist() for text in texts]
