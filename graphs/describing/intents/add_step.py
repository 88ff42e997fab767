"""Put a new step into the flow, or another one in the place of one that is there."""

from typing import Any, Final

from graphs.describing.choosing import Chooser
from graphs.describing.draft import BACK
from graphs.describing.insertion import insert_after
from graphs.describing.intents.setting import settings_given
from graphs.describing.removing import replace
from nodes.contract import NodeSpec

REPLACE_WORDS = "turn a step that is there into another kind of step, such as a debate instead of a single answer"
PLAIN: Final = "prompt"
"""The kind for whatever can be said in one instruction; always offered."""
PLAIN_WORDS: Final = "Prompt: a model is told one thing to do, such as translate, summarise, rewrite"
_INSTEAD: Final = ("agent", "deliberation.vote", "deliberation.debate")
NEVER: Final = frozenset({"start", "finish", "note"})


async def add_kind(choose: Chooser, kind: str) -> None:
    """After which step it comes."""
    after = await _after(choose, choose.draft.kinds[kind])
    config, label = await _made(choose, kind)
    id = insert_after(choose.draft, kind, after, label=label, config=config)
    await settings_given(choose, id)


async def replace_step(choose: Chooser) -> None:
    """Which step, and the kind that takes its place."""
    draft = choose.draft
    fixed = {*draft.subject.starts, *draft.subject.finishes}
    steps = [id for id in draft.running if id not in fixed]
    kind = await _kind(choose)
    if not steps and kind is not None:
        return await add_kind(choose, kind)
    old = await choose.one_of("node", "Which step gives way to it? Answer with its id.", choose.nodes(steps))
    if kind is None or old is None:
        return None
    config, label = await _made(choose, kind)
    id = replace(draft, old, kind, label=label, config=config)
    return await settings_given(choose, id)


async def _kind(choose: Chooser) -> str | None:
    kinds = choose.draft.kinds
    able = [kind for kind, spec in kinds.items() if spec.run is not None and kind not in NEVER and not spec.frame]
    found = dict.fromkeys([*choose.search.find(choose.wish, able), *_INSTEAD, PLAIN])
    options = {kind: f"{kinds[kind].title}: {kinds[kind].summary}" for kind in found if kind in kinds}
    options[PLAIN] = PLAIN_WORDS
    return await choose.one_of("kind", "Which kind of step is it? Answer with the name.", options)


async def _after(choose: Chooser, spec: NodeSpec) -> str | None:
    """The step that the new one follows; None in a workflow without any."""
    draft = choose.draft
    judges = any(name in BACK for name in spec.outcomes)
    able = [id for id in draft.running if draft.ways_out(id) and not (judges and id in draft.subject.starts)]
    if not able:
        return None
    words = "Whose result does it look at" if judges else "Which step does it come right after"
    return await choose.one_of("after", f"{words}? Answer with its id.", choose.nodes(able))


async def _made(choose: Chooser, kind: str) -> tuple[dict[str, Any], str]:
    """Settings and label of the new step. A plain prompt is told what to do and named; the rest say it themselves."""
    if kind != PLAIN:
        return {}, ""
    told = await choose.text(
        "instruction", "What is the model told to do in this step? One or two sentences, as an instruction."
    )
    label = await choose.text("name", "What is the step called? One or two words.", most=24)
    return {"prompt": told if "{{" in told else f"{told}\n\n{{{{text}}}}"}, label
