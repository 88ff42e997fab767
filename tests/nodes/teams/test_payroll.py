"""The payroll of a team."""

from nodes.teams.payroll import Payroll
from tests.fakes import FakeContext, role


def test_everybody_employed_is_paid_for_each_job():
    """Hiring two for 3 and one job at salary 1 for both: 8 units; the ledger says what is left."""
    payroll = Payroll(20, 1, FakeContext())
    payroll.hire(role("Ann"), 3)
    payroll.hire(role("Bob"), 3)
    payroll.work("Ann", "sum", 7)
    assert payroll.spent == 8
    assert payroll.ledger[-1] == {"event": "worked", "name": "Ann", "job": "sum", "rating": 7, "cost": 2, "left": 12}


def test_the_budget_counts_the_next_salaries():
    """A hire must be paid together with the job it is for."""
    payroll = Payroll(5, 1, FakeContext())
    assert payroll.pays(4, more=1) and not payroll.pays(5, more=1)
    payroll.hire(role("Ann"), 4)
    assert payroll.pays(0) and not payroll.pays(0, more=1)


def test_the_worst_rated_is_fired_first_then_who_was_idle_longest():
    """Ratings decide, idleness breaks the tie, and who is spared stays."""
    payroll = Payroll(99, 0, FakeContext())
    for name in ("Ann", "Bob", "Cleo"):
        payroll.hire(role(name), 0)
    for name, rating in [("Bob", 4), ("Ann", 9), ("Cleo", 4)]:
        payroll.work(name, "job", rating)
    payroll.fire_least_useful("full")
    assert payroll.names == ["Ann", "Cleo"]
    payroll.fire_least_useful("full", spare="Cleo")
    assert payroll.names == ["Cleo"] and payroll.ever == ["Ann", "Bob", "Cleo"]


def test_the_idle_are_fired():
    """Who had nothing to do for two jobs goes."""
    payroll = Payroll(99, 0, FakeContext())
    payroll.hire(role("Ann"), 0)
    payroll.hire(role("Bob"), 0)
    payroll.work("Ann", "1", 5)
    payroll.fire_idle(2)
    assert payroll.names == ["Ann", "Bob"]
    payroll.work("Ann", "2", 5)
    payroll.fire_idle(2)
    assert payroll.names == ["Ann"] and payroll.ledger[-1]["job"] == "idle"
