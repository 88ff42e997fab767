"""Match the orders of traders: trades, a price, and what everyone owns after them.

Use it in a loop after a For each over traders who each decide for an order, or in the rounds of a simulated stock
market. ``continuous``: each order is filled as it comes, at the price of the one that waits, the best price first
and of equals the earlier; ``call``: all at once at the one price at which most can be traded. Orders that are
malformed (a model wrote them) or not covered by the accounts are refused and told, never an error. Wire ``book``,
``accounts`` and ``price`` back in from state variables, and the market goes on. Calls no model.

Source: Friedman & Rust (eds.) 1993, The Double Auction Market: Institutions, Theories, and Evidence; order-driven
markets of language models as in Zhang et al. 2024, When AI Meets Finance (StockAgent). We deviate: one good is
traded, and there are no fees, loans or short sales.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.simulation.order_book import Market, Order, order_of
from nodes.views import table_view


class MarketConfig(Config):
    """How orders meet."""

    matching: Literal["continuous", "call"] = Field(
        default="continuous", title="Matching", description="continuous: one order after another; call: all at once."
    )
    keep_open: bool = Field(
        default=True, title="Keep open orders", description="Whether what is not filled waits for the next round."
    )


@node(
    kind="simulation.market", family="simulation", title="Market", summary="Match orders: trades, price, accounts",
    config=MarketConfig,
    inputs=(
        Port("orders", "list[any]", "Records: trader, side (buy, sell), price (none: any), quantity."),
        Port("book", "list[record]", "Orders that still wait: this node's own output.", required=False),
        Port("accounts", "record", "Trader -> {cash, shares}; absent: nobody is asked what they own.", required=False),
        Port("price", "number", "The last price.", required=False),
    ),
    outputs=(
        Port("trades", "list[record]", "Each trade: buyer, seller, price, quantity."),
        Port("price", "number", "Of the last trade; without one the price before, 0 at first."),
        Port("book", "list[record]", "Orders that wait, the earlier first."),
        Port("accounts", "record", "What everyone owns now; empty where no accounts are wired."),
        Port("refused", "list[record]", "Each: order, why."),
    ),
    source="Friedman & Rust 1993, The Double Auction Market", icon="chart-candlestick",
)  # fmt: skip
async def market(inputs: Inputs, config: MarketConfig, ctx: Context) -> Outputs:
    """Open the book, let the orders in, tell what was traded."""
    accounts = _accounts(inputs["accounts"]) if "accounts" in inputs else None
    market, new = Market(accounts), list[Order]()
    waiting = list(inputs.get("book") or ())
    for number, value in enumerate([*waiting, *inputs["orders"]], start=1):
        order = order_of(value, number)
        if isinstance(order, str):
            market.refuse(value, f"The order {order}")
        else:
            (market.open if number <= len(waiting) else new).append(order)
    if config.matching == "call":
        market.call(new, inputs.get("price"))
    else:
        for order in new:
            market.enter(order)
    price = market.trades[-1]["price"] if market.trades else inputs.get("price", 0)
    _show(market.trades, price, ctx)
    left = sorted(market.open, key=lambda order: order.number) if config.keep_open else []
    return {
        "trades": market.trades, "price": price, "book": [order.record() for order in left],
        "accounts": accounts or {}, "refused": market.refused,
    }  # fmt: skip


def _accounts(given: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """A copy to change. Raises NodeError for one that holds no numbers."""
    for trader, account in given.items():
        numbers = [account.get(key, 0) for key in ("cash", "shares")] if isinstance(account, Mapping) else [None]
        if not all(isinstance(each, int | float) for each in numbers):
            raise NodeError(
                f"The account of {trader!r} is {account!r:.200}",
                mend="Write accounts as {'Ann': {'cash': 100, 'shares': 5}}.",
            )
    return {trader: dict(account) for trader, account in given.items()}


def _show(trades: Sequence[Mapping[str, Any]], price: float, ctx: Context) -> None:
    columns = ["buyer", "seller", "quantity", "price"]
    ctx.show(table_view(columns, [[trade[column] for column in columns] for trade in trades], title=f"Price {price:g}"))
    ctx.progress(f"{len(trades)} trades, price {price:g}")
