"""A tool call that a person must allow: the form, what comes of the answer, and the node's stop in between.

The call raises ``PersonNeeded``, which ends the node wherever it stands; around the node it becomes an interrupt
of LangGraph. With the answer the node starts again from its top, its earlier calls answered by the journal.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from langgraph.config import get_config
from langgraph.errors import GraphBubbleUp
from langgraph.types import interrupt

from graphs.journal import Journal
from nodes.contract import Ask, Form, Tool
from nodes.forms import Field, FieldType, form_field

if TYPE_CHECKING:
    from graphs.context import NodeContext

ALLOW: Final = "Allow once"
ALLOW_RUN: Final = "Allow in this run"
REFUSE: Final = "Refuse"
ARGUMENT: Final = "argument."
"""Before the name of an argument, the name of its field."""
_SCRATCHPAD: Final = "__pregel_scratchpad"
LINE: Final = 120
"""Characters from which a text gets more than a line."""
T = TypeVar("T")
Decided = Literal["allowed", "refused", "timed_out"]
_SIMPLE: Final[dict[str, FieldType]] = {"boolean": "boolean", "number": "number", "integer": "number"}


class PersonNeeded(GraphBubbleUp):
    """A call waits for a person: the node ends here. LangGraph and nodes let it pass."""

    def __init__(self, question: Mapping[str, Any]) -> None:
        super().__init__()
        self.question = question
        """``{form}``; its ``call.id`` says which call."""


@dataclass(frozen=True)
class Ruling:
    """What came of a question: whether the call is made, and with which arguments."""

    decision: Decided
    arguments: dict[str, Any]
    reason: str = ""
    policy: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """For the call's span: ``approval``."""
    for_run: bool = False

    def refusal(self, tool: str) -> str:
        """What the model reads in place of a result."""
        if self.decision == "timed_out":
            return f"Nobody allowed this call of {tool} in time, so it was not made."
        return f"A person refused this call of {tool}{': ' + self.reason if self.reason else '.'}"


def question(tool: Tool, arguments: Mapping[str, Any], ask: Ask, policy: str, id: str, now: float) -> PersonNeeded:
    """What a person is asked about a call."""
    choices = (ALLOW, ALLOW_RUN, REFUSE) if ask.whole_run else (ALLOW, REFUSE)
    form = Form(
        f"May {tool.name} be called?", ask.text,
        (
            *argument_fields(tool, arguments),
            form_field("reason", "long_text", "Reason", required=False, help="What a refusal tells the model."),
            form_field("decision", "choice", "Decision", choices=choices),
        ),
        "decision",
    )  # fmt: skip
    call = {
        "id": id, "tool": tool.name, "arguments": dict(arguments), "policy": policy,
        "without_answer": "allow" if ask.lenient else "refuse",
    }  # fmt: skip
    shown = {**form_json(form), "call": call}
    if ask.within is not None:
        shown["deadline"] = now + ask.within
    return PersonNeeded({"form": shown})


def argument_fields(tool: Tool, arguments: Mapping[str, Any]) -> list[Field]:
    """A field for each argument the tool takes or was given, with the value it was given."""
    known: Mapping[str, Any] = tool.parameters.get("properties", {})
    needed = tool.parameters.get("required", ())
    return [
        _argument_field(name, known.get(name) or {}, arguments.get(name), needed=name in needed)
        for name in dict.fromkeys([*known, *arguments])
    ]


