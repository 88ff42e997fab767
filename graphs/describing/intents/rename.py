"""Give a node another name."""

from graphs.describing.choosing import Chooser
from graphs.operations import SetNode

WORDS = 'give a step another name, such as "rename A to B", "call it B"'


async def rename(choose: Chooser) -> None:
    """Which node, and what it is called then."""
    nodes = choose.nodes(list(choose.draft.document.nodes))
    id = await choose.one_of("node", "Which step gets another name? Answer with its id.", nodes)
    if id is None:
        return
    name = await choose.text("name", f"What is {choose.draft.name(id)} called then? Answer with the new name.", most=60)
    choose.draft.do(SetNode(id=id, key="label", value=name.strip("\"'“”")))
