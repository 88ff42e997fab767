"""Each detector about reflection fires on its fault and keeps quiet on the same run without it."""

from tests.graphs.failures.running import calls, fired, said, workflow

REVISE, ACCEPT = {"verdict": "revise", "score": 2}, {"verdict": "accept", "score": 9}


def criticised():
    """A draft that is criticised, and written again at most once."""
    return workflow(
        {"draft": ("prompt", {"prompt": "Write. {{#feedback}}{{feedback}}{{/feedback}}"}),
         "critic": ("reflection.critique", {"max_revisions": 1})},
        "start -> draft, draft -> critic, critic.revise -> draft, critic.accept -> finish",
        "draft.answer -> critic.draft, critic.feedback -> draft.feedback, draft.answer -> finish.answer",
    )  # fmt: skip


def test_a_critic_that_is_never_content_is_found():
    """The second draft went through because the revisions were over."""
    replies = [
        said("draft", "one"), said("critic", "Too short."), said("critic", REVISE),
        said("draft", "two"), said("critic", "Still too short."), said("critic", REVISE),
    ]  # fmt: skip
    found = fired(criticised(), *replies)
    (finding,) = found["critique_never_accepts"]
    assert finding.node == "critic" and finding.visit == 2 and "Still too short." in finding.what
    assert set(found) == {"critique_never_accepts"}


def test_a_critic_that_is_content_at_last_is_silent():
    """Sent back once, then accepted."""
    replies = [
        said("draft", "one"), said("critic", "Too short."), said("critic", REVISE),
        said("draft", "one two"), said("critic", "Fine."), said("critic", ACCEPT),
    ]  # fmt: skip
    assert not fired(criticised(), *replies)


def test_a_self_refinement_that_is_never_accepted_is_found():
    """The node's own critic said no to the end."""
    document = workflow(
        {"write": ("reflection.self_refine", {"max_rounds": 1})}, "start -> write, write -> finish",
        "start.task -> write.task, write.answer -> finish.answer", inputs={"task": {}},
    )  # fmt: skip
    no = said("write", REVISE, match="judgement", repeat=True)
    found = fired(document, no, said("write", "A text.", repeat=True), inputs={"task": "Write."})
    assert [each.node for each in found["critique_never_accepts"]] == ["write"]
    yes = said("write", ACCEPT, match="judgement", repeat=True)
    assert not fired(document, yes, said("write", "A text.", repeat=True), inputs={"task": "Write."})


def checked(given_out: str):
    """A program, its tests, and what is given out where they fail."""
    return workflow(
        {"code": ("prompt", {"prompt": "Write it."}), "check": "reflection.verify_by_test",
         "mend": ("prompt", {"prompt": "Mend it."})},
        "start -> code, code -> check, check.passed -> finish, check.failed -> mend, mend -> finish",
        f"code.answer -> check.program, start.tests -> check.tests, {given_out}.answer -> finish.answer",
        inputs={"tests": {}},
    )  # fmt: skip


def test_what_failed_its_check_and_is_given_out_is_found():
    """The program that failed is the run's output; given out mended, it is no fault."""
    bad, good = "def f(): return 1", "def f(): return 2"
    replies = said("code", bad), said("mend", good)
    inputs = {"tests": "assert f() == 2"}
    (finding,) = fired(checked("code"), *replies, inputs=inputs)["check_never_passes"]
    assert finding.node == "check" and "assert f() == 2" in finding.what
    assert not fired(checked("mend"), *replies, inputs=inputs)["check_never_passes"]
    assert not fired(checked("code"), said("code", good), inputs=inputs)


def vote(target: str = "finish.answer"):
    """Four are asked, and the answer goes out, or first to a judge."""
    return workflow(
        {"ask": ("deliberation.vote", {"samples": 4}), "judge": ("prompt", {"prompt": "Decide: {{answer}}"})},
        "start -> ask, ask -> judge, judge -> finish" if target != "finish.answer" else "start -> ask, ask -> finish",
        f"start.q -> ask.question, ask.answer -> {target}"
        + (", judge.answer -> finish.answer" if target != "finish.answer" else ""), inputs={"q": {}},
    )  # fmt: skip


def test_a_tie_that_is_given_out_is_found():
    """Two against two; three against one, or a judge after it, is no fault."""
    tie = [said("ask", f"Answer: {answer}") for answer in ("A", "B", "A", "B")]
    (finding,) = fired(vote(), *tie, inputs={"q": "A or B?"})["disagreement_unresolved"]
    assert finding.node == "ask" and "'a': 2; 'b': 2" in finding.what
    clear = [said("ask", f"Answer: {answer}") for answer in ("A", "B", "A", "A")]
    assert not fired(vote(), *clear, inputs={"q": "A or B?"})
    assert not fired(vote("judge.answer"), *tie, said("judge", "B"), inputs={"q": "A or B?"})


def calculated():
    """An agent with a calculator."""
    return workflow(
        {"work": ("agent", {"prompt": "{{task}}"}), "calc": "tool.calculator"}, "start -> work, work -> finish",
        "start.task -> work.task, work.answer -> finish.answer", "calc -> work.tools", inputs={"task": {}},
    )  # fmt: skip


def test_a_number_that_nothing_gives_is_found():
    """The tool said 1134 and the answer says 1234."""
    call = calls("work", "calculator", expression="42 * 27")
    inputs = {"task": "42 boxes of 27 pens"}
    (finding,) = fired(calculated(), call, said("work", "There are 1234 pens."), inputs=inputs)["unsupported_answer"]
    assert "1234" in finding.what and finding.node == "work" and finding.evidence
    for answer in ("There are 1,134 pens.", "1134 in all, 1176 with one more box each", "About 1,134.0"):
        assert not fired(calculated(), call, said("work", answer), inputs=inputs)["unsupported_answer"], answer


def test_without_a_tool_result_nothing_is_said_about_numbers():
    """Where nothing was looked up, a model may reckon in its head."""
    assert not fired(calculated(), said("work", "There are 1234 pens."), inputs={"task": "42 boxes of 27 pens"})
