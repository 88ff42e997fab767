"""A tool call that a person must allow: asked, edited, refused; and nothing done before it is done again."""
# ruff: noqa: E501 - a graph is easier to read with its edges on one line

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from graphs.answerer import Answerer
from graphs.breakpoints import Breakpoint
from nodes.contract import Config, Context, Inputs, NodeSpec, Outputs, ToolResult
from nodes.guards.approval import approval
from tests.graphs.engine.fakes import Bench, Row, workflow
from tests.graphs.engine.reaching import DO, KINDS, SPACES, alone, opened

CALLS: list[tuple[str, dict[str, Any]]] = []
ANN = Answerer("Ann", "browser")


class ToolConfig(Config):
    name: str = "pay"


@dataclass(frozen=True)
class Noted:
    """A tool with a side effect: it notes that it was called."""

    name: str
    description: str = "Pays."
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object", "required": ["to", "amount"],
        "properties": {"to": {"type": "string"}, "amount": {"type": "integer", "minimum": 1}, "tags": {"type": "array"}},
    }  # fmt: skip

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        CALLS.append((self.name, dict(arguments)))
        return ToolResult(f"{self.name} did it, {len(CALLS)}", data={"n": len(CALLS)})


tool = NodeSpec(
    kind="t.tool", family="tools", title="Tool", summary="A tool", config=ToolConfig, outcomes=(), provides="tool",
    make_tool=lambda config, attached: Noted(config.name),
)  # fmt: skip
GUARD = (approval.kind, {"tools": ["pay*"], "question": "Mind the money."})
PAY = {"to": "Bo", "amount": 5}


OPEN: list[Bench] = []


@pytest.fixture(autouse=True)
def no_calls() -> Iterator[None]:
    CALLS.clear()
    yield
    while OPEN:
        OPEN.pop().runner.close()


def bench_of(tmp_path: Path, *replies: dict[str, Any]) -> Bench:
    bench = opened(tmp_path, *replies)
    bench.kinds = {**KINDS, tool.kind: tool}
    bench.runner.close()
    OPEN.append(bench)
    return bench.open()


def calls(*made: tuple[str, dict[str, Any]], text: str = "") -> dict[str, Any]:
    return {"text": text, "tool_calls": [{"name": name, "arguments": arguments} for name, arguments in made]}


def agent(guard: Any = GUARD, **more: Any) -> Any:
    """An agent with a guarded and a free tool."""
    nodes = {
        "a": ("agent", {"prompt": "Work."}),
        "pay": tool.kind,
        "look": (tool.kind, {"name": "look"}),
        "guard": guard,
    }
    return workflow(
        {**nodes, **more}, "start -> a, a -> finish", "a.answer -> finish.answer",
        "pay -> a.tools, look -> a.tools, guard -> a.policies",
    )  # fmt: skip


def answer(bench: Bench, row: Row, **given: Any) -> Row:
    """Answer the one question of a run, with the form's own arguments where none are given."""
    (form,) = row.forms
    values = {field["name"]: field["default"] for field in form["form"]["fields"]}
    values |= {name.replace("__", "."): value for name, value in given.items()}
    bench.runner.answer(row.id, form["interrupt"], values, ANN)
    return bench.runner.wait_here(row.id)


def test_an_allowed_call_is_made_once_and_nothing_before_it_again(tmp_path: Path) -> None:
    """The model is asked as often as without a guard, the tool before it is not called again, the bill is the same."""
    bench = bench_of(tmp_path, calls(("look", PAY)), calls(("pay", PAY)), {"text": "Paid."})
    row = bench.run(agent())
    assert row.status == "waiting" and [name for name, _ in CALLS] == ["look"]
    form = row.forms[0]["form"]
    assert (form["call"]["tool"], form["call"]["arguments"], form["text"]) == ("pay", PAY, "Mind the money.")
    assert [field["type"] for field in form["fields"]] == ["text", "number", "json", "long_text", "choice"]
    row = answer(bench, row, decision="Allow once")
    assert (row.status, row.outputs) == ("done", {"answer": "Paid."})
    assert CALLS == [("look", PAY), ("pay", PAY)]
    assert len(bench.spans.of("chat")) == 3 and row.input_tokens == sum(
        each["input_tokens"] for each in bench.spans.of("chat")
    )
    assert bench.visits()["a"] == 1 and row.steps == 3


