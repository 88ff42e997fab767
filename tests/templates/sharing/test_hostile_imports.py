"""Two hundred hostile files: nothing runs, nothing is fetched, each gets a clear report."""

import io
import json
import os
import random
import socket
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphs.permissions import cost_of, permissions_of
from graphs.validate import validate
from graphs.yaml_format import dump
from nodes.registry import KINDS
from templates import catalogue
from templates.sharing import bundle, picture, signing
from templates.sharing.reading import read_shared
from templates.sharing.shared import NotReadable, Shared

COUNT = 200
CODE = (
    "__import__('os').system('touch {mark}')", "!!python/object/apply:os.system ['touch {mark}']",
    "{{{{__import__('os').system('touch {mark}')}}}}", "${{jndi:ldap://127.0.0.1/{mark}}}",
    "<script>fetch('http://127.0.0.1:9/{mark}')</script>", "$(touch {mark})", "`touch {mark}`", "; touch {mark} #",
    "javascript:alert(1)", "../../../../{mark}", "file:///{mark}", "\x1b]0;evil\x07", "{{{{#a}}}}{{{{/b}}}}",
    "\u202etxt.exe",
)  # fmt: skip


def _text(random_: random.Random, mark: Path) -> str:
    return random_.choice(CODE).format(mark=mark)


def _code_in_every_field(random_: random.Random, mark: Path) -> bytes:
    """Every setting of a few kinds, every name and every text holds code."""

    def say() -> str:
        return _text(random_, mark)

    nodes: dict[str, Any] = {"start": {"kind": "start"}, "finish": {"kind": "finish"}}
    for number, kind in enumerate(random_.sample(sorted(KINDS), 8)):
        fields = KINDS[kind].config.model_fields
        nodes[f"n{number}"] = {"kind": kind, "label": say(), "note": say(), "config": {name: say() for name in fields}}
    document = {
        "nodeloom": 1, "title": say(), "summary": say(), "tags": [say()], "authors": [say()], "nodes": nodes,
        "inputs": {"a": {"title": say(), "description": say(), "default": say()}},
        "edges": {"flow": [f"{say()} -> {say()}"], "data": [say()], "attach": [say()]},
    }  # fmt: skip
    return yaml.safe_dump(document).encode()


def _yaml_tags(random_: random.Random, mark: Path) -> bytes:
    tag = random_.choice(["object/apply:os.system", "object/new:subprocess.Popen", "name:os.system", "module:os"])
    return f"nodeloom: 1\ntitle: !!python/{tag} ['touch {mark}']\nnodes: {{}}\n".encode()


def _yaml_bomb(random_: random.Random, mark: Path) -> bytes:
    depth = random_.randint(5, 12)
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, depth)]
    return "\n".join(lines).encode()


def _deep(random_: random.Random, mark: Path) -> bytes:
    depth = random_.randint(100, 100_000)
    return random_.choice([b"[" * depth, b"a: " + b"{a: " * depth, b"- " * depth])


def _huge_graph(random_: random.Random, mark: Path) -> bytes:
    count = random_.randint(5_001, 20_000)
    return ("nodeloom: 1\nnodes:\n" + "".join(f"  n{n}: {{kind: prompt}}\n" for n in range(count))).encode()


def _long_text(random_: random.Random, mark: Path) -> bytes:
    return b"nodeloom: 1\ntitle: " + b"x" * random_.randint(2_000_001, 6_000_000)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _path_trick(random_: random.Random, mark: Path) -> bytes:
    name = random_.choice([
        f"../../../../../../..{mark}", str(mark), "..\\..\\evil", "workflows/../../evil.yaml", "C:\\evil.yaml",
        "workflow.yaml\0.py", "workflows/1.yaml/../../x", "/etc/passwd", "~/.bashrc",
        "workflows/" + "a" * 300 + ".yaml",
    ])  # fmt: skip
    return _zip({"manifest.json": b"{}", name: b"touch"})


def _zip_bomb(random_: random.Random, mark: Path) -> bytes:
    name = random_.choice(["recording.json", "workflow.yaml", "manifest.json", "README.md"])
    return _zip({name: b"0" * random_.randint(25_000_000, 60_000_000)})


def _forged_signature(random_: random.Random, mark: Path) -> bytes:
    """A bundle of somebody known, changed; its signature kept, taken from another, or made up."""
    template = catalogue.load("maths_tutor")
    data = bundle.write_bundle(Shared(template.document, template.readme), private_key=signing.new_key())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    signature = json.loads(files["signature.json"])
    match random_.randrange(4):
        case 0:
            files["workflow.yaml"] = files["workflow.yaml"].replace(b"Maths", b"Moths")
        case 1:
            signature["signature"] = signing.as_text(random_.randbytes(64))
        case 2:
            signature["public_key"] = signing.as_text(random_.randbytes(32))
        case _:
            signature["algorithm"] = random_.choice(["none", "HS256", ""])
    return _zip({**files, "signature.json": json.dumps(signature).encode()})


