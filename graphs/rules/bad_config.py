"""CFG101 bad-config: a setting is unknown, missing, of the wrong type or out of its bounds.

The node refuses to start with it. The message gives the value and what is allowed.

Wrong: ``plan: {kind: planning.plan, config: {max_step: 5}}``
Right: ``plan: {kind: planning.plan, config: {max_steps: 5}}``
"""

from collections.abc import Iterator
from typing import Final

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.names import closest, nearest
from graphs.operations import SetConfig
from graphs.rules.settings import CONDITION, TEMPLATE, Fault, faults
from graphs.rules.subject import Subject

_SIGNS: Final = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
_BADGES: Final = {"extra_forbidden": "unknown", "missing": "missing"}
_OWN_RULE: Final = (TEMPLATE, CONDITION)


def check(subject: Subject) -> Iterator[Diagnostic]:
    found = faults(subject)
    for fault in found:
        if (fault.kind == "value_error" and fault.widget in _OWN_RULE) or _follows(fault, found):
            continue
        message, remedy = _words(fault)
        place = Place(node=fault.node, config=fault.where or None)
        short = f"{fault.where or 'settings'}: {_BADGES.get(fault.kind, 'not valid')}"
        yield finding("CFG101", message, remedy, place=place, short=short, fix=_fix(subject, fault))


def _follows(fault: Fault, found: list[Fault]) -> bool:
    """Whether a list is only "too short" because its items have faults of their own."""
    inner = (each for each in found if each.node == fault.node and each.path[: len(fault.path)] == fault.path)
    return fault.kind == "too_short" and any(len(each.path) > len(fault.path) for each in inner)


def _words(fault: Fault) -> tuple[str, str]:
    of = f"the setting {fault.where!r} of {fault.node}" if fault.path else f"the settings of {fault.node}"
    if fault.kind == "extra_forbidden":
        name = str(fault.path[-1])
        return f"{fault.node} has no setting {fault.where!r}", nearest(name, fault.known, there_are="Its settings are")
    if fault.kind == "missing":
        return f"{of} is missing", "Fill it in."
    if fault.kind == "literal_error":
        return f"{of} is {_shown(fault.value)}", f"It can be {fault.bounds.get('expected', 'another value')}."
    limits = [f"{words} {fault.bounds[sign]}" for sign, words in _SIGNS.items() if sign in fault.bounds]
    if limits:
        return f"{of} is {_shown(fault.value)}", f"It must be {' and '.join(limits)}."
    if fault.kind == "value_error":
        return f"{of}: {fault.message}", ""
    return f"{of} is {_shown(fault.value)}", f"{fault.message}."


def _fix(subject: Subject, fault: Fault) -> Fix | None:
    """Renames a misspelt setting, or takes it away; only for settings of the node itself."""
    if fault.kind != "extra_forbidden" or len(fault.path) != 1:
        return None
    name = str(fault.path[0])
    match = closest(name, [each for each in fault.known if each not in subject.node(fault.node).config])
    if match is None:
        return Fix(title=f"Remove {name}", ops=(SetConfig(id=fault.node, key=name),))
    renamed = SetConfig(id=fault.node, key=match, value=fault.value)
    return Fix(title=f"Rename it to {match}", ops=(SetConfig(id=fault.node, key=name), renamed))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
