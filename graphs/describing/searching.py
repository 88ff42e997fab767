"""The few names that fit a wish best, so that a small model chooses among them instead of inventing one.

Words are matched by their beginnings (``critic`` finds Critique) and weighed by how rare they are (inverse document
frequency, Spärck Jones 1972); with an embedding the ranking by meaning is joined by reciprocal rank fusion
(Cormack, Clarke & Büttcher 2009, k = 60).
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from graphs.describing.words import Kinds
from nodes.contract import NodeSpec

T = TypeVar("T")
Embed = Callable[[Sequence[str]], list[list[float]]]
OFFERED: Final = 6
"""Kinds that a small model chooses among."""
STEM: Final = 5
"""Letters by which two words count as one."""
_FUSION: Final = 60
_EMPTY_WORDS: Final = """
a an and are as at be by can could do does for from get give given gives has have if in into is it its let lets make me
more most must new node nodes not of on once one or please put says should so step steps that the them then there these
they this to up use uses want way when which will with work workflow would you your
"""
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())


def stems(text: str) -> list[str]:
    """The beginnings of its words, those that say nothing left out."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))
    return [_stem(word) for word in words if word not in _EMPTY and len(word) > 1]


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:STEM]


def best(wish: str, choices: Mapping[T, Sequence[tuple[float, str]]], most: int) -> list[T]:
    """The choices whose texts fit ``wish`` best, the best first; those that share no word come last.

    ``choices``: each with texts and how much a word in them counts.
    """
    ranked = _by_words(wish, choices)
    order = {key: place for place, key in enumerate(choices)}
    return sorted(choices, key=lambda key: (-ranked[key], order[key]))[:most]


def _by_words(wish: str, choices: Mapping[T, Sequence[tuple[float, str]]]) -> dict[T, float]:
    texts = {key: [(weight, Counter(stems(text))) for weight, text in parts] for key, parts in choices.items()}
    asked = set(stems(wish))
    seen = Counter(word for parts in texts.values() for word in asked if any(word in part for _, part in parts))
    rare = {word: math.log(1 + len(texts) / (1 + seen[word])) for word in asked}
    return {
        key: sum(rare[word] * max((weight for weight, part in parts if word in part), default=0) for word in asked)
        for key, parts in texts.items()
    }


class KindSearch:
    """Search in the registry; ``embed`` adds the search by meaning."""

    def __init__(self, kinds: Kinds, embed: Embed | None = None) -> None:
        self._kinds = kinds
        self._embed = embed

    def find(self, wish: str, among: Collection[str], most: int = OFFERED) -> list[str]:
        """Names of kinds among ``among``, the best first."""
        choices = {kind: _texts(self._kinds[kind]) for kind in among}
        scores = _by_words(wish, choices)
        ranks = [sorted((kind for kind in choices if scores[kind] > 0), key=lambda kind: -scores[kind])]
        if self._embed is not None and choices:
            ranks.append(self._by_meaning(self._embed, wish, list(choices)))
        fused: dict[str, float] = dict.fromkeys(choices, 0.0)
        for ranking in ranks:
            for place, kind in enumerate(ranking):
                fused[kind] += 1 / (_FUSION + place)
        order = {kind: place for place, kind in enumerate(choices)}
        return sorted(choices, key=lambda kind: (-fused[kind], order[kind]))[:most]

    def _by_meaning(self, embed: Embed, wish: str, among: list[str]) -> list[str]:
        vectors = _vectors(embed, [_told(self._kinds[kind]) for kind in among])
        (asked,) = embed([wish])
        likeness = {
            kind: sum(a * b for a, b in zip(asked, vector, strict=True))
            for kind, vector in zip(among, vectors, strict=True)
        }
        return sorted(among, key=lambda kind: -likeness[kind])


def _vectors(embed: Embed, texts: Sequence[str]) -> list[list[float]]:
    """Each text is embedded once in a process; they are those of the registry."""
    known = _known(embed)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(new, embed(new), strict=True))
    return [known[text] for text in texts]


@lru_cache(maxsize=8)
def _known(embed: Embed) -> dict[str, list[float]]:
    return {}


def _texts(spec: NodeSpec) -> Sequence[tuple[float, str]]:
    name = spec.kind.rpartition(".")[2]
    return (
        (3, f"{spec.title} {name}"),
        (2, f"{spec.summary} {spec.family} {spec.provides or ''}"),
        (0.7, _purpose(spec)),
    )


def _told(spec: NodeSpec) -> str:
    return f"{spec.title}: {spec.summary}"


def _purpose(spec: NodeSpec) -> str:
    """What its reference says before the source."""
    return " ".join(spec.doc.partition("Source:")[0].split())[:500]
