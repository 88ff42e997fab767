"""Members of a team: who they are where no role is attached, and how one is asked.

A member is a ``Role``. It is asked with its persona as the system turn, with what its own memory recalls
for the question, and with its own tools where it has any.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, NodeError, Role, Weights

TEAM: Final = (
    Attach("model", "model"),
    Attach("roles", "role", many=True),
    Attach("policies", "policy", many=True),
)
"""The sockets of a kind whose members are attached roles."""
REMEMBERED: Final = "What you remember:\n{records}"
RECALLED: Final = 3
TOOL_CALLS: Final = 4

Schema = TypeVar("Schema", bound=BaseModel)


class MemberSpec(Config):
    """A member written in the settings, for a team to which no role is attached."""

    name: str = Field(
        title="Name", description="How the others call it.", min_length=1, max_length=60, pattern=r"^\S(.*\S)?$"
    )
    persona: str = Field(
        default="", title="Persona", description="Who it is and how it works, as its system prompt.",
        max_length=10_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    skills: str = Field(
        default="", title="Skills", description="What it is good at, for whoever chooses among the members.",
        max_length=2_000,
    )  # fmt: skip


def members_of(ctx: Context, written: Sequence[MemberSpec]) -> list[Role]:
    """The attached roles; where there are none, those written in the settings, on the node's model.

    Raises NodeError where there is nobody, or two have the same name.
    """
    found = list(ctx.roles) or [Role(each.name, each.persona, each.skills, ctx.model) for each in written]
    if not found:
        raise NodeError("The team has no members", mend="Attach roles below this node, or write members under it.")
    names = [member.name for member in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise NodeError(f"Two members are called {twice!r}", mend="Give each role a name of its own.")
    return found


def copies_of(ctx: Context, count: int, called: str) -> list[Role]:
    """The attached roles; where there are none, ``count`` copies of the node's model without a persona."""
    if ctx.roles:
        return members_of(ctx, ())
    return [Role(f"{called} {number}", "", "", ctx.model) for number in range(1, count + 1)]


def roster(members: Sequence[Role]) -> str:
    """A line for each member: its name and what it is good at."""
    lines = [(each.name, each.skills or first_line(each.persona) or "no skills named") for each in members]
    return "\n".join(f"- {name}: {skills}" for name, skills in lines)


def transcript(said: Sequence[Mapping[str, Any]]) -> str:
    """``speaker: text`` for each contribution, with an empty line between; what stands for nothing yet."""
    return "\n\n".join(f"{each['speaker']}: {each['text']}" for each in said) or "(nothing yet)"


def first_line(text: str) -> str:
    """The first line of a text, without blanks around it; '' for none."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def user(text: str) -> dict[str, Any]:
    """A turn of whoever asks."""
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    """A turn of the member."""
    return {"role": "assistant", "content": text}


async def ask(
    ctx: Context,
    member: Role,
    *turns: Mapping[str, Any],
    temperature: float | None = None,
    stream: bool = False,
    max_calls: int = TOOL_CALLS,
) -> str:
    """What the member says next, knowing ``turns``; it may call its own tools ``max_calls`` times."""
    messages = await _conversation(member, turns)
    if member.tools:
        turn = await ctx.agent(
            messages, tools=member.tools, max_calls=max_calls, temperature=temperature, model=member.model
        )
        return turn.text.strip()
    reply = await member.model.chat(messages, temperature=temperature, stream=stream)
    return reply.text.strip()


async def ask_member_for(
    member: Role, schema: type[Schema], *turns: Mapping[str, Any], temperature: float | None = 0
) -> Schema:
    """What the member puts into a form; asked once more where it does not fit. Raises AnswerError."""
    return await ask_for(member.model, await _conversation(member, turns), schema, temperature=temperature)


async def _conversation(member: Role, turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    system = "\n\n".join(part for part in (member.persona.strip(), await _remembered(member, turns)) if part)
    first = [{"role": "system", "content": system}] if system else []
    return [*first, *(dict(turn) for turn in turns)]


async def _remembered(member: Role, turns: Sequence[Mapping[str, Any]]) -> str:
    """What the member's private memory holds on the last question."""
    asked = next((str(turn["content"]) for turn in reversed(turns) if turn["role"] == "user"), "")
    if member.memory is None or not asked.strip():
        return ""
    hits = await member.memory.search(asked, top_k=RECALLED, weights=Weights(), half_life_days=30)
    return REMEMBERED.format(records="\n".join(f"- {hit.text}" for hit in hits)) if hits else ""
