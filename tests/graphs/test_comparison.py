"""Two runs held against each other: aligned, what changed, where they part, and their paths."""

from dataclasses import dataclass
from typing import Any

from graphs.comparison import Comparison, Side
from graphs.comparison_graph import edge_pairs, node_pairs
from graphs.document import Document
from tests.documents import document

GRAPH = document(
    {"start": "start", "solve": "agent", "critique": "reflection.critique", "finish": "finish"},
    ("start -> solve", "solve -> critique", "critique.revise -> solve", "critique.accept -> finish"),
    outputs={"answer": {}},
)


@dataclass(frozen=True)
class Mark:
    """Of a value: its text."""

    digest: str
    size: int


@dataclass(frozen=True)
class Span:
    """A span as the store's light ones."""

    id: str
    parent_id: str | None
    operation: str
    name: str
    node_id: str | None = None
    kind: str | None = None
    visit: int | None = None
    item: int | None = None
    status: str = "ok"
    outcome: str | None = None
    started_at: float = 0.0
    ended_at: float | None = 0.0
    tokens: int = 0
    usd: float | None = None
    error: str | None = None
    input: Mark | None = None
    output: Mark | None = None
    settings: Mark | None = None
    kept_from: str | None = None
    by_hand: Mark | None = None


class Run:
    """Spans of a run, each a second after the one before; values are texts."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.spans: list[Span] = []
        self.clock = 0.0
        self.add("invoke_workflow", "run", None)

    def add(
        self, operation: str, name: str, parent: str | None, *, given: str = "", gave: str = "", **more: Any
    ) -> str:
        """A span below ``parent`` that ends before the next one begins; its id."""
        self.clock += 1
        id = f"{self.prefix}{len(self.spans)}"
        columns = {"started_at": self.clock, "ended_at": self.clock + 0.5, **more}
        self.spans.append(Span(id, parent, operation, name, input=mark(given), output=mark(gave), **columns))
        return id

    def visit(self, node: str, visit: int = 1, *, outcome: str = "done", under: str | None = None, **more: Any) -> str:
        """A visit of a node, below the run's own span where nothing else is said."""
        above = under or self.spans[0].id
        return self.add(
            "invoke_node", node, above, node_id=node, visit=visit, outcome=outcome, **{"kind": node, **more}
        )

    def chat(self, visit: str, prompt: str, answer: str, **more: Any) -> str:
        """A model call of a visit that ends within it."""
        number = int(visit.removeprefix(self.prefix))
        begun = self.spans[number]
        place = {"node_id": begun.node_id, "visit": begun.visit, "item": begun.item}
        id = self.add("chat", "m", visit, given=prompt, gave=answer, **{**place, "tokens": 10, "usd": 0.001, **more})
        self.clock += 1
        self.spans[number] = Span(**{**vars(begun), "ended_at": self.clock + 0.5})
        return id

    def side(self, document: Document = GRAPH, answer: str = "x", status: str = "done") -> Side:
        return Side(
            document, sorted(self.spans, key=lambda span: (span.started_at, span.id)), status, {"answer": answer}
        )


def mark(text: str) -> Mark | None:
    return Mark(text, len(text)) if text else None


def never(left: str, right: str, column: str) -> bool:
    """Values whose marks differ are different."""
    return False


def tutor(prefix: str, *, verdicts: tuple[str, ...] = ("accept",), prompt: str = "Check.") -> Run:
    """Start, then solve and critique until it accepts, then finish."""
    run = Run(prefix)
    run.visit("start", gave="q")
    for number, verdict in enumerate(verdicts, 1):
        solve = run.visit("solve", number, given="q", gave=f"draft {number}")
        run.chat(solve, f"Solve {number}", f"draft {number}")
        critique = run.visit("critique", number, given=f"draft {number}", gave=verdict, outcome=verdict)
        run.chat(critique, prompt, verdict)
    run.visit("finish", given=f"draft {len(verdicts)}", outcome="")
    return run


def told(comparison: Comparison) -> list[tuple[str, int | None, tuple[str, ...]]]:
    """Each visit in order with its changes."""
    return [(visit.node, visit.pair.span.visit, visit.changes) for visit in comparison.visits]


def test_runs_that_did_the_same_have_no_difference() -> None:
    """Ids and times do not count."""
    found = Comparison(tutor("a").side(), tutor("b").side(), never)
    assert (found.same, found.first, found.changed, found.document) == (True, None, (), ())
    assert [visit.node for visit in found.visits] == ["start", "solve", "critique", "finish"]


def test_a_changed_prompt_that_turns_the_verdict_is_the_first_divergence() -> None:
    """The visit is named with all that changed in it; what the right run alone has stands after what led to it."""
    found = Comparison(tutor("a").side(), tutor("b", verdicts=("revise", "accept"), prompt="Recompute.").side(), never)
    assert told(found) == [
        ("start", 1, ()), ("solve", 1, ()), ("critique", 1, ("prompt", "answer", "outcome", "output")),
        ("solve", 2, ("missing",)), ("critique", 2, ("missing",)), ("finish", 1, ("input",)),
    ]  # fmt: skip
    assert found.first is found.visits[2]
    assert not found.same


