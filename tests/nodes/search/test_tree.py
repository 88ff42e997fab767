"""The tree of a search."""

from nodes.search.tree import MAX_SHOWN, Tree


def test_equal_situations_are_kept_once():
    """A situation already known as cheap is left out, whatever the order of its keys."""
    tree = Tree({"a": 1, "b": 2})
    assert tree.add(tree.root, "again", {"b": 2, "a": 1}) is None
    assert (tree.duplicates, len(tree.nodes), tree.root.children) == (1, 1, [])


def test_a_cheaper_way_closes_the_dearer_one():
    """The same situation at less cost is kept, and the open node it makes needless is closed."""
    tree = Tree("s")
    dear = tree.add(tree.root, "road", "x", 5)
    cheap = tree.add(tree.root, "path", "x", 2)
    assert dear is not None and cheap is not None
    assert (dear.status, cheap.status) == ("pruned", "open")


def test_cheaper_but_deeper_is_another_way():
    """Where one way is cheaper and the other less deep, both stay: the depth limit may forbid either."""
    tree = Tree("s")
    first = tree.add(tree.root, "jump", "x", 9)
    step = tree.add(tree.root, "step", "y", 1)
    assert first is not None and step is not None
    second = tree.add(step, "step", "x", 1)
    assert second is not None
    assert (first.status, second.status, second.cost, second.depth) == ("open", "open", 2, 2)
    assert second.actions() == ["step", "step"]


def test_an_expanded_node_stays_expanded():
    """What was looked into is not marked as pruned by a cheaper way found later."""
    tree = Tree("s")
    first = tree.add(tree.root, "road", "x", 5)
    assert first is not None
    first.status = "expanded"
    tree.add(tree.root, "path", "x", 2)
    assert first.status == "expanded"


def test_best_is_the_first_of_the_highest_value():
    """Ties go to what was found first; failed actions and the root do not count."""
    tree = Tree("s")
    assert tree.best() is tree.root
    for name, value in [("a", 0.2), ("b", 0.7), ("c", 0.7)]:
        node = tree.add(tree.root, name, name)
        assert node is not None
        node.value = value
    tree.fail(tree.root, "d", "no road")
    assert tree.best().situation == "b"


def test_view_draws_every_node():
    """A view has each node with parent, label, value and status, failed actions too."""
    tree = Tree("")
    node = tree.add(tree.root, "x" * 100, "x")
    assert node is not None
    node.value, node.visits = 0.5, 2
    tree.fail(tree.root, "y", "no")
    view = tree.view(node)
    assert view["best"] == "n1"
    assert view["nodes"][0] == {"id": "n0", "parent": None, "label": "start", "value": None, "status": "open"}
    assert view["nodes"][1]["label"] == "x" * 79 + "…" and view["nodes"][1]["visits"] == 2
    assert view["nodes"][2]["status"] == "failed"


def test_a_large_view_is_cut_but_shows_the_winner():
    """Beyond the bound only the way to the best is drawn, and the rest is counted."""
    tree = Tree("s")
    last = tree.root
    for number in range(MAX_SHOWN + 50):
        last = tree.add(tree.root, number, number) or last
    view = tree.view(last)
    assert len(view["nodes"]) == MAX_SHOWN + 1
    assert view["nodes"][-1]["id"] == last.id == view["best"]
    assert view["summary"].endswith("; 50 not shown")
