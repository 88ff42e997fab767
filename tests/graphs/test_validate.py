"""Checking as a whole: clean workflows are clean, it is quick, and it loads no engine."""

import json
import subprocess
import sys
import time

import pytest

from graphs.document import Document
from graphs.validate import has_errors, validate
from tests.documents import answering, chain, diamonds, document

HEAVY = [
    "langgraph",
    "langchain",
    "langchain_core",
    "sqlmodel",
    "sqlalchemy",
    "streamlit",
    "chromadb",
    "fastapi",
    "cel",
]


@pytest.mark.parametrize("made", [answering(), chain(5), diamonds(3)], ids=["answering", "chain", "diamonds"])
def test_sound_workflows_have_no_findings(made):
    """Small sound workflows are clean."""
    assert validate(made) == []


def test_an_empty_document_says_what_to_do():
    """It has no start and no finish, and nothing else is wrong with it."""
    assert [each.code for each in validate(Document())] == ["FLW103", "FLW105"]


def test_errors_come_first():
    """Errors, then warnings, then information."""
    order = [each.severity for each in validate(document({"a": "prompt", "b": "tool.calculator"}, inputs={"x": {}}))]
    assert order == sorted(order, key=["error", "warning", "info"].index)


@pytest.mark.parametrize("made", [chain(498), diamonds(100)], ids=["chain", "diamonds"])
def test_five_hundred_nodes_are_checked_quickly(made):
    """A generous bound on CPU time that a quadratic rule would break."""
    validate(made)
    start = time.process_time()
    assert not has_errors(validate(made))
    assert time.process_time() - start < 0.4


@pytest.mark.parametrize("module", ["graphs.document", "graphs.yaml_format", "graphs.operations", "graphs.validate"])
def test_the_document_layer_loads_no_engine(module):
    """Checking a file needs neither LangGraph nor a database nor a page."""
    code = f"import {module}, sys, json; print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(ran.stdout) == []


def test_a_join_brings_what_all_its_branches_bring():
    """Behind a join of certain branches every branch's value is there; behind ``any`` it may be missing."""

    def made(mode):
        return document(
            {
                "start": "start", "a": {"kind": "prompt", "config": {"prompt": "{{q}}"}},
                "b": {"kind": "prompt", "config": {"prompt": "{{q}}"}},
                "join": {"kind": "control.join", "config": {"mode": mode}},
                "sum": {"kind": "prompt", "config": {"prompt": "{{x}} {{y}}"}}, "finish": "finish",
            },
            flow=("start -> a", "start -> b", "a -> join", "b -> join", "join -> sum", "sum -> finish"),
            data=(
                "start.q -> a.q", "start.q -> b.q", "a.answer -> sum.x", "b.answer -> sum.y", "sum.answer -> finish.r",
            ),
            inputs={"q": {}}, outputs={"r": {}},
        )  # fmt: skip

    assert validate(made("all")) == []
    assert [(each.code, each.place.port) for each in validate(made("any"))] == [("DAT102", "x"), ("DAT102", "y")]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [("good", "good", []), ("good", "otherwise", ["x", "y"]), ("otherwise", "otherwise", [])],
)
def test_a_fork_of_one_outcome_brings_all_its_branches(one, other, found):
    """What leaves a node that decides by the same outcome comes to the join together; two outcomes do not."""
    ask = {"kind": "prompt", "config": {"prompt": "{{text}}"}}
    route = {"kind": "control.route", "config": {"routes": [{"name": "good", "when": "value == 'x'"}]}}
    made = document(
        {
            "start": "start", "route": route, "a": ask, "b": ask, "more": ask, "join": "control.join",
            "both": {"kind": "prompt", "config": {"prompt": "{{x}} {{y}}"}}, "finish": "finish",
        },
        ("start -> route", f"route.{one} -> a", f"route.{other} -> b", "b -> more", "a -> join", "more -> join",
         "join -> both", "both -> finish"),
        ("start.text -> route.value", "start.text -> a.text", "start.text -> b.text", "b.answer -> more.text",
         "a.answer -> both.x", "more.answer -> both.y", "both.answer -> finish.text"),
        inputs={"text": {}}, outputs={"text": {}},
    )  # fmt: skip
    assert [each.place.port for each in validate(made) if each.code == "DAT102"] == found


def test_what_failed_has_given_nothing():
    """On the way over ``error`` the values of the node that failed are missing."""
    work = {"kind": "prompt", "config": {"prompt": "{{q}}"}}
    mend = {"kind": "prompt", "config": {"prompt": "{{draft}}"}}
    found = validate(document(
        {"start": "start", "work": work, "mend": mend, "finish": "finish"},
        flow=("start -> work", "work -> finish", "work.error -> mend", "mend -> finish"),
        data=("start.q -> work.q", "work.answer -> mend.draft", "mend.answer -> finish.r"),
        inputs={"q": {}}, outputs={"r": {}},
    ))  # fmt: skip
    assert [(each.code, each.place.node) for each in found] == [("DAT102", "mend")]
