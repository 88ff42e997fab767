"""A negotiation: limits stay secret, who accepts or leaves ends the talk, and the rounds are bounded."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

SECRETS: dict[str, Any] = {"good": "a lamp", "buyer_knows": "LIMIT-OF-BUYER", "seller_knows": "LIMIT-OF-SELLER"}
NONE = said("deal", {"answer": {"agreed": False, "price": 0}})


def bargain(tmp_path: Path, *replies: Reply, turns: int = 4) -> Ran:
    """A talk about a lamp."""
    return Lab("llm_x_abm_prompt_engineering", tmp_path).run(*replies, **SECRETS, turns=turns)


def test_each_knows_its_own_limit_alone(tmp_path: Path):
    """The secret of one never stands in a prompt of the other, nor in what reads the deal."""
    talk = [said("buyer", "50?"), said("seller", "80."), said("buyer", "60?"), said("seller", "I accept.")]
    ran = bargain(tmp_path, *talk, said("deal", {"answer": {"agreed": True, "price": 60}}))
    assert all("LIMIT-OF-BUYER" in text and "LIMIT-OF-SELLER" not in text for text in ran.prompts("buyer"))
    assert all("LIMIT-OF-SELLER" in text and "LIMIT-OF-BUYER" not in text for text in ran.prompts("seller"))
    assert "LIMIT" not in ran.prompts("deal")[0]
    assert ran.outputs["deal"] == {"agreed": True, "price": 60}
    assert "Seller: 80." in ran.prompts("buyer")[1]


def test_who_leaves_ends_the_talk(tmp_path: Path):
    """After the buyer has left the seller does not speak any more."""
    ran = bargain(tmp_path, said("buyer", "50?"), said("seller", "200."), said("buyer", "I leave."), NONE)
    assert ran.visits["seller"] == 1 and ran.outputs["talk"][-1] == "Buyer: I leave."


def test_the_rounds_are_bounded(tmp_path: Path):
    """Two who never agree are stopped after the last round."""
    talk = [said(who, "No.", repeat=True) for who in ("buyer", "seller")]
    ran = bargain(tmp_path, *talk, NONE, turns=3)
    assert ran.visits["buyer"] == ran.visits["seller"] == 3 and ran.outputs["deal"]["agreed"] is False
