"""Laws of the three-way merge that hold for every three documents."""

from dataclasses import asdict
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs.document import Document, content_hash
from graphs.merging.merge import merge
from graphs.merging.steps import operations_between
from graphs.merging.values import merged_text
from graphs.operations import OperationError, apply, parse_operations
from graphs.validate import validate
from graphs.yaml_format import dump, parse
from tests.documents import documents, operations_on

many = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
OTHER = {"ours": "theirs", "theirs": "ours"}


@st.composite
def edited(draw, document: Document) -> Document:
    """The document after some operations, those that can be applied."""
    for operation in draw(operations_on(document)):
        try:
            document = apply(document, [operation])
        except OperationError:
            continue
    return document


@st.composite
def three(draw) -> tuple[Document, Document, Document]:
    """A base and two people's edits of it; sometimes of nothing in common."""
    base = draw(documents)
    return base, draw(edited(base) | documents), draw(edited(base) | documents)


@many
@given(documents, documents)
def test_an_unchanged_side_gives_the_other(base, changed):
    """Where one side did nothing, the other's document comes out as it is, without conflicts."""
    for ours, theirs in ((base, changed), (changed, base), (changed, changed)):
        assert merge(base, ours, theirs).document == changed
        assert not merge(base, ours, theirs).conflicts


@many
@given(three())
def test_the_result_always_parses(sides):
    """Whatever was merged can be written, read again and looked at, and leads from ours by operations."""
    base, ours, theirs = sides
    found = merge(base, ours, theirs)
    assert parse(dump(found.document)) == found.document
    validate(found.document)
    steps = [each.model_dump(mode="json") for each in operations_between(ours, found.document)]
    assert apply(ours, parse_operations(steps)) == found.document


@many
@given(three(), st.sampled_from(["ours", "theirs"]))
def test_it_does_not_matter_who_is_ours(sides, choice):
    """Swapped, the same places clash with the values swapped, and swapped choices give the same workflow."""
    base, ours, theirs = sides
    one = _decided(base, ours, theirs, choice)
    two = merge(base, theirs, ours, {each.key: OTHER[choice] for each in one.conflicts})
    assert _swapped(one) == _swapped(two, back=True)
    assert content_hash(one.document) == content_hash(two.document)


def _decided(base, ours, theirs, choice):
    """The merge with one choice for every conflict, those too that come up only then."""
    choices = {}
    for _ in range(40):
        found = merge(base, ours, theirs, choices)
        if not found.open:
            return found
        choices |= {each.key: choice for each in found.open}
    raise AssertionError(found.open)


def _swapped(found, *, back=False):
    rows = [asdict(each) for each in found.conflicts]
    values = ("theirs", "ours") if back else ("ours", "theirs")
    return {row["key"]: (row["sort"], row[values[0]], row[values[1]]) for row in rows}


@many
@given(documents, documents)
def test_operations_lead_from_one_document_to_any_other(before, after):
    """The operations between two documents make the one of the other, and none are needed where they are equal."""
    assert apply(before, operations_between(before, after)) == after
    assert operations_between(after, after) == []


PARTS = ("one", "two", "three", "four")


def _chain() -> Document:
    """Four prompts in a row, each with three lines of text."""
    ids = ["start", *PARTS, "finish"]
    text = "Look at {{text}}.\nSay what it means to you.\nBe brief."
    nodes = {id: {"kind": "prompt", "config": {"prompt": text}} for id in PARTS}
    return Document.model_validate(
        {
            "inputs": {"text": {}}, "nodes": {"start": {"kind": "start"}, **nodes, "finish": {"kind": "finish"}},
            "edges": {"flow": [f"{a} -> {b}" for a, b in pairwise(ids)]},
        }
    )  # fmt: skip


@st.composite
def edit_of(draw, part: str) -> list[dict]:
    """One edit that has to do with one node only."""
    number, word = draw(st.integers(1, 99)), draw(st.sampled_from(["well", "ill", "new"]))
    line = draw(st.sampled_from(["Look at", "what it means", "Be brief"]))
    text = _chain().nodes[part].config["prompt"].replace(line, f"{word} {number}")
    return draw(
        st.sampled_from(
            [
                [{"op": "set_config", "id": part, "key": "prompt", "value": text}],
                [{"op": "set_config", "id": part, "key": "temperature", "value": number / 99}],
                [{"op": "set_node", "id": part, "key": "label", "value": word}],
                [{"op": "move_node", "id": part, "position": [number, number]}],
                [{"op": "connect", "sort": "flow", "edge": f"{part}.error -> finish"}],
                [
                    {"op": "add_node", "id": f"calc_{part}", "node": {"kind": "tool.calculator"}},
                    {"op": "connect", "sort": "attach", "edge": f"calc_{part} -> {part}.tools"},
                ],
            ]
        )
    )


@many
@given(st.permutations(PARTS), st.data())
def test_edits_that_have_nothing_in_common_never_clash(parts, data):
    """Two people at work on different nodes: no conflict, and the edits of both are in the result."""
    base = _chain()
    mine = [op for part in parts[:2] for op in data.draw(edit_of(part))]
    other = [op for part in parts[2:] for op in data.draw(edit_of(part))]
    ours, theirs = apply(base, parse_operations(mine)), apply(base, parse_operations(other))
    found = merge(base, ours, theirs)
    assert found.conflicts == ()
    both = apply(ours, parse_operations(other))
    assert content_hash(found.document) == content_hash(both)
    assert {id: node.position for id, node in found.document.nodes.items()} == {
        id: node.position for id, node in both.nodes.items()
    }


@many
@given(st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=12, max_size=30), st.data())
def test_texts_merge_where_their_changes_do_not_touch(words, data):
    """A word changed near the start by one, near the end by the other: both changes, whatever stands between."""
    first, last = data.draw(st.integers(0, 2)), data.draw(st.integers(len(words) - 3, len(words) - 1))
    base, ours, theirs, both = list(words), list(words), list(words), list(words)
    ours[first] = both[first] = "MINE"
    theirs[last] = both[last] = "THEIRS"
    assert merged_text(*(" ".join(each) for each in (base, ours, theirs))) == " ".join(both)
