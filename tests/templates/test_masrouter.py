"""MasRouter: mode, roles and models are chosen in turn, and a hard part gets the stronger model."""

from pathlib import Path
from typing import Any

from graphs.document import Document
from tests.templates.running import Lab, Reply, said

QUERY = "How long do 5 pumps take?"
OFFERS = [
    {"model": "scripted:small", "quality": 0.5, "price": 0},
    {"model": "scripted:large", "quality": 0.9, "price": 10},
]


class Priced(Lab):
    """The template with two models chosen and their table filled in, as its note advises."""

    @property
    def document(self) -> Document:
        """With references and offers; nothing else is changed."""
        document = super().document
        nodes = dict(document.nodes)
        for id in ("small", "large"):
            nodes[id] = nodes[id].model_copy(update={"config": {"reference": f"scripted:{id}"}})
        for id in ("alone", "chain_member", "panel_member"):
            nodes[id] = nodes[id].model_copy(update={"config": {**nodes[id].config, "offers": OFFERS}})
        return document.model_copy(update={"nodes": nodes})


def team(*names: str) -> Reply:
    """The roles that are written."""
    experts: list[Any] = [
        {"name": name, "persona": f"You are {name}.", "skills": "much", "job": f"Job of {name}."} for name in names
    ]
    return said("roles", {"experts": experts})


def part(node: str, item: int, difficulty: str, text: str) -> list[Reply]:
    """A member's task is rated and worked on."""
    return [said(node, {"needs": "", "difficulty": difficulty}, item=item), said(node, text, item=item)]


def test_an_easy_query_is_answered_alone_by_the_small_model(tmp_path: Path):
    """No team is formed, and the cheap model is worth more."""
    ran = Priced("masrouter", tmp_path).run(
        said("mode", {"label": "alone"}), said("alone", {"needs": "", "difficulty": "low"}), said("alone", "2.4 hours"),
        query=QUERY,
    )  # fmt: skip
    assert ran.outputs["answer"] == "2.4 hours" and ran.visits["roles"] == 0
    assert ran.results("alone")[0]["model"] == "scripted:small"


def test_each_member_of_a_chain_has_its_model_and_reads_those_before(tmp_path: Path):
    """The easy part goes to the small model, the hard one to the large; the second reads the first."""
    ran = Priced("masrouter", tmp_path).run(
        said("mode", {"label": "chain"}), team("Ann", "Bob"), *part("chain_member", 0, "low", "12 pump hours"),
        *part("chain_member", 1, "high", "2.4 hours"), said("close", "2.4 hours."), query=QUERY,
    )  # fmt: skip
    assert ran.outputs["models"] == ["scripted:small", "scripted:large"] and ran.outputs["mode"] == "chain"
    prompts = [each for each in ran.prompts("chain_member") if "Your part" in each]
    assert any("Said before you: Ann: 12 pump hours" in each for each in prompts if "You are Bob." in each)
    assert not any("Said before you" in each for each in prompts if "You are Ann." in each)


def test_members_of_a_panel_do_not_hear_each_other(tmp_path: Path):
    """Both work apart; the answer is written from both views."""
    ran = Priced("masrouter", tmp_path).run(
        said("mode", {"label": "panel"}), team("Ann", "Bob"), *part("panel_member", 0, "low", "I say two."),
        *part("panel_member", 1, "low", "I say three."), said("close", "Between two and three."), query=QUERY,
    )  # fmt: skip
    assert not any("I say" in each for each in ran.prompts("panel_member"))
    assert "Ann: I say two." in ran.prompts("close")[0] and "Bob: I say three." in ran.prompts("close")[0]
