"""Inbox: what waits for a person, across all runs, answered in place."""

import streamlit as st

from store.questions import Waiting
from ui import session, theme
from ui.panels import empty, inbox_question, refusals
from ui.panels.words import count
from ui.workspace import workspace

MOST = 100
"""Questions shown at once; the oldest."""
OPEN = "inbox_open"
SHOWN = "inbox_shown"


def page() -> None:
    """The questions, the oldest first; the one in the address, or the first, is open."""
    st.html(theme.style("page"))
    if notice := session.notice():
        st.toast(notice)
    st.header("Inbox", anchor=False)
    with refusals.shown():
        found = workspace().questions.waiting(limit=MOST)
        _tell_of_the_one_gone(found)
        if not found:
            empty.page(
                "Nothing waits for you. When a run asks something, it shows up here.",
                "The nodes Ask a person, Approve, Review the plan and Ask before a tool do so. A question waits as "
                "long as you like, also while Nodeloom is closed.",
            )
            return
        _list(found)


def _list(found: list[Waiting]) -> None:
    total = workspace().questions.count()
    more = f"; these are the oldest {MOST}" if total > len(found) else ""
    st.caption(f"{count(total, 'question')}{more}. A run that waits holds nothing and loses nothing.")
    opened = _opened(found)
    session.keep(SHOWN, next(each for each in found if each.interrupt == opened))
    with st.container(key="inbox", width=880, gap="small"):
        for question in found:
            _question(question, open=question.interrupt == opened)


def _tell_of_the_one_gone(found: list[Waiting]) -> None:
    """Say what became of the question that was open here, where it was not answered here."""
    shown: Waiting | None = session.kept(SHOWN)
    if shown is None or any(each.interrupt == shown.interrupt for each in found):
        return
    session.keep(SHOWN, None)
    if session.kept(inbox_question.SENT) != shown.interrupt:
        st.toast(inbox_question.fate(shown))


def _question(question: Waiting, *, open: bool) -> None:
    with st.container(key=f"question_{question.interrupt}", border=True, gap="small"):
        inbox_question.head(question, open=open)
        if open:
            inbox_question.form(question)
        else:
            key = question.interrupt
            st.button("Answer", key=f"open_{key}", on_click=session.keep, args=(OPEN, key))


def _opened(found: list[Waiting]) -> str:
    """The question that is open: as chosen, else that of the run in the address, else the oldest."""
    chosen, run = session.kept(OPEN), session.get("run")
    of_run = [each.interrupt for each in found if run in (each.number, each.run_id)]
    return chosen if any(each.interrupt == chosen for each in found) else (of_run or [found[0].interrupt])[0]
