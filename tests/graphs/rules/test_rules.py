"""Every rule has a bad document with the expected messages as text, and a good twin without findings.

``documents/<code>.bad.yaml`` and ``.good.yaml``; ``snapshots/<code>.txt`` is what validating the bad one
says. To accept new texts, run pytest with ``NODELOOM_ACCEPT=1`` and read the difference.
"""

import importlib
import os
from pathlib import Path

import pytest

from graphs.diagnostics import CODES, SHORT_LENGTH
from graphs.operations import apply
from graphs.validate import RULES, has_errors, validate
from graphs.yaml_format import parse
from tests.documents import answering, document

HERE = Path(__file__).parent


class Workspace:
    """A workspace with one usable provider, one folder, one memory space, and a host that was refused."""

    def __init__(self, default="scripted:default"):
        self._default = default

    def default_model(self):
        return self._default

    def model_problem(self, reference):
        return None if reference.startswith(("scripted:", "openai:")) else "nothing answers there"

    def missing_secret(self, reference):
        return "OPENAI_API_KEY" if reference.startswith("openai:") else None

    def folders(self):
        return ["papers"]

    def memory_spaces(self):
        return ["notes"]

    def refused(self):
        return ["host:tracker.example"]


def _findings(code, kind):
    text = (HERE / "documents" / f"{code}.{kind}.yaml").read_text(encoding="utf-8")
    return validate(parse(text), workspace=Workspace())


def _told(finding):
    fix = f"\n    fix: {finding.fix.title}" if finding.fix else ""
    return f"{finding}\n    badge: {finding.short}{fix}\n"


@pytest.mark.parametrize("code", RULES)
def test_the_bad_document_is_told_in_these_words(code):
    """Validating the bad document says exactly what the snapshot holds, and finds the rule's code."""
    found = _findings(code, "bad")
    text = "".join(_told(each) for each in found)
    snapshot = HERE / "snapshots" / f"{code}.txt"
    if os.environ.get("NODELOOM_ACCEPT"):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(text, encoding="utf-8")
    assert code in [each.code for each in found]
    assert text == snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", RULES)
def test_the_good_twin_has_no_findings(code):
    """The mended document is clean."""
    assert [str(each) for each in _findings(code, "good")] == []


@pytest.mark.parametrize("code", RULES)
def test_fixes_apply_and_mend(code):
    """Each fix applies cleanly and takes its finding away."""
    bad = parse((HERE / "documents" / f"{code}.bad.yaml").read_text(encoding="utf-8"))
    for each in validate(bad, workspace=Workspace()):
        if each.fix is not None:
            after = validate(apply(bad, each.fix.ops), workspace=Workspace())
            assert (each.code, each.message) not in [(one.code, one.message) for one in after]


@pytest.mark.parametrize("code", RULES)
def test_every_rule_teaches(code):
    """A rule's docstring begins with its code and name and shows a wrong and a right example."""
    doc = importlib.import_module(RULES[code].__module__).__doc__
    assert doc.startswith(f"{code} {CODES[code][0]}: ")
    assert "\nWrong: " in doc
    assert "\nRight: " in doc


def test_the_table_of_codes_and_the_rules_agree():
    """Every code outside of reading files has a rule, and every rule a code."""
    assert set(RULES) == {code for code in CODES if not code.startswith("DOC")}


def test_badges_are_short():
    """No badge is longer than its place, whatever the names in it."""
    broken = document(
        {"start": "start", "w": {"kind": "prompt", "config": {"prompt": "{{" + "x" * 60 + "}}"}}}, ("start -> w",)
    )
    assert all(len(each.short) <= SHORT_LENGTH for each in validate(broken))


def test_a_missing_default_model_is_an_error():
    """A node that takes a model, with none attached and no default, cannot run."""
    found = validate(answering(), workspace=Workspace(default=None))
    assert [(each.code, each.place.node) for each in found] == [("SEC101", "work")]
    assert has_errors(found)


def test_the_default_models_secret_is_asked_for():
    """A default model whose key is not stored is told once."""
    found = validate(answering(), workspace=Workspace(default="openai:gpt-5"))
    assert [each.code for each in found] == ["SEC102"]


def test_without_a_workspace_nothing_is_said_about_it():
    """Models, secrets and folders are left alone where nobody knows them."""
    assert validate(answering()) == []


@pytest.mark.parametrize(
    ("expression", "unknown"),
    [
        ("state['note']", ["note"]),
        ('state [ "note" ] == state.other', ["note", "other"]),
        ("size(state) > 0 && state['notes'] == value && state.size() > 0", []),
        ("value.state.note == 1", []),
    ],
)
def test_undeclared_state_variables_are_found_however_they_are_read(expression, unknown):
    """By name or by index; not the bare ``state``, and not an entry of another value that is called like it."""
    made = document(
        {"start": "start", "read": {"kind": "control.compute", "config": {"expression": expression}}},
        ("start -> read",), state={"notes": {}},
    )  # fmt: skip
    found = [each for each in validate(made) if each.code == "CFG104"]
    assert [each.fix.ops[0].name for each in found] == unknown
    assert {each.severity for each in found} <= {"error"}