def _look_alike_host(random_: random.Random, mark: Path) -> bytes:
    host = random_.choice(
        [
            "g\u043eogle.com",
            "\u0430pi.openai.com",
            "xn--ggle-55da.com",
            "openai.com@127.0.0.1",
            "127.0.0.1:8501",
            "[::1]",
            "*",
        ]
    )
    nodes = {"get": {"kind": "tool.web_fetch", "config": {"allowed_hosts": [host]}}}
    return yaml.safe_dump({"nodeloom": 1, "nodes": nodes}, allow_unicode=True).encode()


def _bad_picture(random_: random.Random, mark: Path) -> bytes:
    """A compressed bomb in the chunk, a length beyond the file, or another file behind a PNG's first bytes."""

    def chunk(kind: bytes, body: bytes, length: int | None = None) -> bytes:
        size = len(body) if length is None else length
        return struct.pack(">I4s", size, kind) + body + struct.pack(">I", zlib.crc32(kind + body))

    head = picture.SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"nodeloom\0\1\0\0\0" + zlib.compress(b"a" * random_.randint(3_000_000, 30_000_000), 9)
    return head + random_.choice([
        chunk(b"iTXt", bomb), chunk(b"iTXt", b"nodeloom\0", 0xFFFFFFFF), chunk(b"iTXt", b"nodeloom\0\1\0\0\0garbage"),
        chunk(b"iTXt", b"nodeloom\0\0\0\0\0" + _code_in_every_field(random_, mark)), b"MZ" + random_.randbytes(500),
        chunk(b"iTXt", b"nodeloom\0\0\7"),
    ])  # fmt: skip


def _bad_link(random_: random.Random, mark: Path) -> bytes:
    import base64

    bomb = base64.urlsafe_b64encode(zlib.compress(b"a" * 5_000_000, 9)).decode()
    tail = random_.choice([f"1.{bomb}", "1.", "0.abc", "1.%00%00", f"1.{'A' * 250_000}", "javascript:alert(1)"])
    return f"http://localhost:8501/#workflow={tail}".encode()


def _noise(random_: random.Random, mark: Path) -> bytes:
    whole = random_.choice([
        dump(catalogue.load("maths_tutor").document).encode(),
        bundle.write_bundle(Shared(catalogue.load("adapt").document)),
    ])  # fmt: skip
    data = bytearray(whole)
    for _ in range(random_.randint(1, 40)):
        data[random_.randrange(len(data))] = random_.randrange(256)
    return bytes(data[: random_.randint(len(data) // 2, len(data))])


MAKERS: tuple[Callable[[random.Random, Path], bytes], ...] = (
    _code_in_every_field, _yaml_tags, _yaml_bomb, _deep, _huge_graph, _long_text, _path_trick, _zip_bomb,
    _forged_signature, _look_alike_host, _bad_picture, _bad_link, _noise,
)  # fmt: skip
REFUSED = {
    _yaml_tags, _yaml_bomb, _deep, _huge_graph, _long_text, _path_trick, _zip_bomb, _forged_signature, _bad_link,
}  # fmt: skip
"""Never read; of the others some are, and are then only looked at."""


@pytest.fixture
def _sealed(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """A process or a connection that is begun fails the test."""

    def refuse(*args: Any, **named: Any) -> Any:
        raise AssertionError(f"something was started or fetched: {args!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(os, "system", refuse)


@pytest.mark.usefixtures("_sealed")
@pytest.mark.parametrize("number", range(COUNT))
def test_a_hostile_file_does_nothing_and_is_reported(number: int, tmp_path: Path) -> None:
    """It is refused in words, or read as data whose permissions and faults can be shown; nothing happens."""
    maker = MAKERS[number % len(MAKERS)]
    mark = tmp_path / "mark"
    before = sorted(tmp_path.rglob("*"))
    try:
        shared = read_shared(maker(random.Random(number), mark))
    except NotReadable as refused:
        assert len(refused.what) > 20
        assert refused.mend
        assert "Traceback" not in refused.what
    else:
        assert maker not in REFUSED
        assert all(each.words for each in permissions_of(shared.document))
        assert cost_of(shared.document).words
        validate(shared.document)
    assert sorted(tmp_path.rglob("*")) == before
