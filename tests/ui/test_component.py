"""The packaged component is found in an editable install, by the manager Streamlit uses."""

import pytest
import streamlit.components.v2 as components
from streamlit.components.v2.component_manager import BidiComponentManager

from ui.canvas.component import NAME, PACKAGE, register


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> BidiComponentManager:
    """A manager that scanned nothing, as the active one."""
    active = BidiComponentManager()
    monkeypatch.setattr(components, "get_bidi_component_manager", lambda: active)
    return active


def test_registering_makes_the_bundle_known(manager: BidiComponentManager) -> None:
    """The manager serves the bundle from the build folder and knows its one entry."""
    register(manager)
    definition = manager.get(NAME)
    assert definition is not None and definition.js_url is not None
    assert manager.get_component_path(NAME) == str(PACKAGE / "build")
    assert (PACKAGE / "build" / definition.js_url).is_file()


def test_registering_twice_is_one_registration(manager: BidiComponentManager) -> None:
    """Each rerun of a page asks; the manager is asked once."""
    assert register(manager) is register(manager)
