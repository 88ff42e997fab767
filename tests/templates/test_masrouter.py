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


def part(node: str, difficulty: str, text: str, **where: int) -> list[Reply]:
    """A member's task is rated and worked on."""
    return [said(node, {"needs": "", "difficulty": difficulty}, **where), said(node, text, **where)]


def test_an_easy_query_is_answered_alone_by_the_small_model(tmp_path: Path):
    """No team is formed, and the cheap model is worth more."""
    ran = Priced("masrouter", tmp_path).run(
        said("mode", {"label": "alone"}), *part("alone", "low", "2.4 hours"), query=QUERY
    )
    assert ran.outputs["answer"] == "2.4 hours" and ran.visits["roles"] == 0
    assert ran.results("alone")[0]["model"] == "scripted:small"


def test_each_member_of_a_chain_has_its_model_and_reads_those_before(tmp_path: Path):
    """The easy part goes to the small model, the hard one to the large; the second reads the first."""
    ran = Priced("masrouter", tmp_path).run(
        said("mode", {"label": "chain"}), team("Ann", "Bob"), *part("chain_member", "low", "12 pump hours", visit=1),
        *part("chain_member", "high", "2.4 hours", visit=2), said("close", "2.4 hours."), query=QUERY,
    )  # fmt: skip
    assert ran.outputs["answer"] == "2.4 hours." and ran.outputs["mode"] == "chain"
    assert [each["model"] for each in ran.results("chain_member")] == ["scripted:small", "scripted:large"]
    *_, first = [each for each in ran.prompts("chain_member") if "You are Ann." in each]
    *_, second = [each for each in ran.prompts("chain_member") if "You are Bob." in each]
    assert "Said before you: Ann (scripted:small): 12 pump hours" in second and "Said before you" not in first


def test_members_of_a_panel_do_not_hear_each_other(tmp_path: Path):
    """Both work apart; the answer is written from both views."""
    ran = Priced("masrouter", tmp_path).run(
        said("mode", {"label": "panel"}), team("Ann", "Bob"), *part("panel_member", "low", "I say two.", item=0),
        *part("panel_member", "high", "I say three.", item=1), said("close", "Between two and three."), query=QUERY,
    )  # fmt: skip
    assert not any("I say" in each for each in ran.prompts("panel_member"))
    assert "Ann (scripted:small): I say two." in ran.prompts("close")[0]
    assert "Bob (scripted:large): I say three." in ran.prompts("close")[0]
