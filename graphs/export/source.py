"""``graph.py``: the file that reads as the workflow."""

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any, Final

from graphs.document import Document, InputSpec, StateSpec
from graphs.export.literals import Call, Code, assigned
from graphs.export.modules import moved
from graphs.export.names import Names
from graphs.export.runtime.ledger import LIMITS
from graphs.export.runtime.state import EVENTS, ITEMS, OWN, RENAMED, WRITES
from graphs.export.wiring import BODY_STATE, BUILDER, STATE, Writer
from graphs.intermediate import Workflow
from graphs.limits import Meter
from graphs.state import first_value
from nodes.types import is_type, item_type

HEAD: Final = '''"""A workflow as a LangGraph program.

``TITLE`` and ``SUMMARY`` say what it does. Each node is a ``Step``: a mechanism, its settings, and where its inputs
come from, written ``node.port``. Run it with ``python graph.py --help``, or give ``graph`` to LangGraph's own tools.
"""
'''
TAKEN: Final = frozenset({
    "Annotated", "Any", "Topic", "TypedDict", "END", "START", "StateGraph", "Workspace", "Input", "Step", "Start",
    "Join", "Frame", "Items", "Collect", "Resource", "Subworkflow", "Space", "add", "add_spent", "append", "main",
    "merge", "outcome_of", "ways", "TITLE", "SUMMARY", "INPUTS", "FIRST", "CONFIG", "Inputs", "Outputs", "State",
    "InputState", "OutputState", "BodyState", "sys", "graph", "mechanisms", "runtime", "builder",
})  # fmt: skip
"""Names that the fixed parts of the file use."""
_PYTHON: Final = {
    "text": "str", "number": "float", "boolean": "bool", "record": "dict[str, Any]", "plan": "dict[str, Any]",
    "messages": "list[dict[str, Any]]", "documents": "list[dict[str, Any]]", "any": "Any",
}  # fmt: skip
_REDUCERS: Final = {"append": "append", "merge": "merge", "add": "add"}


def source_of(document: Document, workflow: Workflow, looks_back: bool) -> tuple[str, frozenset[str]]:
    """The file, and the modules of ours that it imports. ``looks_back``: a mechanism reads the run's history."""
    ids = {step.id for step in workflow.all_steps()}
    keys = {name: name + RENAMED if _is_taken(name, ids) else name for name in workflow.state}
    first = {keys[name]: value for name, spec in workflow.state.items() if (value := _first(spec)) is not None}
    renamed = frozenset(name for name, key in keys.items() if name != key)
    writer = Writer(Names(TAKEN), renamed, bool(first))
    writer.level(workflow.graph, BUILDER)
    frames = any(step.body is not None for step in workflow.all_steps())
    schema = _schema(workflow, keys, looks_back, frames, writer)
    constants = _constants(document, workflow, first, writer)
    for module, wanted in (("workspace", "Workspace"), ("command_line", "main")):
        writer.runtime(module, wanted)
    wiring = "".join(writer.lines).lstrip("\n")
    parts = [HEAD, _imports(writer, frames), f"{constants}\n", f"{schema}\n", wiring, _TAIL]
    return "\n".join(parts), frozenset(module for module, _ in writer.imports)


_TAIL: Final = """graph = builder.compile().with_config(CONFIG)

if __name__ == "__main__":
    sys.exit(main(builder, CONFIG, INPUTS))
"""


def _first(spec: StateSpec) -> Any:
    """What a variable holds at first; None for nothing, and for the empty list that LangGraph itself begins with."""
    value = first_value(spec)
    return None if spec.reducer == "append" and value == [] else value


def _is_taken(name: str, ids: set[str]) -> bool:
    return name in ids or name in OWN or iskeyword(name)


