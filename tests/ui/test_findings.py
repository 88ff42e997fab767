"""ui.findings"""

import pytest

from graphs import validate as rules
from graphs.document import Document
from graphs.rules.subject import Subject
from graphs.validate import validate
from templates import catalogue
from ui import findings
from ui.findings import Findings


class Bare:
    """A workspace in which nothing is set up."""

    def __init__(self, model: str | None = None) -> None:
        self.model = model

    def default_model(self) -> str | None:
        return self.model

    def model_problem(self, reference: str) -> str | None:
        return None

    def missing_secret(self, reference: str) -> str | None:
        return None

    def folders(self) -> list[str]:
        return []

    def memory_spaces(self) -> list[str]:
        return []

    def refused(self) -> list[str]:
        return []


DOCUMENT = catalogue.load(catalogue.FIRST).document
BROKEN = Document.model_validate({"nodes": {"s": {"kind": "start"}, "p": {"kind": "prompt"}, "x": {"kind": "promt"}}})


@pytest.mark.parametrize("document", [DOCUMENT, BROKEN, Document()])
@pytest.mark.parametrize("model", [None, "openai:gpt-4o"])
def test_they_are_those_of_validate(document: Document, model: str | None):
    """Kept or not, the findings and their order are what validating anew gives."""
    kept = Findings()
    expected = validate(document, workspace=Bare(model))
    assert kept.of(document, Bare(model)) == expected
    assert kept.of(document, Bare(model)) == expected


def test_a_document_is_validated_once(monkeypatch: pytest.MonkeyPatch):
    """A second asker, and a moved node, cost no validation; another setting does."""
    validated: list[Document] = []

    def counted(subject: Subject) -> list[rules.Diagnostic]:
        validated.append(subject.document)
        return rules.of_document(subject)

    monkeypatch.setattr(findings, "of_document", counted)
    kept = Findings()
    moved = DOCUMENT.nodes | {"plan": DOCUMENT.nodes["plan"].model_copy(update={"position": (5.0, 5.0)})}
    for document in (DOCUMENT, DOCUMENT, DOCUMENT.model_copy(update={"nodes": moved})):
        kept.of(document, Bare())
    assert validated == [DOCUMENT]
    kept.of(DOCUMENT.model_copy(update={"title": "Another"}), Bare())
    assert len(validated) == 2


def test_what_the_workspace_lacks_is_looked_at_each_time():
    """A default model chosen meanwhile mends the finding that there is none."""
    kept = Findings()
    assert any(each.code == "SEC101" for each in kept.of(DOCUMENT, Bare()))
    assert not any(each.code == "SEC101" for each in kept.of(DOCUMENT, Bare("openai:gpt-4o")))
