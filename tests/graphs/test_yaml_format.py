"""Reading and writing workflow files: pleasant by hand, readable errors, bounded for hostile input."""

import time
from pathlib import Path

import pytest

from graphs.diagnostics import DocumentError
from graphs.document import Document
from graphs.yaml_format import dump, parse
from tests.documents import answering, document

TEMPLATES = Path(__file__).parents[2] / "templates"


def _problems(text):
    with pytest.raises(DocumentError, match=r"\S") as caught:
        parse(text)
    return caught.value.diagnostics


def _one(text):
    (problem,) = _problems(text)
    return problem


def test_a_file_is_written_for_people():
    """Fixed order, short mappings on one line, prompts as blocks, an edge a line, no defaults."""
    made = answering("Answer:\n{{question}}").model_copy(update={"title": "Answers"})
    assert dump(made) == (
        "nodeloom: 1\ntitle: Answers\ninputs:\n  question: {}\noutputs:\n  answer: {}\nnodes:\n"
        "  start: {kind: start}\n  work:\n    kind: prompt\n    config:\n      prompt: |-\n        Answer:\n"
        "        {{question}}\n  finish: {kind: finish}\nedges:\n  flow:\n  - start -> work\n  - work -> finish\n"
        "  data:\n  - start.question -> work.question\n  - work.answer -> finish.answer\n"
    )


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/workflow.yaml")), ids=lambda path: path.parent.name)
def test_every_template_survives_a_round_trip(path):
    """What the gallery holds is read, written and read again without loss."""
    made = parse(path.read_text(encoding="utf-8"))
    assert parse(dump(made)) == made


def test_sections_may_be_left_empty():
    """A key with nothing after it is as good as none."""
    assert parse(
        "nodeloom: 1\ninputs:\n  a:\noutputs:\nnodes:\n  n: {kind: note, config: }\nedges:\n  flow:\n"
    ) == document({"n": "note"}, inputs={"a": {}})


def test_words_of_yaml_1_1_stay_text():
    """``no``, ``12:30`` and dates are text, as in YAML 1.2."""
    made = parse("nodeloom: 1\ntitle: no\ntags: [yes, 12:30, 2026-01-01, 1_000]\n")
    assert (made.title, made.tags) == ("no", ("yes", "12:30", "2026-01-01", "1_000"))


def test_all_problems_are_told_at_once():
    """Every fault has its line, what is wrong with the value, and the nearest valid name."""
    text = (
        "nodeloom: 1\ntitle: 3\ninput: {}\nlimits: {steps: 0, stps: 1}\nstate: {a: {reducer: apend}}\n"
        "nodes:\n  A b: {kind: x}\n  c: {kin: x}\nedges: {flow: 3}\n"
    )
    assert [(each.code, each.place.line) for each in _problems(text)] == [
        ("DOC112", 2), ("DOC110", 3), ("DOC114", 4), ("DOC110", 4), ("DOC114", 5),
        ("DOC113", 7), ("DOC111", 8), ("DOC110", 8), ("DOC112", 9),
    ]  # fmt: skip
    told = str(DocumentError(_problems(text)))
    for part in ("not 3", "'input'", "Did you mean 'inputs'?", "'steps'?", "'append'?", "'a_b'", "'kind'?"):
        assert part in told


def test_a_repeated_key_is_told_with_both_lines():
    """Two nodes of one id: the second is refused, the first named."""
    problem = _one("nodeloom: 1\nnodes:\n  a: {kind: note}\n  b: {kind: note}\n  a: {kind: note}\n")
    assert (problem.code, problem.place.line, problem.place.column) == ("DOC106", 5, 3)
    assert "'nodes.a'" in problem.message
    assert "line 3" in problem.message


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "DOC108", "empty"),
        ("just words", "DOC112", "'just words'"),
        ("title: x\n", "DOC109", "'nodeloom' with the format version is missing"),
        ("nodeloom: 7\n", "DOC109", "format version 7; this program reads version 1"),
        ("nodeloom: one\n", "DOC109", "'one'"),
        ("nodeloom: 1\n\ttitle: x\n", "DOC101", ""),
        ("nodeloom: 1\ntitle: 'cut", "DOC101", "unexpected end of stream"),
        ("nodeloom: 1\nnodes: {a: {kind: note}", "DOC101", "line 2"),
        ("nodeloom: 1\ntitle: a: b\n", "DOC101", "mapping values"),
        ("nodeloom: 1\n---\nnodeloom: 1\n", "DOC101", "second document"),
        ("nodeloom: 1\ntitle: !!python/name:os.system x\n", "DOC107", "python"),
        ("nodeloom: 1\ntags: &a [*a]\n", "DOC105", "&a"),
        ("nodeloom: 1\ntags: [*a]\n", "DOC105", "*a"),
        ("nodeloom: 1\nlimits: {usd: .inf}\n", "DOC114", ".inf"),
        ("nodeloom: 1\ntitle: \x00\n", "DOC102", ""),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "DOC102", "0x89"),
        ("nodeloom: 1\ntitle: \ud800\n", "DOC102", "surrogate"),
        ("? [a, b]\n: c\n", "DOC101", "list stands where a key"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(text, code, says):
    """Each kind of unreadable input has its code and a message about it."""
    problem = _problems(text)[0]
    assert problem.code == code
    assert says in problem.message
    assert problem.remedy or says == ""


LAUGHS = "a: &a [x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(20)
)
HOSTILE = {
    "ten megabytes": "nodeloom: 1\ntitle: " + "x" * 10_000_000,
    "billion laughs": LAUGHS,
    "a cycle": "nodeloom: 1\nnodes: &n {a: *n}\n",
    "deep brackets": "[" * 1_000_000,
    "deep braces": "{a: " * 400_000,
    "deep dashes": "- " * 900_000,
    "many values": "nodeloom: 1\ntags: [" + "a," * 900_000 + "]",
    "many repeated keys": "nodeloom: 1\n" + "a: 1\n" * 300_000,
    "many unknown keys": "nodeloom: 1\n" + "".join(f"k{n}: 1\n" for n in range(60_000)),
    "many nodes": "nodeloom: 1\nnodes:\n" + "".join(f"  n{n}: {{kind: note}}\n" for n in range(6_000)),
    "a long number": "nodeloom: " + "9" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_answered_quickly(name):
    """Bombs get a few diagnostics, in about a second of CPU on a slow machine at the most."""
    start = time.process_time()
    problems = _problems(HOSTILE[name])
    assert time.process_time() - start < 2
    assert 0 < len(problems) <= 101
    assert all(len(each.message) < 400 for each in problems)


def test_json_is_read_too():
    """A document in JSON, as the API sends it, is opened."""
    made = answering()
    assert parse(made.model_dump_json()) == made


def test_bytes_with_a_byte_order_mark_are_read():
    """Editors that write one do no harm."""
    assert parse("\ufeffnodeloom: 1\ntitle: é\n".encode()) == Document(title="é")