def test_the_trace_says_who_allowed_it_and_when(tmp_path: Path) -> None:
    """The span of the call holds the arguments of the model, and the ruling with name, channel and times."""
    bench = bench_of(tmp_path, calls(("pay", PAY)), {"text": "Paid."})
    row = bench.run(agent())
    (waiting,) = bench.spans.of("execute_tool")
    assert (waiting["status"], waiting["input"]) == ("waiting", PAY)
    answer(bench, row, decision="Allow once", argument__amount=3)
    (span,) = bench.spans.of("execute_tool")
    said = span["attributes"]["approval"]
    assert (span["status"], span["input"]) == ("ok", PAY)
    assert (said["by"], said["channel"], said["decision"], said["policy"]) == ("Ann", "browser", "allowed", "approval")
    assert said["arguments"] == {"to": "Bo", "amount": 3} and said["at"] >= said["asked_at"]
    assert span["started_at"] <= said["at"] <= span["ended_at"]


def test_edited_arguments_are_what_is_called(tmp_path: Path) -> None:
    """A changed value is called, an added one too, and one that was emptied is left out."""
    bench = bench_of(tmp_path, calls(("pay", {**PAY, "tags": ["a"]})), {"text": "Paid."})
    row = answer(bench, bench.run(agent()), decision="Allow once", argument__to="Cy", argument__tags=None)
    assert row.status == "done" and CALLS == [("pay", {"to": "Cy", "amount": 5})]


def test_a_refusal_reaches_the_model(tmp_path: Path) -> None:
    """The call is not made; its result is the person's reason, and the history has it as denied."""
    bench = bench_of(tmp_path, calls(("pay", PAY)), {"text": "Then not."})
    row = answer(bench, bench.run(agent()), decision="Refuse", reason="Too much.")
    assert (row.outputs, CALLS) == ({"answer": "Then not."}, [])
    (span,) = bench.spans.of("execute_tool")
    assert span["error"]["type"] == "CallRefused" and span["attributes"]["approval"]["decision"] == "refused"
    heard = bench.spans.of("chat")[-1]["input"][-1]
    assert heard["content"] == "A person refused this call of pay: Too much."
    finished = [event for event in bench.events(row.id) if event["type"] == "tool.finished"]
    assert finished[0]["denied"] and finished[0]["policy"] == "approval"


def test_calls_of_one_message_are_asked_one_by_one(tmp_path: Path) -> None:
    """Two guarded calls and a free one at once: the free one is made once, each answer counts for its own call."""
    both = calls(("pay", PAY), ("look", PAY), ("pay", {"to": "Cy", "amount": 9}))
    bench = bench_of(tmp_path, both, {"text": "Done."})
    row = bench.run(agent())
    asked = []
    while row.status == "waiting":
        call = row.forms[0]["form"]["call"]
        asked.append(call["arguments"]["to"])
        row = answer(bench, row, decision="Allow once" if call["arguments"]["to"] == "Cy" else "Refuse")
    assert row.status == "done" and sorted(asked) == ["Bo", "Cy"]
    assert sorted(CALLS, key=str) == [("look", PAY), ("pay", {"to": "Cy", "amount": 9})]
    assert len(bench.spans.of("chat")) == 2 and len(bench.spans.of("execute_tool")) == 3


@pytest.mark.parametrize(("decision", "questions"), [("Allow once", 2), ("Allow in this run", 1)])
def test_the_same_call_again_is_asked_again(tmp_path: Path, decision: str, questions: int) -> None:
    """Allowed once is once: in another visit the same call waits again, unless the whole run was allowed."""
    nodes = {"l": ("control.loop_limit", {"max_turns": 1})}
    document = workflow(
        {"a": ("agent", {"prompt": "Work."}), "pay": tool.kind, "guard": GUARD, **nodes},
        "start -> a, a -> l, l.again -> a, l.exhausted -> finish", "a.answer -> finish.answer", "pay -> a.tools, guard -> a.policies",
    )  # fmt: skip
    replies = [calls(("pay", PAY)), {"text": "One."}, calls(("pay", PAY)), {"text": "Two."}]
    bench = bench_of(tmp_path, *replies)
    row, asked = bench.run(document), 0
    while row.status == "waiting":
        asked += 1
        row = answer(bench, row, decision=decision)
    assert (row.status, row.outputs, asked, len(CALLS)) == ("done", {"answer": "Two."}, questions, 2)


