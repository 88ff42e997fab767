"""Faults of the workflow around the model: tools that fail, spaces that are empty, edges that lead astray.

As in ``detector_faults``: each takes a clean case and gives a broken one with its labels, or None.
"""

import random
from dataclasses import replace
from typing import Any

from benchmarks.detector_cases import Case, Ran
from benchmarks.detector_faults import (
    FaultKind,
    ended,
    kind_of,
    labelled,
    loosened,
    of_node,
    parsed,
    prose,
    tool_calls,
)
from graphs.document import Document, parse_edge
from graphs.failures.said import admits_failure
from graphs.rules.subject import Subject
from nodes.registry import KINDS


def edges(case: Case, sort: str) -> list[str]:
    """The edges of a sort, to be changed in place."""
    return case.document["edges"].setdefault(sort, [])


def add(case: Case, id: str, kind: str, **config: Any) -> str:
    case.document["nodes"][id] = {"kind": kind, "config": config} if config else {"kind": kind}
    return id


def finishes(case: Case) -> set[str]:
    return of_node(case, "finish")


def before_the_end(case: Case, id: str) -> None:
    """Let the flow pass the node before it finishes."""
    (end,) = sorted(finishes(case))[:1]
    flow = edges(case, "flow")
    for at, text in enumerate(flow):
        edge = parse_edge(text)
        assert edge is not None
        if edge.target == end:
            flow[at] = f"{edge.source}.{edge.source_handle or 'done'} -> {id}"
    flow.append(f"{id} -> {end}")


# --- tools ------------------------------------------------------------------------------------------


def faulty_tool(case: Case, chance: random.Random, fault: str) -> str | None:
    """Put a tool that fails each time in the place of the one an agent calls; the agent's node."""
    attached: dict[str, list[tuple[int, str]]] = {}
    for at, text in enumerate(edges(case, "attach")):
        edge = parse_edge(text)
        if edge and kind_of(case, edge.target) == "agent" and kind_of(case, edge.source).startswith("tool."):
            attached.setdefault(edge.target, []).append((at, edge.source))
    nodes = sorted({case.replies[place]["node"] for place in tool_calls(case)} & set(attached))
    if not nodes:
        return None
    node = chance.choice(nodes)
    for at, tool in attached[node]:
        broken = add(case, f"{tool}_broken", "tool.faulty", rate=1, faults=[fault], seed=chance.randint(0, 99))
        edges(case, "attach")[at] = f"{broken} -> {node}.tools"
        edges(case, "attach").append(f"{tool} -> {broken}.tool")
    first = min(place for place in tool_calls(case) if case.replies[place]["node"] == node)
    loosened(case, node, first + 1)
    return node


def tool_error(case: Case, chance: random.Random, fault: str = "error") -> Case | None:
    """Every call of the tool fails, and the agent answers as if it had not."""
    node = faulty_tool(case, chance, fault)
    if node is None:
        return None
    return labelled(case, ("ignored_tool_error", node), may=("unsupported_answer",))


def tool_timeout(case: Case, chance: random.Random) -> Case | None:
    """The same with a time-out."""
    return tool_error(case, chance, "timeout")


def says_nothing_of_it(case: Case, ran: Ran) -> bool:
    node = case.must[0].node
    tools = [span for span in ran.spans if span["operation"] == "execute_tool" and span["node_id"] == node]
    last = max((span for span in ran.spans if span["operation"] == "chat" and span["node_id"] == node),
               key=lambda span: span["started_at"], default=None)  # fmt: skip
    return bool(tools) and last is not None and ended(case, ran) and not admits_failure(str(last["output"]))


def tool_finds_nothing(case: Case, chance: random.Random) -> Case | None:
    """Every call of the tool comes back empty."""
    node = faulty_tool(case, chance, "empty")
    return labelled(case, ("empty_tool_result", node), may=("unsupported_answer",)) if node else None


def came_back_empty(case: Case, ran: Ran) -> bool:
    return ended(case, ran) and any(span["operation"] == "execute_tool" and span["output"] == "" for span in ran.spans)


