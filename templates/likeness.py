"""Systems like this one: alike in their words, in the nodes they are drawn from, in their family.

Words alone put beside each other what is told alike; two searches, or two teams that mend code, share their nodes.
Of the kinds that two templates have, rare ones count more (inverse document frequency; Spärck Jones 1972).
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final

from templates import catalogue, gallery

NODES: Final = 0.5
FAMILY: Final = 0.1
"""Weights beside the words', which is 1."""
_MOST: Final = 1 + NODES + FAMILY


def alike(slug: str, in_words: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """``in_words``: other templates with the cosine of what they say. The same, the most alike first, 0 to 1."""
    own = gallery.family_of(slug)
    scored = [
        (each, (cosine + NODES * _shared(slug, each) + FAMILY * (gallery.family_of(each) == own)) / _MOST)
        for each, cosine in in_words
    ]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def _shared(one: str, other: str) -> float:
    """The part of the kinds of both that either has, by weight; 0 to 1."""
    kinds, weights = _kinds(), _weights()
    either = sum(weights[kind] for kind in kinds[one] | kinds[other])
    return sum(weights[kind] for kind in kinds[one] & kinds[other]) / either if either else 0.0


@cache
def _kinds() -> dict[str, frozenset[str]]:
    return {
        slug: frozenset(node.kind for node in catalogue.load(slug).document.nodes.values())
        for slug in catalogue.slugs()
    }


@cache
def _weights() -> dict[str, float]:
    """Kind -> how much it tells of a template; 0 where all have it."""
    counts = Counter(kind for kinds in _kinds().values() for kind in kinds)
    return {kind: math.log(len(_kinds()) / count) for kind, count in counts.items()}
