"""One question of the inbox: who asks what since when, and its form."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import streamlit as st

from graphs.answerer import AlreadyAnswered
from nodes.contract import NodeError
from nodes.forms import AnswerFaults, Fault
from store.questions import Waiting
from ui import session
from ui.answering import answerer, give_answer
from ui.api.errors import ApiError
from ui.api.versions import Version, require_version
from ui.panels import inbox_fields
from ui.panels.refusals import refused
from ui.panels.words import age, safe
from ui.workspace import workspace

SENT: Final = "inbox_sent"
"""Kept for the session: the question answered last here."""
LEAD: Final = 160
"""Characters of a question shown while it is folded."""


def head(question: Waiting, *, open: bool) -> None:
    """Run, workflow, who asks, since when, until when; folded, the first words of the question too."""
    form = question.form
    link = f'<a href="/runs?run={safe(question.number)}" target="_self">{safe(question.number)}</a>'
    until = f'<span class="until">until {safe(_time(question.deadline))}</span>' if question.deadline else ""
    words = "" if open else f'<p class="lead">{safe(_lead(form))}</p>'
    st.html(
        f'<div class="ask-head"><p class="meta"><span class="chip waiting">{_sort(question)}</span> {link} '
        f"<span>{safe(question.title)}</span> <span>{safe(question.label)}</span> "
        f"<span>{safe(_clock(question.asked_at))}, {safe(age(time.time() - question.asked_at))} ago</span> {until}</p>"
        f'<h3 id="question-{safe(question.interrupt)}">{safe(form["title"])}</h3>{words}</div>'
    )


def form(question: Waiting) -> None:
    """The question whole, and what is answered."""
    asked, key = question.form, f"inbox_{question.interrupt}"
    if asked.get("text"):
        st.html(f'<pre class="asked" tabindex="0">{safe(asked["text"])}</pre>')
    if asked.get("error"):
        refused(asked["error"]["what"], asked["error"]["mend"])
    faults: Mapping[str, str] = session.kept(f"{key}_faults", {})
    decide = next((each for each in asked.get("fields", ()) if each["name"] == asked.get("decide")), None)
    # Enter in a field must not press the first button of several: that would allow a call by accident.
    with st.form(key, border=False, enter_to_submit=decide is None):
        values = {
            each["name"]: inbox_fields.draw(each, key, faults.get(each["name"]))
            for each in asked.get("fields", ()) if each is not decide
        }  # fmt: skip
        said = _buttons(decide, key)
    if said is not None:
        _send(question, {**values, **said}, version=None)
    _edited_meanwhile(question, key)


def fate(question: Waiting) -> str:
    """What became of a question that nobody answered here."""
    row = next(
        (each for each in workspace().questions.of(question.run_id) if each.interrupt == question.interrupt), None
    )
    if row is not None and row.status == "answered":
        return f"{row.answered_by or 'Somebody'} answered the question of {question.number} meanwhile."
    if row is not None and row.status == "timed_out":
        return f"The time to answer {question.number} is over; it goes on without an answer."
    return f"{question.number} has ended; its question needs no answer any more."


def _buttons(decide: Mapping[str, Any] | None, key: str) -> dict[str, Any] | None:
    """What was pressed: the deciding field's choice, or nothing more than the values."""
    with st.container(horizontal=True, key=f"{key}_buttons"):
        if decide is None:
            return {} if st.form_submit_button("Send the answer", type="primary") else None
        pressed = [
            choice for at, choice in enumerate(decide["choices"])
            if st.form_submit_button(choice, type="primary" if at == 0 else "secondary", key=f"{key}_{at}")
        ]  # fmt: skip
    return {decide["name"]: pressed[0]} if pressed else None


def _send(question: Waiting, values: dict[str, Any], *, version: Version) -> None:
    """Answer; what is wrong stands at its field when the page is drawn again."""
    key, opened = f"inbox_{question.interrupt}", workspace()
    session.keep(f"{key}_faults", {})
    session.keep(f"{key}_edited", None)
    try:
        run = opened.runs.get(question.run_id)
        require_version(opened, run, version)
        give_answer(opened, run, question.interrupt, values, answerer(opened, "browser"))
        session.keep(SENT, question.interrupt)
        session.notice(f"Answered. {question.number} goes on.")
    except AnswerFaults as error:
        session.keep(f"{key}_faults", {fault.field: _at_its_field(fault) for fault in error.faults})
    except AlreadyAnswered as error:
        session.notice(f"{error.what}. {error.mend}")
    except ApiError as error:
        session.keep(f"{key}_edited", {"what": f"{error.what} {error.mend}", "values": values})
    except NodeError as error:
        session.notice(f"{error.what}. {error.mend}")
    st.rerun()


def _edited_meanwhile(question: Waiting, key: str) -> None:
    """The workflow was edited under the run: go on as it was, or look at the run and fork it."""
    edited: dict[str, Any] | None = session.kept(f"{key}_edited")
    if edited is None:
        return
    refused(edited["what"], "Go on with the version the run began with, or fork the run from its trace.")
    if st.button("Go on with the version it began with", key=f"{key}_pinned"):
        _send(question, edited["values"], version="pinned")


def _at_its_field(fault: Fault) -> str:
    """A fault in words that need not name the field."""
    what = fault.what.removeprefix(f"{fault.field!r} ")
    return f"{what[:1].upper()}{what[1:]}. {fault.mend}"


def _sort(question: Waiting) -> str:
    return "Tool call" if question.sort == "approval" else "Question"


def _lead(form: Mapping[str, Any]) -> str:
    call = form.get("call")
    shown = ", ".join(f"{name}: {value}" for name, value in call["arguments"].items()) if call else ""
    line = " ".join(f"{form.get('text') or ''} {shown}".split())
    return line if len(line) <= LEAD else f"{line[: LEAD - 1]}…"


def _time(at: float) -> str:
    left = at - time.time()
    return f"{_clock(at)} ({_in(left) if left > 0 else 'any moment now'})"


def _in(seconds: float) -> str:
    """``in 45 s``, ``in 119 min``, ``in 47 h``, ``in 3 d``."""
    for most, unit, word in ((120, 1, "s"), (7_200, 60, "min"), (172_800, 3_600, "h")):
        if seconds <= most:
            return f"in {round(seconds / unit)} {word}"
    return f"in {round(seconds / 86_400)} d"


def _clock(at: float) -> str:
    zone = ZoneInfo(st.context.timezone) if st.context.timezone else None
    return f"{datetime.fromtimestamp(at, zone):%d %b, %H:%M}"
