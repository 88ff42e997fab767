"""The ports of a node follow its kind, its settings and the workflow; never an exception."""

from graphs.document import Document
from graphs.ports import ports_of
from nodes.registry import KINDS
from tests.documents import document


def _ports(node, **rest):
    return ports_of(document({"n": node}, **rest), "n", KINDS)


def _inputs(node, **rest):
    return [(port.name, port.type, port.required) for port in _ports(node, **rest).inputs]


def test_template_variables_are_inputs():
    """One each, in order of first use; in a section, or naming one, it is optional."""
    prompt = "{{task}} {{#hints}}{{hints}} {{more}}{{/hints}} {{state.x}} {{task}}"
    assert _inputs({"kind": "prompt", "config": {"prompt": prompt, "system": "{{who}}"}}) == [
        ("task", "any", True), ("hints", "any", False), ("more", "any", False), ("who", "any", True),
    ]  # fmt: skip


def test_a_record_of_templates_gives_inputs_too():
    """The values of ``arguments`` in order."""
    found = _inputs({"kind": "tools.call", "config": {"arguments": {"a": "{{x}}", "b": "{{y}} {{x}}"}}})
    assert [name for name, _, _ in found] == ["x", "y"]


def test_start_and_finish_take_their_ports_from_the_workflow():
    """A type that does not exist counts as any."""
    rest = {"inputs": {"q": {"type": "number"}}, "outputs": {"a": {"type": "nonsense"}}}
    assert [(port.name, port.type) for port in _ports("start", **rest).outputs] == [("q", "number")]
    assert _inputs("finish", **rest) == [("a", "any", False)]


def test_a_setting_gives_an_output_its_type():
    """``typed_by``: the answer has the chosen type, and the default's where none is chosen."""
    chosen = _ports({"kind": "prompt", "config": {"answer_type": "number"}}).output("answer")
    assert chosen is not None
    assert chosen.type == "number"
    unset = _ports("prompt").output("answer")
    assert unset is not None
    assert unset.type == "text"


def test_outcomes_come_from_settings_kind_frame_and_error():
    """Named ones first, ``error`` last; what never runs has none."""
    routes = {"routes": [{"name": "a", "when": "true"}, {"name": "b", "when": "true"}]}
    assert _ports({"kind": "control.route", "config": routes}).outcomes == ("a", "b", "otherwise", "error")
    assert _ports("control.route").outcomes == ("yes", "otherwise", "error")
    assert _ports("control.for_each").outcomes == ("done", "each", "error")
    assert _ports("note").outcomes == ()


def test_settings_of_the_wrong_shape_do_no_harm():
    """Malformed templates ask for nothing, lists of nonsense name nothing."""
    assert _inputs({"kind": "prompt", "config": {"prompt": "{{open"}}) == []
    assert _inputs({"kind": "prompt", "config": {"prompt": [1]}}) == []
    assert _ports({"kind": "control.route", "config": {"routes": [1, {"name": 2}, None]}}).outcomes == (
        "otherwise",
        "error",
    )
    assert _ports({"kind": "control.route", "config": {"routes": "x"}}).outcomes == ("otherwise", "error")
    assert _inputs("no.such_kind") == []


def test_a_frame_lists_its_ports_in_its_settings():
    """What it takes is handed to the body, what it gives is fed by the body; the first of a name counts."""
    config = {
        "takes": [{"name": "task", "type": "text"}, {"name": "task", "type": "number"}, {"type": "text"}, 7],
        "gives": [{"name": "ideas", "type": "lists"}, {"name": "score"}],
    }
    document = Document.model_validate({"nodes": {"part": {"kind": "resource.subworkflow", "config": config}}})
    ports = ports_of(document, "part", KINDS)
    assert [(port.name, port.type) for port in ports.outputs] == [("task", "text")]
    assert [(port.name, port.type, port.required) for port in ports.inputs] == [
        ("ideas", "any", False), ("score", "any", False),
    ]  # fmt: skip
    assert ports.outcomes == ("each",)


def test_a_frame_with_faulty_lists_has_no_ports():
    """Total, as ports are: a rule reports the setting."""
    document = Document.model_validate(
        {"nodes": {"part": {"kind": "resource.subworkflow", "config": {"takes": "task", "gives": {"a": 1}}}}}
    )
    ports = ports_of(document, "part", KINDS)
    assert (ports.inputs, ports.outputs) == ((), ())


def test_an_outcome_can_hang_on_a_setting():
    """A question has ``timed_out`` only where a time to answer in is set."""
    assert _ports("control.ask").outcomes == ("done", "error")
    assert _ports({"kind": "control.ask", "config": {"answer_within": ""}}).outcomes == ("done", "error")
    timed = {"kind": "control.ask", "config": {"answer_within": "2 h"}}
    assert _ports(timed).outcomes == ("done", "timed_out", "error")
