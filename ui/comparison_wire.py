"""A comparison as JSON data (docs/contracts.md, Comparisons)."""

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from graphs.comparison import Visit
from graphs.comparison_alignment import Pair
from graphs.comparison_graph import NodePair, edge_pairs, node_pairs, seconds
from graphs.comparison_trace import LightSpan
from graphs.replay_matching import same
from ui.comparing import Compared

Json = dict[str, Any]

FEW_WORDS: Final = 80
"""Characters of an output in the table of nodes."""
MOST_CALLS: Final = 100


def summary(compared: Compared) -> Json:
    """Everything but the visits: bounded by the size of the workflows, not of the runs."""
    comparison = compared.comparison
    left, right = compared.runs
    return {
        "left": asdict(left), "right": asdict(right), "same": comparison.same,
        "visits": len(comparison.visits), "changed": len(comparison.changed),
        "first": visit_data(compared, comparison.first) if comparison.first else None,
        "nodes": [asdict(node) | {"output": _outputs(compared, node)} for node in node_pairs(comparison)],
        "edges": [asdict(edge) for edge in edge_pairs(comparison)],
        "document": [change.as_dict() for change in comparison.document],
        "state": sorted({name for side in comparison.sides for name in side.document.state}),
    }  # fmt: skip


def window(compared: Compared, *, changed: bool, node: str | None, offset: int, limit: int) -> Json:
    """Some visits, and how many such there are."""
    found = _chosen(compared, changed, node)
    return {"visits": [visit_data(compared, each) for each in found[offset : offset + limit]], "total": len(found)}


def visit_data(compared: Compared, visit: Visit) -> Json:
    """A visit without its values."""
    span = visit.pair.span
    return {
        "index": visit.index, "node": visit.node, "label": span.name, "kind": span.kind, "visit": span.visit,
        "item": span.item, "depth": visit.depth, "own": visit.own, "changes": list(visit.changes),
        "left": _side(compared, visit.pair.left, 0), "right": _side(compared, visit.pair.right, 1),
    }  # fmt: skip


def detail(compared: Compared, visit: Visit) -> Json:
    """A visit with its values whole, and its calls without theirs."""
    comparison = compared.comparison
    calls = comparison.calls(visit)
    left, right = (compared.span(visit.on(side)) for side in (0, 1))
    return {
        "visit": visit_data(compared, visit),
        "left": left and asdict(left), "right": right and asdict(right),
        "calls": [_call(compared, call, changes) for call, changes in calls[:MOST_CALLS]], "calls_total": len(calls),
        "settings": [each.as_dict() for each in comparison.document if each.node == visit.node and visit.own],
        "place": _place(compared, visit),
    }  # fmt: skip


def _chosen(compared: Compared, changed: bool, node: str | None) -> Sequence[Visit]:
    comparison = compared.comparison
    if node is not None:
        return [each for each in comparison.of_node.get(node, ()) if each.changes or not changed]
    return [comparison.visits[index] for index in comparison.changed] if changed else comparison.visits


def _side(compared: Compared, span: LightSpan | None, side: int) -> Json | None:
    if span is None:
        return None
    begun = compared.comparison.traces[side].spans[0].started_at
    return {
        **_took(compared, span, side), "outcome": span.outcome, "kept": span.kept_from is not None,
        "at": max(0.0, span.started_at - begun),
    }  # fmt: skip


def _call(compared: Compared, call: Pair, changes: Sequence[str]) -> Json:
    sides = [span and _took(compared, span, side) for side, span in enumerate((call.left, call.right))]
    return {
        "operation": call.span.operation, "name": call.span.name, "changes": list(changes),
        "left": sides[0], "right": sides[1],
    }  # fmt: skip


def _took(compared: Compared, span: LightSpan, side: int) -> Json:
    spent = compared.comparison.traces[side].spent(span)
    return {"span": span.id, "status": span.status, "seconds": seconds(span), **asdict(spent)}


def _place(compared: Compared, visit: Visit) -> Json:
    """Where the visit stands among those that changed, and among those of its node."""
    changed = compared.comparison.changed
    own = [each.index for each in compared.comparison.of_node.get(visit.node, ())] if visit.own else [visit.index]
    nth, previous, following = _among(changed, visit.index)
    nth_of_node, previous_of_node, next_of_node = _among(own, visit.index)
    return {
        "nth_changed": nth, "previous_changed": previous, "next_changed": following,
        "nth_of_node": nth_of_node, "of_node": len(own),
        "previous_of_node": previous_of_node, "next_of_node": next_of_node,
    }  # fmt: skip


def _among(indices: Sequence[int], index: int) -> tuple[int | None, int | None, int | None]:
    """Of rising indices: which one this is, counted from 1, and those before and after it."""
    at = bisect_left(indices, index)
    among = at < len(indices) and indices[at] == index
    after = at + among
    return (
        at + 1 if among else None,
        indices[at - 1] if at else None,
        indices[after] if after < len(indices) else None,
    )


def _outputs(compared: Compared, node: NodePair) -> list[str] | None:
    """What the node gave last in each run, in few words; None where that is the same, or one gave nothing."""
    visits = compared.comparison.of_node.get(node.node, ())
    last = [next((span for visit in reversed(visits) if (span := visit.on(side))), None) for side in (0, 1)]
    if not node.changes or None in last:
        return None
    left, right = (compared.span(span).output for span in last)
    if same(left, right):
        return None
    if isinstance(left, dict) and isinstance(right, dict):
        ports = [port for port in {**left, **right} if not same(left.get(port), right.get(port))]
        left, right = left.get(ports[0]), right.get(ports[0])
    return [_few_words(left), _few_words(right)]


def _few_words(value: Any) -> str:
    said = value if isinstance(value, str) else "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    text = " ".join(said.split())
    return text if len(text) <= FEW_WORDS else text[: FEW_WORDS - 1] + "…"
