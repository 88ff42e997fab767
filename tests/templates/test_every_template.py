"""Every template opens, is complete, and its recording replays without a model."""

import json
from pathlib import Path

import pytest

from graphs.validate import validate
from graphs.yaml_format import dump, parse
from store.home import Home
from templates import catalogue
from ui.starting import recording_of, start_run
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
    for part in ("**Shows**", "**Use it**", "**Mechanism**", "**Cost**"):
        assert part in template.readme
    assert template.examples
    for example in template.examples:
        assert set(example["inputs"]) <= set(template.document.inputs)
    first = next(iter(template.document.inputs))
    assert [each["inputs"][first] for each in template.examples] == list(template.document.inputs[first].examples)


def test_the_first_workflow_is_recorded():
    """Whoever has no model yet can watch the first workflow run."""
    assert catalogue.FIRST in RECORDED


@pytest.mark.parametrize("slug", RECORDED)
def test_the_recorded_run_replays_to_its_answer(slug: str, tmp_path: Path):
    """With no model and no network the recording runs to the answer the first example expects, twice alike."""
    template = catalogue.load(slug)
    answers = [_replayed(template, tmp_path / name) for name in ("once", "again")]
    assert answers[0] == answers[1]
    assert f"{template.examples[0]['expected']['number']}" in json.dumps(answers[0])


def _replayed(template: catalogue.Template, folder: Path) -> dict[str, object] | None:
    workspace = Workspace(Home(folder))
    try:
        model = recording_of(template.document)
        run = start_run(workspace, template.document, template.examples[0]["inputs"], model=model)
        row = workspace.engine.runner.wait_here(run)
        assert row.status == "done", row.error
        return row.outputs
    finally:
        workspace.close()
