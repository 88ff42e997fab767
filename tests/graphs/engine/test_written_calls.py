"""graphs.written_calls"""

import pytest

from graphs.written_calls import written_call


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "calculator", "arguments": {"expression": "2 * 1.5"}}\n',
        '```json\n{"name": "calculator", "arguments": {"expression": "2 * 1.5"}}\n```',
        '{"name": "calculator", "parameters": {"expression": "2 * 1.5"}}',
    ],
)
def test_a_text_that_is_a_call_is_one(text: str):
    """An object with a known tool's name and arguments, fenced or not, is a call."""
    call = written_call(text, {"calculator"})
    assert call is not None
    assert (call["name"], call["args"]) == ("calculator", {"expression": "2 * 1.5"})


@pytest.mark.parametrize(
    "text",
    [
        "The answer is 3.",
        'I would call {"name": "calculator", "arguments": {}}',
        '{"name": "search", "arguments": {}}',
        '{"name": "calculator", "arguments": "2 + 2"}',
        '{"name": "calculator", "arguments": {}, "answer": 3}',
        '["calculator"]',
    ],
)
def test_every_other_text_is_an_answer(text: str):
    """Prose around it, an unknown tool, other keys or arguments that are no object: the text stays text."""
    assert written_call(text, {"calculator"}) is None
