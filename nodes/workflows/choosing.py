"""A model chooses what is changed in a workflow, and where, by what went wrong with it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Context
from nodes.workflows.documents import prompts_of
from nodes.workflows.mutations import Place

Name = TypeVar("Name", bound=str)
WHAT: Final = {
    "reword": "write the prompt of a step anew", "insert_critique": "have the answer of a step checked and revised",
    "insert_step": "put another step behind a step", "remove_step": "take a step out",
    "change_temperature": "another temperature for a step", "swap_model": "another model for a step",
    "cross": "take a prompt from another workflow",
}  # fmt: skip
CHOOSE: Final = """A workflow of these steps solves tasks:
{steps}

What went wrong:
{feedback}

Which one change would mend most, and at which step? The changes are:
{changes}{tried}"""
TRIED: Final = "\n\nThese were tried and did not hold: {tried}. Choose another."
NOTHING: Final = "nothing is known"
SHOWN: Final = 300  # characters of a prompt


async def choose_change(
    place: Place, changes: Sequence[Name], feedback: str, tried: Sequence[str], ctx: Context
) -> tuple[Name, str]:
    """The change and the node; a workflow without a step to choose is left to chance: ('' for the node)."""
    steps = {id: _prompt(place, id) for id in sorted(place.writers())}
    if not steps:
        return place.dice.choice(list(changes)), ""
    prompt = CHOOSE.format(
        steps="\n".join(f"- {id}: {text}" for id, text in steps.items()), feedback=feedback.strip() or NOTHING,
        changes="\n".join(f"- {name}: {WHAT[name]}" for name in changes),
        tried=TRIED.format(tried=", ".join(tried)) if tried else "",
    )  # fmt: skip
    schema = choice_schema(tuple(changes), tuple(steps))
    said: Any = await ask_for(ctx.model, [{"role": "user", "content": prompt}], schema, temperature=0)
    ctx.progress(f"{said.change} at {said.step}: {said.reason}")
    return said.change, said.step


def _prompt(place: Place, id: str) -> str:
    text = " ".join(" ".join(each.text for each in prompts_of(place.document) if each.node == id).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


@lru_cache(maxsize=64)
def choice_schema(changes: tuple[str, ...], steps: tuple[str, ...]) -> type[BaseModel]:
    """``{"reason", "change": one of changes, "step": one of steps}``."""
    change: Any = Literal[changes]
    step: Any = Literal[steps]
    return create_model(
        "Choice",
        reason=(str, Field(description="In one sentence: what it would mend", max_length=300)),
        change=(change, Field(description="The change")),
        step=(step, Field(description="The step it is made at")),
    )
