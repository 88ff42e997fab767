"""The theme's options are options Streamlit has, in both modes."""

import re

import pytest
from streamlit import config

from ui import theme


@pytest.mark.parametrize("name", theme.options())
def test_every_option_exists(name: str) -> None:
    """Streamlit knows each option; it ignores in silence what it does not know."""
    assert name in config.get_config_options()


@pytest.mark.parametrize("frame", ["page", "panels", "full"])
def test_style_uses_only_colours_that_are_defined(frame: theme.Frame) -> None:
    """Every variable a sheet reads is a token, Streamlit's own, or set in the sheet."""
    sheet = theme.style(frame)
    used = set(re.findall(r"var\(--([a-z0-9-]+)", sheet))
    assert used - set(re.findall(r"--([a-z0-9-]+):", sheet)) <= {"p"}


def test_light_and_dark_differ_in_every_colour() -> None:
    """A colour that is the same in both modes is a mistake."""
    assert [name for name, (light, dark) in theme.COLOURS.items() if light == dark] == []
