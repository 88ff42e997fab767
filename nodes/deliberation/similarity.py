"""How alike two texts are: BLEU, and which text is most like all the others.

Source: Papineni et al. 2002, BLEU: a Method for Automatic Evaluation of Machine Translation
(https://aclanthology.org/P02-1040). Sentence level, n-grams to 4; a precision of 0 is smoothed by halving
(Chen and Cherry 2014, method 3).
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
ORDER: Final = 4


def bleu(candidate: str, reference: str) -> float:
    """0 (nothing shared) to 1 (the same tokens); 0 where one of them is empty."""
    said, meant = _TOKEN.findall(candidate), _TOKEN.findall(reference)
    if not said or not meant:
        return 0.0
    logs, smooth = 0.0, 1.0
    orders = min(ORDER, len(said), len(meant))
    for n in range(1, orders + 1):
        precision = _precision(said, meant, n)
        if precision == 0 and n == 1:
            return 0.0
        if precision == 0:
            smooth /= 2
            precision = smooth / (len(said) - n + 1)
        logs += math.log(precision)
    brevity = min(0.0, 1 - len(meant) / len(said))
    return math.exp(logs / orders + brevity)


def _precision(said: Sequence[str], meant: Sequence[str], n: int) -> float:
    mine, theirs = _grams(said, n), _grams(meant, n)
    shared = sum(min(times, theirs[gram]) for gram, times in mine.items())
    return shared / max(sum(mine.values()), 1)


def _grams(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def most_alike(texts: Sequence[str]) -> tuple[int, list[float]]:
    """Index of the text with the highest mean similarity to the others (the first of equals), and the means."""
    means = [_mean_to_others(i, texts) for i in range(len(texts))]
    return max(range(len(texts)), key=lambda i: means[i]), means


def _mean_to_others(i: int, texts: Sequence[str]) -> float:
    others = [text for j, text in enumerate(texts) if j != i]
    return sum(bleu(texts[i], other) for other in others) / len(others) if others else 1.0
