"""The Memory page: spaces, search with its scores, records, and what can be done with one."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from store.memories import Record, SpacePolicy
from store.memory_scoring import PARTS, Weights
from store.runs import RunRow
from store.spans import SpanWriter
from tests.ui.views.conftest import texts
from ui.workspace import Workspace

Open = Callable[..., AppTest]


@pytest.fixture
def notes(home: Workspace) -> Workspace:
    """A space of three records, one of them hostile markup."""
    home.memories.add(
        "notes", "A bike bought for $200 gains 50%", kind="solved", importance=4, source={"run": "r-0007"}
    )
    home.memories.add("notes", "Say the unit <b>always</b>", kind="rule", importance=8)
    home.memories.add("notes", "Trains are faster than planes", kind="note")
    return home


def the_record(home: Workspace, words: str) -> Record:
    """The record that holds ``words``."""
    (found,) = home.memories.records("notes", q=words)
    return found


def test_empty_home_says_how_a_memory_fills(open_page: Open) -> None:
    """Without spaces the page says what fills one."""
    assert "Nothing remembered yet. A Remember node fills a space" in texts(open_page("memory"))


def test_spaces_are_listed_with_their_counts(notes: Workspace, open_page: Open) -> None:
    """Each space stands in the list with its number of records; the one written to last is open."""
    notes.memories.create_space("empty", "for later")
    test = open_page("memory")
    assert test.radio(key="memory_space").options == ["empty", "notes"]
    assert test.query_params["space"] == "notes"


def test_choosing_a_space_opens_it(notes: Workspace, open_page: Open) -> None:
    """The chosen space is in the address, and an empty one says so."""
    notes.memories.create_space("empty")
    test = open_page("memory")
    test.radio(key="memory_space").set_value("empty").run()
    assert test.query_params["space"] == "empty"
    assert "A Remember node fills this space" in texts(test)


def test_search_shows_each_hit_with_its_four_parts(notes: Workspace, open_page: Open) -> None:
    """A hit names its four figures for a reader without eyes, and its parts sum to its total."""
    test = open_page("memory")
    test.text_input(key="memory_query").set_value("bicycle price").run()
    best = notes.memories.search("notes", "bicycle price", top_k=1, mark=False)[0]
    said = texts(test)
    assert f"similarity {best.similarity:.2f}, recency {best.recency:.2f}" in said
    assert f'<b class="tot">{best.score:.2f}</b>' in said


def test_looking_is_no_use(notes: Workspace, open_page: Open) -> None:
    """Searching on the page does not change how often a record was used."""
    open_page("memory").text_input(key="memory_query").set_value("bike").run()
    assert {record.uses for record in notes.memories.records("notes")} == {0}


def test_weights_change_the_order(notes: Workspace, open_page: Open) -> None:
    """With importance alone, the most important record comes first."""
    test = open_page("memory")
    for part in ("similarity", "recency", "keyword"):
        test.slider(key=f"memory_{part}").set_value(0.0)
    test.text_input(key="memory_query").set_value("bike").run()
    first = next(body for body in texts(test).split("\n") if 'class="no">1<' in body)
    assert "Say the unit" in first


def test_weights_of_nothing_are_refused_in_words(notes: Workspace, open_page: Open) -> None:
    """Four zeros cannot rank; the page says so and shows no traceback."""
    test = open_page("memory")
    for part in ("similarity", "recency", "importance", "keyword"):
        test.slider(key=f"memory_{part}").set_value(0.0)
    test.text_input(key="memory_query").set_value("bike").run()
    assert "These weights cannot rank memories" in test.error[0].value
    assert not test.exception


def test_chosen_hit_explains_its_score(notes: Workspace, open_page: Open) -> None:
    """Choosing a hit shows each part as its own value times its weight, and the run it came from."""
    test = open_page("memory")
    test.text_input(key="memory_query").set_value("bike bought for $200").run()
    test.button(key="memory_hit_1").click().run()
    said = texts(test)
    assert "importance, 4 of 10, 0.40 × 0.20" in said
    assert 'href="runs?run=r-0007"' in said


def test_what_is_remembered_is_never_markup(notes: Workspace, open_page: Open) -> None:
    """Tags inside a record are shown as text."""
    test = open_page("memory")
    test.text_input(key="memory_query").set_value("unit").run()
    assert "Say the unit &lt;b&gt;always" in texts(test)
    assert "<b>always" not in texts(test)


def test_kind_filter_keeps_only_that_kind(notes: Workspace, open_page: Open) -> None:
    """The kinds of the space filter its records."""
    test = open_page("memory")
    test.selectbox(key="memory_kind_notes").set_value("rule").run()
    assert list(test.dataframe[0].value["kind"]) == ["rule"]


def test_record_can_be_added(notes: Workspace, open_page: Open) -> None:
    """The dialog stores text, kind and importance."""
    test = open_page("memory")
    _button(test, "Add").click().run()
    test.text_area[0].set_value("A new thing")
    # Without a browser the whole page runs again, not the dialog alone: what opened it is pressed with it.
    _button(test, "Add").click()
    _button(test, "Add", last=True).click().run()
    assert the_record(notes, "A new thing").kind == "note"


def test_forgetting_asks_once(notes: Workspace, open_page: Open) -> None:
    """A record goes only after the second, named button."""
    test = open_page("memory")
    test.text_input(key="memory_query").set_value("bike bought for $200").run()
    test.button(key="memory_hit_1").click().run()
    test.button(key="forget").click().run()
    assert len(notes.memories.records("notes")) == 3
    test.button(key="forget").click()
    _button(test, "Forget it").click().run()
    assert [record.text for record in notes.memories.records("notes", q="bike")] == []


def test_record_names_the_runs_that_recalled_it(
    notes: Workspace, open_page: Open, add_run: Callable[..., RunRow]
) -> None:
    """Each with a link to its place in the trace, and the question that was asked."""
    record = the_record(notes, "bike")
    run = add_run()
    spans = SpanWriter(notes.database)
    spans.put(
        {
            "id": "f00d", "run_id": run.id, "operation": "retrieve_memory", "name": "notes", "started_at": 1.0,
            "status": "ok", "input": {"query": "<i>price"}, "output": [{"id": record.id, "score": 0.5}],
        }
    )  # fmt: skip
    spans.close()
    test = open_page("memory")
    test.text_input(key="memory_query").set_value("bike bought for $200").run()
    test.button(key="memory_hit_1").click().run()
    said = texts(test)
    assert f'href="runs?run={run.number}&amp;span=f00d"' in said
    assert "“&lt;i&gt;price”" in said
    assert "no. 1, 0.50" in said


def test_trust_is_given_and_taken_in_place(notes: Workspace, open_page: Open) -> None:
    """One button; the record then says so."""
    test = open_page("memory")
    test.text_input(key="memory_query").set_value("bike bought for $200").run()
    test.button(key="memory_hit_1").click().run()
    test.button(key="trust").click().run()
    assert not the_record(notes, "bike").trusted
    assert "not trusted" in texts(test)
    test.button(key="trust").click().run()
    assert the_record(notes, "bike").trusted


def test_policy_of_the_space_is_where_the_probe_starts(notes: Workspace, open_page: Open) -> None:
    """Weights and half-life of the space stand in the sliders, and what it leaves out is not found."""
    notes.memories.set_policy("notes", SpacePolicy(Weights(0.2, 0.3, 0.4, 0.1), half_life_days=3))
    test = open_page("memory")
    assert [test.slider(key=f"memory_{part}").value for part in PARTS] == [0.2, 0.3, 0.4, 0.1]
    assert test.number_input(key="memory_half_life").value == 3


def test_map_and_timeline_are_drawn(notes: Workspace, open_page: Open) -> None:
    """The map shows each record by kind; the timeline counts what was written."""
    test = open_page("memory")
    assert not test.exception
    assert "The map needs three records" not in texts(test)
    test.segmented_control(key="memory_below").set_value("Timeline").run()
    assert not test.exception
    assert "3 records last written in this time, 0 recalls by runs." in texts(test)


def _button(test: AppTest, label: str, *, last: bool = False) -> Any:
    return [button for button in test.button if button.label == label][-1 if last else 0]
