"""Any value as JSON."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from store.json_text import as_json

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.complex_numbers())
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner), st.tuples(inner, inner), st.dictionaries(LEAVES, inner)),
    max_leaves=20,
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=20,
)


@settings(deadline=None)
@given(VALUES)
def test_every_value_becomes_json_that_fits_a_column(value: Any) -> None:
    """The text is JSON by the strict grammar and can be written as UTF-8."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = as_json(value)
    json.loads(text, parse_constant=refuse)
    text.encode()


@settings(deadline=None)
@given(JSON)
def test_json_values_come_back_equal(value: Any) -> None:
    """What JSON can say is not changed."""
    assert json.loads(as_json(value)) == value


def test_value_of_a_thousand_levels_is_cut_not_refused() -> None:
    """Nesting deeper than any column needs ends in dots."""
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    assert as_json(value).endswith('"..."' + "]" * 60)
