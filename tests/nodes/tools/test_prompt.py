"""prompt"""

import pytest

from nodes.contract import NodeError
from nodes.tools.prompt import prompt
from tests.fakes import FakeContext, ScriptedModel, run_node


def test_asks_once():
    """Prompt and system are rendered and sent, with the settings, and the answer comes back."""
    model = ScriptedModel("Rome")
    config = {"prompt": "Capital of {{land}}?", "system": "Be {{tone}}.", "temperature": 0.5, "max_tokens": 9}
    out = run_node(prompt, {"land": "Italy", "tone": "brief"}, FakeContext(model=model), **config)
    assert out == {"answer": "Rome"}
    call = model.calls[0]
    assert call.messages == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Capital of Italy?"},
    ]
    assert (call.temperature, call.max_tokens, call.schema, call.stream) == (0.5, 9, None, True)


def test_typed_answers_are_constrained():
    """Another type than text is asked for by schema and comes back as its value."""
    model = ScriptedModel({"answer": {"city": "Rome"}})
    config = {"answer_type": "record", "answer_fields": [{"name": "city"}]}
    assert run_node(prompt, {"task": "x"}, FakeContext(model=model), **config) == {"answer": {"city": "Rome"}}
    assert model.calls[0].schema is not None
    assert prompt.typed_by == {"answer": "answer_type"}


def test_an_empty_prompt_is_an_error():
    """A model is not asked nothing."""
    with pytest.raises(NodeError, match="prompt is empty"):
        run_node(prompt, {"task": " "})


@pytest.mark.parametrize(
    ("config", "what"),
    [
        ({"answer_type": "record"}, "at least one entry"),
        ({"answer_fields": [{"name": "a"}, {"name": "a"}]}, "have the same name"),
        ({"prompt": "{{#a}}"}, "matching tag"),
    ],
)
def test_settings_that_cannot_work_are_refused(config: dict[str, object], what: str):
    """Records without entries and malformed templates are refused in the settings."""
    with pytest.raises(ValueError, match=what):
        prompt.config.model_validate(config)
