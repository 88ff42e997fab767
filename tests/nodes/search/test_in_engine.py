"""A search and its sub-workflows in a real run, as a document says them."""

from pathlib import Path

import pytest

from graphs.validate import validate
from graphs.yaml_format import parse
from nodes.registry import KINDS
from tests.graphs.engine.reaching import opened

NUMBERS = """
nodeloom: 1
title: Make ten
inputs: {goal: {}}
outputs: {ways: {type: "list[any]"}, expanded: {type: number}}
nodes:
  start: {kind: start}
  look: {kind: KIND, config: {goal: situation == 10, depth: 6, expansions: 40}}
  finish: {kind: finish}
  python: {kind: tool.python}
  propose:
    kind: resource.subworkflow
    config: {takes: [{name: situation, type: any}], gives: [{name: actions, type: "list[any]"}]}
  moves:
    kind: tools.call
    parent: propose
    config:
      arguments:
        code: |-
          n = int("0{{n}}")
          [{"action": "add 1", "situation": n + 1}, {"action": "double", "situation": 2 * n}]
  value:
    kind: resource.subworkflow
    config: {takes: [{name: situation, type: any}], gives: [{name: value, type: number}]}
  near:
    kind: tools.call
    parent: value
    config: {arguments: {code: "max(0.05, 1 - abs(10 - {{n}}) / 10)"}}
edges:
  flow: [start -> look, look.solved -> finish, look.unsolved -> finish, propose.each -> moves, value.each -> near]
  data:
    - start.goal -> look.problem
    - look.actions -> finish.ways
    - look.expanded -> finish.expanded
    - propose.situation -> moves.n
    - moves.data -> propose.actions
    - value.situation -> near.n
    - near.data -> value.value
  attach: [propose -> look.propose, value -> look.value, python -> moves.tool, python -> near.tool]
"""


@pytest.mark.parametrize("kind", ["search.best_first", "search.beam", "search.monte_carlo", "search.breadth_first"])
def test_sub_workflows_propose_and_value(tmp_path: Path, kind: str) -> None:
    """The searcher runs the attached bodies, finds a way from nothing to ten, and needs no model."""
    document = parse(NUMBERS.replace("KIND", kind))
    assert [str(each) for each in validate(document, kinds=KINDS) if each.severity == "error"] == []
    bench = opened(tmp_path)
    row = bench.run(document, {"goal": "Make 10"})
    bench.runner.close()
    assert row.status == "done", row.error
    reached = 0
    for action in row.outputs["ways"]:
        reached = reached + 1 if action == "add 1" else 2 * reached
    assert reached == 10
    below = [span for span in bench.spans.of("invoke_workflow") if span.get("parent_id")]
    assert sum(span["node_id"] == "propose" for span in below) == row.outputs["expanded"]
