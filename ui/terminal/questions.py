"""A run's question, asked in the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.prompt import Confirm, FloatPrompt, Prompt
from rich.text import Text

from ui.terminal.show import ERR


def ask(form: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for each field of ``form`` (``nodes.contract.Form``): field name -> value."""
    ERR.print(Text(str(form["title"]), style="bold"))
    if form.get("text"):
        ERR.print(Text(str(form["text"])))
    return {field["name"]: _one(field) for field in form.get("fields", ())}


def _one(field: Mapping[str, Any]) -> Any:
    title = str(field.get("title") or field["name"])
    default: Any = field.get("default", ...)
    kind = field.get("type", "text")
    if kind == "boolean":
        return Confirm.ask(title, console=ERR, default=default)
    if kind == "number":
        return FloatPrompt.ask(title, console=ERR, default=default)
    choices = list(field.get("choices", ())) if kind == "choice" else None
    return Prompt.ask(title, console=ERR, choices=choices, default=default)
