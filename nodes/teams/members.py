"""Members of a team: who they are, be they wired in, attached or written, and how one is asked.

A member is a ``Role``: asked with its persona as the system turn, what its memory recalls, and its own tools.

A team is a value too: a list of records with ``name`` and, where known, ``persona``, ``skills``, ``job`` and
``model``. So a team that one node wrote can be handed to any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any, Final, TypeVar

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, ChatModel, Config, Context, NodeError, Port, Role, Weights
from nodes.templating import as_text

MEMBERS: Final = Port(
    "members", "list[record]", "The team: name, persona, skills, job, model; before roles and settings.", required=False
)
"""The input of a kind whose members can be wired in."""
TEAM: Final = (
    Attach("model", "model"),
    Attach("roles", "role", many=True, description="Members; a wired one of the same name is that role."),
    Attach("models", "model", many=True, description="Those that wired members may name as `model`."),
    Attach("memory", "memory", description="Members without their own recall from it what is theirs (owner: name)."),
    Attach("tools", "tool", many=True, description="For members without tools of their own."),
    Attach("policies", "policy", many=True),
)
"""The sockets of a kind whose members are wired in, attached or written."""
WITH_TOOLS: Final = "; with tools up to 5 for each of a member's"
"""What to add to ``model_calls`` of such a kind."""
LARGEST: Final = 60
"""Members of a wired team."""
PROFILE: Final = 600
"""Characters of a persona in ``profiles``."""
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


def members_of(ctx: Context, written: Sequence[MemberSpec], wired: Sequence[Any] | None = None) -> list[Role]:
    """The members wired in; without them the attached roles; without these those written in the settings.

    Raises NodeError where there is nobody, or two have the same name.
    """
    if wired is not None:
        found = _wired_members(ctx, wired)
    else:
        found = list(ctx.roles) or [plain_member(ctx, each.name, each.persona, each.skills) for each in written]
    if not found:
        raise NodeError("The team has no members", mend="Wire in or attach members, or write them in the settings.")
    names = [member.name for member in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise NodeError(f"Two members are called {twice!r}", mend="Give each a name of its own.")
    return found


def copies_of(ctx: Context, count: int, called: str, wired: Sequence[Any] | None = None) -> list[Role]:
    """The members wired in or attached; without any, ``count`` copies of the node's model without a persona."""
    if wired is not None or ctx.roles:
        return members_of(ctx, (), wired)
    return [Role(f"{called} {number}", "", "", ctx.model, tools=ctx.tools) for number in range(1, count + 1)]


def member_of(ctx: Context, record: Mapping[str, Any], *, number: int = 1) -> Role:
    """The member a record describes: the attached role of its name, or one on the model it names, else the node's.

    ``number``: its place in the team, for messages. Raises NodeError for a record without a name, or a model
    that is not attached.
    """
    name = as_text(record.get("name")).strip()
    if not name:
        raise NodeError(
            f"Member {number} has no name: {dict(record)!r:.200}", mend="Give each record a name, a persona and skills."
        )
    persona, skills, job = (as_text(record.get(key)).strip() for key in ("persona", "skills", "job"))
    told = "\n".join(part for part in (persona, f"Your job: {job}" if job else "") if part)
    known = next((role for role in ctx.roles if role.name == name), None)
    if known is not None:
        return replace(known, persona=told or known.persona, skills=skills or job or known.skills)
    return plain_member(ctx, name, told or f"You are {name}.", skills or job, _model_of(record, ctx))


def _wired_members(ctx: Context, wired: Sequence[Any]) -> list[Role]:
    if len(wired) > LARGEST:
        raise NodeError(f"The wired team has {len(wired)} members", mend=f"Wire in at most {LARGEST}.")
    return [member_of(ctx, each, number=number) for number, each in enumerate(wired, start=1)]


def plain_member(ctx: Context, name: str, persona: str, skills: str = "", model: ChatModel | None = None) -> Role:
    """One without a resource of its own: on the node's model, tools and memory, of which its own part is seen."""
    memory = ctx.memory.owned_by(name) if ctx.memory else None
    return Role(name, persona, skills, model or ctx.model, memory=memory, tools=ctx.tools)


def _model_of(record: Mapping[str, Any], ctx: Context) -> ChatModel | None:
    """The attached model that the record names; None where it names none."""
    wanted = as_text(record.get("model")).strip()
    attached = {model.reference: model for model in ctx.models("models")}
    if wanted and wanted not in attached:
        raise NodeError(
            f"{record.get('name')} is to use {wanted!r}, which is not attached",
            mend=f"Attach it at the socket models; there are {', '.join(attached) or 'none'}.",
        )
    return attached.get(wanted)


def roster(members: Sequence[Role]) -> str:
    """A line for each member: its name and what it is good at."""
    lines = [(each.name, each.skills or first_line(each.persona) or "no skills named") for each in members]
    return "\n".join(f"- {name}: {skills}" for name, skills in lines)


def profiles(members: Sequence[Role]) -> str:
    """As ``roster``, for whoever chooses among them: who each is where no skills are named, as in AutoGen."""
    lines = [(each.name, each.skills or shorten(each.persona, PROFILE) or "no skills named") for each in members]
    return "\n".join(f"- {name}: {told}" for name, told in lines)


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
