"""Faults of the model: what it says is changed. Each takes a clean case and gives a broken one with its labels.

A fault returns None where the template offers no place for it. Which place it takes is drawn from the seed.
"""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.detector_cases import Case, Label, Ran

Fault = Callable[[Case, random.Random], Case | None]
Took = Callable[[Case, Ran], bool]
Reply = dict[str, Any]


@dataclass(frozen=True)
class FaultKind:
    """A fault, and whether it did take: by the spans, never by a detector."""

    name: str
    inject: Fault
    took: Took
    held_out: bool = False
    """Not looked at while the detectors were tuned."""


def of_node(case: Case, *kinds: str) -> set[str]:
    """The nodes of these kinds."""
    return {id for id, node in case.document["nodes"].items() if node["kind"] in kinds}


def kind_of(case: Case, node: str | None) -> str:
    return case.document["nodes"].get(node or "", {}).get("kind", "")


def parsed(reply: Reply) -> Any:
    """The JSON object of a reply; None for prose."""
    try:
        value = json.loads(reply["text"])
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def prose(case: Case) -> list[int]:
    """Places of replies in words, no code and no form, that are given once."""
    return [
        place for place, reply in enumerate(case.replies)
        if reply["node"] and len(reply["text"]) > 1 and parsed(reply) is None and "```" not in reply["text"]
        and not reply.get("tool_calls") and not reply.get("error")
    ]  # fmt: skip


def forms(case: Case) -> list[int]:
    """Places of replies that fill in a form."""
    return [place for place, reply in enumerate(case.replies) if reply["node"] and parsed(reply) is not None]


def tool_calls(case: Case) -> list[int]:
    """Places of replies that call a tool."""
    return [place for place, reply in enumerate(case.replies) if reply["node"] and reply.get("tool_calls")]


def chats(ran: Ran, node: str | None = None) -> list[dict[str, Any]]:
    """The model calls, of one node where it is given."""
    return [dict(span) for span in ran.spans if span["operation"] == "chat" and node in (None, span["node_id"])]


def ended(case: Case, ran: Ran) -> bool:
    return ran.row.status == "done"


def always(case: Case, ran: Ran) -> bool:
    return True


def labelled(case: Case, *must: tuple[str, str], may: tuple[str, ...] = ()) -> Case:
    return replace(case, must=tuple(Label(*each) for each in must), may=frozenset(may))


def loosened(case: Case, node: str, after: int) -> None:
    """Later replies of the node fit whatever it is asked: the fault changes what stands in its prompts."""
    for reply in case.replies[after:]:
        if reply["node"] == node:
            reply.pop("match", None)


# --- what the model says ----------------------------------------------------------------------------


