"""Change a setting of a node: a number, a switch, a choice, a prompt."""

import re
from collections.abc import Mapping
from typing import Any, Final

from graphs.describing.choosing import Chooser
from graphs.describing.searching import best
from graphs.describing.settings import Setting, settings_of
from graphs.ports import config_value
from graphs.rules.bad_config import check as bad_config
from graphs.rules.malformed_template import check as malformed_template
from nodes.contract import NodeSpec

WORDS = (
    "change a setting of a step that is there: its prompt or a number, "
    'such as "at most 5 times", "8 records instead of 3", "tell it to be brief"'
)
OFFERED: Final = 8
_SIMPLE: Final = ("string", "integer", "number", "boolean")
_ADD: Final = "add"
_ANEW: Final = "write_anew"


async def change_setting(choose: Chooser) -> None:
    """Which node, which of its settings, and what it is then."""
    draft = choose.draft
    able = [id for id, spec in draft.subject.specs.items() if _offered(spec, choose.wish)]
    id = await choose.one_of("node", "Whose setting changes? Answer with its id.", choose.nodes(able))
    spec = draft.spec(id) if id else None
    if id is None or spec is None:
        return
    offered = _offered(spec, choose.wish)
    node = draft.document.nodes[id]
    told = {name: _told(setting, config_value(spec, node, name)) for name, setting in offered.items()}
    name = await choose.one_of("setting", f"Which setting of {draft.name(id)} changes?", told)
    if name is not None:
        await write(choose, id, offered[name])


async def settings_given(choose: Chooser, id: str) -> None:
    """The setting that the wish gives a number for, of a node just added."""
    spec = choose.draft.spec(id)
    if spec is None or not choose.numbers:
        return
    counts = {name: each for name, each in _offered(spec, choose.wish).items() if each.type in ("integer", "number")}
    if not counts:
        return
    told = {name: f"{each.title}. {each.description}" for name, each in counts.items()}
    said = ", ".join(map(str, choose.numbers))
    question = f"The wish holds the number {said}. Which setting of {choose.draft.name(id)} is meant by it?"
    name = await choose.one_of("setting", question, told, none="the number means something else")
    if name is not None:
        await write(choose, id, counts[name])


async def write(choose: Chooser, id: str, setting: Setting) -> None:
    """Set it; asked once more with the finding's words where the value does not fit."""
    draft = choose.draft
    question = f"What is {setting.title} of {draft.name(id)} then? {setting.description}".strip()
    for again in (False, True):
        value = await _value(choose, id, setting, question)
        draft.set(id, setting.name, value)
        found = [each for rule in (bad_config, malformed_template) for each in rule(draft.subject)]
        wrong = next((each for each in found if each.place.node == id and each.place.config == setting.name), None)
        if wrong is None or again:
            return
        question = f"{question}\n{value!r} does not fit: {wrong.message}. {wrong.remedy}"


async def _value(choose: Chooser, id: str, setting: Setting, question: str) -> Any:
    draft = choose.draft
    choices: list[Any] | None = setting.schema.get("enum")
    if choices:
        return await choose.one_of("value", question, {str(each): "" for each in choices})
    if setting.type == "boolean":
        return await choose.one_of("value", question, {"on": "yes", "off": "no"}) == "on"
    if setting.type in ("integer", "number"):
        return await choose.number("value", f"{question}{_bounds(setting.schema)}", whole=setting.type == "integer")
    spec = draft.spec(id)
    before = config_value(spec, draft.document.nodes[id], setting.name) if spec else ""
    if setting.is_prompt and isinstance(before, str) and before.strip():
        return await _prompt(choose, before, question)
    return await choose.text("value", question)


async def _prompt(choose: Chooser, before: str, question: str) -> str:
    """The prompt with a sentence more, or written anew; what it reads (``{{...}}``) stays in it."""
    how = await choose.one_of(
        "how", f"The prompt is now:\n{before}\n\nHow does it change?",
        {_ADD: "a sentence is added to it", _ANEW: "it is replaced by another one"},
    )  # fmt: skip
    if how == _ADD:
        sentence = await choose.text("value", "Which sentence is added to the prompt? Write it as an instruction.")
        return f"{before.rstrip()}\n{sentence}"
    rewrite = f"{question}\nIt was:\n{before}\n\nWrite the new prompt. Keep every {{{{name}}}}."
    written = await choose.text("value", rewrite)
    lost = [tag for tag in dict.fromkeys(re.findall(r"\{\{\w+\}\}", before)) if tag not in written]
    return "\n\n".join([written, *lost])


def _offered(spec: NodeSpec, wish: str) -> Mapping[str, Setting]:
    """The settings a model may write that fit the wish best."""
    able = {name: each for name, each in settings_of(spec).items() if each.type in _SIMPLE and not each.is_guarded}
    texts = {name: [(2.0, f"{name} {each.title}"), (1.0, each.description)] for name, each in able.items()}
    return {name: able[name] for name in best(wish, texts, OFFERED)}


def _told(setting: Setting, now: Any) -> str:
    shown = str(now)
    return f"{setting.title}. {setting.description} Now: {shown if len(shown) <= 60 else shown[:60] + '…'}"


def _bounds(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    return f" From {least} to {most}." if least is not None and most is not None else ""
