"""Run the graph from a terminal; people's questions are asked there."""

import argparse
import asyncio
import json
import sys
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from graphs.export.runtime.failures import NodeFailed
from graphs.export.runtime.inputs import Input, InputError, checked_inputs
from graphs.export.runtime.state import INPUTS, OUTPUTS
from graphs.export.runtime.workspace import Workspace
from graphs.limit_reached import LimitReached
from nodes.contract import NodeError

BAD_INPUT: Final = 2


class NobodyAnswers(Exception):
    """The run waits for a person, and standard input has ended."""


def main(
    builder: Any, config: Mapping[str, Any], inputs: Mapping[str, Input], arguments: Sequence[str] | None = None
) -> int:
    """Run ``builder``'s graph with the arguments of the command line; the exit code."""
    given = _parser(inputs).parse_args(arguments)
    try:
        values = checked_inputs(inputs, _values(inputs, given.input))
        outputs = asyncio.run(_run(builder, config, values, _workspace(given)))
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except (NodeFailed, LimitReached, NodeError, NobodyAnswers) as error:
        sys.stderr.write(f"The run ended: {error}\n")
        return 1
    sys.stdout.write(json.dumps(outputs, ensure_ascii=False, indent=2, default=str) + "\n")
    return 0


def _parser(inputs: Mapping[str, Input]) -> argparse.ArgumentParser:
    known = ", ".join(f"{name} ({each.type})" for name, each in inputs.items())
    parser = argparse.ArgumentParser(description="Run the workflow.")
    add = parser.add_argument
    add("--input", action="append", default=[], metavar="NAME=VALUE", help=f"an input: {known}".replace("%", "%%"))
    add("--model", help="provider:model, as init_chat_model takes it; else MODEL in the environment")
    add("--base-url", help="of an OpenAI-compatible server; then --model is the model's name there")
    add("--memory", help="folder of the Chroma database; else MEMORY_FOLDER, or 'memory'")
    add("--folder", action="append", default=[], metavar="NAME=PATH", help="a folder that a tool may use")
    add("--database", action="append", default=[], metavar="NAME=PATH", help="a SQLite file that a tool may use")
    add("--files", help="folder for the run's own files; else a temporary one")
    return parser


def _workspace(given: argparse.Namespace) -> Workspace:
    named = {"model": given.model, "base_url": given.base_url, "memory": given.memory, "files": given.files}
    more = {name: value for name, value in named.items() if value is not None}
    return Workspace(**more, folders=dict(_pairs(given.folder)), databases=dict(_pairs(given.database)))


def _values(inputs: Mapping[str, Input], given: Sequence[str]) -> dict[str, Any]:
    """The inputs as their types say: a text as it is, anything else as JSON."""
    return {name: _value(inputs.get(name, Input()), text) for name, text in _pairs(given)}


def _pairs(given: Sequence[str]) -> list[tuple[str, str]]:
    for each in given:
        if "=" not in each:
            raise InputError(f"{each!r} is not NAME=VALUE")
    return [(each.partition("=")[0], each.partition("=")[2]) for each in given]


def _value(declared: Input, text: str) -> Any:
    if declared.type == "text":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text  # what does not fit is told with the other problems


async def _run(builder: Any, config: Mapping[str, Any], values: Mapping[str, Any], workspace: Workspace) -> Any:
    graph = builder.compile(checkpointer=InMemorySaver())
    configurable = {**config.get("configurable", {}), "thread_id": uuid.uuid4().hex}
    settings: Any = {**config, "configurable": configurable}
    given: Any = {INPUTS: dict(values)}
    while True:
        state = await graph.ainvoke(given, settings, context=workspace)
        asked = state.get("__interrupt__")
        if not asked:
            return state.get(OUTPUTS) or {}
        answers = {each.id: await asyncio.to_thread(_asked, each.value["form"]) for each in asked}
        given = Command(resume=answers)


def _asked(form: Mapping[str, Any]) -> dict[str, Any]:
    """What the person at the terminal fills in; an empty line leaves a field as it is."""
    say = sys.stderr.write
    say(f"\n{form['title']}\n{form['text']}\n")
    if "error" in form:
        say(f"! {form['error']['what']}. {form['error']['mend']}\n")
    return {field["name"]: _field(field) for field in form["fields"]}


def _field(field: Mapping[str, Any]) -> Any:
    choices = f" ({', '.join(map(str, field['choices']))})" if field.get("choices") else ""
    default = field.get("default")
    sys.stderr.write(f"{field.get('title') or field['name']}{choices}{f' [{default}]' if default else ''}: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise NobodyAnswers(f"Nobody is at the terminal to answer {field['name']!r}")
    said = line.rstrip("\n")
    return _meant(str(field.get("type")), said) if said else default


def _meant(type: str, said: str) -> Any:
    """What was typed, as the field's type has it; what does not fit is asked for again."""
    if type in ("text", "long_text", "choice", "date"):
        return said
    if type == "choices":
        return [each.strip() for each in said.split(",")]
    try:
        return json.loads({"yes": "true", "no": "false"}.get(said.lower(), said))
    except ValueError:
        return said
