"""Runs: the list with its filters, and the trace of the one that is open."""

import time
from typing import Any, Final

import streamlit as st

from store.runs import STATUSES, RunRow
from ui import session, theme
from ui.canvas import mount
from ui.panels import empty, refusals, run_chart, run_table
from ui.panels.words import RUN_MARKS, count
from ui.workspace import workspace

GOING_ON: Final = {"queued", "running"}
REFRESH: Final = 1.5
"""Seconds between looks while something runs."""
MOST: Final = 500
TIMES: Final[dict[str, float | None]] = {
    "Any time": None,
    "Last hour": 3600,
    "Last day": 86_400,
    "Last week": 7 * 86_400,
}
EVERY: Final = "All"


def page() -> None:
    """The trace where the address names a run, else the list."""
    run = session.get("run")
    if run is None:
        st.html(theme.style("page"))
        _list()
        return
    with refusals.shown():
        found = workspace().runs.get(run)
        st.html(theme.style("full"))
        mount(view="trace", workflow=found.workflow_id, run=found.number, span=session.get("span"))
        return
    st.html(theme.style("page"))
    st.button("All runs", on_click=session.put, kwargs={"run": None, "span": None})


def _list() -> None:
    st.header("Runs", anchor=False)
    if not workspace().runs.list(limit=1):
        empty.page(
            "No runs yet. Run a workflow and it shows up here.",
            "Every step with what went in and out, the prompts as they were sent, tokens, time and cost. "
            "A workflow of the gallery can be tried at once, from a recorded run, without a model.",
            {"Run a workflow": "build", "Look into the gallery": "gallery"},
        )
        return
    filters = _filters()
    active = _active(filters)
    # The interval is fixed when the page runs; the fragment asks for a new page when it is no longer right.
    st.fragment(_listing, run_every=REFRESH if active else None)(filters, active)


def _filters() -> dict[str, Any]:
    titles = {
        stored.id: str(stored.document.get("title", "Untitled workflow")) for stored in workspace().workflows.list()
    }
    text, workflow, status, since = st.columns([3, 2, 2, 2], gap="small")
    return {
        "q": text.text_input(
            "Search", key="runs_q", placeholder="Number, workflow, input or answer", icon=":material/search:"
        )
        or "",
        "workflow": workflow.selectbox(
            "Workflow", [None, *titles], format_func=lambda id: titles.get(id, EVERY), key="runs_workflow"
        ),
        "status": status.selectbox("Status", [None, *STATUSES], format_func=_status_word, key="runs_status"),
        "since": TIMES[since.selectbox("Started", list(TIMES), key="runs_since")],
    }


def _status_word(status: str | None) -> str:
    return EVERY if status is None else RUN_MARKS[status].word


def _found(filters: dict[str, Any]) -> list[RunRow]:
    runs = workspace().runs.list(workflow=filters["workflow"], status=filters["status"], q=filters["q"], limit=MOST)
    earliest = 0.0 if filters["since"] is None else time.time() - filters["since"]
    return [run for run in runs if (run.started_at or run.created_at) >= earliest]


def _active(filters: dict[str, Any]) -> bool:
    return any(run.status in GOING_ON for run in workspace().runs.list(workflow=filters["workflow"], limit=MOST))


def _listing(filters: dict[str, Any], active: bool) -> None:
    if _active(filters) != active:
        st.rerun()
    runs = _found(filters)
    if not runs:
        st.html('<p class="empty">Nothing close to that. Try other words or a longer time.</p>')
        return
    now = time.time()
    chart = st.plotly_chart(
        run_chart.figure(runs, dark=st.context.theme.type == "dark", now=now),
        theme=None,
        key="runs_chart",
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
        alt="Seconds and tokens of each run",
    )
    # At the left: the table shows its own tools above its right corner.
    head = st.container(horizontal=True, vertical_alignment="center", height=44, border=False)
    with head:
        st.caption(_summary(runs, two=bool(session.widget("runs_two"))), width="content")
        two = st.toggle("Pick two to compare", key="runs_two", width="content")
    table = st.dataframe(
        run_table.frame(runs, st.context.timezone, now),
        hide_index=True,
        column_config=run_table.COLUMNS,
        on_select="rerun",
        selection_mode="multi-row" if two else "single-row",
        key="runs_table_two" if two else "runs_table",
        row_height=30,
        height=min(620, 38 + 30 * len(runs)),
    )
    if two:
        with head:
            _compare_chosen([runs[row].number for row in table.selection.rows if row < len(runs)])
    else:
        _open_chosen(runs, table, chart)


def _compare_chosen(numbers: list[str]) -> None:
    """The button to compare two runs, the earlier one on the left."""
    if len(numbers) != 2:
        st.html(f'<span class="tiny">{len(numbers)} of 2 chosen</span>', width="content")
        return
    earlier, later = sorted(numbers, key=lambda each: (len(each), each))
    if st.button(f"Compare {earlier} with {later}", type="primary", key="runs_compare"):
        session.go("compare", left=earlier, right=later)


def _summary(runs: list[RunRow], *, two: bool) -> str:
    newest = f"the newest {MOST}" if len(runs) == MOST else count(len(runs), "run")
    tokens = sum(run.input_tokens + run.output_tokens for run in runs)
    what = "two rows to compare them" if two else "a row or a mark to open its trace"
    return f"{newest}, {tokens:,} tokens. Choose {what}."


def _open_chosen(runs: list[RunRow], table: Any, chart: Any) -> None:
    numbers = [runs[row].number for row in table.selection.rows if row < len(runs)]
    numbers += [point["customdata"] for point in chart.selection.points if "customdata" in point]
    if numbers:
        session.put(run=str(numbers[0]), span=None)
        st.rerun()
