"""Coalition of models: each job is done by its own model, and the work is handed on."""

from pathlib import Path

from graphs.document import Document
from tests.templates.running import Lab, Ran, calls, said

JOBS = {"planner": "plan", "caller": "act", "writer": "write"}


class Coalition(Lab):
    """The template with a model of its own chosen for each job, as its note advises."""

    @property
    def document(self) -> Document:
        """With other references; nothing else is changed."""
        document = super().document
        nodes = dict(document.nodes)
        for id in JOBS:
            nodes[id] = nodes[id].model_copy(update={"config": {**nodes[id].config, "reference": f"scripted:{id}"}})
        return document.model_copy(update={"nodes": nodes})


def run(tmp_path: Path) -> Ran:
    """A loan, planned, reckoned and told."""
    return Coalition("coalition_of_llms", tmp_path).run(
        said("plan", {"steps": ["Divide 1200 by 8 and add 15", "Multiply by 8"]}),
        calls("act", "calculator", expression="1200 / 8 + 15"), said("act", "165 each time"),
        calls("act", "calculator", expression="165 * 8"), said("act", "1320 in all"), said("act", "165, and 1320."),
        said("write", "You pay 165 euros each time, 1320 euros in all."), task="A loan of 1200 euros in 8 parts?",
    )  # fmt: skip


def test_each_job_is_done_by_its_own_model(tmp_path: Path):
    """The spans of each job's calls name the model that was attached to it, and no other."""
    ran = run(tmp_path)
    assert ran.outputs["answer"].startswith("You pay 165")
    assert {reference for reference, _ in ran.bench.models.asked} >= {f"scripted:{id}" for id in JOBS}
    bound = {(row["node_id"], row["request_model"]) for row in ran.bench.spans.of("chat")}
    assert bound == {(job, id) for id, job in JOBS.items()}


def test_the_writer_has_what_the_tools_brought(tmp_path: Path):
    """Results go from the tool-calling model to the writing one; each job's tokens are counted apart."""
    ran = run(tmp_path)
    assert "1320 in all" in ran.prompts("write")[0] and "165 each time" in ran.prompts("write")[0]
    first, second = map(str, ran.tool_results("calculator"))
    assert "165" in first and "1320" in second
    spent = {e["node"]: e["tokens"] for e in ran.events if e["type"] == "node.finished" and e["node"] in JOBS.values()}
    assert set(spent) == set(JOBS.values()) and all(spent.values())
