"""One role speaks once.

Use it to draw a conversation on the canvas, a node for each speaker: what the roles say is wired from one to
the next, and loops, conditions and people can stand between. The role is the one wired in as ``member`` (inside
a For each: every member of a team that was written), else the attached one, with its own model, memory and
tools, or the persona written in the settings.

Source: Li et al. 2023, CAMEL: Communicative Agents for "Mind" Exploration of Large Language Model Society
(https://arxiv.org/abs/2303.17760), role-playing with a persona as the system prompt.
"""

from typing import Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.teams.members import TEAM, ask, assistant, member_of, plain_member, user
from nodes.templating import Template, render
from nodes.views import chat_view

PERSONA: Final = "You are a thoughtful assistant. You speak plainly and briefly."


class RoleTurnConfig(Config):
    """Who speaks, and to what."""

    name: str = Field(
        default="Speaker", title="Name", description="Of the role where none is attached.", min_length=1, max_length=60
    )
    persona: str = Field(
        default=PERSONA, title="Persona", description="Who speaks, as the system prompt, where no role is attached.",
        max_length=10_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    prompt: Template = Field(
        default="{{message}}", title="Prompt", description="What the role is told; {{name}} makes an input.",
        max_length=50_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="teams.role_turn", family="teams", title="Role turn", summary="One role speaks once",
    config=RoleTurnConfig,
    inputs=(
        Port("history", "messages", "What was said before.", required=False),
        Port("member", "record", "Who speaks: name, persona, job, model; before role and settings.", required=False),
    ),
    outputs=(
        Port("text", "text", "What the role says."),
        Port("history", "messages", "What was said before, and this turn."),
        Port("speaker", "text", "Name of the role."),
    ),
    attaches=(TEAM[0], Attach("role", "role"), *TEAM[2:]),
    template_fields=("prompt",), model_calls="1; with tools of its own up to 5", icon="user-round",
    source="Li et al. 2023, CAMEL, https://arxiv.org/abs/2303.17760",
)  # fmt: skip
async def role_turn(inputs: Inputs, config: RoleTurnConfig, ctx: Context) -> Outputs:
    """Tell the role what came before and the prompt; return what it says."""
    told = render(config.prompt, inputs)
    if not told.strip():
        raise NodeError("The prompt is empty once its values are in", mend="Write a prompt, or wire its inputs.")
    role = _speaker(inputs, config, ctx)
    before = [turn for turn in inputs.get("history") or () if turn["role"] in ("user", "assistant")]
    text = await ask(ctx, role, *before, user(told), temperature=config.temperature, stream=True)
    ctx.show(chat_view([{"speaker": "prompt", "text": told, "to": role.name}, {"speaker": role.name, "text": text}]))
    return {"text": text, "history": [*before, user(told), assistant(text)], "speaker": role.name}


def _speaker(inputs: Inputs, config: RoleTurnConfig, ctx: Context) -> Role:
    if inputs.get("member"):
        return member_of(ctx, inputs["member"])
    return ctx.roles[0] if ctx.roles else plain_member(ctx, config.name, config.persona)
