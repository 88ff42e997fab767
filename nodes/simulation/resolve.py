"""The game master's ruling: whether an attempted action succeeds, what is seen of it, what it changes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Context
from nodes.simulation.variables import Variable, changed, read, type_of
from nodes.templating import as_text

PROMPT: Final = """You are the game master of a simulated world. {rules}

World now:
{world}

{actor} tries this: {action}

Say first whether the world allows it and what follows from it. Then say in one sentence what everyone
can see happen. Change only what really changes; leave out the rest."""
RULES: Final = "Be fair and realistic: an attempt may fail, and nobody can have or do what the world does not allow."


class Ruling(NamedTuple):
    """What came of an action."""

    possible: bool
    event: str
    world: dict[str, Any]
    changes: list[str]


async def resolve(world: Mapping[str, Any], actor: str, action: str, rules: str, ctx: Context) -> Ruling:
    """Ask for the ruling and apply its changes; one that does not fit its variable is left out, and told."""
    prompt = PROMPT.format(rules=rules, world=world_text(world), actor=actor, action=action)
    schema = ruling_schema(tuple(name for name in world if _variable(name, world[name])))
    said: Any = await ask_for(ctx.model, [{"role": "user", "content": prompt}], schema, temperature=0)
    after, told = dict(world), list[str]()
    for change in getattr(said, "changes", ()) if said.possible else ():
        variable = _variable(change.variable, world[change.variable])
        assert variable is not None, "the schema allows only variables that can be changed"
        try:
            after = changed(after, variable, "set", read(change.value, variable))
        except ValueError as error:
            ctx.progress(f"left out a change of {change.variable}: {error}")
            continue
        told.append(f"{change.variable}: {as_text(after[change.variable])}")
    return Ruling(said.possible, said.event.strip(), after, told)


def world_text(world: Mapping[str, Any]) -> str:
    """A line for each variable."""
    return "\n".join(f"- {name}: {as_text(value) or 'none'}" for name, value in world.items()) or "nothing is known"


def _variable(name: str, value: Any) -> Variable | None:
    """The variable a value is of; None for a value a game master cannot write."""
    kind = type_of(value)
    return Variable.model_construct(name=name, type=kind) if kind else None


@lru_cache(maxsize=64)
def ruling_schema(names: tuple[str, ...]) -> type[BaseModel]:
    """``{"thought", "possible", "event", "changes": [{"variable", "value"}]}``; no changes where there are no names."""
    fields: dict[str, Any] = {
        "thought": (str, Field(description="In one or two sentences: is it allowed, what follows?")),
        "possible": (bool, Field(description="Whether the attempt succeeds.")),
        "event": (str, Field(description="One sentence: what everyone can see happen.")),
    }
    if names:
        allowed: Any = Literal[names]
        change: Any = create_model(
            "Change", variable=(allowed, Field(description="Name of the variable.")),
            value=(str, Field(description="Its new value, whole.")),
        )  # fmt: skip
        most = Field(description="Variables that change; may be empty.", json_schema_extra={"maxItems": len(names)})
        fields["changes"] = (list[change], most)
    return create_model("Ruling", **fields)
