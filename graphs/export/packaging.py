"""What stands around a program: pyproject.toml with its true dependencies, langgraph.json, README.md."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from typing import Final

from graphs.document import Document

README: Final = """# {title}

{summary}

A LangGraph program, exported from a Nodeloom workflow. It needs nothing of Nodeloom.

    pip install .
    MODEL=openai:gpt-5-mini python graph.py{example}

`python graph.py --help` lists the inputs and options. `--model` takes what LangChain's `init_chat_model` takes
(install its package too, such as `langchain-anthropic`); with `--base-url` it is the name of a model on any
OpenAI-compatible server. From Python, one run a thread:

    from graph import graph
    from runtime.workspace import Workspace

    state = await graph.ainvoke({{"inputs": {{...}}}}, context=Workspace(model="openai:gpt-5-mini"))
    state["outputs"]

`langgraph dev` finds the graph by `langgraph.json`.

| where | what |
|---|---|
| `graph.py` | the workflow: nodes, what feeds them, where flow goes, limits. Change it here |
| `mechanisms/` | what the nodes do, one mechanism a file, with its prompts and its source in the literature |
| `runtime/` | what a mechanism is given: models, tools, memory, limits, questions to people |

Questions to people are LangGraph interrupts: compile `builder` with a checkpointer and go on with
`Command(resume={{field: value}})`. Progress and views come over `stream_mode="custom"`.
{notes}"""
NOTES: Final[Mapping[str, str]] = {
    "cel": "Conditions are CEL (https://cel.dev), evaluated by `common-expression-language`: translated to Python "
    "they would differ in integer arithmetic and in what counts as an error.",
    "pystache": "Prompts with `{{name}}` are Mustache, rendered by `pystache`.",
    "chromadb": "Memory is kept by Chroma in the folder `memory`. Its default embedding fetches a model at the first "
    "use; give `Workspace(embed=...)` for another.",
    "pydantic_monty": "Snippets run sealed off in `pydantic-monty`, without files and without network.",
}
"""Library -> what a reader has to know of it."""
ALWAYS: Final = ("langgraph", "langchain", "langchain_core", "langchain_openai", "pydantic")
_REQUIREMENT: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[.*\])?\s*(?P<versions>[<>=!~].*)?$")
_HIDDEN: Final = re.compile(r"[\\`*_{}\[\]<>()#+!|~&$-]")


def requirements(libraries: Iterable[str]) -> list[str]:
    """What has to be installed for these imports: as Nodeloom itself requires it."""
    owners, known = _owners(), _known()
    found: set[str] = set()
    for library in (*libraries, *ALWAYS):
        # Several distributions may fill one package; the one that Nodeloom names brings the others.
        own = {_plain(name) for name in owners.get(library, ())} | ({_plain(library)} & set(known))
        names = sorted(own, key=lambda name: (name not in known, name))
        found.update(known.get(name) or f"{name}>={version(name)}" for name in names[:1])
    return sorted(found)


@cache
def _owners() -> Mapping[str, list[str]]:
    """Package -> the distributions that fill it; reading them all takes a while."""
    return packages_distributions()


@cache
def _known() -> dict[str, str]:
    """Distribution -> requirement, of all that Nodeloom may need."""
    try:
        given = [text.partition(";")[0].strip() for text in requires("nodeloom") or ()]
    except PackageNotFoundError:  # run from its source
        given = []
    found = [match for match in map(_REQUIREMENT.match, given) if match]
    return {_plain(match["name"]): match["name"] + match["versions"] for match in found if match["versions"]}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def project_name(text: str) -> str:
    """A name that packaging allows."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].rstrip("-") or "workflow"


def pyproject(title: str, libraries: Iterable[str]) -> str:
    """The file; its texts are TOML strings, which JSON's are."""
    dependencies = "".join(f"    {json.dumps(each)},\n" for each in requirements(libraries))
    return (
        '[build-system]\nrequires = ["hatchling>=1.27"]\nbuild-backend = "hatchling.build"\n\n'
        f'[project]\nname = {json.dumps(project_name(title))}\nversion = "0.1.0"\n'
        f"description = {json.dumps(_one_line(title), ensure_ascii=False)}\n"
        f'requires-python = ">=3.11"\ndependencies = [\n{dependencies}]\n\n'
        '[tool.hatch.build.targets.wheel]\nonly-include = ["graph.py", "mechanisms", "runtime"]\n\n'
        "[tool.ruff]\nline-length = 120\n"
    )


def langgraph_json(title: str) -> str:
    """The file by which LangGraph's tools find the graph."""
    graphs = {project_name(title): "./graph.py:graph"}
    return json.dumps({"dependencies": ["."], "graphs": graphs, "env": ".env"}, indent=2) + "\n"


def readme(document: Document, libraries: Iterable[str]) -> str:
    """How to run it, and where to change what."""
    first = next(iter(document.inputs), None)
    notes = "".join(f"\n{NOTES[each]}\n" for each in sorted(libraries) if each in NOTES)
    return README.format(
        title=_shown(document.title),
        summary=_shown(document.summary),
        example=f' --input {first}="..."' if first else "",
        notes=notes,
    )


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _shown(text: str) -> str:
    """A text in Markdown as itself."""
    return _HIDDEN.sub(lambda match: "\\" + match[0], _one_line(text))
