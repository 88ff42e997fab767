"""A run's question, asked in the terminal: one field after the other, each until it fits."""

from collections.abc import Mapping
from typing import Any

from rich.prompt import Prompt
from rich.text import Text

from nodes.forms import AnswerFaults, checked, read
from ui.terminal.show import ERR, json_text

HINTS = {
    "boolean": "yes or no", "choices": "several, by commas", "date": "as 2026-12-24", "json": "as JSON",
}  # fmt: skip
"""What is wanted, by type of field."""


def ask(form: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Ask for each field of ``form`` (``docs/contracts.md``) that is not among ``given``: field name -> value."""
    known = dict(given or {})
    introduce(form)
    for field in form.get("fields", ()):
        if field["name"] not in known:
            known[field["name"]] = _one(field)
    return known


def introduce(form: Mapping[str, Any]) -> None:
    """Show what is asked."""
    ERR.print(Text(str(form["title"]), style="bold"))
    if form.get("error"):
        ERR.print(Text(f"{form['error']['what']} {form['error']['mend']}", style="red"))
    if form.get("text"):
        ERR.print(Text(str(form["text"])))


def _one(field: Mapping[str, Any]) -> Any:
    choices: list[str] = list(field.get("choices") or [])
    for number, choice in enumerate(choices, start=1):
        ERR.print(Text(f"  {number}. {choice}", style="dim"))
    while True:
        typed = Prompt.ask(_prompt(field), console=ERR, default=_first(field), show_default=False)
        value = _chosen(typed, choices) if field["type"] == "choice" else read(field, typed)
        try:
            return checked([field], {field["name"]: value})[field["name"]]
        except AnswerFaults as faults:
            ERR.print(Text(f"{faults.what}. {faults.mend}", style="red"))


def _prompt(field: Mapping[str, Any]) -> Text:
    words = [HINTS.get(field["type"], ""), "" if field.get("required", True) else "may stay empty"]
    first = _first(field)
    words.append(f"Enter for {first!r}" if first else "")
    told = ", ".join(word for word in words if word)
    return Text(f"{field.get('title') or field['name']}{f' ({told})' if told else ''}")


def _first(field: Mapping[str, Any]) -> str:
    """What Enter alone means, as it would be typed."""
    value: Any = field.get("default")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field["type"] == "choices":
        return ", ".join(value)
    return value if isinstance(value, str) else json_text(value)


def _chosen(typed: str, choices: list[str]) -> str:
    """A choice by its words or its number."""
    at = int(typed) - 1 if typed.strip().isdecimal() else -1
    return choices[at] if typed not in choices and 0 <= at < len(choices) else typed
