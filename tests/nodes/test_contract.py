"""Every registered kind keeps the contract."""

import ast
import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import nodes
from nodes.contract import FAMILIES, NodeSpec, Port
from nodes.reference import page
from nodes.registry import KINDS, registry, spec_json
from nodes.templating import variables
from nodes.types import is_type

EACH_KIND = pytest.mark.parametrize("spec", KINDS.values(), ids=list(KINDS))
HEAVY = ("langgraph", "langchain", "langchain_core", "chromadb", "httpx", "pydantic_monty", "streamlit", "cel", "numpy")
ICON = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
WIDGETS = [
    "prompt", "cel", "textarea", "code", "server", "model", "tool", "space", "folder", "workflow", "database", "secret",
    "state",
]  # fmt: skip
NAME = re.compile(r"^[a-z][a-z0-9_]{0,63}$")


def ports(spec: NodeSpec) -> tuple[Port, ...]:
    return (*spec.inputs, *spec.outputs, *spec.frame_inputs, *spec.frame_outputs)


def test_every_node_file_is_in_its_table():
    """A kind that is written is offered: each spec of a node file is in the registry, under its own name."""
    written = {
        value.kind
        for path in Path(nodes.__file__).parent.glob("*/*.py")
        if path.stem not in ("__init__", "kinds")
        for value in vars(import_module(f"nodes.{path.parent.name}.{path.stem}")).values()
        if isinstance(value, NodeSpec)
    }
    assert written == set(KINDS)
    assert all(kind == spec.kind for kind, spec in registry().items())


@EACH_KIND
def test_docstring_says_what_and_where_from(spec: NodeSpec):
    """The reference text begins with a sentence, says when to use the kind, and names its source."""
    assert spec.doc.strip().splitlines()[0].endswith(".")
    assert "Source:" in spec.doc
    assert spec.source
    assert any(word in spec.doc for word in ("Use ", "Attach ", "What is wired"))


@EACH_KIND
def test_palette_line_is_short(spec: NodeSpec):
    """Title and summary fit the palette, and the icon is named."""
    assert 0 < len(spec.summary) <= 60
    assert 0 < len(spec.title) <= 24
    assert spec.family in FAMILIES
    assert ICON.match(spec.icon)


@EACH_KIND
def test_every_setting_explains_itself(spec: NodeSpec):
    """Each setting has a title and a description, and a known widget where it names one."""
    for name, entry in spec_json(spec)["config_schema"].get("properties", {}).items():
        assert entry.get("title"), name
        assert entry.get("description", "").endswith((".", "?")), name
        assert entry.get("widget", "cel") in WIDGETS


@EACH_KIND
def test_default_settings_are_valid(spec: NodeSpec):
    """A node just dropped on the canvas has valid settings, and they survive a round trip."""
    default = spec.config()
    assert spec.config.model_validate(default.model_dump(mode="json")) == default


@EACH_KIND
def test_schema_default_is_the_default(spec: NodeSpec):
    """The form shows the defaults the node runs with."""
    schema = spec_json(spec)["config_schema"].get("properties", {})
    for name, value in spec.config().model_dump(mode="json").items():
        assert schema[name].get("default", {}) == value, name


@EACH_KIND
def test_unknown_settings_are_refused(spec: NodeSpec):
    """A misspelt setting is an error, not a shrug."""
    with pytest.raises(ValueError, match="no_such_setting"):
        spec.config.model_validate({"no_such_setting": 1})


@EACH_KIND
def test_ports_are_typed_and_named_once(spec: NodeSpec):
    """Ports have a name that reads without quotes, a known type and a description, each side without repeats."""
    for port in ports(spec):
        assert NAME.match(port.name)
        assert is_type(port.type)
        assert port.description
    for side in ((*spec.inputs, *spec.frame_inputs), (*spec.outputs, *spec.frame_outputs), spec.attaches):
        names = [each.name for each in side]
        assert len(set(names)) == len(names)


@EACH_KIND
def test_outcomes_are_unique_and_free(spec: NodeSpec):
    """Outcomes are named once and do not take the names every node has."""
    chosen = [each.name for each in getattr(spec.config(), spec.outcomes_field)] if spec.outcomes_field else []
    outcomes = [*chosen, *spec.outcomes]
    assert len(set(outcomes)) == len(outcomes)
    assert not {"error", "each"} & set(outcomes)
    if spec.run and spec.kind != "finish":
        assert outcomes


