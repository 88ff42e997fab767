"""Every template opens, is complete, and its recording replays without a model."""

from pathlib import Path

import pytest

from graphs.validate import validate
from graphs.yaml_format import dump, parse
from store.home import Home
from store.runs import RunRow
from templates import catalogue
from tests.templates.checks import misses, unhurried
from ui.starting import played, recording_of, start_run
from ui.workspace import Workspace

EVERY = pytest.mark.parametrize("slug", catalogue.slugs())
RECORDED = [slug for slug in catalogue.slugs() if catalogue.load(slug).recording]


def test_the_first_workflow_leads_the_list():
    """A new home opens with a template that exists, and it is listed first."""
    assert catalogue.slugs()[0] == catalogue.FIRST


def test_an_unknown_template_names_those_there_are():
    """Whoever mistypes a name learns the right ones."""
    with pytest.raises(KeyError, match="there are maths_tutor"):
        catalogue.load("math_tutor")


@EVERY
def test_it_is_complete_and_clean(slug: str):
    """No diagnostic at all, a readme that says what it shows and costs, examples that name its inputs and outputs."""
    template = catalogue.load(slug)
    assert validate(template.document) == []
    assert parse(dump(template.document)) == template.document
    for part in ("**Shows**", "**Use it**", "**Mechanism**", "**Cost**", f"**Recording** `scripted:{slug}`"):
        assert part in template.readme
    assert template.examples
    for example in template.examples:
        assert set(example["inputs"]) <= set(template.document.inputs)
    first = next(iter(template.document.inputs))
    assert [each["inputs"][first] for each in template.examples] == list(template.document.inputs[first].examples)


def test_every_template_is_recorded():
    """Whoever has no model yet can watch each of them run."""
    assert tuple(RECORDED) == catalogue.slugs()


@pytest.mark.parametrize("slug", RECORDED)
def test_the_recorded_answers_serve_a_real_run(slug: str, tmp_path: Path):
    """``scripted:`` with the template's name runs the first example in a workspace, to what the example expects."""
    template = catalogue.load(slug)
    row = _run(template, tmp_path / "home")
    assert row.status == "done", row.error
    assert misses(template.examples[0]["expected"], row.outputs or {}) == []


def _run(template: catalogue.Template, folder: Path) -> RunRow:
    """A run on the recorded answers; people answer as they did."""
    workspace = Workspace(Home(folder))
    try:
        model = recording_of(template.document)
        assert model == f"scripted:{template.slug}"
        workspace.models.add_script(unhurried(template.slug))
        runner, inputs = workspace.engine.runner, template.examples[0]["inputs"]
        run = start_run(workspace, played(template.document, model), inputs, model=model)
        row = runner.wait_here(run)
        for answer in catalogue.cast(template.slug).people:
            runner.answer(run, row.forms[0]["interrupt"], answer)
            row = runner.wait_here(run)
        return row
    finally:
        workspace.close()
