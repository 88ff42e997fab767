"""The Compare page: mounted on the two runs in the address, asked for from the list of runs."""

import json
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from store.runs import RunRow
from tests.ui.views.conftest import component, texts

Open = Callable[..., AppTest]
Add = Callable[..., RunRow]


def test_the_runs_in_the_address_are_compared(open_page: Open, add_run: Add) -> None:
    """By number, by id, or by the bare number; the component is told the numbers."""
    left, right = add_run(), add_run()
    for one, other in ((left.number, right.number), (left.id, "2"), ("1", right.id)):
        data = json.loads(component(open_page("compare", left=one, right=other)).json)
        assert (data["view"], data["left"], data["right"]) == ("compare", "r-0001", "r-0002")


def test_without_two_runs_the_page_asks_for_them(open_page: Open, add_run: Add) -> None:
    """The component is mounted without, or with the one there is."""
    add_run()
    data = json.loads(component(open_page("compare")).json)
    assert (data["left"], data["right"]) == (None, None)
    assert json.loads(component(open_page("compare", left="r-0001")).json)["left"] == "r-0001"


def test_an_unknown_run_is_said_with_a_way_back(open_page: Open, add_run: Add) -> None:
    """The button leads to the choice of runs."""
    add_run()
    test = open_page("compare", left="r-0001", right="r-0099")
    assert "There is no run 'r\\-0099'" in test.error[0].value
    test.button[0].click().run()
    assert json.loads(component(test).json)["left"] is None
    assert "left" not in test.query_params and "right" not in test.query_params


def test_two_rows_of_the_list_lead_to_their_comparison(open_page: Open, add_run: Add) -> None:
    """With the switch on, rows are picked and not opened; the earlier run is the left one."""
    for _ in range(3):
        add_run()
    test = open_page("runs")
    test.toggle(key="runs_two").set_value(True).run()
    assert "Choose two rows" in texts(test)
    assert "0 of 2 chosen" in texts(test) and not test.button
    test.session_state["runs_table_two"] = {"selection": {"rows": [0, 2], "columns": [], "cells": []}}
    test.run()
    button = test.button(key="runs_compare")
    assert button.label == "Compare r-0001 with r-0003"
    button.click().run()
    assert test.session_state["_wish"] == {"view": "compare", "left": "r-0001", "right": "r-0003"}
