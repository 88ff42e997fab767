"""Change the workflow itself: its title, its summary, a limit of its runs."""

from typing import Any, Final, Literal, cast

from graphs.describing.choosing import Chooser
from graphs.operations import SetLimit, SetMeta

WORDS = "change the title or summary of the whole workflow, or how long, how many steps or how much a run may take"
_PARTS: Final = {
    "title": "its title", "summary": "its summary", "steps": "the most steps of a run",
    "seconds": "the most seconds of a run", "tokens": "the most tokens of a run", "usd": "the most dollars of a run",
}  # fmt: skip


async def set_workflow(choose: Chooser) -> None:
    """Which part, and what it is then."""
    part = await choose.one_of("setting", "What of the workflow changes?", _PARTS)
    if part in ("title", "summary"):
        text = await choose.text("value", f"What is the {part} then?", most=300)
        choose.draft.do(SetMeta(key=part, value=text))
    elif part is not None:
        value: Any = await choose.number("value", f"What is {_PARTS[part]}?", whole=part in ("steps", "tokens"))
        choose.draft.do(SetLimit(key=cast(Literal["steps", "seconds", "tokens", "usd"], part), value=value))
