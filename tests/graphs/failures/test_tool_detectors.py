"""Each detector about tools fires on its fault and keeps quiet on the same run without it."""

from tests.graphs.failures.running import calls, fired, said, workflow

ADD = {"expression": "17 + 26"}


def agent(*tools: str, **more: object):
    """One agent with a calculator, or with what is given."""
    nodes = {"work": ("agent", {"prompt": "Solve it.", **more}), "calc": "tool.calculator"}
    attach = "calc -> work.tools"
    if tools:
        nodes |= {"broken": ("tool.faulty", {"rate": 1, "faults": list(tools)})}
        attach = "calc -> broken.tool, broken -> work.tools"
    return workflow(nodes, "start -> work, work -> finish", "work.answer -> finish.answer", attach)


def test_the_same_call_again_is_found_at_its_second_asking():
    """The finding stands at the model call that asked again, with the first as evidence."""
    call = calls("work", "calculator", **ADD)
    found = fired(agent(), call, call, said("work", "It is 43."))
    (finding,) = found["repeated_call"]
    assert finding.node == "work" and len(finding.evidence) == 1 and "17 + 26" in finding.what
    assert set(found) == {"repeated_call"}


def test_another_call_is_no_repetition():
    """Two different calls, then the answer: nothing to say."""
    other = calls("work", "calculator", expression="43 * 2")
    assert not fired(agent(), calls("work", "calculator", **ADD), other, said("work", "43, twice 86."))


def test_a_program_may_repeat_a_call_twice_but_not_three_times():
    """Code actions make calls nobody asked a model for."""

    def program(times: int):
        lines = 'print(calculator(expression="1 + 1"))\n' * times
        return fired(
            workflow({"act": ("tools.act_in_code", {"prompt": "Do it."}), "calc": "tool.calculator"},
                     "start -> act, act -> finish", "act.answer -> finish.answer", "calc -> act.tools"),
            said("act", f"```python\n{lines}```"), said("act", "It is 2."),
        )  # fmt: skip

    assert not program(2)["repeated_call"]
    assert len(program(3)["repeated_call"][0].evidence) == 2


def test_a_tool_error_that_the_answer_does_not_mention_is_found():
    """The tool failed, the model was told, and claims a result."""
    found = fired(agent("error"), calls("work", "calculator", **ADD), said("work", "It is 43."))
    (finding,) = found["ignored_tool_error"]
    assert finding.severity == "error" and finding.node == "work" and "500 Internal Server Error" in finding.what


def test_saying_that_the_tool_failed_is_no_fault():
    """An honest answer is what is wanted."""
    admitted = said("work", "The calculator is not available, so I cannot tell.")
    assert not fired(agent("error"), calls("work", "calculator", **ADD), admitted)


def test_a_call_that_goes_well_after_one_that_failed_mends_it():
    """The second try brought the result."""
    wrong, right = calls("work", "calculator", expression="17 +"), calls("work", "calculator", **ADD)
    assert not fired(agent(), wrong, right, said("work", "It is 43."))


def test_a_tool_that_is_not_there_is_named_with_those_that_are():
    """The model made a name up."""
    found = fired(agent(), calls("work", "calculator_pro", **ADD), said("work", "It is 43."))
    (finding,) = found["unknown_tool"]
    assert "'calculator_pro'" in finding.what and "there are calculator" in finding.what
    assert set(found) == {"unknown_tool"}


def test_an_empty_result_is_found_and_a_full_one_is_not():
    """A tool that brings back nothing says so nowhere else."""
    replies = calls("work", "calculator", **ADD), said("work", "Nothing came of it.")
    assert [each.node for each in fired(agent("empty"), *replies)["empty_tool_result"]] == ["work"]
    assert not fired(agent(), *replies)


def test_a_call_beyond_the_limit_is_found():
    """One call is allowed, a second was wanted."""
    replies = calls("work", "calculator", **ADD), calls("work", "calculator", expression="43 * 2"), said("work", "43")
    (finding,) = fired(agent(max_calls=1), *replies)["calls_spent"]
    assert "its 1 tool calls" in finding.what and "43 * 2" in finding.what
    assert not fired(agent(max_calls=2), *replies)