def test_nothing_is_done_again_in_another_process(tmp_path: Path) -> None:
    """The runner is closed while it waits; the next one asks no model and calls no tool of before again."""
    bench = bench_of(tmp_path, calls(("look", PAY)), calls(("pay", PAY)), {"text": "Paid."})
    row = bench.run(agent())
    bench.runner.close()
    bench.open()
    row = answer(bench, row, decision="Allow once")
    assert row.outputs == {"answer": "Paid."} and [name for name, _ in CALLS] == ["look", "pay"]
    assert len(bench.spans.of("chat")) == 3


def test_an_answer_that_was_only_written_down_is_not_lost(tmp_path: Path) -> None:
    """The process died right after the answer was kept: whoever goes on with the run has it."""
    bench = bench_of(tmp_path, calls(("pay", PAY)), {"text": "Paid."})
    row = bench.run(agent())
    values = {"decision": "Allow once", "argument.to": "Bo", "argument.amount": 5}
    assert bench.questions.answer(row.id, row.forms[0]["interrupt"], values, by="Ann", channel="terminal")
    bench.runner.close()
    bench.open()
    bench.runner.go_on(row.id)
    assert bench.runner.wait_here(row.id).outputs == {"answer": "Paid."} and CALLS == [("pay", PAY)]


def test_memory_and_structured_answers_are_handed_back(tmp_path: Path) -> None:
    """What was written to memory is not written twice; answers by schema and errors of the model come back as they were."""
    bench = bench_of(tmp_path, {"text": "no json"}, {"data": {"n": 4}}, {"text": "ok", "repeat": True})

    from pydantic import BaseModel

    from nodes.contract import AnswerError

    class Number(BaseModel):
        n: int

    async def work(inputs: Inputs, ctx: Context) -> Outputs:
        assert ctx.memory is not None
        id = await ctx.memory.add("a lesson", kind="note")
        try:
            await ctx.model.chat([{"role": "user", "content": "n?"}], schema=Number)
            found = None
        except AnswerError:
            found = (await ctx.model.chat([{"role": "user", "content": "n, as JSON?"}], schema=Number)).data
        result = await ctx.call_tool(ctx.tools[0], PAY)
        hits = await ctx.memory.records()
        return {"out": [id, found.n if found else None, result.data, len(hits)]}

    DO["n"] = work
    space = {"kind": "resource.memory_space", "config": {"space": "s"}}
    document = alone("pay -> n.tools, guard -> n.policies, m -> n.memory", pay=tool.kind, guard=GUARD, m=space)
    row = answer(bench, bench.run(document), decision="Allow once")
    assert row.outputs == {"answer": ["m1", 4, {"n": 1}, 1]}
    assert len(bench.spans.of("chat")) == 2 and len(SPACES["s"].hits) == 1
    assert len(bench.spans.of("write_memory")) == 1


def test_calls_at_the_same_time_are_not_cut_off(tmp_path: Path) -> None:
    """A model call beside the one that waits ends, is paid once, and its answer is there afterwards."""
    bench = bench_of(tmp_path, {"text": "slow", "repeat": True, "seconds": 0.3})

    async def work(inputs: Inputs, ctx: Context) -> Outputs:
        async with asyncio.TaskGroup() as group:
            talk = group.create_task(ctx.model.chat([{"role": "user", "content": "hi"}]))
            paid = group.create_task(ctx.call_tool(ctx.tools[0], PAY))
        return {"out": [talk.result().text, paid.result().text]}

    DO["n"] = work
    row = bench.run(alone("pay -> n.tools, guard -> n.policies", pay=tool.kind, guard=GUARD))
    assert row.status == "waiting" and [span["status"] for span in bench.spans.of("chat")] == ["ok"]
    row = answer(bench, row, decision="Allow once")
    assert row.outputs == {"answer": ["slow", "pay did it, 1"]} and len(bench.spans.of("chat")) == 1


