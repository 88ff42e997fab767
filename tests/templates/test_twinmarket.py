"""TwinMarket: posts reach only followers, orders are matched within the accounts, and the next day knows the price."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

TRADERS: list[dict[str, Any]] = [
    {"name": name, "persona": f"You are {name}.", "cash": 100, "shares": 5} for name in ("Ann", "Bo", "Cy", "Di", "Ed")
]


def day(*orders: tuple[str, float, float]) -> list[Reply]:
    """What everybody orders; each posts its own name."""
    return [
        said("decide", {"answer": {"belief": "", "side": side, "price": price, "quantity": many,
                                   "post": f"Post of {TRADERS[at]['name']}."}}, item=at)
        for at, (side, price, many) in enumerate(orders)
    ]  # fmt: skip


def trade(tmp_path: Path, *replies: Reply, days: int) -> Ran:
    """Some days of five traders, each of whom follows its two neighbours."""
    news = [f"News {number}." for number in range(1, days + 1)]
    return Lab("twinmarket", tmp_path).run(*replies, traders=TRADERS, news=news, first_price=10)


HOLD = ("hold", 0, 0)


def test_orders_are_matched_and_booked(tmp_path: Path):
    """Ann's bid of 12 meets Bo's offer at 8; nobody else trades, and holding is no order."""
    ran = trade(tmp_path, *day(("buy", 12, 2), ("sell", 8, 2), HOLD, HOLD, HOLD), days=1)
    price = ran.outputs["prices"][0]
    assert 8 <= price <= 12
    accounts = ran.outputs["accounts"]
    assert accounts["Ann"] == {"cash": 100 - 2 * price, "shares": 7}
    assert accounts["Bo"] == {"cash": 100 + 2 * price, "shares": 3} and accounts["Cy"]["shares"] == 5
    assert ran.results("market")[0]["refused"] == []


def test_nobody_sells_what_they_have_not(tmp_path: Path):
    """An order for fifty shares trades the five that are there."""
    ran = trade(tmp_path, *day(("sell", 1, 50), ("buy", 2, 50), HOLD, HOLD, HOLD), days=1)
    assert ran.outputs["accounts"]["Ann"]["shares"] == 0 and ran.outputs["accounts"]["Bo"]["shares"] == 10


def test_posts_reach_those_who_follow_and_no_others(tmp_path: Path):
    """On day 2 each feed holds the posts of two neighbours; the last price and the new day's news are told."""
    ran = trade(tmp_path, *day(("buy", 12, 1), ("sell", 8, 1), HOLD, HOLD, HOLD), *day(*[HOLD] * 5), days=2)
    assert all("Post of" not in text and "News 1." in text for text in ran.prompts("decide")[:5])
    cy = next(text for text in ran.prompts("decide")[5:] if "You are Cy" in text)
    assert "Post of Bo." in cy and "Post of Di." in cy and "Post of Ann." not in cy
    assert "News 2." in cy and f"Last price: {ran.outputs['prices'][0]:g}" in cy
