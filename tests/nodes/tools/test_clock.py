"""tool.clock"""

import pytest

from nodes.tools.clock import clock
from tests.fakes import call_tool


def test_tells_the_workspaces_time():
    """Now is the clock of the workspace, in the zone asked for or the one set."""
    assert call_tool(clock, {}).text == "Monday, 2026-09-21 14:13:20 UTC"
    assert call_tool(clock, {"timezone": "Europe/Berlin"}).data["iso"] == "2026-09-21T16:13:20+02:00"
    assert call_tool(clock, {}, timezone="America/New_York").data["weekday"] == "Monday"


@pytest.mark.parametrize(
    ("start", "end", "days", "hours"),
    [
        ("2026-01-01", "2026-03-01", 59, 59 * 24),
        ("2024-02-28", "2024-03-01", 2, 48),
        ("2026-09-22T10:00", "2026-09-21T09:00", -1, -25),
        ("2026-09-20", "", 1, 38.222),
        ("2026-09-21T10:00+02:00", "2026-09-21T10:00Z", 0, 2),
    ],
)
def test_counts_between_dates(start: str, end: str, days: int, hours: float):
    """Differences are counted in days of the calendar and in hours; leap years and zones included."""
    result = call_tool(clock, {"action": "difference", "start": start, "end": end})
    assert result.data["days"] == days
    assert result.data["hours"] == pytest.approx(hours, abs=0.01)
    assert f"{days} days" in result.text


def test_adds_days():
    """Days are added to a date, or to now."""
    assert call_tool(clock, {"action": "add", "start": "2026-12-30", "days": 3}).text.startswith("Saturday, 2027-01-02")
    assert call_tool(clock, {"action": "add", "start": "today", "days": -1}).data["iso"].startswith("2026-09-20")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"timezone": "Mars/Olympus"}, "no time zone 'Mars/Olympus'"),
        ({"timezone": "../../etc/passwd"}, "no time zone"),
        ({"action": "difference", "start": "soon"}, "'soon' is not a date"),
        ({"action": "add", "days": 1e12}, "Cannot tell"),
        ({"action": "later"}, "action"),
    ],
)
def test_what_it_cannot_tell_is_said(arguments: dict[str, object], what: str):
    """Unknown zones, texts that are no dates and dates out of reach are refused in words."""
    result = call_tool(clock, arguments)
    assert result.failed and what in result.text


def test_an_unknown_zone_is_refused_in_the_settings():
    """A zone that does not exist is refused before anything runs."""
    with pytest.raises(ValueError, match="no time zone 'Nowhere'"):
        clock.config.model_validate({"timezone": "Nowhere"})
