"""Give a step something to use: a new resource, or one that is there already."""

from typing import Final

from graphs.describing.attaching import attach as attach_existing
from graphs.describing.attaching import attach_new, takers
from graphs.describing.choosing import Chooser
from graphs.describing.intents.setting import settings_given, write
from graphs.describing.settings import settings_of
from nodes.contract import NodeSpec

NAMING: Final = {"resource.model": "reference", "resource.role": "persona", "resource.memory_space": "space"}
"""Kinds whose one setting says what they are."""


async def attach_resource(choose: Chooser, chosen: str) -> None:
    """Which node uses it; ``chosen`` is a kind, or the id of a resource that is there."""
    draft, spec = choose.draft, _spec(choose, chosen)
    users = [id for id in takers(draft, spec.provides or "") if id != chosen]
    question = f"Which step uses the {spec.title}? Answer with its id."
    user = await choose.one_of("user", question, choose.nodes(users))
    if user is None:
        return
    if chosen in draft.document.nodes:
        attach_existing(draft, chosen, user)
        return
    id = attach_new(draft, chosen, user)
    if chosen in NAMING:
        await write(choose, id, settings_of(spec)[NAMING[chosen]])
    else:
        await settings_given(choose, id)


def _spec(choose: Chooser, chosen: str) -> NodeSpec:
    return choose.draft.spec(chosen) or choose.draft.kinds[chosen]
