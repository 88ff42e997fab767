"""How to call pip here: environments made by uv hold none."""

import importlib.util
import os
import sys
import sysconfig
import zipfile
from pathlib import Path

from nodes.contract import NodeError


def pip_command(unpacked: Path) -> list[str]:
    """pip of this environment, else the one Python carries for ``ensurepip``, unpacked to ``unpacked``.

    Unpacked, since pip run from its wheel is compiled anew each time (2 s). Raises NodeError where
    there is neither (Debian's Python without python3-venv).
    """
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    wheel = _carried()
    if wheel is None:
        raise NodeError(
            "pip is not installed in Nodeloom's environment", mend="Install it: `uv pip install pip` or `ensurepip`."
        )
    if not (unpacked / "pip" / "__main__.py").exists():
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
    return [sys.executable, str(unpacked / "pip")]


def _carried() -> Path | None:
    spec = importlib.util.find_spec("ensurepip")
    if spec is None or spec.origin is None:
        return None
    places = [Path(spec.origin).parent / "_bundled"]
    if elsewhere := sysconfig.get_config_var("WHEEL_PKG_DIR"):  # distributions keep the wheels apart
        places.append(Path(elsewhere))
    return max((wheel for place in places for wheel in place.glob("pip-*.whl")), default=None)


def environment(temporary: Path) -> dict[str, str]:
    """The environment for pip: its half-done downloads go to ``temporary``, where they can be seen."""
    return os.environ | {"TMPDIR": str(temporary), "TMP": str(temporary), "TEMP": str(temporary)}
