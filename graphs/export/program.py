"""A document as a Python program that needs LangGraph and LangChain, and nothing of Nodeloom.

From the same intermediate form that ``compile`` makes a graph of. The program is a folder: ``graph.py`` wires the
graph, ``mechanisms`` holds what its nodes do, ``runtime`` what they are given while they run.
"""

from collections.abc import Mapping

from graphs.document import Document
from graphs.export import packaging
from graphs.export.modules import Module, closure, path_of, rewritten
from graphs.export.refusals import check
from graphs.export.source import source_of
from graphs.intermediate import Kinds
from graphs.lower import lower


def program_of(document: Document, kinds: Kinds) -> dict[str, str]:
    """The files of the program, by path, sorted; equal documents give equal bytes.

    Raises NotExportable, which names every node that cannot be exported and why; LoweringError.
    """
    check(document, kinds)
    workflow = lower(document, kinds)
    looks_back = True
    while True:
        text, used = source_of(document, workflow, looks_back)
        modules = closure(used)
        found = _looks_back(modules)
        if found == looks_back:
            break
        looks_back = found
    libraries = sorted({library for each in modules.values() for library in each.foreign})
    files = {
        "graph.py": text,
        "pyproject.toml": packaging.pyproject(document.title, libraries),
        "langgraph.json": packaging.langgraph_json(document.title),
        "README.md": packaging.readme(document, libraries),
        **{path_of(name): rewritten(each) for name, each in modules.items()},
    }
    return dict(sorted({**files, **_packages(files)}.items()))


def _packages(files: Mapping[str, str]) -> dict[str, str]:
    """An empty ``__init__.py`` for each folder with modules."""
    folders = {path.rpartition("/")[0] for path in files if path.endswith(".py") and "/" in path}
    return {f"{each}/__init__.py": "" for folder in folders for each in (folder, folder.partition("/")[0])}


def _looks_back(modules: Mapping[str, Module]) -> bool:
    """Whether a mechanism reads what happened in the run."""
    return any("history" in each.attributes for name, each in modules.items() if name.startswith("nodes."))