def cut_answer(case: Case, chance: random.Random, reason: str = "length") -> Case | None:
    """An answer breaks off in the middle, and the provider says why."""
    places = [place for place in prose(case) if len(case.replies[place]["text"]) > 3]
    if not places:
        return None
    reply = case.replies[chance.choice(places)]
    reply["text"] = reply["text"][: len(reply["text"]) // 2 + 1]
    reply["finish_reason"] = reason
    return labelled(case, ("truncated_answer", reply["node"]))


def cut_by_anthropic(case: Case, chance: random.Random) -> Case | None:
    """The same as another provider says it."""
    return cut_answer(case, chance, "max_tokens")


def was_cut(case: Case, ran: Ran) -> bool:
    return any(span["finish_reason"] in ("length", "max_tokens") for span in ran.spans)


def silent_model(case: Case, chance: random.Random) -> Case | None:
    """A prompt is answered with nothing."""
    places = [place for place in prose(case) if kind_of(case, case.replies[place]["node"]) == "prompt"]
    if not places:
        return None
    place = chance.choice(places)
    reply = case.replies[place]
    reply["text"] = ""
    for later in case.replies[place + 1 :]:
        later.pop("match", None)
    return labelled(case, ("empty_reply", reply["node"]), may=("empty_input", "empty_output"))


def was_silent(case: Case, ran: Ran) -> bool:
    return any(
        span["status"] == "ok" and span["output"].get("content") == "" and not span["output"].get("tool_calls")
        for span in chats(ran)
    )


def repeated(case: Case, chance: random.Random) -> Case | None:
    """A tool call is asked for once more, word for word."""
    places = [place for place in tool_calls(case) if kind_of(case, case.replies[place]["node"]) == "agent"]
    if not places:
        return None
    place = chance.choice(places)
    reply = case.replies[place]
    again = {key: value for key, value in reply.items() if key not in ("match", "visit")}
    case.replies.insert(place + 1, again)
    loosened(case, reply["node"], place + 2)
    return labelled(case, ("repeated_call", reply["node"]))


def asked_twice(case: Case, ran: Ran) -> bool:
    node = case.must[0].node
    calls = [
        json.dumps([call["name"], call.get("arguments", call.get("args"))], sort_keys=True)
        for span in chats(ran, node) if span["status"] == "ok"
        for call in span["output"].get("tool_calls") or ()
    ]  # fmt: skip
    return len(calls) > len(set(calls))


def made_up_tool(case: Case, chance: random.Random) -> Case | None:
    """A tool is called by a name that does not exist."""
    places = [place for place in tool_calls(case) if kind_of(case, case.replies[place]["node"]) == "agent"]
    if not places:
        return None
    place = chance.choice(places)
    reply = case.replies[place]
    reply["tool_calls"][0]["name"] += "_pro"
    loosened(case, reply["node"], place + 1)
    return labelled(case, ("unknown_tool", reply["node"]), may=("unsupported_answer",))


def one_call_too_many(case: Case, chance: random.Random) -> Case | None:
    """The agent has one call less than it wants to make."""
    nodes: dict[str, int] = {}
    for place in tool_calls(case):
        node = case.replies[place]["node"]
        if kind_of(case, node) == "agent":
            nodes[node] = nodes.get(node, 0) + len(case.replies[place]["tool_calls"])
    if not nodes:
        return None
    node = chance.choice(sorted(nodes))
    place = max(place for place in tool_calls(case) if case.replies[place]["node"] == node)
    more = json.loads(json.dumps(case.replies[place]["tool_calls"][0]))
    arguments = more["arguments"]
    name = next((key for key, value in arguments.items() if isinstance(value, str)), None)
    if name is None:
        return None
    arguments[name] += " + 0" if more["name"] == "calculator" else " "
    case.replies.insert(place + 1, {"node": node, "text": "", "tool_calls": [more]})
    case.document["nodes"][node].setdefault("config", {})["max_calls"] = nodes[node]
    loosened(case, node, place + 2)
    return labelled(case, ("calls_spent", node))


def told_spent(case: Case, ran: Ran) -> bool:
    told = "No tool calls are left"
    return any(told in json.dumps(span["input"]) for span in chats(ran))


def quoted_number(case: Case, chance: random.Random) -> Case | None:
    """A number or a boolean in a form comes as a text, which a lenient check takes."""
    places = [
        place for place in forms(case)
        if any(isinstance(value, int | float) for value in parsed(case.replies[place]).values())
    ]  # fmt: skip
    if not places:
        return None
    reply = case.replies[chance.choice(places)]
    filled = parsed(reply)
    name = chance.choice(sorted(key for key, value in filled.items() if isinstance(value, int | float)))
    filled[name] = json.dumps(filled[name])
    reply["text"] = json.dumps(filled)
    return labelled(case, ("type_coerced", reply["node"]))


def unclosed_form(case: Case, chance: random.Random) -> Case | None:
    """The last brackets of a form are missing, and the parser puts them there."""
    places = forms(case)
    if not places:
        return None
    reply = case.replies[chance.choice(places)]
    reply["text"] = reply["text"].rstrip().rstrip("}]").rstrip()
    return labelled(case, ("type_coerced", reply["node"]))


def was_taken(case: Case, ran: Ran) -> bool:
    """The bent answer was taken: the call is ok."""
    texts = {reply["text"] for reply in case.replies if reply["node"] == case.must[0].node}
    return any(
        span["status"] == "ok" and "schema" in (span["attributes"] or {})
        and _is_bent(str(span["output"].get("content")), texts)
        for span in chats(ran, case.must[0].node)
    )  # fmt: skip


def _is_bent(text: str, texts: set[str]) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return text in texts
    return text in texts and isinstance(value, dict) and any(
        isinstance(each, str) and re.fullmatch(r"-?\d+(\.\d+)?|true|false", each) for each in value.values()
    )  # fmt: skip


def never_a_form(case: Case, chance: random.Random) -> Case | None:
    """Instead of a form there is prose, and again."""
    places = forms(case)
    if not places:
        return None
    place = chance.choice(places)
    reply = case.replies[place]
    reply["text"] = "Well, it depends on how one looks at it."
    case.replies.insert(0, {"node": reply["node"], "match": AGAIN, "text": "As I said: it depends."})
    return labelled(case, ("answer_never_fit", reply["node"]))


AGAIN = "^That does not fit"
"""How a node asks once more."""


def two_misfits(case: Case, ran: Ran) -> bool:
    """One of them where it was asked once more: calls side by side may each misfit once."""
    return any(
        (span["error"] or {}).get("type") == "AnswerError" and re.match(AGAIN, str(span["input"][-1]["content"]))
        for span in chats(ran)
    )


def broken_service(case: Case, chance: random.Random) -> Case | None:
    """The model's service refuses one call."""
    places = [*prose(case), *forms(case)]
    if not places:
        return None
    reply = case.replies[chance.choice(places)]
    reply["error"] = {"what": "The model refused the request", "mend": "Use another model.", "retryable": False}
    return labelled(case, ("node_failed", reply["node"]))


def dead_service(case: Case, chance: random.Random) -> Case | None:
    """The model's service does not answer a node, however often it is tried."""
    places = [place for place in prose(case) if kind_of(case, case.replies[place]["node"]) == "prompt"]
    if not places:
        return None
    reply = case.replies[chance.choice(places)]
    reply["error"] = {"what": "The model did not answer in time", "mend": "Try later.", "retryable": True}
    reply["repeat"] = True
    return labelled(case, ("retries_exhausted", reply["node"]), ("node_failed", reply["node"]))


def failed(case: Case, ran: Ran) -> bool:
    return ran.row.status == "failed"


def failed_at(case: Case, ran: Ran) -> bool:
    return failed(case, ran) and (ran.row.error or {}).get("node") == case.must[0].node


def other_number(case: Case, chance: random.Random) -> Case | None:
    """The model writes another number than its tool gave."""
    agents = {case.replies[place]["node"] for place in tool_calls(case)}
    places = [
        place for place in prose(case)
        if case.replies[place]["node"] in agents and _NUMBER.search(case.replies[place]["text"])
    ]  # fmt: skip
    if not places:
        return None
    reply = case.replies[places[-1]]
    wrong = str(chance.randint(7_000, 9_999))
    old = _NUMBER.search(reply["text"])[0]
    for each in case.replies[places[-1] :]:
        if parsed(each) is None or each is reply:
            each["text"] = re.sub(rf"(?<![\d.]){re.escape(old)}(?![\d.])", wrong, each["text"])
        if each is not reply:
            each.pop("match", None)
    return labelled(case, ("unsupported_answer", ""))


_NUMBER = re.compile(r"(?<![\d.])\d{2,}(?:\.\d+)?(?![\d.])")


def number_given_out(case: Case, ran: Ran) -> bool:
    wrong = [text for reply in case.replies for text in re.findall(r"\b[7-9]\d{3}\b", reply["text"])]
    answer = str((ran.row.outputs or {}).get(next(iter(case.document["outputs"]))))
    return ended(case, ran) and any(each in answer for each in wrong)


MODEL_FAULTS: tuple[FaultKind, ...] = (
    FaultKind("cut_answer", cut_answer, was_cut),
    FaultKind("cut_by_anthropic", cut_by_anthropic, was_cut, held_out=True),
    FaultKind("silent_model", silent_model, was_silent),
    FaultKind("repeated_call", repeated, asked_twice),
    FaultKind("made_up_tool", made_up_tool, always),
    FaultKind("one_call_too_many", one_call_too_many, told_spent),
    FaultKind("quoted_number", quoted_number, was_taken),
    FaultKind("unclosed_form", unclosed_form, was_taken, held_out=True),
    FaultKind("never_a_form", never_a_form, two_misfits),
    FaultKind("broken_service", broken_service, failed_at),
    FaultKind("dead_service", dead_service, failed_at),
    FaultKind("other_number", other_number, number_given_out),
)
