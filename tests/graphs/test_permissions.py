"""What a workflow may do, from its document alone."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from graphs.document import Document
from graphs.permissions import RUNS_CODE, Permission, cost_of, permissions_of
from nodes.registry import KINDS
from templates import catalogue

ROOT = Path(__file__).parents[2]


def _document(nodes: dict[str, Any], attach: tuple[str, ...] = (), **more: Any) -> Document:
    ends = {"start": {"kind": "start"}, "finish": {"kind": "finish"}}
    return Document.model_validate({"nodes": {**ends, **nodes}, "edges": {"attach": list(attach)}, **more})


def _by_key(document: Document) -> dict[str, Permission]:
    return {each.key: each for each in permissions_of(document)}


def test_an_empty_workflow_may_do_nothing() -> None:
    """Start and finish reach nothing."""
    assert permissions_of(_document({})) == []


def test_everything_a_document_names_is_asked() -> None:
    """Model, hosts, folder, database, memory, secret and saved workflow, each with the node that uses it."""
    document = _document(
        {
            "gpt": {"kind": "resource.model", "config": {"reference": "openai:gpt-x"}},
            "call": {
                "kind": "tool.http_request",
                "config": {"allowed_hosts": ["api.example.org"], "methods": ["GET", "POST"], "secret": "EXAMPLE_TOKEN"},
            },
            "papers": {"kind": "tool.file_search", "config": {"folder": "papers"}},
            "shop": {"kind": "tool.sql", "config": {"database": "shop"}},
            "notes": {"kind": "resource.memory_space", "config": {"space": "notes"}},
            "step": {"kind": "control.subworkflow", "config": {"workflow": "Other"}},
            "ask": {"kind": "control.ask"},
            "look": {"kind": "tool.web_search"},
            "remember": {"kind": "memory.remember"},
        },
        ("notes -> remember",),
    )
    found = _by_key(document)
    assert set(found) >= {
        "model:openai:gpt-x", "host:api.example.org", "secret:EXAMPLE_TOKEN", "folder:papers", "database:shop",
        "memory:notes", "workflow:Other", "person:", "search:",
    }  # fmt: skip
    assert found["host:api.example.org"].words == "Send requests (GET, POST) to api.example.org."
    assert found["memory:notes"].words == "Read and write the memory space 'notes'."
    assert found["secret:EXAMPLE_TOKEN"].nodes == ("call",)
    risks = [each.risk for each in permissions_of(document)]
    assert risks == sorted(risks, key=["high", "medium", "low"].index), "the most dangerous come first"


def test_a_memory_that_is_only_read_is_said_to_be() -> None:
    """Recall alone does not write."""
    document = _document(
        {
            "notes": {"kind": "resource.memory_space", "config": {"space": "notes"}},
            "recall": {"kind": "memory.recall"},
        },
        ("notes -> recall",),
    )
    assert _by_key(document)["memory:notes"].words == "Read the memory space 'notes'."


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("*", "any public host of the internet."),
        ("*.example.org", "*.example.org."),
        ("xn--pple-43d.com", "international name"),
        ("\u0430pple.com", "Cyrillic Small Letter A"),
        ("api.example.org@evil.test", "no host name"),
        ("evil.test/path", "no host name"),
    ],
)
def test_hosts_that_pretend_are_pointed_out(host: str, says: str) -> None:
    """Look-alike letters, punycode and things that are no host are named in the sentence."""
    document = _document({"page": {"kind": "tool.web_fetch", "config": {"allowed_hosts": [host]}}})
    (asked,) = (each for each in permissions_of(document) if each.sort == "host")
    assert says in asked.words


def test_resources_attached_to_nothing_count_too() -> None:
    """An edge away they work, so they are asked for."""
    assert "folder:papers" in _by_key(
        _document({"files": {"kind": "tool.file_search", "config": {"folder": "papers"}}})
    )


def test_the_cost_names_callers_and_limits() -> None:
    """Nodes that call models with how often, and where a run stops."""
    document = _document({"plan": {"kind": "planning.plan"}}, limits={"steps": 40, "usd": 0.5})
    assert list(cost_of(document).calls) == ["plan"]
    assert cost_of(document).words == "One of its nodes calls a model; a run stops after 40 node runs or US$ 0.5."
    assert cost_of(_document({})).words == "0 of its nodes call a model; it sets no limit to a run."


def test_every_kind_that_runs_snippets_is_known() -> None:
    """The table holds exactly the kinds whose code leads to the interpreter of snippets."""
    assert {name for name, spec in KINDS.items() if _leads_to(spec.config.__module__, "nodes.snippets")} == RUNS_CODE


def test_every_setting_with_hosts_is_found() -> None:
    """Kinds that go through the egress check either name their hosts in a setting or search."""
    reaching = {name for name, spec in KINDS.items() if _leads_to(spec.config.__module__, "nodes.tools.egress")}
    for kind in reaching:
        sorts = {
            each.sort
            for each in permissions_of(
                _document({"it": {"kind": kind, "config": {"allowed_hosts": ["a.test"], "server": "lab"}}})
            )
        }
        assert sorts & {"host", "search", "server"}, kind


def test_every_template_says_what_it_may_do() -> None:
    """Each has at least the use of a model, in a sentence that ends with a full stop."""
    for slug in catalogue.slugs():
        found = permissions_of(catalogue.load(slug).document)
        assert all(each.words.endswith(".") and each.nodes for each in found), slug


@cache
def _leads_to(module: str, target: str) -> bool:
    """Whether a module of ours imports another, over others of ``nodes``."""
    if module == target:
        return True
    path = ROOT / f"{module.replace('.', '/')}.py"
    if not path.exists() or module in ("nodes.contract", "nodes.registry"):
        return False
    tree = ast.parse(path.read_text())
    names = [each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    return any(_leads_to(name, target) for name in names if name.startswith("nodes."))
