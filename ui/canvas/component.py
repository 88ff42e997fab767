"""The packaged component: what registers it with Streamlit, and how a page mounts it.

Streamlit finds packaged components by importing a module named like the distribution. Ours is
called ``nodeloom`` and holds packages of other names, so its scan misses the component in an
editable install. The manifest is therefore handed to the active manager here, with the same
objects the scan would make; that works for an editable install and a wheel alike.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from streamlit.components.v2 import component
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from ui import session, theme
from ui.version import VERSION
from ui.workspace import workspace

PACKAGE: Final = Path(__file__).parent
NAME: Final = "nodeloom.canvas"
ENTRY: Final = "index-*.js"


@lru_cache(maxsize=4)
def register(manager: BidiComponentManager) -> Callable[..., Any]:
    """Make the component known to ``manager`` and return what mounts it.

    Cached, for a manager lives as long as its server and registering reads the disk. Raises
    Streamlit's component error where ``build`` holds no or more than one ``index-*.js``.
    """
    config = ComponentConfig(name="canvas", asset_dir="build")
    manager.register_from_manifest(ComponentManifest("nodeloom", VERSION, [config]), PACKAGE)
    return component(NAME, js=ENTRY)


def mount(
    *,
    view: Literal["build", "trace", "compare", "gallery"],
    workflow: str | None = None,
    run: str | None = None,
    span: str | None = None,
    two: tuple[str | None, str | None] = (None, None),
    first_visit: bool = False,
) -> None:
    """Mount the component on a workflow, a run, or ``two`` runs side by side.

    What it is told: ``{view, token, api, workflow, run, span, left, right, firstVisit, navHeight}``, equal on
    every rerun. What it says: ``location``, a wish to be elsewhere (``session.follow_wish``). The key
    alone is its identity, so that changed data never remounts it.
    """
    data = {
        "view": view,
        "token": workspace().token,
        "api": "/api",
        "workflow": workflow,
        "run": run,
        "span": span,
        "left": two[0],
        "right": two[1],
        "firstVisit": first_visit,
        "navHeight": theme.NAV_HEIGHT,
    }
    show = register(get_bidi_component_manager())
    show(key=session.COMPONENT_KEY, data=data, on_location_change=session.wish)
