"""The pytest plug-in: one line asserts that a workflow still behaves as it was recorded.

    def test_the_tutor_still_behaves(assert_replays):
        assert_replays("tutor.json", against="tutor.yaml")

A recording is written by ``nodeloom replay RUN --export tutor.json``. The engine is imported by the first
assertion, so that a session without one starts as fast as ever.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def assert_replays(request: pytest.FixtureRequest) -> Callable[..., None]:
    """``assert_replays(recording, against=None)``: fails where the replay departs from the recording.

    ``recording`` is an exported file, ``against`` a workflow file that shall behave like it; without it the
    recorded workflow is run again by the Nodeloom that is installed. Relative paths start at the test's folder.
    """
    __tracebackhide__ = True
    folder = request.path.parent

    def check(recording: str | os.PathLike[str], *, against: str | os.PathLike[str] | None = None) -> None:
        __tracebackhide__ = True
        fault = _fault(folder / recording, None if against is None else folder / against)
        if fault is not None:
            pytest.fail(fault, pytrace=False)

    return check


def _fault(recording: Path, against: Path | None) -> str | None:
    """Why the assertion fails, in words; None where it holds."""
    from graphs.diagnostics import DocumentError  # the engine takes seconds to import: only an assertion needs it
    from graphs.inputs import InputErrors
    from graphs.replay import CannotReplay, replay
    from graphs.replay_recording import Recording
    from graphs.yaml_format import parse
    from nodes.contract import NodeError

    try:
        document = parse(against.read_bytes()) if against is not None else None
        report = asyncio.run(replay(Recording.load(recording), document))
    except NodeError as error:
        return f"{error.what}. {error.mend}"
    except OSError as error:
        return f"The workflow {against} cannot be read: {error.strerror}"
    except (DocumentError, CannotReplay) as error:
        found = "; ".join(f"{each.code} ({each.place}) {each.message}" for each in error.diagnostics)
        return f"The workflow {against or recording} cannot be run: {found}"
    except InputErrors as error:
        return f"The workflow {against} does not take the inputs of {recording}: {error}"
    return None if report.same else "\n".join(report.lines())
