"""Taking a space out as a file, and a file in."""

import streamlit as st

from store import memory_transfer
from store.memories import SpaceInfo
from store.memory_lines import BadLines
from ui import session
from ui.panels import refusals
from ui.panels.words import count
from ui.workspace import workspace


def export_button(space: SpaceInfo) -> None:
    """Download the space as JSON Lines."""
    st.download_button(
        "Export",
        data=lambda: "".join(memory_transfer.export(workspace().memories, space.name)).encode(),
        file_name=f"{space.name}.jsonl",
        mime="application/jsonl",
        icon=":material/upload:",
        on_click="ignore",
        disabled=space.records == 0,
    )


@st.dialog("Import records")
def take_in(space: str) -> None:
    """A file and whether its records are trusted; every bad line is named, and then nothing is imported."""
    file = st.file_uploader("A file that Export wrote", type=["jsonl"])
    trusted = st.checkbox("Keep the trust the records had", help="Otherwise none of them is trusted until you say so.")
    st.caption("Texts that the space knows already stay as they are.")
    if not st.button(f"Import into {space}", type="primary", disabled=file is None) or file is None:
        return
    with refusals.shown():
        try:
            done = memory_transfer.take_in(workspace().memories, space, file.name, file, trusted=trusted)
        except BadLines as error:
            _bad(error)
            return
        session.notice(f"{count(done.added, 'record')} imported, {done.known:,} known already.")
        st.rerun()


def _bad(error: BadLines) -> None:
    st.error(f"Nothing was imported: {count(len(error.problems), 'fault')} in this file.", icon=":material/error:")
    rows = [
        {"line": bad.line, "field": bad.field or "(all)", "what": bad.what, "value": bad.value}
        for bad in error.problems
    ]
    st.dataframe(rows, hide_index=True, height=min(320, 38 + 35 * len(rows)))
