"""Wait for some seconds, or until a time.

Use it to poll at a pace, to keep to a service's limits, or to act at a time of day. The time can be wired
in, or set: an ISO 8601 date and time (``2026-12-24T18:00:00+01:00``; UTC where it has no offset) or a time
of day (``18:00``, in UTC: the next one). A time that has passed is no wait. The run stays alive meanwhile,
its clock runs, and stopping the run ends the wait. For people, use "Ask a person": that holds nothing.

Source: Nodeloom.
"""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, node

_DAYTIME: Final = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)$")
_EXAMPLES: Final = "Write it as 18:00 or 2026-12-24T18:00:00+01:00."


def _readable(text: str) -> str:
    if text and not _DAYTIME.match(text):
        try:
            datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is not a time. {_EXAMPLES}") from error
    return text


class WaitConfig(Config):
    """How long."""

    seconds: float = Field(
        default=1, ge=0, le=86_400, title="Wait", description="How long, where no time is given.",
        json_schema_extra={"unit": "s"},
    )  # fmt: skip
    until: Annotated[str, AfterValidator(_readable)] = Field(
        default="", title="Until", description="18:00 or 2026-12-24T18:00:00+01:00; empty: the seconds count.",
        max_length=40,
    )  # fmt: skip
    max_seconds: float = Field(
        default=3_600, gt=0, le=604_800, title="At most", description="A longer wait is an error.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip


@node(
    kind="control.wait", family="control", title="Wait", summary="Wait some seconds, or until a time",
    config=WaitConfig,
    inputs=(Port("until", "text", "A time as in the settings; before them where it is wired.", required=False),),
    outputs=(Port("waited", "number", "Seconds that were waited."),), source="Nodeloom", icon="timer",
)  # fmt: skip
async def wait(inputs: Inputs, config: WaitConfig, ctx: Context) -> Outputs:
    """Sleep until the time has come."""
    until = (inputs.get("until") or config.until).strip()
    seconds = max(moment(until, ctx.now()) - ctx.now(), 0) if until else config.seconds
    if seconds > config.max_seconds:
        raise NodeError(
            f"The wait would take {seconds:,.0f} s, and this node waits at most {config.max_seconds:,.0f} s",
            mend="Choose an earlier time, or raise 'At most' in its settings.",
        )
    ctx.progress(f"waiting {seconds:,.1f} s")
    await asyncio.sleep(seconds)
    return {"waited": round(seconds, 3)}


def moment(text: str, now: float) -> float:
    """Seconds since the epoch of a time as text; a time of day is the next one after ``now``."""
    daytime = _DAYTIME.match(text)
    if daytime:
        today = datetime.fromtimestamp(now, UTC).replace(second=0, microsecond=0)
        at = today.replace(hour=int(daytime[1]), minute=int(daytime[2]))
        return (at if at.timestamp() >= now else at + timedelta(days=1)).timestamp()
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise NodeError(f"{text!r} is not a time", mend=_EXAMPLES) from error
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
