"""The answer holds a number that no tool result, memory, document or input gives.

Only runs are looked at in which tools were called and brought numbers: there the answer should come from them.
A number counts as given when it is one of those known, one of them rounded, the sum, difference, product or
quotient of two, or the sum of three; known is also what stood in the prompt of the model that wrote it first.
What a model works out over several steps in its head is a finding too: nothing shows it.
"""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.numbers import follows, numbers_in
from graphs.failures.said import cut, texts_in
from graphs.failures.trace import Row, Step, Trace

SMALL: Final = 12
"""Whole numbers up to this are counts, grades and choices as often as results, and not looked at."""
SOURCES: Final = ("execute_tool", "retrieve_memory")


def check(trace: Trace) -> Iterator[Found]:
    """At most one finding: the first such number, and who said it first."""
    if trace.run.status != "done" or not _has_tools(trace):
        return
    answer = _answer(trace)
    claimed = [number for number in numbers_in(answer) if _matters(number)]
    known, tools = _known(trace)
    if not claimed or not any(_matters(number) for number in tools.values()):
        return
    values = list(dict.fromkeys(known))
    for number in dict.fromkeys(claimed):
        if follows(number, values):
            continue
        said = _first_said(number, trace)
        if said is None or follows(number, list(dict.fromkeys([*values, *_numbers_in_prompt(said, trace)]))):
            continue
        yield Found(
            said.id,
            f"The answer says {number:g}, and no tool result, memory or input gives it ({cut(answer)!r})",
            "Let the model take every number from a result, or check it against them before it goes out.",
            tuple(list(tools)[-3:]),
            f"Take every number from a tool's result or from what you were given: {number:g} is in none of them.",
        )
        return


def _numbers_in_prompt(step: Step, trace: Trace) -> list[float]:
    return [number for text in texts_in(trace.input(step)) for number in numbers_in(text)]


def _answer(trace: Trace) -> str:
    """The first output that is a text: the others are by-products."""
    outputs = trace.run.outputs or {}
    return next((value for name in trace.document.outputs if isinstance(value := outputs.get(name), str)), "")


def _has_tools(trace: Trace) -> bool:
    return any(step.operation == "execute_tool" and step.status == "ok" for step in trace.steps.values())


def _matters(number: float) -> bool:
    return abs(number) > SMALL or number != int(number)


def _as_texts(values: list[Any]) -> Iterator[str]:
    for value in values:
        if not isinstance(value, bool):
            yield str(value)


def _known(trace: Trace) -> tuple[list[float], dict[str, float]]:
    """All numbers that were given, and for each tool call that brought some, its last."""
    texts = [*texts_in(trace.run.inputs), *_as_texts(_scalars(trace.run.inputs))]
    texts += [text for node in trace.document.nodes.values() for text in texts_in(node.config)]
    known = [number for text in texts for number in numbers_in(text)]
    tools: dict[str, float] = {}
    for page in trace.source.pages():
        for row in page:
            if row["operation"] in SOURCES and row["id"] in trace.steps:
                found = _numbers_of(row, trace)
                known += found
                if row["operation"] == "execute_tool" and found:
                    tools[row["id"]] = found[-1]
    return known, tools


def _numbers_of(row: Row, trace: Trace) -> list[float]:
    """Of a call the numbers that came back; not those it was asked with, which the model may have made up."""
    output: Any = trace.output(row)
    return [number for text in (*texts_in(output), *_as_texts(_scalars(output))) for number in numbers_in(text)]


def _scalars(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [each for inner in value.values() for each in _scalars(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in _scalars(inner)]
    return [value] if isinstance(value, int | float) else []


def _first_said(number: float, trace: Trace) -> Step | None:
    """The first model call that wrote the number."""
    said: list[Step] = []
    for page in trace.source.pages():
        for row in page:
            if row["operation"] == "chat" and row["id"] in trace.steps:
                texts = texts_in(trace.output(row))
                if any(number == each for text in texts for each in numbers_in(text)):
                    said.append(trace.steps[row["id"]])
    return min(said, key=lambda step: step.order, default=None)


DETECTOR: Final = Detector("unsupported_answer", "reflection", "warning", "Answer without support", run=check)
