"""Similarity of texts."""

import pytest

from nodes.deliberation.similarity import bleu, most_alike


def test_bleu_of_equal_and_of_strange_texts():
    """Equal texts have 1, texts without a shared token 0, empty ones 0."""
    assert bleu("def f(x): return x + 1", "def f(x): return x + 1") == pytest.approx(1)
    assert bleu("a b c", "x y z") == 0
    assert bleu("", "x") == bleu("x", "") == 0


def test_bleu_by_hand():
    """2 of 3 words, 1 of 2 pairs, no triple (smoothed to 1/2): the geometric mean of the three."""
    assert bleu("the cat ran", "the cat sat") == pytest.approx((2 / 3 * 1 / 2 * 1 / 2) ** (1 / 3))


def test_a_short_candidate_pays():
    """What leaves half of the reference out is worth less than what says all of it."""
    assert bleu("the cat", "the cat sat down") == pytest.approx(2.718281828 ** (1 - 2), rel=1e-6)


def test_the_text_most_like_the_others():
    """The one in the middle of the crowd wins, not the first; one alone is like itself."""
    index, means = most_alike(["print the moon", "return a + b", "return a + b + 0"])
    assert index in (1, 2) and means[0] < means[index]
    assert most_alike(["alone"]) == (0, [1.0])
