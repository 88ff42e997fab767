"""The way for small models: the intent among a few, then kind, node and setting, each one small decision.

A model of 1.5 billion parameters writes no faultless list of operations, but it chooses well among few names that
exist. What follows from a choice (edges, ports, sockets) is worked out, not asked for.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from graphs.describing.asking import Asker
from graphs.describing.choosing import Chooser
from graphs.describing.draft import Draft
from graphs.describing.intents import add, add_step, connect, remove, rename, setting, workflow
from graphs.describing.searching import KindSearch

Intent = Callable[[Chooser], Awaitable[None]]
INTENTS: Final[Mapping[str, tuple[str, Intent]]] = {
    "add": (add.WORDS, add.add),
    "replace_step": (add_step.REPLACE_WORDS, add_step.replace_step),
    "change_setting": (setting.WORDS, setting.change_setting),
    "rename": (rename.WORDS, rename.rename),
    "remove": (remove.WORDS, remove.remove),
    "connect": (connect.WORDS, connect.connect),
    "set_workflow": (workflow.WORDS, workflow.set_workflow),
}
CUES: Final[Mapping[str, str]] = {
    "replace_step": r"instead|in place of|replace|swap|turn|\binto\b|\bmake\b|rather than",
    "change_setting": (
        r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|twice|once)\b|\bat (most|least)\b"
        r"|\b(more|less|fewer|longer|shorter|prompt|setting|temperature|tell|should|must|may|only|always|never|be)\b"
        r"|\b(brief|concise|polite|tone|style|formal|detail|simpl)\w*|\bturn (on|off)\b|^(answer|write|say|reply|use)\b"
    ),
    "rename": r"\bnames?\b|rename|\bcall(ed)?\b|label",
    "remove": r"remove|delete|drop|take .*\b(out|away)\b|get rid|without|\bno (longer|more)\b",
    "connect": r"connect|join|lead|arrow|wire|link|go(es)? (on )?to|after",
    "set_workflow": r"workflow|title|summary|\brun\b|\bruns\b|limit|steps|seconds|minutes|tokens|dollars?|\$",
}
"""What a wish for an intent has in it; those not named are always offered. Few choices are what a small model needs."""
NO_EDIT: Final = "the wish is no change of the workflow, or it cannot be told which"
MOST: Final = 4
"""Edits in one wish; more is asked for one by one."""
_VERBS: Final = (
    "add|attach|call|change|connect|delete|drop|give|insert|join|let|limit|make|put|remove|rename|replace|set"
)


async def step_by_step(
    asker: Asker, draft: Draft, wish: str, search: KindSearch, tell: Callable[[str], None]
) -> list[str]:
    """Edit ``draft`` by small decisions; the parts of the wish of which no edit came."""
    unmet: list[str] = []
    for part in parts(wish):
        choose = Chooser(asker, draft, part, search, tell)
        before = len(draft.ops)
        intent = await choose.one_of("intent", "Which one edit is it?", intents(part), none=NO_EDIT)
        if intent is not None:
            await INTENTS[intent][1](choose)
        if len(draft.ops) == before:
            unmet.append(part)
    return unmet


def intents(wish: str) -> dict[str, str]:
    """The intents that the wish may mean, with their words."""
    return {
        name: words
        for name, (words, _) in INTENTS.items()
        if name not in CUES or re.search(CUES[name], wish, re.IGNORECASE)
    }


def parts(wish: str) -> list[str]:
    """The edits in a wish: its sentences, and what an ``and`` with a verb joins. At most ``MOST``; the last holds
    the rest."""
    between = rf"[.;\n]+\s+(?=\S)|\s*,?\s*\b(?:and then|then|and)\s+(?=(?:{_VERBS})\b)"
    pieces = re.split(between, wish.strip(), flags=re.IGNORECASE)
    found = [piece.strip(" .;,") for piece in pieces if piece and piece.strip(" .;,")]
    return found if len(found) <= MOST else [*found[: MOST - 1], "; ".join(found[MOST - 1 :])]