def test_a_failure_after_the_call_does_not_call_again(tmp_path: Path) -> None:
    """The model fails once after the allowed call: it is tried again, and nobody pays twice or is asked twice."""
    error = {"error": {"what": "The model is away", "mend": "", "retryable": True}}
    bench = bench_of(tmp_path, calls(("pay", PAY)), error, {"text": "Paid."})
    row = answer(bench, bench.run(agent()), decision="Allow once")
    assert (row.status, row.outputs, len(CALLS)) == ("done", {"answer": "Paid."}, 1)


@pytest.mark.parametrize(("without", "made"), [("refuse", 0), ("allow", 1)])
def test_time_out_refuses_or_allows(tmp_path: Path, without: str, made: int) -> None:
    """When the time is over the call is refused, or made where the settings say so."""
    guard = (approval.kind, {"answer_within": "1 h", "without_answer": without})
    bench = bench_of(tmp_path, calls(("pay", PAY)), {"text": "Well."})
    row = bench.run(agent(guard))
    form = row.forms[0]
    assert form["form"]["deadline"] > 0
    bench.runner.answer(row.id, form["interrupt"], {}, Answerer("", "timer", timed_out=True))
    row = bench.runner.wait_here(row.id)
    assert row.status == "done" and len(CALLS) == made
    said = bench.spans.of("execute_tool")[0]["attributes"]["approval"]
    assert said["timed_out"] and said["decision"] == ("allowed" if made else "timed_out")


def test_other_policies_hold_for_what_a_person_writes(tmp_path: Path) -> None:
    """A person cannot edit a call past the rules; and a call that a rule forbids is not asked for."""
    rules = (
        "guards.tool_policy",
        {"otherwise": "allow", "rules": [{"tool": "pay", "when": "args.amount > 10", "effect": "deny"}]},
    )
    bench = bench_of(tmp_path, calls(("pay", PAY)), calls(("pay", {"to": "Bo", "amount": 99})), {"text": "No."})
    document = agent(rules=rules)
    document = document.model_copy(
        update={"edges": document.edges.model_copy(update={"attach": (*document.edges.attach, "rules -> a.policies")})}
    )
    row = answer(bench, bench.run(document), decision="Allow once", argument__amount=50)
    assert row.status == "done" and CALLS == []
    assert [span["error"]["type"] for span in bench.spans.of("execute_tool")] == ["PolicyDenied", "PolicyDenied"]


def test_a_role_is_asked_for(tmp_path: Path) -> None:
    """A guard attached to a role stands before the role's own calls."""
    bench = bench_of(tmp_path, {"text": "ok", "repeat": True})

    async def work(inputs: Inputs, ctx: Context) -> Outputs:
        return {"out": (await ctx.call_tool(ctx.roles[0].tools[0], PAY)).text}

    DO["n"] = work
    role = {"kind": "resource.role", "config": {"name": "Clerk", "persona": "You pay."}}
    document = alone("r -> n.roles, pay -> r.tools, guard -> r.policies", r=role, pay=tool.kind, guard=GUARD)
    row = answer(bench, bench.run(document), decision="Allow once")
    assert row.outputs == {"answer": "pay did it, 1"}
    assert bench.spans.of("execute_tool")[0]["attributes"]["role"] == "Clerk"


