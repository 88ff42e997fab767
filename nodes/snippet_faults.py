"""Snippets that would run, but not as they read; they are refused before anything of them is run."""

import ast
from collections.abc import Collection
from typing import Final

RETURN: Final = "SyntaxError: 'return' outside function"
GIVEN: Final = "NameError: {name} is a function you are given: call it, and do not use its name for anything else"


def fault_in(code: str, given: Collection[str]) -> tuple[str, int] | None:
    """What is wrong with the code, and on which line; None for nothing, or where it cannot be read at all.

    ``given``: names of the functions it is given.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _stray_return(tree) or _rebound(tree, given)


def _stray_return(tree: ast.Module) -> tuple[str, int] | None:
    """A ``return`` outside every function: Monty ends the program there, so that tests after it would never be run.

    Python refuses such code.
    """
    todo: list[ast.AST] = [tree]
    while todo:
        at = todo.pop()
        if isinstance(at, ast.Return):
            return RETURN, at.lineno
        if not isinstance(at, ast.FunctionDef | ast.AsyncFunctionDef | ast.expr):
            todo.extend(ast.iter_child_nodes(at))
    return None


def _rebound(tree: ast.Module, given: Collection[str]) -> tuple[str, int] | None:
    """A name of a given function with another meaning: calls of it would go there, and nobody would see it.

    Parameters and the variables of comprehensions end with their function, or their expression, and may be called so.
    """
    found: list[tuple[str, int]] = []
    todo: list[ast.AST] = [tree]
    while todo:
        at = todo.pop()
        name = _bound(at)
        if name in given:
            found.append((GIVEN.format(name=name), getattr(at, "lineno", 0)))
        todo.extend([at.iter, *at.ifs] if isinstance(at, ast.comprehension) else ast.iter_child_nodes(at))
    return min(found, key=lambda fault: fault[1], default=None)


def _bound(at: ast.AST) -> str:
    """The name a part of a program binds by itself, without its parts; '' for none."""
    if isinstance(at, ast.Name):
        return at.id if isinstance(at.ctx, ast.Store) else ""
    if isinstance(at, ast.alias):
        return at.asname or at.name.partition(".")[0]
    if isinstance(at, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler | ast.MatchAs):
        return at.name or ""
    return ""
