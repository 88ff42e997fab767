"""teams.role_turn"""

import pytest

from nodes.contract import NodeError
from nodes.teams.role_turn import role_turn
from tests.fakes import FakeContext, ScriptedModel, role, run_node


def test_the_attached_role_speaks_with_its_persona_and_the_history():
    """What was said before stands between persona and prompt; the history that comes out holds this turn too."""
    ann = role("Ann", "Blue, then.")
    history = [{"role": "system", "content": "old"}, {"role": "user", "content": "Red?"},
               {"role": "assistant", "content": "No."}]  # fmt: skip
    ctx = FakeContext(roles=[ann])
    out = run_node(role_turn, {"message": "Which colour?", "history": history}, ctx)
    assert (out["text"], out["speaker"]) == ("Blue, then.", "Ann")
    said = [(turn["role"], turn["content"]) for turn in ann.model.calls[0].messages]  # type: ignore[attr-defined]
    assert said == [("system", "You are Ann."), ("user", "Red?"), ("assistant", "No."), ("user", "Which colour?")]
    assert [turn["content"] for turn in out["history"]] == ["Red?", "No.", "Which colour?", "Blue, then."]
    assert ctx.views[-1]["messages"][0] == {"speaker": "prompt", "text": "Which colour?", "to": "Ann"}


def test_the_persona_of_the_settings_speaks_where_no_role_is_attached():
    """Dropped on the canvas it works with the persona written in it."""
    ctx = FakeContext(model=ScriptedModel("Arr."))
    out = run_node(role_turn, {"message": "Hello"}, ctx, name="Pirate", persona="You are a pirate.")
    assert (out["text"], out["speaker"]) == ("Arr.", "Pirate")
    assert ctx.model.calls[0].messages[0]["content"] == "You are a pirate."


def test_nothing_to_say_it_to():
    """An empty prompt is an error."""
    with pytest.raises(NodeError, match="prompt is empty"):
        run_node(role_turn, {"message": " "})
