"""FinMem: what is recalled enters the decision, used records go deeper, and the book allows only what is there."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests import fakes
from tests.templates.running import Lab, Reply, said


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the memory of the tests writes is as old as the run."""
    monkeypatch.setattr(fakes, "NOW", time.time())


def days(*news: tuple[str, float]) -> list[dict[str, Any]]:
    return [{"day": place, "news": text, "price": price} for place, (text, price) in enumerate(news, 1)]


def decides(type: str, amount: float, **more: Any) -> Reply:
    return said("decide", {"answer": {"reason": "So.", "type": type, "amount": amount}}, **more)


def test_the_book_is_exact_and_refuses_what_is_not_there(tmp_path: Path):
    """Five are bought at 10; the order for a thousand and the sale of nine are not filled; two are sold at 20."""
    ran = Lab("finmem", tmp_path).run(
        decides("buy", 5), decides("buy", 1000), decides("sell", 9), decides("sell", 2),
        days=days(("pump news", 10), ("pump news again", 10), ("pump rumour", 20), ("pump orders", 20)),
    )  # fmt: skip
    assert {key: ran.outputs["book"][key] for key in ("cash", "shares", "worth")} == {
        "cash": 90, "shares": 3, "worth": 150,
    }  # fmt: skip
    assert len(ran.outputs["decisions"]) == 4 and ran.outputs["decisions"][0].startswith("day 1:")


def test_what_was_read_and_done_before_enters_the_next_decision(tmp_path: Path):
    """The second day's prompt holds the first day's news and the book after its trade; the first one's holds none."""
    ran = Lab("finmem", tmp_path).run(
        decides("buy", 5), decides("hold", 0), days=days(("Pumps win a city", 10), ("Pumps lose a city", 8))
    )
    first, second = ran.prompts("decide")
    assert "You remember" not in first and "100 in cash" in first
    assert "Pumps win a city" in second.split("You remember:")[1] and '"shares":5' in second.replace(" ", "")
    assert "careful" in first


def test_a_record_that_is_used_moves_to_a_deeper_layer(tmp_path: Path):
    """News recalled on two later days leaves the shallow layer; news of the last day stays there."""
    lab = Lab("finmem", tmp_path)
    lab.run(
        decides("hold", 0, repeat=True),
        days=days(("pumps one", 10), ("pumps two", 10), ("pumps three", 10), ("pumps four", 10)),
    )
    layers = {hit.text.split(" Price")[0]: hit.layer for hit in lab.spaces["finmem-layers"].hits.values()}
    assert layers["pumps one"] == "intermediate" and layers["pumps four"] == "shallow"
