"""What a new step says, handed to who should hear it: a reviewer to the maker, a memory or a plan to what follows.

A prompt without a place for it gets one: an optional part, so that it reads as before where nothing was said.
"""

from collections.abc import Sequence
from typing import Final

from graphs.describing.draft import BACK, Draft
from graphs.document import Edge
from graphs.ports import config_value
from nodes.types import fits

FEEDBACK: Final = "feedback"
ASKED_BACK: Final = "\n{{#feedback}}\nA reviewer said: {{feedback}}\n{{/feedback}}"
"""Added to the prompt of a node to which work is sent back."""
HANDED_ON: Final = ("text", "context", "steps")
"""Outputs that hold what a step found, as text for a prompt."""
_BRING: Final = frozenset({"memory", "planning", "tools"})
"""Families whose steps bring something for the next one."""


def send_back(draft: Draft, id: str, after: str, following: Sequence[str]) -> None:
    """Lead the outcomes that send work back to what made it; a bounded loop, or none."""
    spec = draft.spec(id)
    back = [name for name in draft.ways_out(id) if name in BACK]
    if not back or spec is None or draft.spec(after) is None:
        return
    maker = _maker(draft, id, after)
    if not spec.bounds_loop or maker is None:
        for outcome in back if spec.bounds_loop else ():
            for target in following:
                draft.connect("flow", Edge(id, outcome, target, None))
        return
    for outcome in back:
        draft.connect("flow", Edge(id, outcome, maker, None))
    _give_feedback(draft, id, maker)


def _maker(draft: Draft, id: str, after: str) -> str | None:
    """Who made what the node looks at; never the start."""
    sources = [edge.source for _, edge in draft.edges("data") if edge.target == id]
    makers = [each for each in sources if each not in draft.subject.starts]
    if after in makers or not makers:
        return None if after in draft.subject.starts else after
    return makers[0]


def _give_feedback(draft: Draft, id: str, maker: str) -> None:
    """Wire what the reviewer says into the maker; a prompt gets a place for it where it has none."""
    said = next((port for port in draft.ports(id).outputs if port.name in (FEEDBACK, "report", "text", "reason")), None)
    if said is None:
        return
    if draft.ports(maker).input(FEEDBACK) is None:
        add_to_prompt(draft, maker, ASKED_BACK)
    port = draft.ports(maker).input(FEEDBACK)
    if port is not None and fits(said.type, port.type) and (maker, FEEDBACK) not in draft.subject.fed:
        draft.connect("data", Edge(id, said.name, maker, FEEDBACK))


def hand_on(draft: Draft, id: str, following: Sequence[str]) -> None:
    """Give what a step brings to what follows it, where nobody reads it yet."""
    spec = draft.spec(id)
    brought = next((port for name in HANDED_ON for port in draft.ports(id).outputs if port.name == name), None)
    if spec is None or spec.family not in _BRING or brought is None:
        return
    if any(edge.source == id for _, edge in draft.edges("data")):
        return
    for target in following:
        port = draft.ports(target).input("context")
        if port is not None and fits(brought.type, port.type) and (target, port.name) not in draft.subject.fed:
            draft.connect("data", Edge(id, brought.name, target, port.name))
        elif add_to_prompt(draft, target, f"\n{{{{#{id}}}}}\n{draft.name(id)}:\n{{{{{id}}}}}\n{{{{/{id}}}}}"):
            draft.connect("data", Edge(id, brought.name, target, id))


def add_to_prompt(draft: Draft, id: str, part: str) -> bool:
    """Add a part to the prompt of a node; False for a node without one."""
    spec = draft.spec(id)
    if spec is None or "prompt" not in spec.template_fields:
        return False
    prompt = config_value(spec, draft.document.nodes[id], "prompt")
    if not isinstance(prompt, str):
        return False
    draft.set(id, "prompt", prompt.rstrip() + part)
    return True
