"""Matching of orders: who buys from whom at which price, and who cannot pay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from nodes.templating import as_text

Side = Literal["buy", "sell"]
SIDES: Final[Mapping[str, Side]] = {"buy": "buy", "bid": "buy", "sell": "sell", "ask": "sell"}
_SIDES: Final = ("buy", "sell")
CANNOT_PAY, HAS_NOT = "cannot pay for it", "has not so many to sell"
NOBODY: Final = "nobody on the other side"


@dataclass
class Order:
    """An order that is not filled yet; ``price`` None: at any price. The lower ``number`` came first."""

    trader: str
    side: Side
    price: float | None
    quantity: float
    number: int

    def record(self) -> dict[str, Any]:
        """As a value of a port."""
        return {"trader": self.trader, "side": self.side, "price": self.price, "quantity": self.quantity}

    @property
    def priority(self) -> tuple[float, int]:
        """The lowest is filled first: the best price, of equals the earlier."""
        if self.price is None:
            return float("-inf"), self.number
        return (-self.price if self.side == "buy" else self.price), self.number

    def takes(self, price: float) -> bool:
        """Whether it would be filled at a price."""
        return self.price is None or (price <= self.price if self.side == "buy" else price >= self.price)


def order_of(value: Any, number: int) -> Order | str:
    """The order in what a trader gave; why it is none, where it is none."""
    if not isinstance(value, Mapping):
        return "is no record with trader, side, price and quantity"
    given = cast(Mapping[str, Any], value)
    trader, side = as_text(given.get("trader")).strip(), SIDES.get(as_text(given.get("side")).strip().casefold())
    price, quantity = given.get("price"), given.get("quantity")
    if not trader or side is None:
        return "names no trader" if not trader else f"has the side {given.get('side')!r:.40}, neither buy nor sell"
    if not _positive(quantity) or not (price is None or _positive(price)):
        return f"has no price and quantity above 0: {price!r:.40}, {quantity!r:.40}"
    return Order(trader, side, cast("float | None", price), cast(float, quantity), number)


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")


@dataclass
class Market:
    """Open orders, what was traded, and where accounts are kept what everyone owns: ``cash`` and ``shares``."""

    accounts: dict[str, dict[str, float]] | None = None
    open: list[Order] = field(default_factory=list[Order])
    trades: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    refused: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def enter(self, order: Order) -> None:
        """Fill an order as it comes in, at the prices of those that wait; what is left of it waits."""
        while order.quantity > 0:
            others = [each for each in self.open if _meet(order, each) and order.takes(_price(each))]
            best = min(others, key=lambda each: each.priority, default=None)
            if best is None:
                break
            if self._fill(order, best, _price(best)) is order:
                return
        if order.quantity > 0 and order.price is None:
            self.refuse(order.record(), NOBODY)
        elif order.quantity > 0:
            self.open.append(order)

    def call(self, orders: Iterable[Order], last: float | None) -> None:
        """Fill all orders at once at the one price that most can be traded at; the nearest to the last, of equals."""
        self.open += orders
        price = clearing_price(self.open, last)
        while price is not None:
            willing = sorted((each for each in self.open if each.takes(price)), key=lambda order: order.priority)
            pairs = ((one, other) for one in willing if one.side == "buy" for other in willing if _meet(one, other))
            best = next(pairs, None)
            if best is None:
                break
            self._fill(*best, price)
        for order in [each for each in self.open if each.price is None]:
            self.open.remove(order)
            self.refuse(order.record(), NOBODY)

    def refuse(self, order: Any, why: str) -> None:
        self.refused.append({"order": order, "why": why})

    def _fill(self, one: Order, other: Order, price: float) -> Order | None:
        """Trade as much as both want and can; who can nothing is refused, and given back."""
        buyer, seller = (one, other) if one.side == "buy" else (other, one)
        pays, has = self._affords(buyer.trader, price), self._owns(seller.trader)
        failed = buyer if pays <= 0 else seller if has <= 0 else None
        if failed is not None:
            self.open = [each for each in self.open if each is not failed]
            self.refuse(failed.record(), CANNOT_PAY if failed is buyer else HAS_NOT)
            return failed
        quantity = min(buyer.quantity, seller.quantity, pays, has)
        for order in (buyer, seller):
            order.quantity -= quantity
        self._settle(buyer.trader, seller.trader, price, quantity)
        self.open = [each for each in self.open if each.quantity > 0]
        return None

    def _affords(self, trader: str, price: float) -> float:
        """How many whole ones a trader can pay for."""
        if self.accounts is None:
            return float("inf")
        cash = self.accounts.get(trader, {}).get("cash", 0)
        return float(int(cash / price))

    def _owns(self, trader: str) -> float:
        return float("inf") if self.accounts is None else self.accounts.get(trader, {}).get("shares", 0)

    def _settle(self, buyer: str, seller: str, price: float, quantity: float) -> None:
        self.trades.append({"buyer": buyer, "seller": seller, "price": price, "quantity": quantity})
        if self.accounts is not None:
            for trader, cash, shares in ((buyer, -price, 1), (seller, price, -1)):
                account = self.accounts[trader]
                account["cash"] = account.get("cash", 0) + cash * quantity
                account["shares"] = account.get("shares", 0) + shares * quantity


def clearing_price(orders: Sequence[Order], last: float | None) -> float | None:
    """The limit price at which most is traded; None where nothing is."""
    prices = sorted({each.price for each in orders if each.price is not None})
    if not prices:
        return last
    middle = last if last is not None else (prices[0] + prices[-1]) / 2
    best = max(prices, key=lambda price: (_volume(orders, price), -abs(price - middle), -price))
    return best if _volume(orders, best) > 0 else None


def _volume(orders: Sequence[Order], price: float) -> float:
    wanted = (sum(each.quantity for each in orders if each.side == side and each.takes(price)) for side in _SIDES)
    return min(wanted)


def _meet(one: Order, other: Order) -> bool:
    """Whether they are on both sides, and nobody would trade with themselves."""
    return one.side != other.side and one.trader != other.trader


def _price(order: Order) -> float:
    assert order.price is not None, "only orders with a price wait"
    return order.price
