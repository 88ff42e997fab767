"""Prices of calls."""

import pytest

from graphs.models.prices import usd


@pytest.mark.parametrize("provider", ["builtin", "scripted", "recorded", "ollama"])
def test_what_runs_here_is_free(provider: str):
    """Zero, which is not the same as unknown."""
    assert usd(provider, "anything", 1000, 1000) == 0.0


@pytest.mark.parametrize(("provider", "model"), [("openai", "gpt-4o-mini"), ("anthropic", "claude-sonnet-4-5")])
def test_listed_models_cost_by_tokens(provider: str, model: str):
    """Twice the tokens, twice the price; output costs more than input."""
    once = usd(provider, model, 1000, 1000)
    assert once is not None
    assert usd(provider, model, 2000, 2000) == pytest.approx(2 * once)
    assert (usd(provider, model, 0, 1000) or 0) > (usd(provider, model, 1000, 0) or 0) > 0


@pytest.mark.parametrize(("provider", "model"), [("openai", "no-such-model-x"), ("office", "gpt-4o")])
def test_an_unlisted_price_is_unknown(provider: str, model: str):
    """None, so that nobody takes it for free."""
    assert usd(provider, model, 1000, 1000) is None
