"""The Runs page: the list, its filters, and the trace of one run."""

import json
from collections.abc import Callable

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from store.runs import RunRow
from tests.ui.views.conftest import component, texts
from ui.views.runs import REFRESH
from ui.workspace import Workspace

Open = Callable[..., AppTest]
Add = Callable[..., RunRow]


def test_empty_home_says_how_a_run_comes_here(open_page: Open) -> None:
    """Without runs the page says so in words, and shows neither filters nor an empty table."""
    test = open_page("runs")
    assert "No runs yet. Run a workflow and it shows up here." in texts(test)
    assert not test.dataframe and not test.selectbox


def test_list_shows_each_run_with_its_figures(open_page: Open, add_run: Add) -> None:
    """A row holds number, workflow, status in words, seconds, tokens, cost, steps, model and the answer."""
    add_run(input_tokens=1200, output_tokens=34, usd=0.0058, steps=9, model="openai:m", outputs={"answer": "70,000"})
    row = open_page("runs").dataframe[0].value.iloc[0].to_dict()
    assert {name: row[name] for name in ("number", "status", "seconds", "tokens", "steps", "answer")} == {
        "number": "r-0001", "status": "✓ Done", "seconds": 3.0, "tokens": 1234, "steps": 9, "answer": "70,000",
    }  # fmt: skip
    assert (row["workflow"], row["usd"], row["model"]) == ("Maths tutor", 0.0058, "openai:m")


def test_failed_run_shows_what_went_wrong(open_page: Open, add_run: Add) -> None:
    """In place of an answer a failed run shows the first words of its error."""
    add_run(status="failed", error={"what": "Solve asked for 7 calls.", "mend": "Raise max_calls."})
    row = open_page("runs").dataframe[0].value.iloc[0]
    assert (row["status"], row["answer"]) == ("✕ Failed", "Solve asked for 7 calls.")


def test_status_filter_keeps_only_those(open_page: Open, add_run: Add) -> None:
    """Choosing a status leaves the runs of that status."""
    add_run()
    failed = add_run(status="failed")
    test = open_page("runs")
    test.selectbox(key="runs_status").select("failed").run()
    assert list(test.dataframe[0].value["number"]) == [failed.number]


def test_text_filter_searches_inputs_and_answers(open_page: Open, add_run: Add) -> None:
    """Words are looked for in inputs and outputs; where there are none the page says so."""
    add_run(outputs={"answer": "seventy"})
    add_run(outputs={"answer": "twelve"})
    test = open_page("runs")
    test.text_input(key="runs_q").set_value("twelve").run()
    assert list(test.dataframe[0].value["number"]) == ["r-0002"]
    test.text_input(key="runs_q").set_value("nothing like it").run()
    assert "Nothing close to that" in texts(test)


def test_time_filter_leaves_out_older_runs(open_page: Open, add_run: Add) -> None:
    """Runs that started before the chosen time are not listed."""
    add_run(started_at=1_000.0)
    test = open_page("runs")
    test.selectbox(key="runs_since").select("Last day").run()
    assert not test.dataframe


def test_page_looks_again_only_while_something_runs(
    open_page: Open, add_run: Add, home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running run makes the list refresh itself; when it has ended, it no longer does."""
    intervals: list[float | None] = []

    def fragment(function: Callable[..., None], run_every: float | None) -> Callable[..., None]:
        intervals.append(run_every)
        return function

    monkeypatch.setattr(streamlit, "fragment", fragment)
    run = add_run(status="running", ended_at=None)
    test = open_page("runs")
    home.runs.update(run.id, status="done")
    test.run()
    assert intervals == [REFRESH, None]


def test_chosen_row_opens_its_trace(open_page: Open, add_run: Add) -> None:
    """A row that is chosen puts the run's number into the address and mounts the trace."""
    add_run()
    add_run()
    test = open_page("runs")
    test.session_state["runs_table"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    test.run()
    assert test.query_params["run"] == "r-0001"
    data = json.loads(component(test).json)
    assert (data["view"], data["run"]) == ("trace", "r-0001")


def test_permanent_link_opens_run_and_span(open_page: Open, add_run: Add) -> None:
    """``?run=&span=`` mounts the trace on that span."""
    run = add_run()
    data = json.loads(component(open_page("runs", run=run.number, span="ab12")).json)
    assert (data["view"], data["run"], data["span"]) == ("trace", run.number, "ab12")


def test_unknown_run_is_said_with_a_way_back(open_page: Open, add_run: Add) -> None:
    """A link to a run that is not there says so, and the button leads to the list."""
    add_run()
    test = open_page("runs", run="r-0099")
    assert "There is no run 'r\\-0099'" in test.error[0].value
    test.button[0].click().run()
    assert test.dataframe and "run" not in test.query_params
