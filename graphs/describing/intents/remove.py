"""Take a node out; the flow around it closes."""

from graphs.describing.choosing import Chooser
from graphs.describing.removing import remove as take_out

WORDS = 'take a step, a tool or a memory out, such as "remove A", "drop the B"'


async def remove(choose: Chooser) -> None:
    """Which node."""
    draft = choose.draft
    keep = {*draft.subject.starts, *draft.subject.finishes}
    nodes = choose.nodes([id for id in draft.document.nodes if id not in keep])
    id = await choose.one_of("node", "Which one is taken out? Answer with its id.", nodes)
    if id is not None:
        take_out(draft, id)
