"""What a workflow may do, in plain words: read from the document alone, before anything of it runs.

A document carries no code and names what it uses: models, tools, hosts, folders, databases, memory spaces,
secrets, saved workflows. So everything it can reach is known from its nodes and their settings, and a person
can be asked about each. Nodes that never run (and resources attached to nothing) count too: an edit away they do.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from graphs.document import Document
from graphs.pausing import PAUSING
from graphs.ports import config_value
from graphs.rules.models import default_users
from graphs.rules.settings import settings_with
from graphs.rules.subject import Subject
from nodes.contract import NodeSpec
from nodes.registry import KINDS

Sort = Literal[
    "model", "host", "search", "server", "secret", "folder", "database", "files", "memory", "snippet", "workflow",
    "person",
]  # fmt: skip
Risk = Literal["low", "medium", "high"]

ANYWHERE: Final = "*"
_HOST: Final = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
DEFAULT_MODEL: Final = "default"
WRITTEN_CODE: Final = frozenset({"tools.run_code", "tool.python"})
"""Kinds whose snippet a person writes (or the model that calls the tool)."""
RUNS_CODE: Final = WRITTEN_CODE | {
    "search.programs", "search.learn_rules", "memory.skill_find", "memory.skill_keep", "tools.act_in_code",
    "tools.retrieve_tools", "tools.dry_run", "tools.create_tool", "tools.take_back", "reflection.verify_by_test",
    "reflection.falsify", "deliberation.behaviour_consensus", "workflows.draft", "tool.kept", "guards.draft_rules",
}  # fmt: skip
"""Kinds that run snippets in the sealed-off interpreter."""
DRAFTED: Final = frozenset({"workflows.run", "workflows.score", "workflows.optimise_prompts"})
"""Kinds that run workflows which are made while they run."""
SEARCHES: Final = frozenset({"tool.web_search"})
FILES: Final = frozenset({"tool.files", "tools.load_documents"})
"""Kinds that use the run's own folder."""


@dataclass(frozen=True)
class Permission:
    """One thing that a workflow may do."""

    sort: Sort
    subject: str
    """What it is about: a host, the name of a folder; '' where there is only one of the sort."""
    words: str
    """A sentence for a person, beginning with a verb: 'Send requests to api.example.org'."""
    risk: Risk
    nodes: tuple[str, ...]
    """Whose work it is, in the order of the document."""

    @property
    def key(self) -> str:
        """Stands for it in what a person granted: the same in every workflow."""
        return f"{self.sort}:{self.subject}"


@dataclass(frozen=True)
class Cost:
    """What a run may cost, before it is run."""

    calls: Mapping[str, str]
    """Node -> how many model calls a visit of it makes, in the words of its kind."""
    words: str


def permissions_of(document: Document, kinds: Mapping[str, NodeSpec] = KINDS) -> list[Permission]:
    """Everything the workflow may do, the most dangerous first; the same for the same document."""
    subject = Subject(document, kinds)
    users: defaultdict[tuple[Sort, str], dict[str, None]] = defaultdict(dict)
    for sort, about, node in _uses(subject):
        users[sort, about][node] = None
    found = [_permission(sort, about, tuple(nodes), subject) for (sort, about), nodes in users.items()]
    return sorted(found, key=lambda each: (-_DANGER[each.risk], each.key))


def cost_of(document: Document, kinds: Mapping[str, NodeSpec] = KINDS) -> Cost:
    """The nodes that call models, and where the run stops."""
    specs = {id: kinds[node.kind] for id, node in document.nodes.items() if node.kind in kinds}
    calls = {id: spec.model_calls for id, spec in specs.items() if spec.run is not None and spec.model_calls != "none"}
    limits = document.limits
    stops = [
        text
        for value, text in (
            (limits.steps, f"{limits.steps:,} node runs" if limits.steps else ""),
            (limits.seconds, f"{limits.seconds:,.0f} seconds" if limits.seconds else ""),
            (limits.tokens, f"{limits.tokens:,} tokens" if limits.tokens else ""),
            (limits.usd, f"US$ {limits.usd:g}" if limits.usd is not None else ""),
        )
        if value is not None
    ]
    who = f"{len(calls)} of its nodes call a model" if len(calls) != 1 else "One of its nodes calls a model"
    ends = f"a run stops after {' or '.join(stops)}" if stops else "it sets no limit to a run"
    return Cost(calls, f"{who}; {ends}.")


# --- what each node uses ------------------------------------------------------------------------------------


def _uses(subject: Subject) -> Iterator[tuple[Sort, str, str]]:
    """``(sort, what it is about, node)``, as often as it occurs."""
    for id in default_users(subject):
        yield "model", DEFAULT_MODEL, id
    for id, spec in subject.specs.items():
        config = subject.node(id).config
        for widget, sort in _NAMED.items():
            for _, value in settings_with(spec.config, config, widget):
                if isinstance(value, str) and value:
                    yield sort, value, id
        yield from ((*each, id) for each in _of_kind(subject, id, spec))