def refused_tool(case: Case, chance: random.Random) -> Case | None:
    """A policy refuses every call of the tool, and the agent answers as if it had not."""
    agents = sorted({case.replies[place]["node"] for place in tool_calls(case)} & of_node(case, "agent"))
    if not agents:
        return None
    node = chance.choice(agents)
    add(case, "forbidding", "guards.tool_policy", otherwise="deny")
    edges(case, "attach").append(f"forbidding -> {node}.policies")
    first = min(place for place in tool_calls(case) if case.replies[place]["node"] == node)
    loosened(case, node, first + 1)
    return labelled(case, ("ignored_tool_error", node), may=("unsupported_answer",))


# --- memory -----------------------------------------------------------------------------------------


def wrong_space(case: Case, chance: random.Random) -> Case | None:
    """What recalls looks into a space that nobody fills."""
    spaces = of_node(case, "resource.memory_space")
    found = [
        (at, edge) for at, text in enumerate(edges(case, "attach"))
        if (edge := parse_edge(text)) and edge.source in spaces and _only_reads(kind_of(case, edge.target))
    ]  # fmt: skip
    if not found:
        return None
    at, edge = chance.choice(found)
    add(case, "elsewhere", "resource.memory_space", space="nobody-writes-here")
    edges(case, "attach")[at] = f"elsewhere -> {edge.target}.{edge.target_handle or 'memory'}"
    for reply in case.replies:
        reply.pop("match", None)
    return labelled(case, ("empty_recall", edge.target))


def _only_reads(kind: str) -> bool:
    spec = KINDS.get(kind)
    return spec is not None and spec.family == "memory" and not spec.side_effects


def found_nothing(case: Case, ran: Ran) -> bool:
    return any(
        span["operation"] == "retrieve_memory" and span["node_id"] == case.must[0].node and not span["output"]
        and "query" in span["input"]
        for span in ran.spans
    )  # fmt: skip


def wrong_kind(case: Case, chance: random.Random) -> Case | None:
    """What this run wrote is asked for by a kind of record that there is none of."""
    nodes = sorted(of_node(case, "memory.recall"))
    if not nodes:
        return None
    node = chance.choice(nodes)
    case.document["nodes"][node].setdefault("config", {})["kinds"] = ["receipt"]
    for reply in case.replies:
        reply.pop("match", None)
    return labelled(case, ("empty_recall", node))


def written_before(case: Case, ran: Ran) -> bool:
    reads = [span["started_at"] for span in ran.spans
             if span["operation"] == "retrieve_memory" and span["node_id"] == case.must[0].node]  # fmt: skip
    writes = [span["started_at"] for span in ran.spans
              if span["operation"] == "write_memory" and span["node_id"] != case.must[0].node]  # fmt: skip
    return bool(reads and writes) and min(writes) < max(reads)


# --- planning ---------------------------------------------------------------------------------------


def left_early(case: Case, chance: random.Random) -> Case | None:
    """The loop of a planner is left after its first step."""
    found = [
        (at, edge) for at, text in enumerate(edges(case, "flow"))
        if (edge := parse_edge(text)) and edge.source_handle in ("next", "continue")
        and kind_of(case, edge.source) in ("planning.plan_next", "planning.replan")
    ]  # fmt: skip
    if not found:
        return None
    at, edge = found[0]
    edges(case, "flow")[at] = f"{edge.source}.{edge.source_handle} -> {sorted(finishes(case))[0]}"
    return labelled(case, ("open_plan_step", edge.source), may=("empty_output",))


def planner_ran(case: Case, ran: Ran) -> bool:
    return ended(case, ran) and any(
        span["operation"] == "invoke_node" and span["node_id"] == case.must[0].node for span in ran.spans
    )  # fmt: skip


def unread_plan(case: Case, chance: random.Random) -> Case | None:
    """The flow goes from the planner straight to the end."""
    planners = of_node(case, "planning.plan", "planning.plan_graph", "planning.pseudocode")
    found = [
        (at, edge) for at, text in enumerate(edges(case, "flow"))
        if (edge := parse_edge(text)) and edge.source in planners
        and "parent" not in case.document["nodes"][edge.source]
    ]  # fmt: skip
    if not found:
        return None
    at, edge = chance.choice(found)
    edges(case, "flow")[at] = f"{edge.source}.{edge.source_handle or 'done'} -> {sorted(finishes(case))[0]}"
    return labelled(case, ("plan_not_followed", edge.source), may=("empty_output",))


