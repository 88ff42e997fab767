"""The few names a small model chooses among hold the right one."""

import pytest

from graphs.describing.searching import KindSearch, best, stems
from nodes.registry import KINDS

STEPS = [kind for kind, spec in KINDS.items() if spec.run is not None]
RESOURCES = [kind for kind, spec in KINDS.items() if spec.provides]


@pytest.mark.parametrize(
    ("wish", "among", "kind"),
    [
        ("let it look things up on the web before it answers", RESOURCES, "tool.web_search"),
        ("let it calculate", RESOURCES, "tool.calculator"),
        ("ask me before it calls a tool", RESOURCES, "guards.approval"),
        ("give it a memory", RESOURCES, "resource.memory_space"),
        ("add a critic that sends the answer back", STEPS, "reflection.critique"),
        ("make a debate of three", STEPS, "deliberation.debate"),
        ("have a person approve the answer", STEPS, "control.approve"),
        ("vote over five answers", STEPS, "deliberation.vote"),
        ("remember what it learned", STEPS, "memory.remember"),
        ("make a plan first", STEPS, "planning.plan"),
    ],
)
def test_the_kind_that_is_meant_is_among_those_offered(wish: str, among: list[str], kind: str) -> None:
    """By words alone, for the search by meaning is an extra."""
    assert kind in KindSearch(KINDS).find(wish, among)


def test_meaning_finds_what_no_word_names() -> None:
    """With an embedding a kind is found by what it is about; each text is embedded once."""
    asked: list[str] = []

    def embed(texts: list[str]) -> list[list[float]]:  # one axis for sums, one for the rest
        asked.extend(texts)
        return [[1.0, 0.0] if "arithmetic" in text or "sums" in text else [0.0, 1.0] for text in texts]

    search = KindSearch(KINDS, embed)  # pyright: ignore[reportArgumentType]
    assert search.find("do my sums", RESOURCES)[0] == "tool.calculator"
    search.find("do my sums", RESOURCES)
    assert len(asked) == len(set(asked)) + 1


def test_words_count_by_their_beginnings_and_their_rarity() -> None:
    """``critic`` finds critique, and a word that all have decides nothing."""
    choices = {"a": [(1.0, "critique of an answer")], "b": [(1.0, "plan of an answer")], "c": [(1.0, "answer")]}
    assert best("the critics of the answer", choices, 3)[0] == "a"
    assert stems("Critics criticising") == ["criti", "criti"]
