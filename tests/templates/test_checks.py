"""The checks of examples."""

import pytest

from templates.checks import checked_by, misses


@pytest.mark.parametrize(
    ("expected", "outputs", "holds"),
    [
        ({"number": 1200}, {"answer": "It is 1,200 euros."}, True),
        ({"number": 12}, {"answer": "It is 120."}, False),
        ({"contains": "Ana"}, {"answer": "nobody", "board": ["Ana Ruiz"]}, True),
        ({"contains": ["Ana", "Ben"]}, {"answer": "Ana"}, False),
        ({"contains": 'say "yes"'}, {"answer": 'say "yes" now'}, True),
        ({"min_words": 3}, {"answer": "one two three"}, True),
        ({"min_words": 4}, {"answer": "one two three"}, False),
        ({"file": "a.py"}, {"file": "a.py"}, True),
        ({"score": 1}, {"answer": "score: 1"}, False),
        ({"tests": ["assert double(2) == 4"]}, {"program": "```python\ndef double(n):\n    return 2 * n\n```"}, True),
        ({"tests": ["assert double(2) == 4"]}, {"program": "def double(n):\n    return n"}, False),
        ({"tests": ["assert double(2) == 4"]}, {"program": ""}, False),
        ({"number": 1}, {}, False),
    ],
)
def test_a_check_holds_or_is_told(expected: dict[str, object], outputs: dict[str, object], holds: bool):
    """What does not hold is named with what was there instead."""
    missed = misses(expected, outputs)
    assert (missed == []) is holds
    assert all(each.startswith(f"{next(iter(expected))}: ") for each in missed)


def test_another_workflow_is_held_to_what_it_can_have():
    """A score that a workflow gives itself is no check of another; its answer is."""
    expected = {"contains": "Ana", "score": 1, "file": "a.py"}
    assert checked_by(expected, ["file"]) == {"contains": "Ana", "file": "a.py"}
