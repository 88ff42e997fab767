"""The Build page: which workflow opens, and what the component is told."""

import json
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from templates.catalogue import FIRST, load
from tests.ui.views.conftest import APP, component
from ui.workspace import Workspace

Open = Callable[..., AppTest]


def told(test: AppTest) -> dict[str, object]:
    """The data the component was mounted with."""
    return json.loads(component(test).json)


def test_first_visit_makes_the_first_workflow_and_opens_it(home: Workspace, open_page: Open) -> None:
    """An empty home gets the first template as its workflow, and the canvas is told that it is a first visit."""
    data = told(open_page("build"))
    (stored,) = home.workflows.list()
    assert stored.document["title"] == load(FIRST).document.title
    assert (data["view"], data["workflow"], data["firstVisit"]) == ("build", stored.id, True)


def test_whole_application_opens_on_build(home: Workspace) -> None:
    """The entry script shows the Build page and writes the workflow to the address."""
    test = AppTest.from_file(APP, default_timeout=60).run()
    assert not test.exception
    assert test.query_params["workflow"] == told(test)["workflow"]


def test_reruns_give_the_component_equal_data(home: Workspace, open_page: Open) -> None:
    """Nothing the component is told changes between reruns, so that it is not called again."""
    test = open_page("build")
    before = component(test).json
    assert component(test.run()).json == before


def test_address_names_the_workflow(home: Workspace, open_page: Open) -> None:
    """A link to a workflow opens that one, although another was saved later."""
    first = home.workflows.create({"nodeloom": 1, "title": "One"})
    home.workflows.create({"nodeloom": 1, "title": "Two"})
    assert told(open_page("build", workflow=first.id))["workflow"] == first.id


def test_unknown_workflow_opens_the_one_saved_last(home: Workspace, open_page: Open) -> None:
    """A link to a workflow that is gone opens the last one and says so."""
    stored = home.workflows.create({"nodeloom": 1, "title": "One"})
    test = open_page("build", workflow="nothere")
    assert told(test)["workflow"] == stored.id
    assert "no workflow nothere" in test.toast[0].value


def test_second_visit_is_told_as_such(home: Workspace, open_page: Open, add_run: Callable[..., object]) -> None:
    """Once anything ran in the home, the canvas no longer offers the ways to run for the first time."""
    add_run()
    assert told(open_page("build"))["firstVisit"] is False
