"""What the tools of a run may ask of the workspace: ``nodes.contract.Services`` over the store.

A document names a grant, a secret or nothing at all; paths, addresses and keys are only here.
"""

import time
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphs.permissions import permissions_of
from nodes.contract import NodeError, SearchProvider, ToolServer
from store.errors import NotFound, StoreError
from store.workflows import Stored
from ui.documents import data
from ui.versions import published_document

if TYPE_CHECKING:
    from ui.workspace import Workspace

SEARCH_PROVIDER: Final = "search.provider"
SEARCH_ADDRESS: Final = "search.base_url"
SEARCH_SECRET: Final = "search.secret"  # noqa: S105 - the name of a setting
TOOL_SERVERS: Final = "mcp.servers"
"""Name -> ``{url, secret?}``: MCP servers; ``secret`` is the name of one."""
SEARCH_ADDRESSES: Final = {
    "searxng": "", "brave": "https://api.search.brave.com", "tavily": "https://api.tavily.com",
}  # fmt: skip
"""Provider -> its address; '' where each has its own."""


class RunServices:
    """The services of one run."""

    def __init__(self, workspace: "Workspace", run_id: str) -> None:
        self._workspace = workspace
        self._run_id = run_id

    def folder(self, name: str) -> Path:
        """Raises NodeError where no folder is granted under the name."""
        path = self._granted(name)
        if path.is_dir():
            return path
        raise NodeError(
            f"The grant {name!r} is no folder{' any more' if not path.exists() else ''}",
            mend="Grant a folder under that name in Settings.",
        )

    def database(self, name: str) -> Path:
        """Raises NodeError where no database file is granted under the name."""
        path = self._granted(name)
        if path.is_file():
            return path
        raise NodeError(
            f"The grant {name!r} is no database file{' any more' if not path.exists() else ''}",
            mend="Grant the file of a SQLite database under that name in Settings.",
        )

    def run_folder(self) -> Path:
        """Raises NodeError where it cannot be made."""
        path = self._workspace.home.run_folder(self._run_id)
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise NodeError(
                f"The run's folder cannot be made: {error.strerror or error}", mend=f"Make room for {path.parent}."
            ) from error
        return path

    def search_provider(self) -> SearchProvider:
        """Raises NodeError where none is set up."""
        settings = self._workspace.settings
        name = str(settings.get(SEARCH_PROVIDER) or "")
        address = str(settings.get(SEARCH_ADDRESS) or SEARCH_ADDRESSES.get(name, ""))
        if name not in SEARCH_ADDRESSES or not address:
            missing = "has no address" if name else "is not set up"
            raise NodeError(f"The web search {missing}", mend="Choose a search service under Settings, Web search.")
        secret = str(settings.get(SEARCH_SECRET) or "")
        return SearchProvider(name, address.rstrip("/"), self.secret(secret) if secret else "")

    def tool_server(self, name: str) -> ToolServer:
        """Raises NodeError where none of that name is set up, or its secret is missing."""
        servers: Mapping[str, Mapping[str, str]] = self._workspace.settings.get(TOOL_SERVERS) or {}
        if name not in servers:
            raise NodeError(
                f"There is no MCP server {name!r}",
                mend=f"Set it up under Settings, Tool servers. There are: {', '.join(sorted(servers)) or 'none'}.",
            )
        secret = servers[name].get("secret", "")
        return ToolServer(servers[name]["url"], self.secret(secret) if secret else "")

    def secret(self, name: str) -> str:
        """Raises NodeError where it is not set."""
        try:
            value = self._workspace.secrets.get(name)
        except StoreError as error:
            raise NodeError(error.what, mend=error.mend) from None
        if not value:
            mend = f"Add {name} in Settings under Keys, or set it in the environment."
            raise NodeError(f"The secret {name} is not set", mend=mend)
        return value

    def now(self) -> float:
        return time.time()

    def _granted(self, name: str) -> Path:
        try:
            return self._workspace.grants.get(name)
        except NotFound as error:
            raise NodeError(error.what, mend=error.mend) from None


def runnable_workflow(workspace: "Workspace", name: str) -> dict[str, Any]:
    """What a node runs under an id or a title: its published version, else the newest.

    Raises NodeError where there is none, or where it would do what was refused to it.
    """
    found = stored_workflow(workspace, name)
    document, refused = published_document(workspace, found.id), workspace.refusals.of(found.id)
    asked = permissions_of(document) if refused else ()
    would = [each for each in asked if each.key in refused]
    if would:
        raise NodeError(
            f"The workflow {name!r} would do what you refused: {would[0].words}",
            mend="Open it and grant it under Permissions, or take the node out.",
        )
    return data(document)


def refused_to(workspace: "Workspace", run_id: str) -> frozenset[str]:
    """What the workflow of a run was refused; a saved workflow among it under each name it can be called by."""
    refused = workspace.refusals.of(workspace.runs.get(run_id).workflow_id)
    named = {key.partition(":")[2] for key in refused if key.startswith("workflow:")} - {""}
    if not named:
        return refused
    called = [(each.id, str(each.document.get("title", ""))) for each in workspace.workflows.list()]
    both = {name for names in called if named & set(names) for name in names if name}
    return refused | {f"workflow:{name}" for name in both}


def saved_workflow(workspace: "Workspace", name: str) -> dict[str, Any]:
    """The document saved under an id or a title. Raises NodeError with the nearest titles."""
    return stored_workflow(workspace, name).document


def stored_workflow(workspace: "Workspace", name: str) -> Stored:
    """The workflow saved under an id or a title. Raises NodeError with the nearest titles."""
    saved = workspace.workflows.list()
    titled = [each for each in saved if each.document.get("title") == name]
    found = [each for each in saved if each.id == name] or titled
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(each.id for each in found)
        raise NodeError(f"There are {len(found)} workflows titled {name!r}", mend=f"Name one by its id: {ids}.")
    titles = [str(each.document.get("title") or each.id) for each in saved]
    near = get_close_matches(name, titles, n=3, cutoff=0.5) or titles[:5]
    raise NodeError(
        f"There is no workflow {name!r}", mend=f"There are: {', '.join(near)}." if near else "None is saved yet."
    )
