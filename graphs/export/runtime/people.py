"""Questions to people: the node pauses by LangGraph's ``interrupt``.

Run the graph with a checkpointer; the interrupt's value is ``{"node", "form"}``, and the run goes on with
``Command(resume={field: value})``. ``Command(resume={TIMED_OUT: True})`` says that nobody answered in time.
"""

from typing import TYPE_CHECKING, Any, Final

from langgraph.types import interrupt

from nodes.contract import Form, NodeError, Outputs, Pause, Route
from nodes.forms import checked

if TYPE_CHECKING:
    from graphs.export.runtime.visit import Visit

TIMED_OUT: Final = "~timed_out"


def answered(visit: "Visit", pause: Pause) -> Outputs | Route:
    """What comes of the person's answer; one that does not fit is asked for again, with the reason."""
    if visit.here.task:
        raise NodeError("A question to a person cannot wait inside a sub-workflow", mend="Ask before or after it.")
    form = form_json(pause.form)
    if pause.within is not None:
        form["deadline"] = visit.now() + pause.within
    while True:
        said: dict[str, Any] = interrupt({"node": visit.node_id, "form": form})
        if said.get(TIMED_OUT) and pause.timed_out is not None:
            return pause.timed_out
        try:
            return pause.resume(checked(pause.form.fields, said))
        except NodeError as error:
            form = {**form, "error": {"what": error.what, "mend": error.mend}}


def form_json(form: Form) -> dict[str, Any]:
    """A form as data: ``title``, ``text``, ``fields``, and ``decide``, the field drawn as buttons."""
    shown: dict[str, Any] = {"title": form.title, "text": form.text, "fields": [dict(each) for each in form.fields]}
    return {**shown, "decide": form.decide} if form.decide else shown