def test_inside_a_sub_workflow(tmp_path: Path) -> None:
    """An agent in an attached sub-workflow asks; what ran in it before, and runs of it that ended, are not run again."""
    bench = bench_of(tmp_path, {"text": "ok", "repeat": True})
    part = {
        "kind": "resource.subworkflow",
        "config": {"takes": [{"name": "task", "type": "text"}], "gives": [{"name": "result", "type": "text"}]},
    }

    async def inner(inputs: Inputs, ctx: Context) -> Outputs:
        said = (await ctx.model.chat([{"role": "user", "content": inputs["a"]}])).text
        await ctx.call_tool(ctx.tools[0], {"to": inputs["a"], "amount": 1})
        return {"out": said + inputs["a"]}

    async def outer(inputs: Inputs, ctx: Context) -> Outputs:
        act = ctx.subworkflow("act")
        assert act is not None
        return {"out": [(await act.run({"task": task}))["result"] for task in ("x", "y")]}

    DO.update(n=outer, b=inner)
    nodes = {
        "n": "t.free", "part": part, "b": {"kind": "t.free", "parent": "part"}, "pay": {"kind": tool.kind, "parent": "part"},
        "guard": {"kind": approval.kind, "parent": "part"},
    }  # fmt: skip
    document = workflow(
        nodes, "start -> n, n -> finish, part.each -> b", "n.out -> finish.answer, part.task -> b.a, b.out -> part.result",
        "part -> n.act, pay -> b.tools, guard -> b.policies",
    )  # fmt: skip
    row, asked = bench.run(document), 0
    while row.status == "waiting":
        asked += 1
        row = answer(bench, row, decision="Allow once")
    assert (row.status, row.outputs, asked) == ("done", {"answer": ["okx", "oky"]}, 2)
    assert [arguments["to"] for _, arguments in CALLS] == ["x", "y"] and len(bench.spans.of("chat")) == 2
    inside = [span for span in bench.spans.of("invoke_workflow") if span["name"] == "part"]
    assert [span["status"] for span in inside] == ["ok", "ok"]


def test_items_of_a_frame_are_asked_each(tmp_path: Path) -> None:
    """In a for-each every item asks for itself; an item that is done is not run again."""
    bench = bench_of(tmp_path, {"text": "ok", "repeat": True})

    async def work(inputs: Inputs, ctx: Context) -> Outputs:
        said = (await ctx.model.chat([{"role": "user", "content": inputs["a"]}])).text
        return {"out": said + (await ctx.call_tool(ctx.tools[0], {"to": inputs["a"], "amount": 1})).text[:3]}

    DO["n"] = work
    nodes = {
        "src": ("t.step", {"value": ["x", "y"]}), "each": "control.for_each", "n": {"kind": "t.free", "parent": "each"},
        "pay": tool.kind, "guard": GUARD,
    }  # fmt: skip
    row = bench.run(workflow(
        nodes, "start -> src, src -> each, each.each -> n, each -> finish",
        "src.out -> each.items, each.item -> n.a, n.out -> each.result, each.results -> finish.answer",
        "pay -> n.tools, guard -> n.policies",
    ))  # fmt: skip
    assert len(row.forms) == 2
    for _ in range(2):
        form = row.forms[0]
        values = {
            "decision": "Allow once",
            "argument.to": form["form"]["call"]["arguments"]["to"],
            "argument.amount": 1,
        }
        bench.runner.answer(row.id, form["interrupt"], values, ANN)
        row = bench.runner.wait_here(row.id)
    assert row.outputs == {"answer": ["okpay", "okpay"]} and len(CALLS) == 2 and len(bench.spans.of("chat")) == 2


def test_a_workflow_run_by_a_node_refuses_instead(tmp_path: Path) -> None:
    """Where nobody can be asked, in a workflow that a node looked up and runs, the call is refused in words."""
    inner = agent().model_dump(mode="json", exclude_defaults=True)
    bench = bench_of(tmp_path, calls(("pay", PAY)), {"text": "Then not."})

    async def work(inputs: Inputs, ctx: Context) -> Outputs:
        return {"out": (await ctx.workshop.run(inner, {})).outputs}

    DO["n"] = work
    row = bench.run(alone())
    assert row.outputs == {"answer": {"answer": "Then not."}} and CALLS == []
    assert "nobody can be asked" in bench.spans.of("execute_tool")[0]["error"]["what"]


def test_a_node_without_a_guard_keeps_nothing(tmp_path: Path) -> None:
    """Only visits that may have to wait pay for a journal."""
    bench = bench_of(tmp_path, {"text": "ok", "repeat": True})
    seen: list[Any] = []

    async def work(inputs: Inputs, ctx: Any) -> Outputs:
        seen.append(ctx.journal)
        return {"out": 1}

    DO["n"] = work
    bench.run(alone("pay -> n.tools", pay=tool.kind))
    assert seen == [None]


