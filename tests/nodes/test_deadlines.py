"""Times to answer in, as settings."""

import pytest

from nodes.deadlines import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"), [("", None), (" ", None), ("90 s", 90), ("15min", 900), ("1.5 h", 5_400), ("3 d", 259_200)]
)
def test_what_can_be_read(text: str, seconds: float | None):
    """Seconds, minutes, hours and days; nothing means for ever."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["soon", "0 s", "-1 h", "400 d", "5", "1 week"])
def test_what_cannot(text: str):
    """Anything else is refused with the value and examples."""
    with pytest.raises(ValueError, match=f"'{text}' is not a time to answer in.*15 min"):
        seconds_of(text)
