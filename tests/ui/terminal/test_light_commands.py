"""The commands that need no engine: quick, and importing none of the heavy libraries."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nodes.registry import KINDS
from tests.ui.terminal.conftest import HELLO, Command, start
from ui.version import VERSION

HEAVY = (
    "langgraph",
    "langchain_core",
    "streamlit",
    "chromadb",
    "sqlmodel",
    "sqlalchemy",
    "fastapi",
    "uvicorn",
    "pandas",
)
CALL = """
import sys
from ui.terminal.main import main
sys.argv = ["nodeloom", *{arguments!r}]
try:
    main()
except SystemExit:
    pass
found = [name for name in {heavy!r} if name in sys.modules]
print("FOUND", found, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["nodes"], ["nodes", "prompt", "--json"], ["check", "w.yaml"]]
)
def test_they_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    """--version, --help, nodes and check answer without LangGraph, Streamlit, Chroma, SQLModel and FastAPI."""
    (tmp_path / "w.yaml").write_text(HELLO)
    code = CALL.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=170)
    assert done.stderr.strip().splitlines()[-1] == "FOUND []"


def test_version_is_the_distributions(nodeloom: Command) -> None:
    """--version prints it."""
    assert nodeloom("--version").stdout == f"nodeloom {VERSION}\n"


def test_nodes_lists_every_kind_and_describes_one(nodeloom: Command) -> None:
    """The table and the JSON list hold every kind; one kind comes as an object."""
    table = nodeloom("nodes").stdout
    assert all(kind in table for kind in KINDS)
    assert [each["kind"] for each in json.loads(nodeloom("nodes", "--json").stdout)] == list(KINDS)
    assert json.loads(nodeloom("nodes", "prompt", "--json").stdout)["config_schema"]["properties"]
    assert "model calls: 1" in nodeloom("nodes", "prompt").stdout


def test_an_unknown_kind_is_told_with_the_nearest(nodeloom: Command) -> None:
    """Exit code 2 and a guess."""
    done = nodeloom("nodes", "promt")
    assert done.returncode == 2
    assert "Did you mean 'prompt'?" in done.stderr


def test_check_says_that_nothing_is_wrong(nodeloom: Command) -> None:
    """A sound workflow: exit code 0, in words and as JSON, from a file and from standard input."""
    assert nodeloom("check", "hello.yaml").returncode == 0
    told = json.loads(nodeloom("check", "-", "--json", input=HELLO).stdout)
    assert (told["ok"], len(told["hash"])) == (True, 64)


def test_check_tells_everything_at_once(nodeloom: Command, tmp_path: Path) -> None:
    """Two faults are two findings with place and remedy; exit code 2."""
    broken = HELLO.replace("start.name -> greet.name", "start.nam -> greet.name").replace("kind: prompt", "kind: promt")
    (tmp_path / "broken.yaml").write_text(broken)
    done = nodeloom("check", "broken.yaml")
    assert done.returncode == 2
    assert "KND101" in done.stdout
    assert "Did you mean 'prompt'?" in done.stdout
    told = json.loads(nodeloom("check", "broken.yaml", "--json").stdout)
    assert told["ok"] is False
    assert {"code", "severity", "place", "message", "remedy"} <= set(told["diagnostics"][0])


DEEP = "nodeloom: 1\ntitle: " + "[" * 500
BAD_FILES = {
    "empty.yaml": (b"", "DOC108"),
    "binary.yaml": (bytes(range(256)) * 20, "DOC"),
    "malformed.yaml": (b"nodeloom: 1\nnodes: {start: {kind: start}\n", "DOC101"),
    "list.yaml": (b"- 1\n- 2\n", "DOC"),
    "version.yaml": (b"nodeloom: 99\n", "DOC109"),
    "duplicate.yaml": (b"nodeloom: 1\nnodes:\n  a: {kind: note}\n  a: {kind: note}\n", "DOC106"),
    "cyclic.yaml": (b"nodeloom: 1\nnodes: &n\n  a: *n\n", "DOC105"),
    "deep.yaml": (DEEP.encode(), "DOC"),
    "huge.yaml": (b"nodeloom: 1\ntitle: " + b"x" * 10_000_000, "DOC103"),
    "truncated.yaml": (HELLO.encode()[:-40], "DOC"),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_told_in_words(nodeloom: Command, tmp_path: Path, command: str, name: str) -> None:
    """Each kind of bad file gives exit code 2 and its own code, and never a traceback."""
    content, code = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    done = nodeloom(command, name)
    assert done.returncode == 2
    assert code in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_file_that_is_not_there_is_told_with_the_nearest(nodeloom: Command, command: str) -> None:
    """A wrong name, a folder and a file without the right to read give exit code 2 and a way on."""
    missing = nodeloom(command, "helo.yaml")
    assert missing.returncode == 2
    assert "hello.yaml" in missing.stderr
    folder = nodeloom(command, ".")
    assert folder.returncode == 2
    assert "is a folder" in folder.stderr


def test_a_wrong_option_is_bad_input(nodeloom: Command) -> None:
    """Unknown commands and options give exit code 2."""
    assert nodeloom("chek", "hello.yaml").returncode == 2
    assert nodeloom("check", "hello.yaml", "--jsn").returncode == 2


def test_templates_are_listed_and_copied(nodeloom: Command, tmp_path: Path) -> None:
    """A copy can be checked; it never overwrites; an unknown one is told with the nearest."""
    assert "maths_tutor" in nodeloom("template", "list").stdout
    assert nodeloom("template", "copy", "maths_tutor", "mine.yaml").returncode == 0
    assert nodeloom("check", "mine.yaml").returncode == 0
    assert nodeloom("template", "copy", "maths_tutor", "mine.yaml").returncode == 2
    assert "Did you mean 'maths_tutor'?" in nodeloom("template", "copy", "math_tutor").stderr
    assert json.loads(nodeloom("template", "list", "--json").stdout)[0]["id"] == "maths_tutor"


def test_as_processes_they_have_their_exit_codes(tmp_path: Path) -> None:
    """Started for real: 0 for a sound file, 2 for a broken one and for a missing one, and never a traceback."""
    (tmp_path / "good.yaml").write_text(HELLO)
    (tmp_path / "bad.yaml").write_bytes(bytes(range(256)))
    ended = {name: start("check", name, folder=tmp_path) for name in ("good.yaml", "bad.yaml", "none.yaml")}
    assert [each.returncode for each in ended.values()] == [0, 2, 2]
    assert not [each for each in ended.values() if "Traceback" in each.stdout + each.stderr]
