"""Diverse debate: debaters of different models persuade each other, round by round."""

from pathlib import Path

from graphs.document import Document
from tests.templates.running import Lab, Reply, said

QUESTION = "150 pens in packs of 12 for 9 dollars?"


class Diverse(Lab):
    """The template with a model of its own chosen in each model node, as its note advises."""

    @property
    def document(self) -> Document:
        """With other references; nothing else is changed."""
        document = super().document
        nodes = dict(document.nodes)
        for letter in "abc":
            id = f"model_{letter}"
            nodes[id] = nodes[id].model_copy(update={"config": {"reference": f"scripted:{letter}"}})
        return document.model_copy(update={"nodes": nodes})


def answers(*numbers: object) -> list[Reply]:
    """What the three debaters say, round by round."""
    return [said("debate", f"I find {n}.\nAnswer: {n}") for n in numbers]


def test_a_debater_is_convinced_and_the_debate_ends(tmp_path: Path):
    """Two are wrong at first and in different ways; reading the third they come round, and no third round is held."""
    replies = answers(112.5, 117, 108, 117, 117, 117)
    ran = Diverse("diverse_multi_agent_debate", tmp_path).run(*replies, question=QUESTION)
    assert (ran.outputs["answer"], ran.outputs["agreement"]) == ("117", 1)
    prompts = ran.prompts("debate")
    assert len(prompts) == 6
    assert "I find" not in "".join(prompts[:3])
    assert "Ben:\nI find 117." in prompts[3] and "Cleo:\nI find 108." in prompts[3]


def test_each_debater_speaks_by_its_own_model(tmp_path: Path):
    """The three models that were chosen are the ones asked, each with its debater's persona."""
    ran = Diverse("diverse_multi_agent_debate", tmp_path).run(*answers(117, 117, 117), question=QUESTION)
    asked = {reference for reference, _ in ran.bench.models.asked}
    assert {"scripted:a", "scripted:b", "scripted:c"} <= asked
    assert len({prompt.splitlines()[0] for prompt in ran.prompts("debate")}) == 3


def test_the_dissenter_loses_after_four_rounds(tmp_path: Path):
    """One never gives in: after the fourth round the other two decide."""
    replies = answers(*[112.5, 117, 117] * 4)
    ran = Diverse("diverse_multi_agent_debate", tmp_path).run(*replies, question=QUESTION)
    assert ran.outputs["answer"] == "117" and len(ran.prompts("debate")) == 12
    assert {each["round"] for each in ran.outputs["rounds"]} == {1, 2, 3, 4}
