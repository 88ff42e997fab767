"""The fixture ``assert_replays``, in a pytest of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.graphs.replays.conftest import EVERYTHING

pytest_plugins = ["pytester"]
HERE = Path(__file__).parents[3]
ONLY_THIS = ("-p", "no:nodeloom", "-p", "graphs.pytest_plugin", "-p", "no:cacheprovider")
"""The plug-in by its module, so that it is the one of this tree whether or not its entry point is installed."""


@pytest.fixture
def project(pytester: pytest.Pytester, exported: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with a recording and a workflow in it, as somebody's project would have."""
    monkeypatch.syspath_prepend(str(HERE))
    (pytester.path / "everything.json").write_text(exported.read_text())
    (pytester.path / "everything.yaml").write_text(EVERYTHING)
    (pytester.path / "edited.yaml").write_text(EVERYTHING.replace("with care", "at leisure"))
    (pytester.path / "broken.yaml").write_text(EVERYTHING.replace("  - solve.answer -> judge.draft\n", ""))
    (pytester.path / "other.yaml").write_text(EVERYTHING.replace("question", "problem"))
    return pytester


def test_one_line_asserts_that_a_workflow_behaves(project: pytest.Pytester) -> None:
    """A recording alone, and a workflow file that does as recorded, pass; paths start at the test's folder."""
    project.makepyfile("""
        def test_recorded(assert_replays):
            assert_replays("everything.json")

        def test_workflow(assert_replays):
            assert_replays("everything.json", against="everything.yaml")
    """)
    project.runpytest_inprocess(*ONLY_THIS).assert_outcomes(passed=2)


def test_a_departure_fails_with_the_report(project: pytest.Pytester) -> None:
    """Where it departs and the words that changed are the failure's text, without a traceback."""
    project.makepyfile("""
        def test_edited(assert_replays):
            assert_replays("everything.json", against="edited.yaml")
    """)
    done = project.runpytest_inprocess(*ONLY_THIS)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*departs at solve (visit 1): asks the model something else.", "*{+at leisure.+}*"])
    done.stdout.no_fnmatch_line("*pytest_plugin.py*")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ('"none.json"', "*none.json cannot be read: No such file*"),
        ('"everything.yaml"', "*everything.yaml is no recording: it is not JSON*"),
        ('"everything.json", against="none.yaml"', "*none.yaml cannot be read*"),
        ('"everything.json", against="broken.yaml"', "*broken.yaml cannot be run: *judge*"),
        ('"everything.json", against="other.yaml"', "*does not take the inputs*'question'*"),
    ],
)
def test_bad_files_fail_in_words(project: pytest.Pytester, arguments: str, words: str) -> None:
    """A missing, foreign or unfitting file is a failure that says so."""
    project.makepyfile(f"def test_bad(assert_replays):\n    assert_replays({arguments})")
    done = project.runpytest_inprocess(*ONLY_THIS)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([words])


def test_the_plug_in_imports_nothing_heavy() -> None:
    """A session that never replays does not load the engine."""
    code = (
        "import sys, graphs.pytest_plugin\n"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " ('langgraph', 'langchain_core', 'pydantic', 'nodes', 'store') or name == 'graphs.replay'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