def _argument_field(name: str, schema: Mapping[str, Any], value: Any, *, needed: bool) -> Field:
    more: dict[str, Any] = {"help": str(schema.get("description") or "")}
    wanted = str(schema.get("type") or "")
    if isinstance(value, dict | list) or wanted in ("object", "array"):
        type: FieldType = "json"
    elif schema.get("enum") and all(isinstance(each, str) for each in schema["enum"]):
        type, more["choices"] = "choice", tuple(schema["enum"])
    elif wanted in _SIMPLE and (value is None or not isinstance(value, str)):
        type, more["whole"] = _SIMPLE[wanted], wanted == "integer"
        more |= {"minimum": schema.get("minimum"), "maximum": schema.get("maximum")}
    elif value is None or isinstance(value, str):
        type = "long_text" if isinstance(value, str) and (len(value) > LINE or "\n" in value) else "text"
    else:
        type = "json"
    required = needed and value not in (None, "", [])
    return form_field(f"{ARGUMENT}{name}", type, name, required=required, default=value, **more)


def ruling_of(said: Mapping[str, Any], arguments: Mapping[str, Any]) -> Ruling:
    """What a person's word means; of a call nobody looked at in time, what its policy says."""
    policy: str = said["call"]["policy"]
    answer: Mapping[str, Any] = said.get("answer") or {}
    reason, word, called = str(answer.get("reason") or "").strip(), answer.get("decision"), dict(arguments)
    decision: Decided = "refused"
    if said.get("timed_out"):
        decision = "allowed" if said["call"]["without_answer"] == "allow" else "timed_out"
    elif word in (ALLOW, ALLOW_RUN):
        decision, called = "allowed", _edited(arguments, answer)
    approval: dict[str, Any] = {"policy": policy, "decision": decision, "reason": reason, **about(said)}
    if called != arguments:
        approval["arguments"] = called
    return Ruling(decision, called, reason, policy, {"approval": approval}, for_run=word == ALLOW_RUN)


def _edited(arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the person left them; what was left empty is not given."""
    edited = dict(arguments)
    for name, value in answer.items():
        if not name.startswith(ARGUMENT):
            continue
        argument = name.removeprefix(ARGUMENT)
        if value is not None:
            edited[argument] = value
        elif arguments.get(argument) not in (None, "", [], {}):
            edited.pop(argument, None)
    return edited


def form_json(form: Form) -> dict[str, Any]:
    """A form as it goes over the wire."""
    shown: dict[str, Any] = {
        "title": form.title, "text": form.text, "fields": [dict(each) for each in form.fields],
    }  # fmt: skip
    return {**shown, "decide": form.decide} if form.decide else shown


def about(said: Mapping[str, Any]) -> dict[str, Any]:
    """Who answered, when and where, without the answer."""
    return {name: said[name] for name in ("by", "channel", "at", "asked_at", "timed_out") if said.get(name) is not None}


async def with_people(attempt: Callable[[], Awaitable[T]], ctx: "NodeContext") -> T:
    """What the node comes to; where a call of it waits for a person, again from its top with what was said.

    Raises LangGraph's interrupt for a question that is not answered yet.
    """
    journal = ctx.journal
    if journal is None or ctx.run.caller is not None:
        return await attempt()
    _hear(journal)
    while True:
        try:
            return await attempt()
        except BaseException as raised:
            needed = _needed(raised)
            if needed is None:
                journal.cancel()
                raise
        await journal.settled()
        said: Mapping[str, Any] = interrupt({"node": ctx.node_id, **needed.question})
        journal.rule(said["call"]["id"], said)
        journal.rewind()
        ctx.nested = 0


def _hear(journal: Journal) -> None:
    """Take the answers there are before anything is called: LangGraph gives them in the order of the questions.

    Asked later they would come too late for a call that its policy does not ask for any more.
    """
    if journal.heard:
        return
    journal.heard = True
    words: list[Any] = get_config().get("configurable", {})[_SCRATCHPAD].resume
    for word in [each for each in words if isinstance(each, Mapping) and "call" in each]:
        interrupt(None)
        journal.rule(word["call"]["id"], word)


def _needed(raised: BaseException) -> PersonNeeded | None:
    """The question among what was raised; None where there is none."""
    if isinstance(raised, BaseExceptionGroup):
        return next((found for found in map(_needed, raised.exceptions) if found), None)
    return raised if isinstance(raised, PersonNeeded) else None
