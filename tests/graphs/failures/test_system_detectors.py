"""Each detector about the system around the agent fires on its fault and keeps quiet without it."""

from typing import Any

from tests.graphs.failures.running import fired, made, said, workflow

REFUSED = {"what": "The model refused", "mend": "Use another.", "retryable": False}
LATE = {"what": "The model did not answer", "mend": "Try later.", "retryable": True}


def two(error: str = "", **more: Any):
    """First and second, one after the other; ``error`` is where the first one's error leads."""
    flow = "start -> first, first -> second, second -> finish" + (f", first.error -> {error}" if error else "")
    return workflow(
        {"first": ("prompt", {"prompt": "One."}), "second": ("prompt", {"prompt": "Two: {{#one}}{{one}}{{/one}}"}),
         "other": ("prompt", {"prompt": "Other."})},
        flow + ", other -> finish", "first.answer -> second.one, second.answer -> finish.answer", **more,
    )  # fmt: skip


WELL = said("first", "one"), said("second", "two")


def test_a_run_that_goes_well_has_nothing_wrong_with_it():
    """The clean twin of everything below."""
    assert not fired(two(), *WELL)


def test_the_failed_node_is_named_with_its_cause():
    """The finding stands at the node, the model call is its evidence, the mend is the error's own."""
    ran = made(two(), said("first", "", error=REFUSED))
    (finding,) = ran.findings()
    assert (finding.detector, finding.node, finding.mend) == ("node_failed", "first", "Use another.")
    chat = next(span for span in ran.spans if span["operation"] == "chat")
    assert finding.evidence == (chat["id"],) and "The model refused" in finding.what


def test_a_node_that_fails_at_each_attempt_is_found():
    """Three attempts; one that goes well in the end is no fault."""
    found = fired(two(), said("first", "", error=LATE, repeat=True))
    assert found["retries_exhausted"][0].node == "first" and "3 times" in found["retries_exhausted"][0].what
    assert not fired(two(), said("first", "", error=LATE), *WELL)


def test_an_error_that_leads_where_success_leads_is_without_effect():
    """The run went on as if nothing had happened; led to another node it was dealt with."""
    failed = said("first", "", error=REFUSED)
    (finding,) = fired(two("second"), failed, said("second", "two"))["failure_without_effect"]
    assert finding.node == "first" and "The model refused" in finding.what
    assert not fired(two("other"), failed, said("other", "instead"))["failure_without_effect"]


def each_item(on_error: str):
    """A frame over three items."""
    nodes = {
        "all": ("control.for_each", {"on_error": on_error}),
        "one": {"kind": "prompt", "parent": "all", "config": {"prompt": "Do {{item}}"}},
    }
    return workflow(
        nodes, "start -> all, all.each -> one, all -> finish",
        "start.items -> all.items, all.item -> one.item, one.answer -> all.result, all.results -> finish.answer",
        inputs={"items": {"type": "list[any]"}},
    )  # fmt: skip


def test_items_that_a_frame_left_out_are_counted():
    """One of three failed and is missing in the results."""
    bad = said("one", "", match="Do b", error=REFUSED)
    inputs = {"items": ["a", "b", "c"]}
    found = fired(each_item("skip"), bad, said("one", "ok", repeat=True), inputs=inputs)
    (finding,) = found["items_left_out"]
    assert finding.node == "all" and "1 of 3 items" in finding.what and len(finding.evidence) == 1
    assert set(found) == {"items_left_out"}
    assert not fired(each_item("skip"), said("one", "ok", repeat=True), inputs=inputs)


def test_a_spent_budget_is_found_with_who_spent_it():
    """The run stopped at its second node."""
    (finding,) = fired(two(limits={"steps": 2}), *WELL)["budget_spent"]
    assert "2 node runs" in finding.what and "ran 1 times" in finding.what
    assert not fired(two(limits={"steps": 20}), *WELL)


def test_a_run_that_was_stopped_is_found_where_it_stood():
    """The node that was at work then is named."""
    document = workflow({"hold": ("control.wait", {"seconds": 60})}, "start -> hold, hold -> finish")
    (finding,) = fired(document, stop_at="hold")["interrupted"]
    assert finding.node == "hold" and "was stopped while 'Wait' was at work" in finding.what


def test_a_question_that_waits_is_told_as_such():
    """It is information, with the question; answered, it is silent."""
    document = workflow(
        {"ask": ("control.ask", {"question": "Which day?"})}, "start -> ask, ask -> finish", "ask.text -> finish.answer"
    )
    (finding,) = fired(document)["question_unanswered"]
    assert (finding.severity, finding.node) == ("info", "ask") and "Which day?" in finding.what
    assert not fired(document, answers=[{"text": "Friday"}])


def test_a_cut_answer_is_found_whatever_the_provider_calls_it():
    """length and max_tokens and MAX_TOKENS are one; stop is none."""
    for reason in ("length", "max_tokens", "MAX_TOKENS"):
        found = fired(two(), said("first", "one and then the", finish_reason=reason), said("second", "two"))
        assert "and then the" in found["truncated_answer"][0].what
    assert not fired(two(), said("first", "one and then the", finish_reason="stop"), said("second", "two"))


def formed():
    """A node that asks for a form."""
    fields = [{"name": "days", "type": "number"}, {"name": "sure", "type": "boolean"}]
    config = {"prompt": "How long?", "answer_type": "record", "answer_fields": fields}
    return workflow({"form": ("prompt", config)}, "start -> form, form -> finish", "form.answer -> finish.answer")


def test_an_answer_that_was_bent_to_its_type_is_found():
    """A number as a text, and brackets that the parser closed; in a fence it is whole."""
    (finding,) = fired(formed(), said("form", '{"answer": {"days": "3", "sure": true}}'))["type_coerced"]
    assert "'days' must be of type number" in finding.what and finding.node == "form"
    (finding,) = fired(formed(), said("form", '{"answer": {"days": 3, "sure": true'))["type_coerced"]
    assert "not JSON" in finding.what
    for whole in ('{"answer": {"days": 3, "sure": true}}', '```json\n{"answer": {"days": 3, "sure": true}}\n```'):
        assert not fired(formed(), said("form", whole))


def test_two_misfits_in_a_row_are_found_and_one_is_not():
    """Asked once more, the model filled in the form."""
    prose, whole = said("form", "Some days."), said("form", '{"answer": {"days": 3, "sure": true}}')
    found = fired(formed(), prose, prose)
    assert found["answer_never_fit"][0].node == "form" and len(found["answer_never_fit"][0].evidence) == 1
    assert not fired(formed(), prose, whole)


def test_an_empty_reply_is_found_and_so_is_whoever_worked_on_it():
    """The second node was handed nothing where it needs something."""
    document = workflow(
        {"first": ("prompt", {"prompt": "One."}), "second": ("prompt", {"prompt": "Two: {{one}}"})},
        "start -> first, first -> second, second -> finish",
        "first.answer -> second.one, second.answer -> finish.answer",
    )
    found = fired(document, said("first", ""), said("second", "two"))
    assert found["empty_reply"][0].node == "first" and found["empty_input"][0].node == "second"
    assert "'one' came empty" in found["empty_input"][0].what
    assert not fired(document, *WELL)


def test_a_run_without_its_answer_is_found():
    """The first output is empty, or nothing feeds it on this way."""
    (finding,) = fired(two(), said("first", "one"), said("second", " "))["empty_output"]
    assert finding.node == "second" and "'answer' is empty" in finding.what
    (finding,) = fired(two("other"), said("first", "", error=REFUSED), said("other", "x"))["empty_output"]
    assert "'answer' is missing" in finding.what
