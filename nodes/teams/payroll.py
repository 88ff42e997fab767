"""Who is employed, what was paid, and who is fired first."""

from dataclasses import dataclass, field
from typing import Any

from nodes.contract import Context, Role
from nodes.views import table_view

COLUMNS = ("event", "name", "job", "rating", "cost", "left")


@dataclass
class _Employee:
    role: Role
    ratings: list[int] = field(default_factory=list[int])
    idle: int = 0
    """Jobs since it last worked."""

    @property
    def useful(self) -> float:
        """Mean rating, 1 to 10; 0 for who has not worked."""
        return sum(self.ratings) / len(self.ratings) if self.ratings else 0.0


class Payroll:
    """Employees and the ledger of one team; ``ledger`` holds what happened, in order."""

    def __init__(self, budget: int, salary: int, ctx: Context) -> None:
        self._budget, self._salary, self._ctx = budget, salary, ctx
        self._employed: dict[str, _Employee] = {}
        self.ever: list[str] = []
        """Names of all who were hired once."""
        self.spent = 0
        self.ledger: list[dict[str, Any]] = []

    @property
    def roles(self) -> list[Role]:
        return [each.role for each in self._employed.values()]

    @property
    def names(self) -> list[str]:
        return list(self._employed)

    def role(self, name: str) -> Role:
        """The employee of a name."""
        return self._employed[name].role

    def pays(self, price: int, *, more: int = 0) -> bool:
        """Whether the budget pays ``price`` and one job's salaries, with ``more`` employees than now."""
        return self.spent + price + self._salary * (len(self._employed) + more) <= self._budget

    def hire(self, role: Role, price: int) -> None:
        """Employ it for ``price`` units."""
        self._employed[role.name] = _Employee(role)
        self.ever.append(role.name)
        self._enter("hired", role.name, cost=price)

    def work(self, name: str, job: str, rating: int) -> None:
        """One did a job; all are paid."""
        for other in self._employed.values():
            other.idle += 1
        self._employed[name].idle = 0
        self._employed[name].ratings.append(rating)
        self._enter("worked", name, job=job, rating=rating, cost=self._salary * len(self._employed))

    def fire_idle(self, patience: int) -> None:
        """Fire who had nothing to do for ``patience`` jobs."""
        for name in [name for name, each in self._employed.items() if each.idle >= patience]:
            self._fire(name, "idle")

    def fire_least_useful(self, why: str, *, spare: str = "") -> None:
        """Fire the lowest rated, of equals who was idle longest; never ``spare``."""
        candidates = [name for name in self._employed if name != spare]
        self._fire(min(candidates, key=lambda name: (self._employed[name].useful, -self._employed[name].idle)), why)

    def _fire(self, name: str, why: str) -> None:
        del self._employed[name]
        self._enter("fired", name, job=why)

    def _enter(self, event: str, name: str, *, job: str = "", rating: int = 0, cost: int = 0) -> None:
        self.spent += cost
        left = self._budget - self.spent
        self.ledger.append({"event": event, "name": name, "job": job, "rating": rating, "cost": cost, "left": left})
        self._ctx.progress(f"{name} {event}{f' ({job[:60]})' if job else ''}, {left} units left")
        self._ctx.show(
            table_view(COLUMNS, [[row[column] for column in COLUMNS] for row in self.ledger], title="Ledger")
        )