def _of_kind(subject: Subject, id: str, spec: NodeSpec) -> Iterator[tuple[Sort, str]]:
    """What follows from the kind itself."""
    if "allowed_hosts" in spec.config.model_fields:
        hosts: Any = config_value(spec, subject.node(id), "allowed_hosts")
        for host in hosts if isinstance(hosts, list | tuple) else ():
            yield "host", str(host).strip().lower()
    if spec.kind in SEARCHES:
        yield "search", ""
    if spec.kind in FILES and not config_value(spec, subject.node(id), "folder"):
        yield "files", ""
    if spec.kind in RUNS_CODE:
        yield "snippet", "written" if spec.kind in WRITTEN_CODE else "by a model"
    if spec.kind in DRAFTED:
        yield "workflow", ""
    if spec.kind in PAUSING:
        yield "person", ""


_NAMED: Final[dict[str, Sort]] = {
    "model": "model", "folder": "folder", "database": "database", "space": "memory", "secret": "secret",
    "workflow": "workflow", "server": "server",
}  # fmt: skip
"""Widget of a setting that names something -> the sort it is of."""

# --- in words -----------------------------------------------------------------------------------------------

_DANGER: Final[dict[Risk, int]] = {"low": 0, "medium": 1, "high": 2}
_RISKS: Final[dict[Sort, Risk]] = {
    "model": "medium", "host": "high", "search": "medium", "server": "high", "secret": "high", "folder": "high",
    "database": "high",     "files": "low", "memory": "medium", "snippet": "low", "workflow": "medium", "person": "low",
}  # fmt: skip


def _permission(sort: Sort, about: str, nodes: tuple[str, ...], subject: Subject) -> Permission:
    words = _WORDS[sort](about, nodes, subject) if sort in _WORDS else _PLAIN[sort].format(about=about)
    risk: Risk = "high" if sort == "workflow" and not about else _RISKS[sort]
    return Permission(sort, about, words, risk, nodes)


_PLAIN: Final[dict[Sort, str]] = {
    "search": "Search the web through the search service you set up; what it asks leaves this machine.",
    "server": "Call the tools of the MCP server you set up under the name {about!r}.",
    "secret": "Send your secret {about} to the hosts its node may reach.",
    "folder": "Read every file in the folder you grant under the name {about!r}.",
    "database": "Read every table of the database you grant under the name {about!r}; it cannot write.",
    "files": "Keep files in a folder of the run's own; it reaches no others.",
    "person": "Stop and ask you questions while it runs.",
}


def _model(about: str, nodes: tuple[str, ...], subject: Subject) -> str:
    if about == DEFAULT_MODEL:
        return "Use your default model; what it is given goes there."
    provider = about.partition(":")[0]
    place = "on this machine" if provider in ("builtin", "ollama", "scripted") else f"at {provider}, at your cost"
    return f"Use the model {about}, {place}."


def _host(about: str, nodes: tuple[str, ...], subject: Subject) -> str:
    methods = _methods(nodes, subject)
    does = "Read pages of" if methods <= {"GET", "HEAD"} else f"Send requests ({', '.join(sorted(methods))}) to"
    return f"{does} {'any public host of the internet' if about == ANYWHERE else about}{_warning(about)}."


def _warning(host: str) -> str:
    """What is odd about a host's name: letters that look like others, or no name at all."""
    if host == ANYWHERE or _HOST.fullmatch(host):
        return " (an international name: compare it letter by letter)" if "xn--" in host else ""
    if host.isascii():
        return " (which is no host name; nothing can be reached by it)"
    letters = ", ".join(
        f"{letter} is {unicodedata.name(letter, 'unnamed').title()}" for letter in sorted(_foreign(host))
    )
    return f" (looks like another name: {letters})"


def _foreign(host: str) -> set[str]:
    return {letter for letter in host if not letter.isascii()}


def _methods(nodes: Iterable[str], subject: Subject) -> set[str]:
    found: set[str] = set()
    for id in nodes:
        given: Any = config_value(subject.specs[id], subject.node(id), "methods")
        found |= {str(each).upper() for each in given} if isinstance(given, list | tuple) else {"GET"}
    return found


def _memory(about: str, nodes: tuple[str, ...], subject: Subject) -> str:
    users = [line.edge.target for line in subject.joined("attach") if line.edge and line.edge.source in nodes]
    writes = any(subject.specs[id].side_effects for id in users if id in subject.specs)
    return f"{'Read and write' if writes else 'Read'} the memory space {about!r}."


def _snippet(about: str, nodes: tuple[str, ...], subject: Subject) -> str:
    whose = "small programs written in it" if about == "written" else "small programs that a model writes"
    return f"Run {whose}, sealed off: without files, network or your data, for a bounded time."


def _workflow(about: str, nodes: tuple[str, ...], subject: Subject) -> str:
    if not about:
        return (
            "Run workflows that are made while it runs, by a model too: they may use whatever any workflow here may, "
            "except what you refuse to this one."
        )
    return f"Run your saved workflow {about!r}, with all that one may do, except what you refuse to this one."


_WORDS: Final = {"model": _model, "host": _host, "memory": _memory, "snippet": _snippet, "workflow": _workflow}
