"""Build: the canvas fills the page. The first visit makes the first workflow and opens it."""

import streamlit as st

from templates.catalogue import FIRST, load
from ui import session, theme
from ui.canvas import mount
from ui.documents import Documents
from ui.workspace import workspace


def page() -> None:
    """Mount the canvas on the workflow in the address, else on the one saved last."""
    st.html(theme.style("full"))
    known = [stored.id for stored in workspace().workflows.list()]
    if not known:
        known = [Documents(workspace()).create(load(FIRST).document).id]
    workflow = session.get("workflow")
    if workflow not in known:
        if workflow is not None:
            st.toast(f"There is no workflow {workflow} here; this is the one saved last.")
        workflow = known[0]
        session.put(workflow=workflow)
    # Nothing was ever run in this home: the canvas then offers the ways to run for the first time.
    first_visit = session.once("first_visit", not workspace().runs.list(limit=1))
    mount(view="build", workflow=workflow, run=session.get("run"), first_visit=first_visit)
