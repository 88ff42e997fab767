"""Prompts are Mustache (https://mustache.github.io/mustache.5.html): logic-less, parsed, never executed.

``{{name}}`` writes a value, ``{{#name}} ... {{/name}}`` a part that is only written when the value is there (once for
each item of a list), ``{{^name}} ... {{/name}}`` a part for when it is not. ``{{state.name}}`` reads a state variable.
Our deviations: no HTML escaping (prompts are plain text), no partials and no change of delimiters, and a tag that is
never closed is an error instead of text. A value that comes in is data: braces in it are never expanded.
Names are looked up by the specification: the first part of ``x.y`` from the innermost section outwards, the rest
only there. So where the record ``x`` has a key ``x``, ``{{x.y}}`` inside ``{{#x}}`` writes nothing; ``{{y}}`` does.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import AfterValidator
from pystache.context import ContextStack, KeyNotFoundError
from pystache.parser import ParsingError, parse
from pystache.renderengine import RenderEngine

from nodes.contract import NodeError

STATE: Final = "state"
_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
_MARKS: Final = {"open": "[ ]", "running": "[~]", "done": "[x]", "failed": "[!]", "skipped": "[-]"}
_EXAMPLE: Final = "Write variables as {{name}}, parts as {{#name}} ... {{/name}}."


class TemplateError(NodeError):
    """A template that cannot be read. ``line`` and ``column`` count from 1."""

    def __init__(self, what: str, *, template: str, offset: int, mend: str = _EXAMPLE) -> None:
        before = template[: max(offset, 0)]
        self.line = before.count("\n") + 1
        self.column = len(before) - (before.rfind("\n") + 1) + 1
        super().__init__(f"{what} (line {self.line}, column {self.column})", mend=mend)


def variables(template: str) -> list[tuple[str, bool]]:
    """The input ports a template asks for: ``(name, required)`` in order of first use.

    A name that opens a section, or is only used inside one, is optional. ``state`` and ``.`` are not
    ports. Raises TemplateError for a malformed template or a name that cannot be a port.
    """
    return list(_variables(template))


@lru_cache(maxsize=4_096)  # the diagnostics ask for every prompt of a document after every edit
def _variables(template: str) -> tuple[tuple[str, bool], ...]:
    found: dict[str, bool] = {}
    for name, required in _used(_tree(template), template, inside=False):
        found[name] = found.get(name, False) or required
    return tuple(found.items())


def render(template: str, values: Mapping[str, Any]) -> str:
    """The template with ``values`` written in; a missing value is written as nothing."""
    _tree(template)
    engine = RenderEngine(literal=str, escape=str, resolve_context=_lookup, resolve_partial=_no_partial, to_str=as_text)
    return engine.render(template, ContextStack(dict(values)))


def checked(template: str) -> str:
    """The template itself; ValueError with the position where it is malformed (for settings)."""
    try:
        variables(template)
    except TemplateError as error:
        raise ValueError(f"{error.what}. {error.mend}") from error
    return template


Template = Annotated[str, AfterValidator(checked)]
"""A setting that holds a Mustache template."""


def as_text(value: Any) -> str:
    """How a value stands in a prompt: text as it is, numbers plainly, lists as bullets, a plan as a
    numbered list, documents as bullets of their text, messages as ``role: content``, records as JSON.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, Mapping):
        return _plan_text(value) if "steps" in value and "goal" in value else _json(value)
    if isinstance(value, list | tuple):
        return "\n".join(_item_text(item) for item in value)
    return str(value)


def _plan_text(plan: Mapping[str, Any]) -> str:
    steps = plan["steps"]
    marked = any(step.get("status", "open") != "open" for step in steps)
    return "\n".join(_step_text(number, step, marked) for number, step in enumerate(steps, start=1))


def _step_text(number: int, step: Mapping[str, Any], marked: bool) -> str:
    mark = f"{_MARKS.get(step.get('status', 'open'), '[ ]')} " if marked else ""
    result = f" -> {step['result']}" if step.get("result") else ""
    return f"{number}. {mark}{step.get('title', '')}{result}"


def _item_text(item: Any) -> str:
    if isinstance(item, Mapping):
        if "role" in item and "content" in item:
            return f"{item['role']}: {as_text(item['content'])}"
        return f"- {as_text(item['text'])}" if "text" in item else f"- {_json(item)}"
    return f"- {as_text(item)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _tree(template: str) -> Any:
    """Pystache's parse tree, once it is known to be well-formed."""
    try:
        tree = parse(template, raise_on_mismatch=True)
    except ParsingError as error:
        offset = error.info.position if error.info else 0
        raise TemplateError(str(error).split(" at position")[0], template=template, offset=offset) from error
    for node in _nodes(tree):
        _refuse(node, template)
    return tree


def _refuse(node: Any, template: str) -> None:
    kind = type(node).__name__
    if kind == "str" and "{{" in node:
        raise TemplateError(
            "A tag is opened with '{{' and never closed", template=template, offset=_last(template, node)
        )
    if kind == "_PartialNode":
        raise TemplateError(
            f"{{{{> {node.key}}}}} would insert another template, which Nodeloom has not",
            template=template, offset=template.find("{{>"), mend="Write the text itself.",
        )  # fmt: skip
    if kind == "_ChangeNode":
        raise TemplateError("The delimiters cannot be changed", template=template, offset=template.find("{{="))


def _last(template: str, text: str) -> int:
    return template.find("{{", max(template.find(text), 0))


def _nodes(tree: Any) -> Iterator[Any]:
    """Every node of the tree, sections before what is in them."""
    for node in vars(tree)["_parse_tree"]:
        yield node
        inner = _inner(node)
        if inner is not None:
            yield from _nodes(inner)


def _inner(node: Any) -> Any:
    return getattr(node, "parsed", None) or getattr(node, "parsed_section", None)


def _used(tree: Any, template: str, *, inside: bool) -> Iterator[tuple[str, bool]]:
    for node in vars(tree)["_parse_tree"]:
        inner = _inner(node)
        name = _root(getattr(node, "key", None), template, inside=inside)
        if name is not None:
            yield name, not inside and inner is None
        if inner is not None:
            yield from _used(inner, template, inside=True)


def _root(key: str | None, template: str, *, inside: bool) -> str | None:
    """The port of ``key`` (``task`` of ``task.title``); None where it names none."""
    if key is None or key == ".":
        return None
    name = key.split(".")[0].strip()
    if name == STATE:
        return None
    if _NAME.match(name):
        return name
    if inside:  # inside a section a name may be a key of a record, which may be any text
        return None
    raise TemplateError(
        f"{key!r} is not a name: variables are lower-case letters, digits and _, beginning with a letter",
        template=template, offset=template.find(key),
    )  # fmt: skip


def _lookup(stack: ContextStack, name: str) -> Any:
    try:
        return stack.get(name)
    except KeyNotFoundError:
        return ""


def _no_partial(name: str) -> str:
    """Never reached: partials are refused."""
    return ""