# --- the system -------------------------------------------------------------------------------------


def few_steps(case: Case, chance: random.Random) -> Case | None:
    """The run may make fewer node runs than it needs."""
    case.document.setdefault("limits", {})["steps"] = chance.randint(2, 4)
    return labelled(case, ("budget_spent", ""))


def few_tokens(case: Case, chance: random.Random) -> Case | None:
    """The run may use fewer tokens than it needs."""
    case.document.setdefault("limits", {})["tokens"] = chance.randint(20, 60)
    return labelled(case, ("budget_spent", ""))


def over_limit(case: Case, ran: Ran) -> bool:
    return ran.row.status == "limit"


def swallowed(case: Case, chance: random.Random) -> Case | None:
    """A node fails, and the way of its error is the way of its success."""
    ways = {
        edge.source: edge for text in edges(case, "flow")
        if (edge := parse_edge(text)) and (edge.source_handle or "done") == "done"
        and kind_of(case, edge.source) in ("prompt", "agent") and "parent" not in case.document["nodes"][edge.source]
    }  # fmt: skip
    places = [place for place in prose(case) if case.replies[place]["node"] in ways]
    if not places:
        return None
    node = case.replies[chance.choice(places)]["node"]
    edges(case, "flow").append(f"{node}.error -> {ways[node].target}")
    for reply in case.replies:
        reply.pop("match", None)
    refusal = {"what": "The model refused the request", "mend": "", "retryable": False}
    case.replies[:] = [
        {"node": node, "text": "", "error": refusal, "repeat": True},
        *(reply for reply in case.replies if reply["node"] != node),
    ]
    return labelled(case, ("failure_without_effect", node), may=("empty_output", "empty_input"))


def swallowed_and_done(case: Case, ran: Ran) -> bool:
    node = case.must[0].node
    return ended(case, ran) and any(
        span["operation"] == "invoke_node" and span["node_id"] == node and span["status"] == "error"
        for span in ran.spans
    )  # fmt: skip


def bad_item(case: Case, chance: random.Random) -> Case | None:
    """A frame leaves out items that fail, and one does."""
    frames = sorted(of_node(case, "control.for_each"))
    bodies = {id: node["parent"] for id, node in case.document["nodes"].items() if node.get("parent") in frames}
    places = [place for place in prose(case) if case.replies[place]["node"] in bodies]
    if not places:
        return None
    reply = case.replies[chance.choice(places)]
    reply["error"] = {"what": "The model refused the item", "mend": "", "retryable": False}
    frame = bodies[reply["node"]]
    case.document["nodes"][frame].setdefault("config", {})["on_error"] = "skip"
    for each in case.replies:
        each.pop("match", None)
    return labelled(case, ("items_left_out", frame))


def one_item_failed(case: Case, ran: Ran) -> bool:
    return ended(case, ran) and any(
        span["operation"] == "invoke_node" and span["item"] is not None and span["status"] == "error"
        for span in ran.spans
    )  # fmt: skip


def nobody_answers(case: Case, chance: random.Random) -> Case | None:
    """A person is asked before the end, and nobody answers."""
    before_the_end(case, add(case, "ask_somebody", "control.ask", question="Is it right?"))
    return labelled(replace(case, answers=[]), ("question_unanswered", "ask_somebody"))


def waits(case: Case, ran: Ran) -> bool:
    return ran.row.status == "waiting" and any(form["node"] == "ask_somebody" for form in ran.row.forms)


def stopped(case: Case, chance: random.Random) -> Case | None:
    """The run is stopped in the middle."""
    before_the_end(case, add(case, "hold", "control.wait", seconds=60))
    return labelled(replace(case, stop_at="hold"), ("interrupted", "hold"))


