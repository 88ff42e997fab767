"""simulation.market and its order book"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.simulation.market import market
from tests.fakes import FakeContext, run_node


def order(trader: str, side: str, price: float | None, quantity: float = 1) -> dict[str, Any]:
    return {"trader": trader, "side": side, "price": price, "quantity": quantity}


def trade(*orders: Any, **given: Any) -> dict[str, Any]:
    config = {key: given.pop(key) for key in ("matching", "keep_open") if key in given}
    return run_node(market, {"orders": list(orders), **given}, FakeContext(), **config)


def deals(out: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(each["buyer"], each["seller"], each["price"], each["quantity"]) for each in out["trades"]]


def test_the_best_price_is_filled_first_and_of_equals_the_earlier():
    """A buyer takes the cheapest offer at its price, then the next; what is left of it waits."""
    out = trade(
        order("A", "sell", 10, 5), order("B", "sell", 9, 2), order("C", "sell", 9, 1), order("D", "buy", 9.5, 4)
    )
    assert deals(out) == [("D", "B", 9, 2), ("D", "C", 9, 1)]
    assert out["book"] == [order("A", "sell", 10, 5), order("D", "buy", 9.5, 1)] and out["price"] == 9
    later = trade(order("E", "sell", 9, 3), book=out["book"], price=out["price"])
    assert deals(later) == [("D", "E", 9.5, 1)] and later["book"][-1] == order("E", "sell", 9, 2)


def test_a_call_clears_at_the_price_most_is_traded_at():
    """All trades of a call have one price; who asked for more, or bid less, waits."""
    orders = [order("A", "sell", 8, 2), order("B", "sell", 11, 2), order("C", "buy", 12, 2), order("D", "buy", 7, 5)]
    out = trade(*orders, matching="call", price=9)
    assert deals(out) == [("C", "A", 8, 2)] or {deal[2] for deal in deals(out)} == {8}
    assert [each["trader"] for each in out["book"]] == ["B", "D"]
    nothing = trade(order("A", "sell", 9), order("B", "buy", 8), matching="call", price=7)
    assert (nothing["trades"], nothing["price"], len(nothing["book"])) == ([], 7, 2)


def test_orders_at_any_price_take_what_there_is():
    """Without a price an order is filled by whoever waits, and refused where nobody does."""
    out = trade(order("A", "sell", 5), order("B", "buy", None, 2))
    assert deals(out) == [("B", "A", 5, 1)]
    assert out["refused"] == [{"order": order("B", "buy", None, 1), "why": "nobody on the other side"}]
    called = trade(order("A", "sell", None), order("B", "buy", 6), order("C", "buy", None), matching="call")
    assert deals(called) == [("C", "A", 6, 1)] and called["refused"] == []
    only = trade(order("A", "sell", None), matching="call", price=4)
    assert only["refused"][0]["why"] == "nobody on the other side"


def test_nobody_spends_what_they_have_not():
    """Accounts bound what is traded, keep their sums, and are not changed in place."""
    accounts = {"A": {"cash": 0, "shares": 3}, "B": {"cash": 25, "shares": 0}, "C": {"cash": 0, "shares": 0}}
    out = trade(
        order("C", "sell", 1), order("C", "buy", 50), order("A", "sell", 10, 5), order("B", "buy", 10, 9),
        accounts=accounts,
    )  # fmt: skip
    assert deals(out) == [("B", "A", 10, 2)]
    assert out["accounts"] == {
        "A": {"cash": 20, "shares": 1},
        "B": {"cash": 5, "shares": 2},
        "C": {"cash": 0, "shares": 0},
    }
    assert {(each["order"]["trader"], each["why"]) for each in out["refused"]} == {
        ("C", "has not so many to sell"), ("C", "cannot pay for it"), ("B", "cannot pay for it"),
    }  # fmt: skip
    assert accounts["B"] == {"cash": 25, "shares": 0}


def test_nobody_trades_with_themselves():
    """One's own offer is passed over."""
    assert trade(order("A", "sell", 5), order("A", "buy", 5))["trades"] == []
    assert trade(order("A", "sell", 5), order("A", "buy", 5), matching="call")["trades"] == []


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("buy two", "no record"), ({"side": "buy"}, "names no trader"), (order("A", "hold", 1), "neither buy nor sell"),
        (order("A", "buy", -1), "above 0"), (order("A", "buy", 1, 0), "above 0"), (order("A", "bid", True), "above 0"),
    ],
)  # fmt: skip
def test_what_is_no_order_is_refused_and_told(bad: Any, why: str):
    """A model wrote it: the market goes on."""
    out = trade(bad, order("A", "ask", 5), order("B", "Bid", 5))
    assert why in out["refused"][0]["why"] and deals(out) == [("B", "A", 5, 1)]


def test_open_orders_can_lapse_and_accounts_are_numbers():
    """What is not filled ends with the round where it is so set; an account of words is an error."""
    assert trade(order("A", "sell", 5), keep_open=False)["book"] == []
    assert trade()["price"] == 0
    with pytest.raises(NodeError, match="account of 'A'"):
        trade(accounts={"A": "rich"})
