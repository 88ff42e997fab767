"""The order in which resources were attached is part of a workflow."""

from graphs.document import Document, canonical, content_hash


def _team(*attach):
    nodes = {"n": {"kind": "t"}, **{id: {"kind": "resource.role"} for id in ("ann", "bob", "cat")}}
    return Document.model_validate({"nodes": nodes, "edges": {"attach": list(attach)}})


def test_the_order_at_one_socket_is_kept():
    """Who speaks first is no detail: the canonical form and the hash hold it."""
    first, second = _team("bob -> n.roles", "ann -> n.roles"), _team("ann -> n.roles", "bob -> n.roles")
    assert canonical(first)["edges"]["attach"] == ["bob -> n.roles", "ann -> n.roles"]
    assert content_hash(first) != content_hash(second)


def test_the_order_between_sockets_is_a_detail():
    """Which socket was filled first changes nothing."""
    first = _team("cat -> n.tools", "bob -> n.roles")
    second = _team("bob -> n.roles", "cat -> n.tools")
    assert content_hash(first) == content_hash(second)
