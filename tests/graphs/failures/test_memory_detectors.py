"""Recalling nothing is a fault only where there is something to recall."""

from tests.graphs.failures.running import fired, workflow

RECORD = {
    "id": "m1", "text": "pens cost 3 euros", "kind": "note", "score": 0.0, "similarity": 0.0, "recency": 0.0,
    "importance": 5.0, "keyword": 0.0, "created_at": 0.0,
}  # fmt: skip


def recall(*, fills: bool, kinds: tuple[str, ...] = ()):
    """A workflow that recalls, and remembers before or not at all."""
    nodes = {"look": ("memory.recall", {"kinds": list(kinds)}), "space": ("resource.memory_space", {"space": "notes"})}
    flow, attach = "start -> look, look -> finish", "space -> look.memory"
    if fills:
        nodes |= {"keep": ("memory.remember", {"text": "{{q}}"})}
        flow, attach = "start -> keep, keep -> look, look -> finish", f"{attach}, space -> keep.memory"
    data = "start.q -> look.query, look.text -> finish.answer" + (", start.q -> keep.q" if fills else "")
    return workflow(nodes, flow, data, attach, inputs={"q": {}}, outputs={"answer": {}, "hits": {}})


def test_a_space_that_nobody_fills_must_hold_something():
    """An empty library is a fault."""
    (finding,) = fired(recall(fills=False), inputs={"q": "pens"})["empty_recall"]
    assert finding.node == "look" and "'notes'" in finding.what and "no node of the workflow fills it" in finding.what


def test_what_the_run_wrote_itself_must_be_found():
    """A filter on kinds that no record has hides it."""
    assert fired(recall(fills=True, kinds=("receipt",)), inputs={"q": "pens"})["empty_recall"]
    assert not fired(recall(fills=True), inputs={"q": "pens"})["empty_recall"]


def test_a_space_with_records_is_silent():
    """Something was found."""
    found = fired(recall(fills=False), inputs={"q": "pens"}, spaces={"notes": [RECORD]})
    assert not found["empty_recall"]


def test_a_first_run_that_learns_afterwards_is_silent():
    """The space is empty because nothing was learnt yet."""
    nodes = {
        "look": "memory.recall", "keep": ("memory.remember", {"text": "{{q}}"}),
        "space": ("resource.memory_space", {"space": "notes"}),
    }  # fmt: skip
    document = workflow(
        nodes, "start -> look, look -> keep, keep -> finish",
        "start.q -> look.query, start.q -> keep.q, keep.record -> finish.answer",
        "space -> look.memory, space -> keep.memory", inputs={"q": {}},
    )  # fmt: skip
    assert not fired(document, inputs={"q": "pens"})["empty_recall"]


def test_what_another_member_remembers_is_not_missed():
    """Each member has private memories: what one wrote the other cannot find, and its own must be found."""
    nodes = {
        "keep": ("memory.remember", {"text": "{{q}}"}), "look": ("memory.recall", {"kinds": ["receipt"]}),
        "space": ("resource.memory_space", {"space": "notes"}),
    }  # fmt: skip
    document = workflow(
        nodes, "start -> keep, keep -> look, look -> finish",
        "start.q -> keep.q, start.q -> look.query, start.writer -> keep.owner, start.reader -> look.owner, "
        "look.text -> finish.answer",
        "space -> look.memory, space -> keep.memory", inputs={"q": {}, "writer": {}, "reader": {}},
    )  # fmt: skip
    assert fired(document, inputs={"q": "pens", "writer": "Ada", "reader": "Ada"})["empty_recall"]
    assert not fired(document, inputs={"q": "pens", "writer": "Ada", "reader": "Bo"})["empty_recall"]