@EACH_KIND
def test_fields_named_by_the_spec_exist(spec: NodeSpec):
    """What the spec says of its settings is true of them."""
    fields = spec.config.model_fields
    assert set(spec.template_fields) <= set(fields)
    assert set(spec.typed_by.values()) <= set(fields)
    assert set(spec.typed_by) <= {port.name for port in spec.outputs}
    assert spec.outcomes_field is None or spec.outcomes_field in fields
    for name in spec.template_fields:
        value = getattr(spec.config(), name)
        for template in value.values() if isinstance(value, dict) else [value]:
            assert variables(template) is not None


@EACH_KIND
def test_resources_provide_and_nodes_run(spec: NodeSpec):
    """A kind either runs, or provides something, or is a note; a tool can be built."""
    assert (spec.run is not None) + (spec.provides is not None) + (spec.kind == "note") == 1
    assert (spec.provides == "tool") == (spec.make_tool is not None)
    assert (spec.provides == "policy") == (spec.make_policy is not None)
    assert bool(spec.frame_outputs) <= spec.frame


@EACH_KIND
def test_model_calls_are_said(spec: NodeSpec):
    """A kind that can use a model, its own or its roles', says how many calls a visit costs; others say none."""
    uses = spec.run is not None and any(socket.sort in ("model", "role") for socket in spec.attaches)
    assert (spec.model_calls != "none") == uses
    assert spec.model_calls == "none" or re.search(r"\d", spec.model_calls)


@EACH_KIND
def test_spec_goes_over_the_wire(spec: NodeSpec):
    """The wire shape is JSON, holds what the canvas needs, and no references to look up."""
    data = spec_json(spec)
    text = json.dumps(data)
    assert "$ref" not in text and "$defs" not in text
    for key in [
        "kind",
        "family",
        "title",
        "summary",
        "version",
        "inputs",
        "outputs",
        "outcomes",
        "attaches",
        "provides",
        "template_fields",
        "typed_by",
        "outcomes_field",
        "dynamic",
        "bounds_loop",
        "frame",
        "frame_inputs",
        "frame_outputs",
        "side_effects",
        "model_calls",
        "source",
        "doc",
        "icon",
        "config_schema",
    ]:
        assert key in data
    assert not {"run", "config", "make_tool"} & set(data)


@EACH_KIND
def test_reference_page_names_everything(spec: NodeSpec):
    """The reference page has the docstring, every port, outcome, socket and setting, on about a screen."""
    text = page(spec)
    assert text.startswith(f"# {spec.title} (`{spec.kind}`)")
    for name in [*(port.name for port in ports(spec)), *spec.outcomes, *spec.config.model_fields]:
        assert f"`{name}`" in text
    assert len(text.splitlines()) <= 60


def test_registry_is_light():
    """Listing the kinds loads no engine, model library, database or page library."""
    code = f"""
import sys
import nodes.registry as registry, nodes.reference
[registry.spec_json(spec) for spec in registry.KINDS.values()]
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.strip() == "[]"


def test_registry_is_quick():
    """Loading all kinds takes a few milliseconds of processor time each, beside pydantic and the standard library."""
    code = """
import asyncio, time
from pydantic import BaseModel, Field
class Warm(BaseModel): x: int = Field(default=1, ge=0)  # pydantic loads most of itself with the first model
started = time.process_time()
import nodes.registry
print(time.process_time() - started)
"""
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
        for _ in range(3)
    ]
    assert min(float(run.stdout) for run in runs) < 0.006 * len(KINDS)


def test_nodes_import_nothing_of_ours():
    """The lowest layer knows only itself."""
    for path in Path(nodes.__file__).parent.rglob("*.py"):
        for statement in ast.walk(ast.parse(path.read_text())):
            if isinstance(statement, ast.ImportFrom):
                assert str(statement.module).split(".")[0] not in ("ui", "templates", "graphs", "store"), path


def test_one_mechanism_a_file():
    """Files of nodes stay under 200 lines."""
    long = {
        path.name: n
        for path in Path(nodes.__file__).parent.rglob("*.py")
        if (n := len(path.read_text().splitlines())) > 200
    }
    assert set(long) <= {"contract.py", "reach.py"}
