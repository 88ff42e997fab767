"""What the tools of a run may ask of the workspace."""

import sqlite3
from pathlib import Path

import pytest

from nodes.contract import NodeError
from store.errors import StoreError
from store.home import Home
from ui.services import TOOL_SERVERS, RunServices, refused_to, saved_workflow
from ui.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path):
    opened = Workspace(Home(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def services(workspace: Workspace) -> RunServices:
    return RunServices(workspace, "r1")


def test_grants_of_folders_and_databases(workspace: Workspace, services: RunServices, tmp_path: Path) -> None:
    """Each is found under its name, and neither is taken for the other."""
    file = tmp_path / "shop.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE t (x)")
    workspace.grants.set("shop", file)
    workspace.grants.set("docs", tmp_path)
    assert services.database("shop") == file and services.folder("docs") == tmp_path
    with pytest.raises(NodeError, match="'docs' is no database file"):
        services.database("docs")
    with pytest.raises(NodeError, match="'shop' is no folder"):
        services.folder("shop")
    with pytest.raises(NodeError, match="granted as 'none'"):
        services.database("none")


def test_only_databases_are_granted_among_files(workspace: Workspace, tmp_path: Path) -> None:
    """A text file is refused."""
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(StoreError, match="no SQLite database"):
        workspace.grants.set("a", tmp_path / "a.txt")


def test_a_runs_folder_is_made_once_and_goes_with_the_run(workspace: Workspace) -> None:
    """Below the home folder, by the id of the run."""
    row = workspace.runs.create(title="t", version_hash="h", inputs={})
    services = RunServices(workspace, row.id)
    assert not (workspace.home.path / "runs").exists()
    folder = services.run_folder()
    (folder / "a.txt").write_text("kept")
    assert folder == workspace.home.path / "runs" / row.id and services.run_folder() == folder
    workspace.runs.delete(row.id)
    assert not folder.exists()


def test_the_search_provider_is_a_setting(workspace: Workspace, services: RunServices, monkeypatch) -> None:
    """Its address has a default where the provider has one; its key is a secret."""
    with pytest.raises(NodeError, match="The web search is not set up"):
        services.search_provider()
    workspace.settings.set("search.provider", "searxng")
    with pytest.raises(NodeError, match="has no address"):
        services.search_provider()
    workspace.settings.set("search.provider", "brave")
    workspace.settings.set("search.secret", "BRAVE_API_KEY")
    monkeypatch.delenv("BRAVE_API_KEY", raising=False)
    with pytest.raises(NodeError, match="BRAVE_API_KEY is not set"):
        services.search_provider()
    workspace.secrets.set("BRAVE_API_KEY", "k")
    found = services.search_provider()
    assert (found.name, found.base_url, found.secret) == ("brave", "https://api.search.brave.com", "k")


def test_tool_servers_are_settings(workspace: Workspace, services: RunServices) -> None:
    """A name that is set up gives address and key; an unknown one is told with those there are."""
    with pytest.raises(NodeError, match="no MCP server 'lab'"):
        services.tool_server("lab")
    workspace.settings.set(TOOL_SERVERS, {"lab": {"url": "https://tools.example.org/mcp", "secret": "LAB_TOKEN"}})
    with pytest.raises(NodeError, match="LAB_TOKEN is not set"):
        services.tool_server("lab")
    workspace.secrets.set("LAB_TOKEN", "k3y")
    found = services.tool_server("lab")
    assert (found.url, found.secret) == ("https://tools.example.org/mcp", "k3y")


def test_saved_workflows_are_found_by_id_and_title(workspace: Workspace) -> None:
    """An unknown name is answered with the nearest, a title that two have with their ids."""
    stored = workspace.workflows.create({"title": "Daily digest"})
    assert saved_workflow(workspace, stored.id)["title"] == "Daily digest"
    assert saved_workflow(workspace, "Daily digest") == stored.document
    with pytest.raises(NodeError, match="no workflow 'Daily digst'") as raised:
        saved_workflow(workspace, "Daily digst")
    assert raised.value.mend == "There are: Daily digest."
    workspace.workflows.create({"title": "Daily digest"})
    with pytest.raises(NodeError, match="2 workflows titled"):
        saved_workflow(workspace, "Daily digest")


def test_what_a_run_was_refused_names_saved_workflows_by_every_name(workspace: Workspace) -> None:
    """A refused workflow is refused under its id and its title; a run of no saved workflow was refused nothing."""
    other = workspace.workflows.create({"title": "Inner"}).id
    outer = workspace.workflows.create({"title": "Outer"}).id
    workspace.refusals.set(outer, ["host:a.example", f"workflow:{other}"])
    run = workspace.runs.create(title="Outer", version_hash="h", inputs={}, workflow_id=outer)
    assert refused_to(workspace, run.id) == {"host:a.example", f"workflow:{other}", "workflow:Inner"}
    workspace.refusals.set(outer, ["workflow:Inner"])
    assert refused_to(workspace, run.id) == {f"workflow:{other}", "workflow:Inner"}
    alone = workspace.runs.create(title="File", version_hash="h", inputs={})
    assert refused_to(workspace, alone.id) == frozenset()