def test_the_first_divergence_is_the_earliest_change_not_the_earliest_visit() -> None:
    """A frame begins before its body, but its output differs only after the body's did."""
    runs = Run("a"), Run("b")
    for run, word in zip(runs, ("same", "other"), strict=True):
        frame = run.visit("each", given="items", gave=f"list {word}", ended_at=20.0)
        run.visit("shout", 1, item=0, under=frame, given="x", gave="X")
        run.visit("shout", 1, item=1, under=frame, given="y", gave=word)
    found = Comparison(runs[0].side(), runs[1].side(), never)
    assert [(visit.node, visit.pair.span.item, visit.depth, visit.changes) for visit in found.visits] == [
        ("each", None, 0, ("output",)), ("shout", 0, 1, ()), ("shout", 1, 1, ("output",)),
    ]  # fmt: skip
    assert found.first is found.visits[2]


def test_values_whose_keys_stand_otherwise_are_asked_for() -> None:
    """Only where the marks differ and the sizes do not."""
    runs = Run("a"), Run("b")
    for run, text in zip(runs, ("ab", "ba"), strict=True):
        run.visit("solve", given=text, gave=text * 2)
    runs[1].spans[1] = Span(**{**vars(runs[1].spans[1]), "output": mark("longer")})
    asked: list[tuple[str, str, str]] = []

    def alike(left: str, right: str, column: str) -> bool:
        asked.append((left, right, column))
        return True

    found = Comparison(runs[0].side(), runs[1].side(), alike)
    assert asked == [("a1", "b1", "input")]
    assert found.visits[0].changes == ("output",)


def test_calls_are_paired_by_what_they_ask_before_their_order() -> None:
    """A call put in before leaves the others equal; a changed one stands for that at its place between them."""
    runs = Run("a"), Run("b")
    for run, prompts in zip(runs, (("one", "two", "three"), ("new", "one", "2", "three")), strict=True):
        visit = run.visit("solve")
        for prompt in prompts:
            run.chat(visit, prompt, "answer")
    found = Comparison(runs[0].side(), runs[1].side(), never)
    calls = found.calls(found.visits[0])
    asked = [tuple(span and span.input for span in (pair.left, pair.right)) for pair, _ in calls]
    pairs = (("two", "2"), (None, "new"), ("one", "one"), ("three", "three"))
    assert asked == [tuple(text and mark(text) for text in pair) for pair in pairs]
    assert [changes for _, changes in calls] == [("prompt",), ("calls",), (), ()]
    assert found.visits[0].changes == ("prompt", "calls")


def test_other_settings_of_a_model_are_not_another_prompt() -> None:
    """The same messages with another temperature, or to another model."""
    runs = Run("a"), Run("b")
    for run, settings in zip(runs, ("0", "1"), strict=True):
        run.chat(run.visit("solve"), "Solve", "answer", settings=mark(settings))
    assert Comparison(runs[0].side(), runs[1].side(), never).visits[0].changes == ("model",)


def test_a_visit_taken_over_is_compared_by_what_came_of_it() -> None:
    """It has no calls of its own, which is no difference; its figures say that it cost nothing."""
    left, right = tutor("a"), Run("b")
    for span in left.spans[1:]:
        if span.operation == "invoke_node":
            columns = {**vars(span), "id": f"b{span.id}", "parent_id": "b0", "kept_from": span.id}
            right.spans.append(Span(**columns))
    found = Comparison(left.side(), right.side(), never)
    assert found.same
    solve = next(node for node in node_pairs(found) if node.node == "solve")
    assert solve.left and solve.right
    assert (solve.left.tokens, solve.left.kept, solve.right.tokens, solve.right.kept) == (10, 0, 0, 1)


def test_values_given_by_hand_are_the_cause_that_is_told() -> None:
    """A visit whose outputs a person gave did not run: its missing calls are no difference of their own."""
    left, right = Run("a"), Run("b")
    left.chat(left.visit("solve", gave="draft"), "Solve", "draft")
    right.visit("solve", gave="better", by_hand=mark("better"))
    found = Comparison(left.side(), right.side(), never)
    assert found.visits[0].changes == ("by_hand", "output")


def test_another_kind_under_the_same_id_is_told() -> None:
    """The visits stand for each other all the same."""
    runs = Run("a"), Run("b")
    for run, kind in zip(runs, ("agent", "prompt"), strict=True):
        run.visit("solve", kind=kind)
    assert Comparison(runs[0].side(), runs[1].side(), never).visits[0].changes == ("kind",)


def test_a_workflow_that_only_one_visit_runs_is_another_call() -> None:
    """Its visits are there on one side alone, and the visit that ran it says so."""
    runs = Run("a"), Run("b")
    visits = [run.visit("solve", ended_at=9.0) for run in runs]
    inner = runs[1].add("invoke_workflow", "draft", visits[1], node_id="frame", visit=1)
    runs[1].visit("work", under=inner)
    found = Comparison(runs[0].side(), runs[1].side(), never)
    assert told(found) == [("solve", 1, ("calls",)), ("work", 1, ("missing",))]
    assert [pair.right is not None for pair in found.bodies["frame"]] == [True]