def was_stopped(case: Case, ran: Ran) -> bool:
    return ran.row.status == "stopped"


def nothing_given_out(case: Case, chance: random.Random) -> Case | None:
    """No edge feeds the first output any more."""
    first = next(iter(case.document["outputs"]))
    data = edges(case, "data")
    kept = [text for text in data if (edge := parse_edge(text)) is None
            or edge.target not in finishes(case) or edge.target_handle != first]  # fmt: skip
    if len(kept) == len(data):
        return None
    data[:] = kept
    return labelled(case, ("empty_output", ""))


def silent_writer(case: Case, chance: random.Random) -> Case | None:
    """The node that writes the answer says nothing."""
    first = next(iter(case.document["outputs"]))
    writers = {
        edge.source for text in edges(case, "data")
        if (edge := parse_edge(text)) and edge.target in finishes(case) and edge.target_handle == first
        and kind_of(case, edge.source) == "prompt"
    }  # fmt: skip
    replies = [reply for reply in case.replies if reply["node"] in writers and parsed(reply) is None]
    if not replies:
        return None
    for reply in replies:
        reply["text"] = ""
    node = replies[-1]["node"]
    return labelled(case, ("empty_output", node), ("empty_reply", node), may=("empty_input",))


def nothing_handed_on(case: Case, chance: random.Random) -> Case | None:
    """A prompt is answered with nothing, and the next one cannot do without it."""
    subject = Subject(Document.model_validate(case.document), KINDS)
    models = of_node(case, "prompt", "agent", "reflection.refine")
    found = [
        feed for feed in subject.feeds
        if feed.input.required and feed.target in models and kind_of(case, feed.source) == "prompt"
        and all(each.source == feed.source for each in subject.feeds_into[feed.target, feed.input.name])
    ]  # fmt: skip
    if not found:
        return None
    feed = chance.choice(found)
    for reply in case.replies:
        reply.pop("match", None)
    case.replies[:] = [reply for reply in case.replies if reply["node"] != feed.source]
    case.replies.append({"node": feed.source, "text": "", "repeat": True})
    return labelled(
        case, ("empty_reply", feed.source), ("empty_input", feed.target),
        may=("empty_input", "empty_output", "loop_without_progress"),
    )  # fmt: skip


def handed_nothing(case: Case, ran: Ran) -> bool:
    target = case.must[1].node
    return any(
        span["operation"] == "chat" and span["node_id"] == target for span in ran.spans
    ) and any(
        span["operation"] == "invoke_node" and span["node_id"] == target and "" in (span["input"] or {}).values()
        for span in ran.spans
    )  # fmt: skip


def gave_nothing(case: Case, ran: Ran) -> bool:
    first = next(iter(case.document["outputs"]))
    return ended(case, ran) and not (ran.row.outputs or {}).get(first)


WIRING_FAULTS: tuple[FaultKind, ...] = (
    FaultKind("tool_error", tool_error, says_nothing_of_it),
    FaultKind("tool_timeout", tool_timeout, says_nothing_of_it, held_out=True),
    FaultKind("tool_finds_nothing", tool_finds_nothing, came_back_empty),
    FaultKind("refused_tool", refused_tool, says_nothing_of_it, held_out=True),
    FaultKind("wrong_space", wrong_space, found_nothing),
    FaultKind("wrong_kind", wrong_kind, written_before, held_out=True),
    FaultKind("left_early", left_early, planner_ran),
    FaultKind("unread_plan", unread_plan, planner_ran),
    FaultKind("few_steps", few_steps, over_limit),
    FaultKind("few_tokens", few_tokens, over_limit, held_out=True),
    FaultKind("swallowed", swallowed, swallowed_and_done),
    FaultKind("bad_item", bad_item, one_item_failed),
    FaultKind("nobody_answers", nobody_answers, waits),
    FaultKind("stopped", stopped, was_stopped),
    FaultKind("nothing_given_out", nothing_given_out, gave_nothing),
    FaultKind("nothing_handed_on", nothing_handed_on, handed_nothing),
    FaultKind("silent_writer", silent_writer, gave_nothing, held_out=True),
)
