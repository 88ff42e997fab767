"""The look in one place: Streamlit's theme options and the style sheet of the pages.

The component draws the same tokens from its own style sheet; it takes Streamlit's colours from the
``--st-*`` variables, so what stands here is what both use. Each colour is a pair (light, dark).
"""

from pathlib import Path
from typing import Any, Final, Literal

NAV_HEIGHT: Final = 48
"""Pixels of the navigation bar; the style sheet below fixes Streamlit's bar to it."""

ASSETS: Final = Path(__file__).parent / "assets"
SANS: Final = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
MONO: Final = "ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace"

COLOURS: Final[dict[str, tuple[str, str]]] = {
    "canvas": ("#F5F6F7", "#121417"),
    "surface": ("#FFFFFF", "#1A1D21"),
    "surface-2": ("#F3F4F6", "#21252A"),
    "surface-3": ("#E8EAED", "#2B3037"),
    "line": ("#E2E5E9", "#2C3138"),
    "line-2": ("#C8CDD4", "#424953"),
    "line-input": ("#858D98", "#6C7581"),
    "text": ("#191D23", "#E9EBEE"),
    "text-2": ("#48505C", "#B9C0CA"),
    "text-3": ("#626B78", "#979FAB"),
    "accent": ("#2A5BD7", "#86A8FF"),
    "accent-ink": ("#FFFFFF", "#0C1630"),
    "accent-text": ("#1F4BB8", "#A3BEFF"),
    "accent-soft": ("#E9EFFD", "#1D2942"),
    "idle": ("#626B78", "#979FAB"),
    "running": ("#2A5BD7", "#86A8FF"),
    "done": ("#1A7443", "#5CC48C"),
    "waiting": ("#8A5300", "#F0B45A"),
    "failed": ("#B8301F", "#FF8D7C"),
    "done-soft": ("#E5F3EA", "#18301F"),
    "waiting-soft": ("#FCF0DA", "#35280F"),
    "failed-soft": ("#FCE9E6", "#3A1C18"),
    "s-sim": ("#2A5BD7", "#86A8FF"),
    "s-rec": ("#00734F", "#3FB083"),
    "s-imp": ("#A67600", "#F5D264"),
    "s-key": ("#9C2272", "#F4A5C6"),
    "f-resources": ("#1B80B8", "#71C3F4"),
    "f-ink": ("#FFFFFF", "#14171A"),
}

FAMILIES: Final = (
    ("#5438A8", "#AC86F7"),  # planning
    ("#00734F", "#3FB083"),  # memory
    ("#8C3503", "#EA7E30"),  # tools
    ("#8E1A66", "#F4A5C6"),  # reflection
    ("#A67808", "#F5D264"),  # teams
    ("#777F89", "#8A929E"),  # control
    ("#1B222D", "#E9EEF6"),  # guards
    ("#1B80B8", "#71C3F4"),  # resources
)

HEAT: Final = (
    ("#FDF3E3", "#2A2418"),
    ("#FADFB8", "#45351A"),
    ("#F2BF7C", "#5E4419"),
    ("#E5A04C", "#BC8434"),
    ("#CC7A24", "#EBAE58"),
)

_ROLES: Final = {
    "primaryColor": "accent",
    "backgroundColor": "surface",
    "secondaryBackgroundColor": "surface-2",
    "textColor": "text",
    "borderColor": "line-2",
    "dataframeBorderColor": "line",
    "dataframeHeaderBackgroundColor": "surface",
    "dataframeHeaderTextColor": "text-3",
    "linkColor": "accent-text",
    "greenColor": "done",
    "orangeColor": "waiting",
    "redColor": "failed",
    "blueColor": "running",
    "grayColor": "idle",
    "greenTextColor": "done",
    "orangeTextColor": "waiting",
    "redTextColor": "failed",
    "blueTextColor": "accent-text",
    "grayTextColor": "text-3",
    "greenBackgroundColor": "done-soft",
    "orangeBackgroundColor": "waiting-soft",
    "redBackgroundColor": "failed-soft",
    "blueBackgroundColor": "accent-soft",
    "grayBackgroundColor": "surface-2",
}

_SHARED: Final[dict[str, Any]] = {
    "font": SANS,
    "headingFont": SANS,
    "codeFont": MONO,
    "baseFontSize": 14,
    "baseRadius": "6px",
    "buttonRadius": "6px",
    "showWidgetBorder": True,
    "headingFontSizes": ["24px", "18px", "15px", "13px", "13px", "12px"],
    "headingFontWeights": [600, 600, 600, 600, 600, 600],
    "linkUnderline": False,
}


def options() -> dict[str, Any]:
    """Streamlit's configuration for the look, by dotted name, to be set before the server starts."""
    found: dict[str, Any] = {"client.toolbarMode": "minimal"}
    found |= {f"theme.{name}": value for name, value in _SHARED.items()}
    for index, mode in enumerate(("light", "dark")):
        found |= {f"theme.{mode}.{name}": COLOURS[role][index] for name, role in _ROLES.items()}
        found[f"theme.{mode}.chartCategoricalColors"] = [pair[index] for pair in FAMILIES]
        found[f"theme.{mode}.chartSequentialColors"] = [pair[index] for pair in HEAT for _ in range(2)]
    return found


Frame = Literal["page", "panels", "full"]
"""How a page sits under the bar: with margins; as panels from edge to edge; the component alone."""


def style(frame: Frame) -> str:
    """The ``<style>`` of a page."""
    tokens = "".join(f"--{name}: light-dark({light}, {dark});" for name, (light, dark) in COLOURS.items())
    sheets = [(ASSETS / f"{name}.css").read_text(encoding="utf-8") for name in ("pages", frame)]
    return f"<style>:root {{ --nav-h: {NAV_HEIGHT}px; {tokens} }}\n{''.join(sheets)}</style>"
