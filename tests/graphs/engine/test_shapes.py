"""Shapes of graphs: what comes out, and which nodes ran how often with what."""
# ruff: noqa: E501 - a graph is easier to read with its edges on one line

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from graphs.document import Document
from tests.graphs.engine.fakes import Bench, workflow

STEP = "t.step"
ALL, ANY = ("control.join", {"mode": "all"}), ("control.join", {"mode": "any"})


def pick(*take: str, routes: tuple[str, ...] = ()) -> tuple[str, dict[str, Any]]:
    names = routes or tuple(dict.fromkeys(name for name in take if name != "done"))
    return ("t.pick", {"routes": [{"name": name} for name in names], "take": list(take)})


@dataclass
class Shape:
    document: Document
    answer: Any
    visits: dict[str, int]
    inputs: dict[str, Any] = field(default_factory=dict)


SHAPES = {
    "chain": Shape(
        workflow({"a": STEP, "b": STEP}, "start -> a, a -> b, b -> finish", "a.out -> b.a, b.out -> finish.answer"),
        "b1(a1())", {"a": 1, "b": 1},
    ),
    "branch taken": Shape(
        workflow(
            {"p": pick("left", routes=("left", "right")), "l": STEP, "r": STEP},
            "start -> p, p.left -> l, p.right -> r, l -> finish, r -> finish", "l.out -> finish.answer, r.out -> finish.answer",
        ),
        "l1()", {"p": 1, "l": 1},
    ),
    "outcome that leads nowhere ends its branch": Shape(
        workflow({"p": pick("left", routes=("left", "right")), "r": STEP}, "start -> p, p.right -> r, r -> finish"),
        None, {"p": 1},
    ),
    "loop with a bound": Shape(
        workflow(
            {"w": STEP, "limit": ("control.loop_limit", {"max_turns": 3})},
            "start -> w, w -> limit, limit.again -> w, limit.exhausted -> finish", "w.out -> w.a, w.out -> finish.answer",
        ),
        "w4(w3(w2(w1())))", {"w": 4, "limit": 4},
    ),
    "the later of two sources counts": Shape(
        workflow(
            {"a": STEP, "b": STEP},
            "start -> a, a -> b, b -> finish", "a.out -> finish.answer, b.out -> finish.answer",
        ),
        "b1()", {"a": 1, "b": 1},
    ),
    "fan-out and join all": Shape(
        workflow(
            {"a": STEP, "b": STEP, "j": ALL, "c": STEP},
            "start -> a, start -> b, a -> j, b -> j, j -> c, c -> finish", "a.out -> c.a, b.out -> c.b, c.out -> finish.answer",
        ),
        "c1(a1(),b1())", {"a": 1, "b": 1, "j": 1, "c": 1},
    ),
    "join all of branches of different length": Shape(
        workflow(
            {"a": STEP, "b": STEP, "b2": STEP, "b3": STEP, "j": ALL, "c": STEP},
            "start -> a, start -> b, b -> b2, b2 -> b3, a -> j, b3 -> j, j -> c, c -> finish",
            "a.out -> c.a, b3.out -> c.b, c.out -> finish.answer",
        ),
        "c1(a1(),b31())", {"a": 1, "b": 1, "b2": 1, "b3": 1, "j": 1, "c": 1},
    ),
    "join all does not wait for an untaken branch": Shape(
        workflow(
            {"a": STEP, "p": pick("away", routes=("away", "on")), "z": STEP, "j": ALL, "c": STEP},
            "start -> a, start -> p, a -> j, p.on -> j, p.away -> z, j -> c, c -> finish", "a.out -> c.a, c.out -> finish.answer",
        ),
        "c1(a1())", {"a": 1, "p": 1, "z": 1, "j": 1, "c": 1},
    ),
    "join all behind an exclusive choice goes on at once": Shape(
        workflow(
            {"p": pick("l", routes=("l", "r")), "l": STEP, "r": STEP, "j": ALL},
            "start -> p, p.l -> l, p.r -> r, l -> j, r -> j, j -> finish", "l.out -> finish.answer, r.out -> finish.answer",
        ),
        "l1()", {"p": 1, "l": 1, "j": 1},
    ),
    "join any goes on once at the first arrival": Shape(
        workflow(
            {"a": STEP, "b": STEP, "b2": STEP, "b3": STEP, "j": ANY, "c": STEP},
            "start -> a, start -> b, b -> b2, b2 -> b3, a -> j, b3 -> j, j -> c, c -> finish",
            "a.out -> c.a, b3.out -> c.b, c.out -> finish.answer",
        ),
        "c1(a1())", {"a": 1, "b": 1, "b2": 1, "b3": 1, "j": 1, "c": 1},
    ),
    "join any with arrivals in the same step goes on once": Shape(
        workflow(
            {"a": STEP, "b": STEP, "j": ANY},
            "start -> a, start -> b, a -> j, b -> j, j -> finish", "a.out -> finish.answer",
        ),
        "a1()", {"a": 1, "b": 1, "j": 1},
    ),
    "nested joins": Shape(
        workflow(
            {"a": STEP, "b": STEP, "c": STEP, "c2": STEP, "inner": ALL, "i": STEP, "outer": ALL, "d": STEP},
            "start -> a, start -> b, start -> c, a -> inner, b -> inner, inner -> i, i -> outer, c -> c2, c2 -> outer,"
            "outer -> d, d -> finish",
            "i.out -> d.a, c2.out -> d.b, d.out -> finish.answer",
        ),
        "d1(i1(),c21())", {"a": 1, "b": 1, "c": 1, "c2": 1, "inner": 1, "i": 1, "outer": 1, "d": 1},
    ),
    "a join straight behind a join": Shape(
        workflow(
            {"a": STEP, "b": STEP, "c": STEP, "inner": ALL, "outer": ALL, "d": STEP},
            "start -> a, start -> b, start -> c, a -> inner, b -> inner, inner -> outer, c -> outer, outer -> d, d -> finish",
            "d.out -> finish.answer",
        ),
        "d1()", {"a": 1, "b": 1, "c": 1, "inner": 1, "outer": 1, "d": 1},
    ),
    "join all in a loop works on each turn": Shape(
        workflow(
            {"head": STEP, "a": STEP, "b": STEP, "b2": STEP, "j": ALL, "limit": ("control.loop_limit", {"max_turns": 2})},
            "start -> head, head -> a, head -> b, a -> j, b -> b2, b2 -> j, j -> limit, limit.again -> head, limit.exhausted -> finish",
            "b2.out -> finish.answer",
        ),
        "b23()", {"head": 3, "a": 3, "b": 3, "b2": 3, "j": 3, "limit": 3},
    ),
    "join any in a loop works on each turn": Shape(
        workflow(
            {"head": STEP, "a": STEP, "b": STEP, "j": ANY, "t": STEP, "limit": ("control.loop_limit", {"max_turns": 2})},
            "start -> head, head -> a, head -> b, a -> j, b -> j, j -> t, t -> limit, limit.again -> head, limit.exhausted -> finish",
            "t.out -> finish.answer",
        ),
        "t3()", {"head": 3, "a": 3, "b": 3, "j": 3, "t": 3, "limit": 3},
    ),
    "join any in a loop ignores the slow branch of the turn before": Shape(
        workflow(
            {
                "head": STEP, "a": STEP, "b": STEP, "b2": STEP, "b3": STEP, "j": ANY,
                "limit": ("control.loop_limit", {"max_turns": 1}), "t": STEP, "t2": STEP,
            },
            "start -> head, head -> a, head -> b, b -> b2, b2 -> b3, a -> j, b3 -> j, j -> t, t -> t2, t2 -> limit,"
            "limit.again -> head, limit.exhausted -> finish",
            "t.out -> finish.answer",
        ),
        "t2()", {"head": 2, "a": 2, "b": 2, "b2": 2, "b3": 2, "j": 2, "limit": 2, "t": 2, "t2": 2},
    ),
    "two joins in one loop, one behind the other": Shape(
        workflow(
            {
                "head": STEP, "a": STEP, "b": STEP, "c": STEP, "j1": ALL, "j2": ALL,
                "limit": ("control.loop_limit", {"max_turns": 2}),
            },
            "start -> head, head -> a, head -> b, head -> c, a -> j1, b -> j1, j1 -> j2, c -> j2, j2 -> limit,"
            "limit.again -> head, limit.exhausted -> finish",
            "c.out -> finish.answer",
        ),
        "c3()", {"head": 3, "a": 3, "b": 3, "c": 3, "j1": 3, "j2": 3, "limit": 3},
    ),
    "error outcome": Shape(
        workflow(
            {"a": (STEP, {"fail": 1}), "mend": STEP}, "start -> a, a -> finish, a.error -> mend, mend -> finish",
            "mend.out -> finish.answer",
        ),
        "mend1()", {"a": 1, "mend": 1},
    ),
    "error outcome into a loop": Shape(
        workflow({"a": (STEP, {"fail": 2})}, "start -> a, a -> finish, a.error -> a", "a.out -> finish.answer"),
        "a3()", {"a": 3},
    ),
    "error outcome of one branch before a join": Shape(
        workflow(
            {"a": (STEP, {"fail": 1}), "m": STEP, "b": STEP, "j": ALL, "c": STEP},
            "start -> a, start -> b, a -> j, a.error -> m, m -> j, b -> j, j -> c, c -> finish", "m.out -> c.a, b.out -> c.b, c.out -> finish.answer",
        ),
        "c1(m1(),b1())", {"a": 1, "m": 1, "b": 1, "j": 1, "c": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_shape(name: str, bench: Bench) -> None:
    """The answer is right and every node ran as often as the shape says."""
    shape = SHAPES[name]
    row = bench.run(shape.document, shape.inputs)
    assert (row.status, row.error) == ("done", None)
    assert (row.outputs or {}).get("answer") == shape.answer
    ran = Counter({id: count for id, count in bench.visits().items() if id not in ("start", "finish")})
    assert ran == Counter(shape.visits)


def test_inputs_are_what_the_sources_produced(bench: Bench) -> None:
    """The span of each visit holds the inputs as bound and the outputs as produced."""
    bench.run(SHAPES["fan-out and join all"].document)
    spans = {row["node_id"]: row for row in bench.spans.of("invoke_node")}
    assert spans["c"]["input"] == {"a": "a1()", "b": "b1()"}
    assert spans["c"]["output"] == {"out": "c1(a1(),b1())"}
