"""How every search begins, shows itself, and ends."""

from nodes.contract import Context, Inputs, NodeError, Outputs, Route
from nodes.search.tree import SearchNode, Tree
from nodes.templating import as_text


def problem_of(inputs: Inputs) -> str:
    """The problem as text. Raises NodeError where it is empty."""
    problem = as_text(inputs["problem"]).strip()
    if not problem:
        raise NodeError("The problem is empty", mend="Wire in a text that says what is to be solved.")
    return problem


def new_tree(inputs: Inputs) -> Tree:
    """A tree that begins at the wired situation, or at nothing."""
    return Tree(inputs.get("situation", ""))


def show(tree: Tree, ctx: Context, best: SearchNode | None = None) -> None:
    """The tree as it is now, and a line of progress."""
    ctx.show(tree.view(best))
    ctx.progress(f"{tree.expanded} looked into, {len(tree.nodes) - 1} found")


def finish(tree: Tree, ctx: Context, solution: SearchNode | None, best: SearchNode | None = None) -> Route:
    """``solved`` with the solution, else ``unsolved`` with ``best``, or what is valued highest."""
    best = solution or best or tree.best()
    show(tree, ctx, best)
    return Route("solved" if solution else "unsolved", outputs_of(tree, best))


def outputs_of(tree: Tree, best: SearchNode) -> Outputs:
    """The common outputs of a search that ended with ``best``."""
    value = best.value if best.value is not None else float(best.status == "solution")
    return {"best": best.situation, "actions": best.actions(), "value": value, "expanded": tree.expanded}
