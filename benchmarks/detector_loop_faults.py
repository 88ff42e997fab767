"""Faults of loops and of agreement: what the model says round after round is changed.

As in ``detector_faults``: each takes a clean case and gives a broken one with its labels, or None.
"""

import json
import random
import re

from benchmarks.detector_cases import Case, Ran
from benchmarks.detector_faults import FaultKind, Reply, ended, labelled, of_node, parsed

VERDICT = "Put your judgement into the form"
REVISE = json.dumps({"verdict": "revise", "score": 3})


def never_content(case: Case, chance: random.Random) -> Case | None:
    """A critic finds fault with every draft, and each draft is another."""
    node = _critic_says_no(case, chance)
    if node is None:
        return None
    for reply in case.replies[1:]:
        reply.pop("match", None)
        reply.pop("visit", None)
    _endless(case, varied=True)
    return labelled(case, ("critique_never_accepts", node))


def _critic_says_no(case: Case, chance: random.Random) -> str | None:
    """Make one critic say revise each time; its node."""
    critics = sorted(of_node(case, "reflection.critique"))
    if not critics:
        return None
    node = chance.choice(critics)
    rest = [reply for reply in case.replies if reply["node"] != node or parsed(reply) is None]
    case.replies[:] = [{"node": node, "match": VERDICT, "text": REVISE, "repeat": True}, *rest]
    return node


def _endless(case: Case, *, varied: bool) -> None:
    """After the script's own end every node goes on with its last answer, put otherwise each time where ``varied``."""
    last = {reply["node"]: reply for reply in case.replies if reply["node"] and not reply.get("repeat")}
    for turn in range(8):
        for reply in last.values():
            words = parsed(reply) is None and "```" not in reply["text"] and varied
            case.replies.append({**reply, "text": f"Now ({turn}): {reply['text']}" if words else reply["text"]})


def in_circles(case: Case, chance: random.Random) -> Case | None:
    """A critic finds fault with every draft in the same words, and gets the same draft each time."""
    node = _critic_says_no(case, chance)
    if node is None:
        return None
    first: dict[str, Reply] = {}
    for reply in case.replies[1:]:
        if reply["node"] and not reply.get("tool_calls"):
            first.setdefault(reply["node"], {"node": reply["node"], "text": reply["text"], "repeat": True})
    case.replies[1:] = first.values()
    return labelled(case, ("critique_never_accepts", node), ("loop_without_progress", ""))


def uncontent(case: Case, ran: Ran) -> bool:
    visits = [span for span in ran.spans if span["operation"] == "invoke_node" and span["node_id"] == case.must[0].node]
    last = max(visits, key=lambda span: span["visit"], default=None)
    return ended(case, ran) and last is not None and (last["output"] or {}).get("verdict") == "revise"


def three_equal_visits(case: Case, ran: Ran) -> bool:
    visits = [span for span in ran.spans if span["operation"] == "invoke_node" and span["node_id"] == case.must[0].node]
    return uncontent(case, ran) and len(visits) > 2


def divided(case: Case, chance: random.Random) -> Case | None:
    """Everybody answers something else, to the end."""
    nodes = sorted(of_node(case, "deliberation.vote", "deliberation.debate"))
    if not nodes:
        return None
    node = nodes[0]
    replies = [reply for reply in case.replies if reply["node"] == node]
    if not replies or not all("Answer:" in reply["text"] for reply in replies):
        return None
    start = chance.randint(1_000, 2_000)
    numbered = [{**replies[0], "text": f"I think so.\nAnswer: {start + 37 * turn}"} for turn in range(24)]
    case.replies[:] = [reply for reply in case.replies if reply["node"] != node] + numbered
    return labelled(case, ("disagreement_unresolved", node))


def no_step_reaches_it(case: Case, chance: random.Random) -> Case | None:
    """A planner never sees the goal reached."""
    nodes = sorted(of_node(case, "planning.plan_next"))
    if not nodes:
        return None
    node = nodes[0]
    filled = [parsed(reply) for reply in case.replies if reply["node"] == node and parsed(reply)]
    steps = [form for form in filled if not form.get("reached")]
    if not steps:
        return None
    case.replies[:] = [reply for reply in case.replies if reply["node"] != node]
    for reply in case.replies:
        reply.pop("match", None)
    _endless(case, varied=True)
    titles = [f"{steps[0]['text']} ({turn})" for turn in range(12)]
    case.replies.extend([{"node": node, "text": json.dumps({**steps[0], "text": title})} for title in titles])
    return labelled(case, ("gave_up", node))


def was_exhausted(case: Case, ran: Ran) -> bool:
    return any(span["outcome"] == "exhausted" and span["node_id"] == case.must[0].node for span in ran.spans)


def bad_program(case: Case, chance: random.Random) -> Case | None:
    """Every program that is written gives back nothing."""
    checks = of_node(case, "reflection.verify_by_test")
    replies = [reply for reply in case.replies if "```python" in reply["text"] and "return" in reply["text"]]
    if not checks or not replies:
        return None
    for turn, reply in enumerate(replies):
        reply["text"] = re.sub(r"return .*", f"return 'nothing {turn}'", reply["text"])
    for reply in case.replies:
        reply.pop("match", None)
    _endless(case, varied=True)
    return labelled(case, ("check_never_passes", sorted(checks)[0]), may=("gave_up", "loop_without_progress"))


def check_failed(case: Case, ran: Ran) -> bool:
    return ended(case, ran) and any(
        span["outcome"] == "failed" and span["node_id"] == case.must[0].node for span in ran.spans
    )  # fmt: skip


LOOP_FAULTS: tuple[FaultKind, ...] = (
    FaultKind("never_content", never_content, uncontent),
    FaultKind("in_circles", in_circles, three_equal_visits),
    FaultKind("divided", divided, ended),
    FaultKind("no_step_reaches_it", no_step_reaches_it, was_exhausted),
    FaultKind("bad_program", bad_program, check_failed),
)
