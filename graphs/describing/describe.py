"""From a wish to a proposal: ask a model, put its operations into words, mend what can be mended, say what is left.

Nothing is changed here: a proposal becomes an edit when a person accepts it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from graphs.describing.asking import Asker, Models
from graphs.describing.at_once import at_once
from graphs.describing.draft import Draft
from graphs.describing.items import Wanted, itemise, wanted
from graphs.describing.mending import Diagnose, mends, new_findings
from graphs.describing.proposal import Fault, Proposal, Spent, Way
from graphs.describing.searching import Embed, KindSearch
from graphs.describing.step_by_step import step_by_step
from graphs.describing.words import Kinds
from graphs.document import Document
from graphs.permissions import permissions_of
from graphs.validate import validate
from nodes.contract import NodeError
from nodes.registry import KINDS

LONGEST: Final = 2_000
"""Characters of a wish."""
Tell = Callable[[Mapping[str, Any]], None]
"""Hears ``{"type": "step", "text"}`` and ``{"type": "spent", ...}``."""


@dataclass(frozen=True)
class Describer:
    """What wishes are answered with. ``diagnose``: the findings of a document in its workspace."""

    models: Models
    kinds: Kinds
    diagnose: Diagnose
    embed: Embed | None = None


def describer(models: Models, *, diagnose: Diagnose | None = None, embed: Embed | None = None) -> Describer:
    """With the installed kinds; without ``diagnose`` the workspace is not looked at."""
    return Describer(models, KINDS, diagnose or (lambda document: validate(document)), embed)


def way_for(reference: str) -> Way:
    """Step by step for the built-in models, at once for every other."""
    return "steps" if reference.startswith("builtin:") else "once"


async def propose(
    using: Describer, document: Document, wish: str, reference: str, *, way: Way | None = None,
    tell: Tell = lambda _: None,
) -> Proposal:  # fmt: skip
    """What ``reference`` makes of ``wish``. Raises NodeError where it cannot be asked, or gave no answer that fits."""
    wish = wish.strip()
    if not 0 < len(wish) <= LONGEST:
        raise NodeError(f"The wish has {len(wish)} characters", mend=f"Say what you want in 1 to {LONGEST} characters.")
    chosen = way or way_for(reference)
    asker = Asker(using.models, reference, lambda spent: tell(_spent(spent)))
    search = KindSearch(using.kinds, using.embed)
    wishes, said = await _asked(using, document, wish, chosen, asker, search, tell)
    proposal = _proposal(using, document, wishes)
    return replace(proposal, wish=wish, model=reference, way=chosen, said=said, spent=asker.spent)


async def _asked(
    using: Describer, document: Document, wish: str, way: Way, asker: Asker, search: KindSearch, tell: Tell
) -> tuple[list[Wanted], str]:
    def step(text: str) -> None:
        tell({"type": "step", "text": text})

    if way == "once":
        answer = await at_once(asker, document, using.kinds, wish, search, using.diagnose, step)
        return answer.wishes, answer.said
    draft = Draft(document, using.kinds)
    unmet = await step_by_step(asker, draft, wish, search, step)
    return [*wanted(draft.ops), *(_unmet(part) for part in unmet)], ""


def _unmet(part: str) -> Wanted:
    fault = Fault(
        "it could not be told what to change", "Name the node and what becomes of it, or take a larger model."
    )
    return Wanted((), fault=fault, words=f"“{part}”")


def _proposal(using: Describer, document: Document, wishes: list[Wanted]) -> Proposal:
    """The items with mends for what they would leave wrong, and what then is left."""
    known = using.diagnose(document)
    _, after = itemise(document, wishes, using.kinds)
    mended = mends(after, using.kinds, using.diagnose, known) if after != document else []
    items, after = itemise(document, [*wishes, *wanted(mended, mends=True)], using.kinds)
    left = new_findings(known, using.diagnose(after))
    now = {each.key for each in permissions_of(document, using.kinds)}
    more = tuple(each.words for each in permissions_of(after, using.kinds) if each.key not in now)
    return Proposal("", "", "once", items, left=left, permissions=more)


def _spent(spent: Spent) -> Mapping[str, Any]:
    return {
        "type": "spent", "calls": spent.calls, "input_tokens": spent.input_tokens,
        "output_tokens": spent.output_tokens, "usd": spent.usd, "seconds": spent.seconds,
    }  # fmt: skip