def test_a_visit_begun_anew_by_a_resumed_run_counts_once() -> None:
    """Of a visit that a lost process left behind only the one that went on is aligned."""
    left, right = tutor("a"), Run("b")
    lost = right.visit("start", status="lost", ended_at=None)
    right.chat(lost, "never answered", "", status="lost")
    for span in tutor("c").spans[1:]:
        right.spans.append(
            Span(
                **{
                    **vars(span),
                    "parent_id": "b0" if span.parent_id == "c0" else span.parent_id,
                    "started_at": span.started_at + 50,
                }
            )
        )
    found = Comparison(left.side(), right.side(), never)
    assert [visit.node for visit in found.visits] == ["start", "solve", "critique", "finish"]
    assert found.changed == ()


def test_of_runs_that_go_on_only_the_states_are_held_against_each_other() -> None:
    """A visit that waits has no output yet: that one ended and one did not is what is told."""
    runs = Run("a"), Run("b")
    runs[0].visit("ask", gave="yes")
    runs[1].visit("ask", status="waiting", outcome="", ended_at=None)
    found = Comparison(runs[0].side(), runs[1].side(status="waiting"), never)
    assert found.visits[0].changes == ("outcome",)


def test_the_path_of_each_run_lies_on_the_graph() -> None:
    """Edges say how often each run took them; figures are sums over the visits, with the calls below."""
    found = Comparison(tutor("a").side(), tutor("b", verdicts=("revise", "accept")).side(), never)
    assert {edge.edge: (edge.left, edge.right) for edge in edge_pairs(found)} == {
        "start.done -> solve": (1, 1), "solve.done -> critique": (1, 2),
        "critique.revise -> solve": (0, 1), "critique.accept -> finish": (1, 1),
    }  # fmt: skip
    solve = next(node for node in node_pairs(found) if node.node == "solve")
    assert solve.left and solve.right
    assert (solve.left.visits, solve.left.tokens, solve.right.visits, solve.right.tokens) == (1, 10, 2, 20)
    assert solve.right.usd == 0.002
    assert (solve.first, solve.first_changed, solve.changes) == (1, 3, ("missing",))


def test_an_unknown_price_makes_a_cost_unknown() -> None:
    """A sum with an unknown part is not a smaller sum."""
    run = tutor("a")
    run.chat(run.spans[2].id, "more", "text", usd=None)
    found = Comparison(run.side(), tutor("b").side(), never)
    solve = next(node for node in node_pairs(found) if node.node == "solve")
    assert solve.left and solve.right
    assert (solve.left.usd, solve.right.usd) == (None, 0.001)


def test_the_graph_is_that_of_both_workflows() -> None:
    """A node and an edge of one version alone are there, and say whose they are; edited settings are told."""
    nodes = dict(GRAPH.nodes)
    del nodes["critique"]
    nodes["solve"] = nodes["solve"].model_copy(update={"config": {"max_calls": 2}})
    edited = document(
        {id: {"kind": node.kind, "config": node.config} for id, node in nodes.items()},
        ("start -> solve", "solve -> finish"),
        outputs={"answer": {}},
    )
    run = Run("b")
    for node in ("start", "solve", "finish"):
        run.visit(node)
    found = Comparison(tutor("a").side(), run.side(edited), never)
    assert {node.node: node.within for node in node_pairs(found)} == {
        "start": "both", "solve": "both", "critique": "left", "finish": "both",
    }  # fmt: skip
    assert {edge.edge: edge.within for edge in edge_pairs(found)}["solve.done -> finish"] == "right"
    assert "settings" in next(node for node in node_pairs(found) if node.node == "solve").changes
    assert [change.what for change in found.document if change.node == "critique"] == ["critique is gone"]


def test_what_a_workflow_inside_a_node_does_is_not_on_the_graph() -> None:
    """Its nodes may have the ids of the document's own; their visits are aligned, and counted below their node."""
    runs = Run("a"), Run("b")
    for run, word in zip(runs, ("same", "other"), strict=True):
        outer = run.visit("solve", ended_at=30.0)
        inner = run.add("invoke_workflow", "inner", outer, visit=1, given="q", ended_at=29.0)
        run.visit("critique", under=inner, gave=word)
    found = Comparison(runs[0].side(), runs[1].side(), never)
    assert [(visit.node, visit.own, visit.depth) for visit in found.visits] == [
        ("solve", True, 0),
        ("critique", False, 1),
    ]
    assert next(node for node in node_pairs(found) if node.node == "critique").left is None
    assert found.first is found.visits[1]


def test_a_run_without_spans_can_be_compared() -> None:
    """Nothing was written yet: everything is on the other side alone."""
    found = Comparison(Side(GRAPH, [], "queued", None), tutor("b").side(), never)
    assert {visit.changes for visit in found.visits} == {("missing",)}
    assert found.first is found.visits[0]
