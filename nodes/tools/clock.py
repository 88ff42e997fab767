"""Tells the date and time, and counts with dates.

Attach it where an answer depends on today, or on how long something takes. Models do not know the date
and count days badly. Time zones are names of the IANA database, such as Europe/Berlin.

Source: Nodeloom.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, field_validator

from nodes.contract import NodeSpec, Services, Tool, ToolResult
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = (
    "Dates and times. action=now tells the time, difference counts from start to end, add adds days to start."
)


def zone(name: str) -> tzinfo:
    """The time zone of an IANA name. Raises ValueError for an unknown one."""
    try:
        return UTC if name.upper() in ("", "UTC", "Z") else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}; names look like Europe/Berlin") from error


class ClockConfig(ToolConfig):
    """Whose time."""

    timezone: str = Field(
        default="UTC",
        title="Time zone",
        description="Used when the caller names none, such as Europe/Berlin.",
        max_length=64,
    )

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        zone(name)
        return name


class ClockArguments(BaseModel):
    """What the model sends."""

    action: Literal["now", "difference", "add"] = Field(default="now", description="what to do")
    timezone: str = Field(default="", description="such as Europe/Berlin")
    start: str = Field(default="", description="date or time, such as 2026-03-01 or 2026-03-01T14:30")
    end: str = Field(default="", description="for difference: date or time; empty means now")
    days: float = Field(default=0, description="for add: days, may be negative")


def make_clock(config: Any, services: Services) -> Tool:
    """The tool; the time is the workspace's, so that a replay sees the same."""

    async def work(arguments: ClockArguments) -> ToolResult:
        try:
            where = zone(arguments.timezone or config.timezone)
            now = datetime.fromtimestamp(services.now(), where)
            return _ACTIONS[arguments.action](arguments, now)
        except (ValueError, OverflowError) as problem:
            return failure(f"Cannot tell: {problem}")

    return built(config, "clock", DESCRIPTION, ClockArguments, work)


def _now(arguments: ClockArguments, now: datetime) -> ToolResult:
    return _moment(now)


def _difference(arguments: ClockArguments, now: datetime) -> ToolResult:
    start, end = _read(arguments.start, now), _read(arguments.end, now) if arguments.end else now
    seconds = (end - start).total_seconds()
    hours = abs(seconds) / 3_600
    days = (end.date() - start.date()).days
    text = f"{days} days" if hours % 24 == 0 else f"{days} days by the calendar, {seconds / 3_600:g} hours in all"
    return ToolResult(text=text, data={"days": days, "hours": seconds / 3_600, "seconds": seconds})


def _add(arguments: ClockArguments, now: datetime) -> ToolResult:
    return _moment((_read(arguments.start, now) if arguments.start else now) + timedelta(days=arguments.days))


def _moment(moment: datetime) -> ToolResult:
    text = f"{moment:%A}, {moment:%Y-%m-%d %H:%M:%S} {moment.tzname()}"
    return ToolResult(text=text, data={"iso": moment.isoformat(timespec="seconds"), "weekday": f"{moment:%A}"})


def _read(text: str, now: datetime) -> datetime:
    """A date or time in ISO form; where it names no zone, in the zone of ``now``."""
    if text.strip().lower() in ("now", "today"):
        return now
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date; write it like 2026-03-01 or 2026-03-01T14:30") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


_ACTIONS: Final = {"now": _now, "difference": _difference, "add": _add}

clock = NodeSpec(
    kind="tool.clock", family="resources", title="Clock", summary="Tells the date and counts with dates",
    config=ClockConfig, outcomes=(), provides="tool", make_tool=make_clock,
    source="Nodeloom", doc=__doc__ or "", icon="clock",
)  # fmt: skip
