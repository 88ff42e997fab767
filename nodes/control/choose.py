"""Let a person choose among options.

Use it where several drafts, plans or candidates are there and a person is to say which: the options are
wired in as a list, shown with their numbers, and the chosen one goes on as it is. With ``none_of_these``
the person may refuse them all, which leads on by ``none``. For fixed ways on, use "Ask a person".
With ``answer_within`` a question that nobody answers in time leads on by ``timed_out``.

Source: Nodeloom; the pause is LangGraph's interrupt.
"""

from collections.abc import Callable
from typing import Any, Final

from pydantic import Field

from nodes.contract import Config, Context, Form, Inputs, NodeError, Pause, Port, Route, node
from nodes.deadlines import TIMED_OUT, Within, seconds_of, within_field
from nodes.forms import form_field
from nodes.templating import Template, as_text, render

NONE: Final = "None of these"
MAX_OPTIONS: Final = 50
LABEL: Final = 80  # characters of an option on its button


class ChooseConfig(Config):
    """The question, and whether all may be refused."""

    question: Template = Field(
        default="Which one?", title="Question", description="What the person is asked; {{name}} makes an input.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    none_of_these: bool = Field(default=False, title="None of these", description="Whether all options may be refused.")
    answer_within: Within = within_field()


@node(
    kind="control.choose", family="control", title="Let a person choose", summary="A person picks one of several",
    config=ChooseConfig, inputs=(Port("options", "list[any]", "What there is to choose from, at most 50."),),
    outputs=(
        Port("choice", "any", "The option that was chosen; null for none of these, and for no answer."),
        Port("index", "number", "Its position, from 0; -1 for none of these, and for no answer."),
    ),
    outcomes=("done", "none", TIMED_OUT), conditional_outcomes={TIMED_OUT: "answer_within"},
    template_fields=("question",), source="Nodeloom", icon="list-checks",
)  # fmt: skip
async def choose(inputs: Inputs, config: ChooseConfig, ctx: Context) -> Pause:
    """Show the options; go on with the chosen one."""
    options = list(inputs["options"])
    if not 0 < len(options) <= MAX_OPTIONS:
        raise NodeError(f"There are {len(options)} options to choose from", mend=f"Wire in 1 to {MAX_OPTIONS}.")
    texts = [as_text(option).strip() for option in options]
    labels = [f"{number}. {_short(text)}" for number, text in enumerate(texts, start=1)]
    cut = [f"{number}. {text}" for number, text in enumerate(texts, start=1) if _short(text) != text]
    shown = "\n\n".join([render(config.question, inputs), *cut])
    choices = (*labels, NONE) if config.none_of_these else tuple(labels)
    return Pause(
        Form("A choice is needed", shown, (form_field("choice", "choice", "Choice", choices=choices),)),
        _resume(options, choices), within=seconds_of(config.answer_within),
        timed_out=Route(TIMED_OUT, {"choice": None, "index": -1}),
    )  # fmt: skip


def _resume(options: list[Any], choices: tuple[str, ...]) -> Callable[[dict[str, Any]], Route]:
    def resume(answer: dict[str, Any]) -> Route:
        said = answer.get("choice")
        if said not in choices:
            raise NodeError(f"{said!r} is not one of the options", mend=f"Choose one of: {'; '.join(choices)}.")
        at = choices.index(said)
        if at == len(options):
            return Route("none", {"choice": None, "index": -1})
        return Route("done", {"choice": options[at], "index": at})

    return resume


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL else f"{line[: LABEL - 1]}…"
