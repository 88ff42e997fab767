"""Laws that hold for every document: round trip, inverse operations, layout and hash, total checking."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs.diagnostics import DocumentError
from graphs.document import Document, content_hash
from graphs.operations import OperationError, apply, invert, parse_operations
from graphs.validate import validate
from graphs.yaml_format import dump, parse
from tests.documents import documents, operations_on, positions

slow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@slow
@given(documents)
def test_a_document_survives_writing_and_reading(document):
    """What is dumped is parsed to an equal document, and dumped the same again."""
    text = dump(document)
    again = parse(text)
    assert again == document
    assert dump(again) == text


@slow
@given(documents)
def test_the_wire_form_is_the_same_document(document):
    """JSON there and back changes nothing."""
    assert Document.model_validate(json.loads(json.dumps(document.model_dump(mode="json")))) == document


@slow
@given(st.data(), documents)
def test_a_batch_followed_by_its_inverse_changes_nothing(data, document):
    """Whatever can be applied can be taken back, and the inverse survives the wire."""
    operations = data.draw(operations_on(document))
    before = document.model_dump()
    try:
        after = apply(document, operations)
    except OperationError as error:
        assert error.problems
        assert document.model_dump() == before
        return
    inverse = invert(document, operations)
    sent = parse_operations(json.loads(json.dumps([each.model_dump(mode="json") for each in inverse])))
    assert apply(after, sent) == document
    assert document.model_dump() == before


@slow
@given(st.data(), documents)
def test_layout_does_not_change_the_hash(data, document):
    """Moving nodes and reordering keys keep the content hash."""
    moved = {
        id: node.model_copy(update={"position": data.draw(positions), "size": data.draw(positions)})
        for id, node in reversed(document.nodes.items())
    }
    assert content_hash(document.model_copy(update={"nodes": moved})) == content_hash(document)


@slow
@given(documents)
def test_validating_never_raises_and_every_fix_applies(document):
    """Any document gets findings whose places are in it and whose fixes can be applied."""
    for each in validate(document):
        assert each.message and len(each.short) <= 32
        assert each.place.node is None or each.place.node in document.nodes
        json.dumps(each.wire())
        if each.fix is not None:
            apply(document, parse_operations(each.wire()["fix"]["ops"]))


def _opened(text):
    try:
        parse(text)
    except DocumentError as error:
        assert error.diagnostics
        assert all(each.message for each in error.diagnostics)


@slow
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_opened_or_refused_with_diagnostics(text):
    """Reading raises nothing but DocumentError."""
    _opened(text)


@slow
@given(st.data(), documents)
def test_a_mangled_file_is_opened_or_refused_with_diagnostics(data, document):
    """A file with a piece cut out, doubled or replaced raises nothing but DocumentError."""
    text = dump(document)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    piece = data.draw(
        st.sampled_from(["", text[start:end] * 2, "\t", "{", "[", "&a ", "*a", ": ", "- ", "!!x ", "\x00"])
    )
    _opened(text[:start] + piece + text[end:])


keys = st.sampled_from(["nodeloom", "nodes", "edges", "flow", "kind", "inputs", "limits", "a"])
leaves = st.none() | st.integers() | st.text(max_size=5)
wrong_shapes = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)


@slow
@given(wrong_shapes)
def test_any_data_in_place_of_a_document_is_refused_in_words(data):
    """Data of the wrong shape raises nothing but DocumentError."""
    _opened(json.dumps({"nodeloom": 1, "nodes": data, "edges": data, "limits": data, "inputs": data}))
    _opened(json.dumps(data))
