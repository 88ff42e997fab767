"""Two runs compared over HTTP: the whole in one answer, the visits in windows, one visit in full."""

from copy import deepcopy
from typing import Any

import pytest

from tests.ui.api.conftest import HELLO, Served
from tests.ui.api.test_runs import finished


@pytest.fixture(scope="module")
def two(served: Served) -> dict[str, str]:
    """Two runs of a workflow, the second after its prompt was edited."""
    numbers: list[str] = []
    id = served.new()
    for prompt in (None, "Insult {{name}} kindly."):
        if prompt:
            op = {"op": "set_config", "id": "greet", "key": "prompt", "value": prompt}
            body = {"client": "test", "batches": [{"seq": 1, "ops": [op], "label": "edit"}]}
            answer = served.client.patch(f"/workflows/{id}", json=body, headers={"If-Match": "1"})
            assert answer.status_code == 200, answer.text
        numbers.append(finished(served, served.run(id), "done")["number"])
    return {"left": numbers[0], "right": numbers[1]}


def get(served: Served, path: str, **params: Any) -> Any:
    """The JSON of an answer that has to be good."""
    answer = served.client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_comparison_says_where_the_runs_part(served: Served, two: dict[str, str]) -> None:
    """The edited prompt is the first divergence; the nodes before and after it are equal."""
    found = get(served, "/compare", **two)
    assert (found["left"]["number"], found["right"]["number"]) == (two["left"], two["right"])
    assert (found["same"], found["visits"], found["changed"]) == (False, 3, 1)
    assert (found["first"]["node"], found["first"]["index"], found["first"]["changes"]) == ("greet", 1, ["prompt"])
    assert {node["node"]: node["changes"] for node in found["nodes"]} == {
        "start": [], "greet": ["settings", "prompt"], "finish": [],
    }  # fmt: skip
    greet = found["nodes"][1]
    assert (greet["label"], greet["within"], greet["first_changed"], greet["output"]) == ("Prompt", "both", 1, None)
    assert greet["left"]["visits"] == 1 and greet["left"]["tokens"] > 0
    assert [(edge["edge"], edge["left"], edge["right"]) for edge in found["edges"]] == [
        ("start.done -> greet", 1, 1), ("greet.done -> finish", 1, 1),
    ]  # fmt: skip
    assert [(change["sort"], change["node"], change["key"]) for change in found["document"]] == [
        ("setting", "greet", "prompt")
    ]


def test_visits_are_read_in_windows(served: Served, two: dict[str, str]) -> None:
    """By offset and limit; only those that differ, or those of one node, where asked for."""
    window = get(served, "/compare/visits", **two, offset=1, limit=1)
    assert (window["total"], [visit["index"] for visit in window["visits"]]) == (3, [1])
    assert get(served, "/compare/visits", **two, changed=True)["total"] == 1
    of_node = get(served, "/compare/visits", **two, node="finish")
    assert [visit["node"] for visit in of_node["visits"]] == ["finish"]
    assert get(served, "/compare/visits", **two, node="finish", changed=True) == {"visits": [], "total": 0}


def test_a_visit_comes_with_its_values_and_its_neighbours(served: Served, two: dict[str, str]) -> None:
    """Both spans whole, the calls with what changed, the edited settings, and the way to the next."""
    found = get(served, "/compare/visits/1", **two)
    assert found["left"]["output"] == found["right"]["output"] == {"answer": "Hello there."}
    (call,) = found["calls"]
    assert (call["operation"], call["changes"], found["calls_total"]) == ("chat", ["prompt"], 1)
    prompts = [
        get(served, f"/runs/{two[side]}/spans/{call[side]['span']}")["input"][-1]["content"]
        for side in ("left", "right")
    ]
    assert [prompt.split()[0] for prompt in prompts] == ["Greet", "Insult"]
    assert [change["after"] for change in found["settings"]] == ["Insult {{name}} kindly."]
    assert found["place"] == {
        "nth_changed": 1, "previous_changed": None, "next_changed": None,
        "nth_of_node": 1, "of_node": 1, "previous_of_node": None, "next_of_node": None,
    }  # fmt: skip
    assert get(served, "/compare/visits/0", **two)["place"]["next_changed"] == 1


def test_a_run_equals_itself_and_another_of_the_same_script(served: Served, two: dict[str, str]) -> None:
    """Nothing differs but times."""
    found = get(served, "/compare", left=two["left"], right=two["left"])
    assert (found["same"], found["first"], found["changed"], found["document"]) == (True, None, 0, [])


def test_runs_of_different_workflows_can_be_compared(served: Served, two: dict[str, str]) -> None:
    """What one of them lacks is told as such."""
    other = deepcopy(HELLO)
    other["nodes"]["say"] = other["nodes"].pop("greet") | {"config": {"prompt": "Say {{name}}!"}}
    for sort in ("flow", "data"):
        other["edges"][sort] = [edge.replace("greet", "say") for edge in other["edges"][sort]]
    right = finished(served, served.run(served.new(other)), "done")["number"]
    found = get(served, "/compare", left=two["left"], right=right)
    assert {node["node"]: node["within"] for node in found["nodes"]} == {
        "start": "both", "greet": "left", "say": "right", "finish": "both",
    }  # fmt: skip
    assert found["first"]["changes"] == ["missing"]


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/compare", {}, 422),
        ("/compare", {"left": "r-9999"}, 404),
        ("/compare/visits", {"limit": 501}, 422),
        ("/compare/visits", {"offset": -1}, 422),
        ("/compare/visits/99", {}, 404),
        ("/compare/visits/x", {}, 422),
    ],
)
def test_bad_input_is_refused_in_words(
    served: Served, two: dict[str, str], path: str, params: dict[str, Any], status: int
) -> None:
    """Unknown runs and visits are not found; a bad query names its fields."""
    given = params if status == 422 and not params and path == "/compare" else {**two, **params}
    answer = served.client.get(path, params=given)
    assert answer.status_code == status
    assert answer.json()["error"]["what"]


def test_a_comparison_of_a_run_that_goes_on_is_made_anew(served: Served) -> None:
    """What was read while it ran is not what is read once it has ended."""
    id = served.new()
    left = finished(served, served.run(id), "done")["number"]
    run = served.run(id, "scripted:slow")
    number = served.client.get(f"/runs/{run}").json()["number"]
    early = get(served, "/compare", left=left, right=number)
    assert early["right"]["status"] in ("queued", "running")
    finished(served, run, "done")
    late = get(served, "/compare", left=left, right=number)
    assert late["right"]["status"] == "done"
    assert "output" in next(node for node in late["nodes"] if node["node"] == "greet")["changes"]
