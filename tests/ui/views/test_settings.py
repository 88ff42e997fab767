"""The Settings page: models, keys, servers, folders, home."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.views.conftest import texts
from ui.workspace import Workspace

Open = Callable[..., AppTest]


@pytest.fixture
def settings(open_page: Open) -> AppTest:
    """The page in a fresh home."""
    return open_page("settings")


def submit(test: AppTest, label: str) -> AppTest:
    """Press the button of that name."""
    next(button for button in test.button if button.label == label).click()
    return test.run()


def field(test: AppTest, label: str, place: int = 0) -> Any:
    """The text field of that label."""
    return [each for each in test.text_input if each.label == label][place]


def test_built_in_model_is_described_honestly_with_its_size(settings: AppTest) -> None:
    """What it can and cannot do stands beside the button, which tells the size of the download."""
    assert "It makes mistakes in reasoning and facts" in texts(settings)
    assert any(button.label == "Fetch (1.12 GB)" for button in settings.button)


def test_provider_without_a_key_says_how_to_mend_it(settings: AppTest) -> None:
    """Each provider that is not ready names what it needs."""
    assert "OPENAI_API_KEY" in texts(settings)


def test_default_model_is_kept(home: Workspace, settings: AppTest) -> None:
    """Choosing a default model stores it."""
    box = next(box for box in settings.selectbox if box.label == "Default model")
    box.select_index(1).run()
    assert home.models.default() == box.options[1]


def test_key_is_stored_and_never_shown(home: Workspace, settings: AppTest) -> None:
    """A stored key appears by name and age; its value stands nowhere on the page."""
    field(settings, "Key").set_value("sk-very-secret")
    submit(settings, "Store the key")
    assert home.secrets.get("OPENAI_API_KEY") == "sk-very-secret"
    said = texts(settings)
    assert "<b>OPENAI_API_KEY</b> <span>stored" in said
    assert "sk-very-secret" not in said


def test_key_of_the_environment_cannot_be_deleted_here(
    monkeypatch: pytest.MonkeyPatch, home: Workspace, open_page: Open
) -> None:
    """It is listed with its source and without a Delete button."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-environment")
    test = open_page("settings")
    assert "<b>ANTHROPIC_API_KEY</b> <span>from the environment" in texts(test)
    assert not any(button.label == "Delete" for button in test.button)


def test_deleting_a_key_asks_once(home: Workspace, open_page: Open) -> None:
    """A key goes only after the second, named button."""
    home.secrets.set("OPENAI_API_KEY", "sk-1")
    test = submit(open_page("settings"), "Delete")
    assert home.secrets.get("OPENAI_API_KEY") == "sk-1"
    # Without a browser the whole page runs again, not the dialog alone: what opened it is pressed with it.
    next(button for button in test.button if button.label == "Delete").click()
    submit(test, "Delete OPENAI_API_KEY")
    assert home.secrets.get("OPENAI_API_KEY") is None


def test_empty_key_is_refused_in_words(settings: AppTest) -> None:
    """Nothing typed is no key; the page says how to mend it."""
    submit(settings, "Store the key")
    assert "is empty" in settings.error[0].value


def test_model_server_is_saved(home: Workspace, settings: AppTest) -> None:
    """Name and address make an endpoint."""
    field(settings, "Name").set_value("lab")
    field(settings, "Address", 1).set_value("http://127.0.0.1:9/v1")
    submit(settings, "Save the server")
    assert [(one.name, one.base_url) for one in home.endpoints.list()] == [("lab", "http://127.0.0.1:9/v1")]


def test_folder_that_is_not_there_is_refused(home: Workspace, settings: AppTest) -> None:
    """The message holds the path and says what to give instead."""
    field(settings, "Name", 1).set_value("notes")
    field(settings, "Folder on this computer").set_value("/no/such/folder")
    submit(settings, "Grant the folder")
    assert "/no/such/folder" in settings.error[0].value
    assert home.grants.list() == []


def test_folder_is_granted_by_name(home: Workspace, settings: AppTest, tmp_path: Path) -> None:
    """A folder that exists is listed under its name."""
    field(settings, "Name", 1).set_value("notes")
    field(settings, "Folder on this computer").set_value(str(tmp_path))
    submit(settings, "Grant the folder")
    assert [(grant.name, grant.path) for grant in home.grants.list()] == [("notes", tmp_path)]


def test_home_folder_and_version_are_told(home: Workspace, settings: AppTest) -> None:
    """The page says where everything is kept and how much room it takes."""
    said = texts(settings)
    assert str(home.home.path) in said
    assert "Free on this disk" in said


def test_tool_server_is_set_up_by_name(home: Workspace, settings: AppTest) -> None:
    """A name and an address are kept and listed; an address that is none is refused in words."""
    for address in ("tools.example.org", "https://tools.example.org/mcp"):
        field(settings, "Name", -1).set_value("lab-tools")
        field(settings, "Address", -1).set_value(address)
        submit(settings, "Save the tool server")
        if address.startswith("tools"):
            assert any("mcp" in error.value for error in settings.error)
            assert home.settings.get("mcp.servers") is None
    assert home.settings.get("mcp.servers") == {"lab-tools": {"url": "https://tools.example.org/mcp"}}
    assert "lab-tools" in texts(settings)
