"""How the terminal shows things: results to stdout, everything else to stderr, no escape codes in a pipe."""

import json
import sys
from typing import Any, Final

from rich.console import Console, RenderableType
from rich.text import Text

PIPE_WIDTH: Final = 200
"""Columns where no terminal tells its width."""
OUT: Final = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH)
ERR: Final = Console(stderr=True, highlight=False, soft_wrap=True)


def drawn(thing: RenderableType) -> None:
    """A table or a tree on stdout, fitted to the width."""
    OUT.print(thing, soft_wrap=False)


def as_json(value: Any) -> None:
    """``value`` as JSON on stdout, in one piece."""
    sys.stdout.write(json_text(value) + "\n")


def json_text(value: Any) -> str:
    """``value`` as JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def failure(what: str, *, where: str = "", mend: str = "") -> None:
    """An error: what in red, then where, then how to mend it."""
    ERR.print(Text("Error: ", style="bold red") + Text(what))
    if where:
        ERR.print(Text(f"  where: {where}", style="dim"))
    if mend:
        ERR.print(Text(f"  mend:  {mend}"))


def note(text: str) -> None:
    """A line for the person, not for a program that reads the result."""
    ERR.print(Text(text, style="dim"))


def seconds(value: float | None) -> str:
    """``11.8 s``."""
    return "" if value is None else f"{value:.1f} s"


def dollars(value: float | None) -> str:
    """``$0.0058``; empty where the price is unknown."""
    return "" if value is None else f"${value:.4f}"
