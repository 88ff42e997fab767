"""start, finish, note and join."""

from nodes.control.finish import finish
from nodes.control.join import join
from nodes.control.note import note
from nodes.control.start import start
from tests.fakes import run_node


def test_start_gives_out_the_inputs():
    """The run's inputs come out of start as they are, in a dictionary of its own."""
    inputs = {"question": "Why?"}
    out = run_node(start, inputs)
    assert out == inputs
    assert out is not inputs
    assert start.dynamic == "workflow_inputs"


def test_finish_takes_the_outputs():
    """What reaches finish is the result, and nothing follows."""
    assert run_node(finish, {"answer": 42}) == {"answer": 42}
    assert finish.outcomes == ()


def test_join_is_only_a_meeting_point():
    """Join adds nothing; how long to wait is its one setting."""
    assert run_node(join, {}, mode="any") == {}


def test_a_note_never_runs():
    """A note has no code, no handles and no sockets."""
    assert note.run is None
    assert not note.outcomes and not note.attaches and not note.inputs
