"""Socratic CoT: the remote model guides and searches without a record, the local one answers with them."""

from pathlib import Path

from graphs.document import Document
from tests.templates.running import Lab, Ran, said

RECORDS = ["My cat is called Mia.", "The vet of the cat is Dr. Holm.", "I pay 40 euros a month for gas."]
QUESTION = "Who is the vet of my cat?"


class Apart(Lab):
    """The template with a model of its own chosen for the remote part, as its note advises."""

    @property
    def document(self) -> Document:
        """With another reference; nothing else is changed."""
        document = super().document
        remote = document.nodes["remote"].model_copy(update={"config": {"reference": "scripted:remote"}})
        return document.model_copy(update={"nodes": {**document.nodes, "remote": remote}})


def run(tmp_path: Path) -> Ran:
    return Apart("socratic_cot_he_vector_db", tmp_path).run(
        said("guide_from_afar", "1. Find the vet."), said("queries", {"answer": ["vet of the cat"]}),
        said("answer", "Dr. Holm."), question=QUESTION, records=RECORDS,
    )  # fmt: skip


def test_no_record_ever_reaches_the_remote_model(tmp_path: Path):
    """Its two calls hold the question and nothing of what is private; the local call holds what was found."""
    ran = run(tmp_path)
    assert ran.outputs["answer"] == "Dr. Holm."
    remote = [row for row in ran.bench.spans.of("chat") if row["request_model"] == "remote"]
    assert [row["node_id"] for row in remote] == ["guide_from_afar", "queries"]
    told = "\n".join(str(message["content"]) for row in remote for message in row["input"])
    assert QUESTION in told and not any(record in told for record in RECORDS) and "Holm" not in told
    assert "Dr. Holm" in ran.prompts("answer")[0]


def test_the_local_model_follows_the_guide(tmp_path: Path):
    """Guide and found records stand in its prompt, and it runs on another model than the remote part."""
    ran = run(tmp_path)
    (row,) = [row for row in ran.bench.spans.of("chat") if row["node_id"] == "answer"]
    assert row["request_model"] != "remote" and "1. Find the vet." in ran.prompts("answer")[0]


def test_the_searches_are_made_at_home(tmp_path: Path):
    """Each query of the remote model is looked up in the private memory, two records at most."""
    ran = run(tmp_path)
    assert ran.visits["recall"] == 1 and ran.outputs["used"][0].count("\n") <= 1
    assert "vet" in ran.outputs["used"][0]
