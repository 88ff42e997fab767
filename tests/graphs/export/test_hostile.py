"""Texts of a document are data in a program too: none of them can become code."""

import ast
import io
import json
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.document import Document
from graphs.export.literals import Call, name, text_literal, written
from graphs.export.program import program_of
from nodes.registry import KINDS
from tests.graphs.engine.fakes import Bench, workflow
from tests.graphs.export.programs import Batch, job, started
from tests.graphs.export.programs import written as program_in

MARK = "canary_7351"
TEXTS = {
    "double quotes": f'"; open("{MARK}", "w"); "',
    "single quotes": f"'; open('{MARK}', 'w'); '",
    "triple quotes": f'"""\nopen("{MARK}", "w")\n"""',
    "triple single quotes": f"'''\nopen('{MARK}', 'w')\n'''",
    "both quotes": f"""'"'"); open("{MARK}", 'w') #""",
    "a newline": f"ok\nimport os; open('{MARK}', 'w')",
    "other line ends": f"ok\r\x0b\x0c\x1c\x85\u2028\u2029open('{MARK}', 'w')",
    "a backslash at the end": f"{MARK}\\",
    "backslashes and quotes": f'\\"; open("{MARK}", "w"); \\\\"',
    "braces": f"{{open('{MARK}', 'w')}} {{{{x}}}} %s %(x)s {{0.__class__}} {{}}",
    "an f-string": f'f"{{open({MARK!r})}}"',
    "a comment": f"# {MARK}\n# coding: utf-7",
    "turned reading order": f"\u202e{MARK}\u2066 \u2069\u200b",
    "unprintable": f"\x00\x1b[31m{MARK}\x7f",
    "half a character": f"\ud800{MARK}",
    "other letters": f"{MARK} öß漢字🙂",
    "Markdown and TOML": f'```\n<script>{MARK}</script> [x](javascript:{MARK}) "\n[tool.evil]\nx = "{MARK}"',
    "a long one": f"{MARK} \"' " * 60,
}


def _hostile(text: str) -> Document:
    """A workflow with the text wherever a text can be."""
    nodes: dict[str, Any] = {
        "start": {"kind": "start", "label": text, "note": text},
        "said": {"kind": "control.record", "label": text, "config": {"entries": {text[:40]: "{{q}}", "plain": "x"}}},
        "import": {"kind": "control.compute", "label": text, "config": {"expression": "state.class + value"}},
        "notes": {"kind": "note", "label": text, "config": {"text": text}},
    }
    return workflow(
        nodes,
        "start -> said, said -> import, import -> finish",
        "start.q -> said.q, start.q -> import.value, import.result -> finish.answer, said.record -> finish.record",
        title=text, summary=text, tags=(text,), authors=(text,),
        inputs={"q": {"title": text, "description": text, "required": False, "default": text}},
        outputs={"answer": {"title": text}, "record": {"title": text}},
        state={"class": {"type": "text", "default": text}},
    )  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_is_a_literal_wherever_it_stands(case: str):
    """It is in constants alone: in no name, no comment, no layout of the file; read back, it is the same."""
    text = TEXTS[case]
    source = program_of(_hostile(text), KINDS)["graph.py"]
    tree = ast.parse(source)
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert constants.count(text) >= 6
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value = None
    assert MARK not in ast.dump(tree)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    assert not [token for token in tokens if MARK in token.string and token.type != tokenize.STRING]
    assert not [letter for letter in source if not letter.isprintable() and letter != "\n"]


@pytest.mark.parametrize("case", TEXTS)
def test_the_files_around_hold_it_as_a_text_too(case: str):
    """pyproject.toml and langgraph.json are read back, and hold nothing that the text could add to them."""
    files = program_of(_hostile(TEXTS[case]), KINDS)
    project = tomllib.loads(files["pyproject.toml"])
    assert set(project) == {"build-system", "project", "tool"} and set(project["tool"]) == {"hatch", "ruff"}
    assert set(json.loads(files["langgraph.json"])) == {"dependencies", "graphs", "env"}
    assert "<script>" not in files["README.md"] and "](javascript" not in files["README.md"]
    assert all(text.encode().decode() == text for text in files.values())


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    """All of them running as programs."""
    folder = tmp_path_factory.mktemp("hostile")
    cases = enumerate(case for case in TEXTS if case != "half a character")
    jobs = [job(case, program_in(_hostile(TEXTS[case]), folder / f"p{number}")) for number, case in cases]
    running = started(jobs, folder / "results")
    yield running
    running.close()


@pytest.mark.parametrize("case", [case for case in TEXTS if case != "half a character"])
def test_it_runs_and_gives_the_text_back(case: str, batch: Batch, tmp_path: Path):
    """As the engine does; and nothing the text asks for has happened."""
    bench = Bench(tmp_path, kinds=KINDS).open()
    try:
        row = bench.run(_hostile(TEXTS[case]))
    finally:
        bench.runner.close()
    result = batch.result(case)
    assert row.status == "done" and "error" not in result, (row.error, result)
    assert result["outputs"] == row.outputs
    assert result["outputs"]["answer"] == TEXTS[case] * 2
    assert not list(batch.results.parent.rglob(MARK))


@given(st.text() | st.text(alphabet="\"'\\{}\n\r#"))
def test_any_text_is_read_back(text: str):
    """A literal of one line, printable, whose value is the text; split over lines it is the same text."""
    literal = text_literal(text)
    assert ast.literal_eval(literal) == text
    assert literal.isprintable()
    assert ast.literal_eval(written(text, indent=2, before=100)) == text


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12,
))  # fmt: skip
def test_any_data_is_read_back(value: Any):
    """However it is laid out."""
    assert ast.literal_eval(written(value, indent=1, before=60)) == value


def test_what_has_no_literal_is_refused():
    """Rather than written as whatever its ``repr`` is."""
    with pytest.raises(ValueError, match="has no literal"):
        written({"a": object()})


@pytest.mark.parametrize("text", ["a b", "x;y", "f(", "", "1a", "a.b c", "a\nb"])
def test_a_name_is_never_taken_from_a_text(text: str):
    """What stands outside of a literal has to be a Python name."""
    with pytest.raises(ValueError, match="is not a Python name"):
        name(text)
    with pytest.raises(ValueError, match="is not a Python name"):
        written(Call("f", (), {text: 1}))
