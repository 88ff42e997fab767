"""Bad settings of every kind are refused before the run, with the field named."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs.document import Document
from graphs.rules.subject import Subject
from graphs.validate import has_errors, of_document
from nodes.contract import NodeSpec
from nodes.registry import KINDS, spec_json

EACH_KIND = pytest.mark.parametrize("spec", KINDS.values(), ids=list(KINDS))
OF_OTHER_TYPES: dict[str, list[Any]] = {
    "integer": ["many", 1.5, {}, []],
    "number": ["many", {}, []],
    "string": [7, {}, ["a"], True],
    "boolean": ["perhaps", 7, {}],
    "array": ["a", 7, {"a": 1}],
    "object": ["a", 7, [1]],
    "null": [],
}
OUTSIDE = [None, 7, -1.5, "a text", {"no_such_key": 1}, ["a"]]


def branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a setting; one that is no choice is its only branch."""
    return [{**schema, **branch} for branch in schema.get("anyOf", schema.get("oneOf", [{}]))]


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value of an outside type might be allowed: its type is named, or none is."""
    types = {
        "NoneType": "null",
        "bool": "boolean",
        "int": "integer",
        "str": "string",
        "dict": "object",
        "list": "array",
    }
    named = {branch.get("type") for branch in branches(schema)}
    own = types.get(type(value).__name__, "number")
    return None in named or own in named or (own == "integer" and "number" in named) or "number" in named


def out_of_bounds(schema: dict[str, Any]) -> Iterator[Any]:
    """Values just past each bound the schema states."""
    step = 1 if schema.get("type") == "integer" else 0.5
    if "minimum" in schema:
        yield schema["minimum"] - step
    if "maximum" in schema:
        yield schema["maximum"] + step
    if "exclusiveMinimum" in schema:
        yield schema["exclusiveMinimum"]
    if "exclusiveMaximum" in schema:
        yield schema["exclusiveMaximum"]
    if "enum" in schema:
        yield "no such choice"
    if schema.get("minLength", 0) > 0:
        yield ""
    if "maxLength" in schema and schema.get("type") == "string":
        yield "x" * (schema["maxLength"] + 1)
    if "pattern" in schema:
        yield "Not! a name"
    if "maxItems" in schema:
        yield [None] * (schema["maxItems"] + 1)


def bad_values(schema: dict[str, Any]) -> list[Any]:
    """Values a setting must refuse."""
    found = branches(schema)
    if any(not branch.get("type") and "enum" not in branch and "const" not in branch for branch in found):
        return []  # a setting that takes anything
    if len(found) == 1:
        (only,) = found
        return [*OF_OTHER_TYPES.get(only.get("type", ""), []), *out_of_bounds(only)]
    return [value for value in OUTSIDE if not fits(value, schema)] + [
        value
        for branch in found
        if sum(each.get("type") == branch.get("type") for each in found) == 1
        for value in out_of_bounds(branch)
        if not any(fits(value, each) for each in found if each is not branch)
    ]


def places(spec: NodeSpec, config: dict[str, Any]) -> list[str]:
    """The settings that the diagnostics name as faulty."""
    nodes = {"one": {"kind": spec.kind, "config": config}}
    found = of_document(Subject(Document.model_validate({"nodes": nodes}), KINDS))
    assert has_errors(found), config
    return [each.place.config or "" for each in found if each.place.node == "one" and each.code.startswith("CFG")]


@EACH_KIND
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_bad_setting_is_refused_with_its_name(spec: NodeSpec, data: st.DataObject) -> None:
    """Whatever is of a wrong type or out of bounds by the schema is an error on that very setting."""
    fields = spec_json(spec)["config_schema"].get("properties", {})
    bad = [(name, value) for name, schema in fields.items() for value in bad_values(schema)]
    if not bad:
        assert not fields or spec.kind == "note", "a kind with settings has something to refuse"
        return
    name, value = data.draw(st.sampled_from(bad))
    named = places(spec, {name: value})
    assert any(place.split(".")[0].split("[")[0] == name for place in named), (name, value, named)


@EACH_KIND
@settings(max_examples=5, deadline=None)
@given(name=st.from_regex(r"[a-z][a-z_]{0,20}_x", fullmatch=True), value=st.one_of(st.integers(), st.text(max_size=5)))
def test_an_unknown_setting_is_refused_with_its_name(spec: NodeSpec, name: str, value: Any) -> None:
    """A setting the kind does not have is named, not ignored."""
    assert name in places(spec, {name: value})
