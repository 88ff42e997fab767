"""Add something: a step of the flow, or something a step uses. The kind that is chosen says which.

A small model finds the right kind far more surely than it tells a step from a tool, so it is asked for the kind alone.
"""

from typing import Final

from graphs.describing.attaching import takers
from graphs.describing.choosing import Chooser
from graphs.describing.intents.add_step import NEVER, PLAIN, PLAIN_WORDS, add_kind
from graphs.describing.intents.attach import attach_resource

WORDS = (
    'add something new, such as "let it search the web", "add a critic", "make a plan first", "ask a person", '
    '"give it a memory", "translate it at the end"'
)
EVERYDAY: Final = ("planning.plan", "memory.recall", "reflection.critique", "control.approve", "resource.memory_space")
"""Kinds offered whatever was searched for: what they do is said in many words."""
FOUND: Final = 8


async def add(choose: Chooser) -> None:
    """Which kind, or which resource that is there; then where."""
    draft = choose.draft
    able = [
        kind for kind, spec in draft.kinds.items()
        if kind not in NEVER and (takers(draft, spec.provides) if spec.provides else spec.run and not spec.frame)
    ]  # fmt: skip
    kinds = dict.fromkeys([*choose.search.find(choose.wish, able, FOUND), *(each for each in EVERYDAY if each in able)])
    options = {kind: f"{draft.kinds[kind].title}: {draft.kinds[kind].summary}" for kind in kinds}
    options[PLAIN] = PLAIN_WORDS
    there = {id: spec for id, spec in draft.subject.specs.items() if spec.kind in kinds and spec.provides}
    options |= {id: f"the {spec.title} that is there already, for one more step" for id, spec in there.items()}
    chosen = await choose.one_of("kind", "What is added? Answer with the name.", options)
    if chosen is None:
        return
    if chosen in there or draft.kinds[chosen].provides:
        await attach_resource(choose, chosen)
    else:
        await add_kind(choose, chosen)
