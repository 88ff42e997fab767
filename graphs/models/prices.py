"""What a call costs, from the price list shipped in ``genai-prices``. Nothing is fetched."""

from functools import lru_cache
from typing import Any, Final

FREE: Final = frozenset({"builtin", "scripted", "recorded", "ollama"})


def usd(provider: str, model: str, input_tokens: int, output_tokens: int) -> float | None:
    """US dollars (list price) of one call; 0.0 for models run here; None where no price is known."""
    if provider in FREE:
        return 0.0
    return _listed(provider, model, input_tokens, output_tokens)


@lru_cache(maxsize=4096)
def _listed(provider: str, model: str, input_tokens: int, output_tokens: int) -> float | None:
    prices = _library()
    usage = prices.Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        return float(prices.calc_price(usage, model, provider_id=provider).total_price)
    except LookupError:
        return None


def _library() -> Any:
    import genai_prices  # 0.3 s of price tables: only when a paid model is used

    return genai_prices
