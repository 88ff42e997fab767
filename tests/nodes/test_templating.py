"""Mustache prompts."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.templating import TemplateError, as_text, checked, render, variables

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name != "state")
PLAIN = st.text(alphabet=string.ascii_letters + string.digits + " .,:;!?<>&'\"\n", max_size=40)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{task}}", [("task", True)]),
        ("{{b}} {{a}} {{b}}", [("b", True), ("a", True)]),
        ("{{{raw}}} {{&amp}}", [("raw", True), ("amp", True)]),
        ("{{#notes}}{{text}}{{/notes}}", [("notes", False), ("text", False)]),
        ("{{^notes}}none{{/notes}}", [("notes", False)]),
        ("{{#a}}{{b}}{{/a}}{{b}}", [("a", False), ("b", True)]),
        ("{{#list}}{{.}}{{/list}}", [("list", False)]),
        ("{{task.title}}", [("task", True)]),
        ("{{state.mood}} {{! a remark }}", []),
        ("{{#rows}}{{Title Case}}{{/rows}}", [("rows", False)]),
        ('{"a": {"b": 1}}', []),
        ("", []),
    ],
)
def test_variables_become_ports(template: str, expected: list[tuple[str, bool]]):
    """Variables are found in order of first use; those of sections are optional; state and . are none."""
    assert variables(template) == expected


@pytest.mark.parametrize(
    ("template", "what", "line", "column"),
    [
        ("a\n{{b", "never closed", 2, 1),
        ("{{#a}} x", "matching tag", 1, 7),
        ("x {{/a}}", "mismatch", 1, 9),
        ("ok\n  {{Not A Name}}", "not a name", 2, 5),
        ("{{> other}}", "insert another template", 1, 1),
        ("x\n{{=<% %>=}}", "delimiters", 2, 1),
    ],
)
def test_malformed_templates_say_where(template: str, what: str, line: int, column: int):
    """A template that cannot be read is refused with line and column."""
    with pytest.raises(TemplateError, match=what) as caught:
        variables(template)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.mend


def test_settings_refuse_malformed_templates():
    """In a setting the same is a validation error."""
    with pytest.raises(ValueError, match="never closed"):
        checked("{{open")


def test_nothing_is_escaped():
    """Prompts are plain text: quotes and angle brackets stay."""
    assert render("{{a}} {{{a}}}", {"a": '<b> & "c"'}) == '<b> & "c" <b> & "c"'


def test_values_are_data():
    """A tag inside a value is written, not expanded."""
    assert render("{{a}}", {"a": "{{secret}}", "secret": "no"}) == "{{secret}}"


def test_missing_values_are_nothing():
    """What is absent is written as nothing, also below a record."""
    assert render("[{{a}}][{{b.c}}]", {"b": {}}) == "[][]"


def test_sections_work_on_lists_and_records():
    """A section repeats for a list and steps into a record; the inverse stands for an empty one."""
    template = "{{#rows}}{{name}};{{/rows}}{{#one}}{{name}}{{/one}}{{^none}}empty{{/none}}"
    values = {"rows": [{"name": "a"}, {"name": "b"}], "one": {"name": "c"}, "none": []}
    assert render(template, values) == "a;b;cempty"
    assert render("{{#words}}<{{.}}>{{/words}}", {"words": ["x", "y"]}) == "<x><y>"


def test_state_is_read():
    """State variables are written where they are named."""
    assert render("{{state.mood}}", {"state": {"mood": "calm"}}) == "calm"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""), ("text", "text"), (3, "3"), (3.0, "3"), (0.5, "0.5"), (0, "0"), (True, "yes"), (False, "no"),
        ([1, "a"], "- 1\n- a"), ([{"text": "doc", "score": 1}], "- doc"),
        ([{"role": "user", "content": "hi"}], "user: hi"), ([{"a": 1}], '- {"a": 1}'), ({"a": "é"}, '{"a": "é"}'),
    ],
)  # fmt: skip
def test_every_type_has_its_form(value: object, expected: str):
    """Values of each type are written the way a reader expects."""
    assert as_text(value) == expected
    assert render("{{v}}", {"v": value}) == expected


def test_plans_are_numbered():
    """A plan is a numbered list; marks and results come once a step is done."""
    steps = [
        {"id": "1", "title": "Add", "status": "open", "result": None},
        {"id": "2", "title": "Say", "status": "open"},
    ]
    assert as_text({"goal": "g", "steps": steps}) == "1. Add\n2. Say"
    done = [{**steps[0], "status": "done", "result": "5"}, steps[1]]
    assert as_text({"goal": "g", "steps": done}) == "1. [x] Add -> 5\n2. [ ] Say"


@given(PLAIN)
def test_text_without_tags_is_itself(text: str):
    """A template without tags is rendered unchanged and asks for nothing."""
    assert render(text, {}) == text
    assert variables(text) == []


@given(st.lists(NAMES, max_size=6), PLAIN, st.text(max_size=30))
def test_every_variable_is_found_and_written(names: list[str], between: str, value: str):
    """All variables of a template are ports, and filling them writes exactly the values."""
    template = "".join(f"{between}|{{{{{name}}}}}|" for name in names)
    assert variables(template) == [(name, True) for name in dict.fromkeys(names)]
    assert render(template, dict.fromkeys(names, value)) == "".join(f"{between}|{value}|" for _ in names)


@given(st.text(max_size=60))
def test_any_text_is_a_template_or_refused(text: str):
    """No text breaks the reader: it is a template, or a TemplateError with a place."""
    try:
        render(text, {name: "x" for name, _ in variables(text)})
    except TemplateError as error:
        assert error.line >= 1 and error.column >= 1


@given(st.text(alphabet="{}#^/a .=>&!\n", max_size=25))
def test_broken_tags_never_crash(text: str):
    """The same for texts made of nothing but the signs of tags."""
    test_any_text_is_a_template_or_refused.hypothesis.inner_test(text)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("template", "values", "written"),
    [
        ("{{#x}}{{x.y}}{{/x}}", {"x": {"y": "outer"}}, "outer"),
        ("{{#x}}{{x.y}}{{/x}}", {"x": {"y": "outer", "x": "own"}}, ""),
        ("{{#x}}{{x.y}}{{/x}}", {"x": {"y": "outer", "x": {"y": "inner"}}}, "inner"),
        ("{{#x}}{{y}}{{/x}}", {"x": {"y": "outer", "x": "own"}}, "outer"),
        ("{{#a}}{{b.c}}{{/a}}", {"a": {"b": {}}, "b": {"c": "ERROR"}}, ""),
    ],
)
def test_a_dotted_name_begins_in_the_innermost_section(template, values, written):
    """As the specification has it ("Dotted Names - Context Precedence"): what holds the first part counts, alone."""
    assert render(template, values) == written