def test_what_a_person_said_counts_though_the_policy_forgets(tmp_path: Path) -> None:
    """A condition on earlier calls is not true any more in another process; the refusal holds all the same."""
    guard = (approval.kind, {"tools": ["pay"], "when": "calls >= 1"})
    bench = bench_of(tmp_path, calls(("pay", PAY)), calls(("pay", {"to": "Cy", "amount": 7})), {"text": "Then not."})
    row = bench.run(agent(guard))
    assert row.status == "waiting" and len(CALLS) == 1
    bench.runner.close()
    bench.open()
    row = answer(bench, row, decision="Refuse")
    assert (row.outputs, len(CALLS)) == ({"answer": "Then not."}, 1)


def test_with_breakpoints_before_and_after(tmp_path: Path) -> None:
    """The stops of a debugger and the question in between do not take each other's words."""
    bench = bench_of(tmp_path, calls(("pay", PAY)), {"text": "Paid."})
    points = [Breakpoint(node="a", when="before"), Breakpoint(node="a", when="after")]
    row = bench.run(agent(), breakpoints=points)
    assert row.forms[0]["stop"]["when"] == "before" and CALLS == []
    assert bench.questions.of(row.id) == [], "a stop is no question to people"
    bench.runner.debugger.command(row.id, "continue")
    row = bench.runner.wait_here(row.id)
    assert "stop" not in row.forms[0] and row.forms[0]["form"]["call"]["tool"] == "pay"
    row = answer(bench, row, decision="Allow once", argument__amount=2)
    assert row.forms[0]["stop"]["when"] == "after" and CALLS == [("pay", {"to": "Bo", "amount": 2})]
    bench.runner.debugger.command(row.id, "continue")
    row = bench.runner.wait_here(row.id)
    assert (row.status, row.outputs, len(CALLS)) == ("done", {"answer": "Paid."}, 1)
    assert len(bench.spans.of("chat")) == 2 and bench.visits()["a"] == 1


def test_a_refusal_survives_a_crash_of_the_run_that_took_it(tmp_path: Path) -> None:
    """The process died while it went on with the answer: resumed, the call is refused without being asked again."""
    guard = (approval.kind, {"tools": ["pay"], "when": "calls >= 1"})
    bench = bench_of(tmp_path, calls(("pay", PAY)), calls(("pay", {"to": "Cy", "amount": 7})), {"text": "Then not."})
    row = bench.run(agent(guard))
    bench.questions.answer(row.id, row.forms[0]["interrupt"], {"decision": "Refuse"}, by="Ann", channel="api")
    bench.runner.close()
    bench.open()
    bench.runs.update(row.id, status="lost", forms=[])
    bench.runner.resume(row.id)
    row = bench.runner.wait_here(row.id)
    assert (row.status, row.outputs, len(CALLS)) == ("done", {"answer": "Then not."}, 1)


def test_work_beside_the_call_does_not_run_on(tmp_path: Path) -> None:
    """What the node began beside the call that waits does nothing more meanwhile, and nothing of it is lost."""
    bench = bench_of(tmp_path, {"text": "ok", "repeat": True})

    async def look(ctx: Context, times: int) -> list[str]:
        found = []
        for number in range(times):
            found.append((await ctx.call_tool(ctx.tools[1], {"to": f"{number}", "amount": 1})).text)
            await asyncio.sleep(0.02)
        return found

    async def work(inputs: Inputs, ctx: Context) -> Outputs:
        async def pay() -> str:
            await asyncio.sleep(0.05)
            return (await ctx.call_tool(ctx.tools[0], PAY)).text

        # Unlike a TaskGroup, gather leaves the other one running.
        _paid, found = await asyncio.gather(pay(), look(ctx, 20))
        return {"out": len(found)}

    DO["n"] = work
    look_tool = (tool.kind, {"name": "look"})
    row = bench.run(
        alone("pay -> n.tools, look -> n.tools, guard -> n.policies", pay=tool.kind, look=look_tool, guard=GUARD)
    )
    before = len(CALLS)
    assert row.status == "waiting" and 0 < before < 20
    asyncio.run(asyncio.sleep(0.2))
    assert len(CALLS) == before
    row = answer(bench, row, decision="Allow once")
    assert row.outputs == {"answer": 20}
    assert sorted(arguments["to"] for name, arguments in CALLS if name == "look") == sorted(str(n) for n in range(20))
