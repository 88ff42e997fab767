"""``nodeloom share``, ``import`` and ``trust``."""

from pathlib import Path

import pytest

from tests.ui.terminal.conftest import HELLO, Command
from ui.workspace import workspace


@pytest.mark.parametrize(
    ("form", "name"), [("bundle", "b.nodeloom"), ("png", "p.png"), ("yaml", "y.yaml"), ("link", "l.txt")]
)
def test_a_file_is_shared_and_taken_in(nodeloom: Command, tmp_path: Path, form: str, name: str) -> None:
    """What share wrote, import shows, and with --yes saves; the id is printed alone."""
    (tmp_path / "hello.yaml").write_text(HELLO)
    target = str(tmp_path / name)
    assert nodeloom("share", str(tmp_path / "hello.yaml"), "--as", form, "-o", target).returncode == 0
    shown = nodeloom("import", target)
    assert "Use your default model" in shown.stdout
    assert "Nothing was saved" in shown.stderr
    assert workspace().workflows.list() == []
    saved = nodeloom("import", target, "--yes")
    assert workspace().workflows.get(saved.stdout.split()[-1]).document["title"] == "Hello"


def test_a_link_is_printed_and_read(nodeloom: Command, tmp_path: Path) -> None:
    """A link goes from one command's output into the other's argument."""
    (tmp_path / "hello.yaml").write_text(HELLO)
    link = nodeloom("share", str(tmp_path / "hello.yaml"), "--as", "link").stdout.strip()
    assert "#workflow=1." in link
    assert "Hello" in nodeloom("import", link).stdout


def test_what_is_refused_is_kept(nodeloom: Command, tmp_path: Path) -> None:
    """--refuse with a key from the list; a key that is not asked for is an error."""
    (tmp_path / "hello.yaml").write_text(HELLO)
    wrong = nodeloom("import", str(tmp_path / "hello.yaml"), "--yes", "--refuse", "host:x")
    assert wrong.returncode == 2
    done = nodeloom("import", str(tmp_path / "hello.yaml"), "--yes", "--refuse", "model:default")
    id = done.stdout.split()[-1]
    assert workspace().refusals.of(id) == {"model:default"}


def test_a_signed_bundle_and_the_trust_list(nodeloom: Command, tmp_path: Path) -> None:
    """Signed with the own key, shown as unknown, trusted under a name, removed again."""
    (tmp_path / "hello.yaml").write_text(HELLO)
    target = str(tmp_path / "hello.nodeloom")
    key = nodeloom("trust", "own").stdout.strip()
    nodeloom("share", str(tmp_path / "hello.yaml"), "--sign", "-o", target)
    assert "signed by an unknown key" in nodeloom("import", target).stdout
    assert nodeloom("trust", "add", "Me", key).returncode == 0
    assert "signed by Me" in nodeloom("import", target).stdout
    print = nodeloom("trust", "list", "--json").stdout
    fingerprint = print.split('"fingerprint": "')[1].split('"')[0]
    assert nodeloom("trust", "remove", fingerprint.replace(" ", "")).returncode == 0
    assert "Nobody yet" in nodeloom("trust", "list").stderr


@pytest.mark.parametrize(
    "arguments",
    [("import", "missing.png"), ("share", "missing"), ("trust", "add", "Ada", "no key"), ("trust", "remove", "abcd")],
)
def test_faults_are_said_in_words(nodeloom: Command, arguments: tuple[str, ...]) -> None:
    """Exit code 2 and no traceback."""
    done = nodeloom(*arguments)
    assert done.returncode == 2
    assert "Error: " in done.stderr and "Traceback" not in done.stderr


def test_an_existing_file_is_left_alone(nodeloom: Command, tmp_path: Path) -> None:
    """Only --force writes over a file."""
    (tmp_path / "hello.yaml").write_text(HELLO)
    target = tmp_path / "hello.nodeloom"
    target.write_text("mine")
    assert nodeloom("share", str(tmp_path / "hello.yaml"), "-o", str(target)).returncode == 2
    assert target.read_text() == "mine"
    assert nodeloom("share", str(tmp_path / "hello.yaml"), "-o", str(target), "--force").returncode == 0
