"""References: reading them, and the advice for wrong ones."""

import pytest

from graphs.models.references import Reference, parse
from nodes.contract import NodeError


def test_everything_after_the_first_colon_is_the_model():
    """Ollama's tags hold colons of their own."""
    assert parse("ollama:qwen3:4b") == Reference("ollama", "qwen3:4b")
    assert str(parse(" openai:gpt-4o ")) == "openai:gpt-4o"


def test_an_endpoint_is_a_provider():
    """A name the user gave to an address is valid before the colon."""
    assert parse("office:mixtral", ["office"]) == Reference("office", "mixtral")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("gpt-4o", 'Write "openai:gpt-4o".'),
        ("claude-sonnet-4-5", 'Write "anthropic:claude-sonnet-4-5".'),
        ("openai", "Write openai:"),
        ("opnai:gpt-4o", 'Did you mean "openai:gpt-4o"?'),
        ("Anthropic:claude", 'Did you mean "anthropic:claude"?'),
        ("openai: ", "Write the model after the colon"),
        ("zzz:model", "Known providers: builtin, openai"),
    ],
)
def test_a_wrong_reference_teaches(text: str, advice: str):
    """The error quotes what was written and says what to write."""
    with pytest.raises(NodeError, match=text.strip()) as caught:
        parse(text)
    assert advice in caught.value.mend