def _imports(writer: Writer, frames: bool) -> str:
    ours: dict[str, list[str]] = {}
    for (module, wanted), alias in writer.imports.items():
        ours.setdefault(moved(module), []).append(wanted if wanted == alias else f"{wanted} as {alias}")
    lines = [f"from {module} import {', '.join(sorted(names))}\n" for module, names in sorted(ours.items())]
    topic = "from langgraph.channels import Topic\n" if frames else ""
    return (
        "import sys\nfrom typing import Annotated, Any, TypedDict\n\n"
        f"{topic}from langgraph.graph import END, START, StateGraph\n\n{''.join(lines)}"
    )


def _constants(document: Document, workflow: Workflow, first: Mapping[str, Any], writer: Writer) -> str:
    limits = {name: value for name, value in workflow.limits.model_dump().items() if value is not None}
    config: dict[str, Any] = {"recursion_limit": Meter(workflow.limits).recursion_limit}
    if limits:
        config["configurable"] = {LIMITS: limits}
    inputs = {name: _input(spec, writer) for name, spec in workflow.inputs.items()}
    values: dict[str, Any] = {"TITLE": document.title, "SUMMARY": document.summary, "INPUTS": inputs, "CONFIG": config}
    if first:
        values["FIRST"] = first
    return "".join(assigned(name, value) for name, value in values.items())


def _input(spec: InputSpec, writer: Writer) -> Call:
    given = {"title": spec.title, "description": spec.description}
    more: dict[str, Any] = {name: value for name, value in given.items() if value}
    if not spec.required:
        more["required"] = False
    if spec.default is not None:
        more["default"] = spec.default
    return Call(writer.runtime("inputs", "Input"), (spec.type,), more)


def _schema(workflow: Workflow, keys: Mapping[str, str], looks_back: bool, frames: bool, writer: Writer) -> str:
    inputs = {name: _annotation(spec.type) for name, spec in workflow.inputs.items()}
    outputs = {name: _annotation(type) for name, type in workflow.outputs.items()}
    for reducer in ("merge", "add_spent"):
        writer.runtime("state", reducer)
    state = {
        "inputs": "Inputs",
        "outputs": "Annotated[Outputs, merge]",
        "results": "Annotated[dict[str, Any], merge]",
        "spent": "Annotated[dict[str, Any], add_spent]",
    }
    if looks_back:
        state[EVENTS] = f"Annotated[list[Any], {writer.runtime('state', 'append')}]"
    if frames:
        state[ITEMS] = "Annotated[list[Any], Topic(list)]"
    state.update((keys[name], _variable(spec, writer)) for name, spec in workflow.state.items())
    classes = {
        "Inputs": inputs,
        "Outputs": outputs,
        STATE: state,
        "InputState": {"inputs": "Inputs"},
        "OutputState": {"outputs": "Outputs"},
    }
    written = [_typed_dict(name, fields) for name, fields in classes.items()]
    if writer.body_state:
        written.append(_typed_dict(BODY_STATE, {WRITES: "Annotated[list[Any], Topic(list, accumulate=True)]"}, STATE))
    return "\n\n".join(written)


def _typed_dict(name: str, fields: Mapping[str, str], base: str = "TypedDict") -> str:
    if any(iskeyword(each) for each in fields):
        given = {each: Code(annotation) for each, annotation in fields.items()}
        return assigned(name, Call("TypedDict", (name, given), {"total": False}))
    lines = [f"    {each}: {annotation}\n" for each, annotation in fields.items()] or ["    pass\n"]
    return f"class {name}({base}, total=False):\n{''.join(lines)}"


def _annotation(type: str) -> str:
    item = item_type(type) if is_type(type) else None
    return f"list[{_annotation(item)}]" if item is not None else _PYTHON.get(type, "Any")


def _variable(spec: StateSpec, writer: Writer) -> str:
    if spec.reducer not in _REDUCERS:
        return _annotation(spec.type)
    reducer = writer.runtime("state", _REDUCERS[spec.reducer])
    return f"Annotated[{'list[Any]' if reducer == 'append' else 'Any'}, {reducer}]"
