"""A picture that carries its workflow: a PNG of the graph with the file in a text chunk (iTXt, keyword ``nodeloom``).

The chunk is found by walking the chunks (PNG specification, third edition, 5.3 and 11.3.3.4); the pixels of a
stranger's picture are never decoded.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from PIL.PngImagePlugin import PngInfo

from graphs.document import Document
from graphs.yaml_format import dump
from templates.sharing.drawing import drawing_of, png
from templates.sharing.shared import NotReadable, Shared, read_workflow

KEYWORD: Final = "nodeloom"
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
LARGEST: Final = 2_000_000
"""Bytes of the workflow, unpacked."""
MOST_CHUNKS: Final = 10_000
LARGEST_PICTURE: Final = 20_000_000


def write_picture(document: Document) -> bytes:
    """The PNG."""
    info = PngInfo()
    info.add_itxt(KEYWORD, dump(document), zip=True)
    file = io.BytesIO()
    png(drawing_of(document)).save(file, "PNG", pnginfo=info, optimize=True)
    return file.getvalue()


def is_picture(data: bytes) -> bool:
    return data.startswith(SIGNATURE)


def read_picture(data: bytes) -> Shared:
    """The workflow in a PNG. Raises NotReadable."""
    if len(data) > LARGEST_PICTURE:
        raise NotReadable(
            f"The picture has {len(data):,} bytes; at most {LARGEST_PICTURE:,} are read", "Ask for the file."
        )
    prefix = KEYWORD.encode() + b"\0"
    for kind, body in _chunks(data):
        if kind == b"iTXt" and body.startswith(prefix):
            return Shared(read_workflow(_text(body[len(prefix) :]), "The picture"))
    raise NotReadable(
        "The picture carries no workflow",
        "Messengers and editors take it out when they make a picture smaller: send it as a file.",
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, count = len(SIGNATURE), 0
    while at + 12 <= len(data) and count < MOST_CHUNKS:
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if len(body) < length:
            return
        yield kind, body
        at, count = at + 12 + length, count + 1


def _text(body: bytes) -> bytes:
    """The text of an iTXt chunk after its keyword: two flags, language, translated keyword, text."""
    flags, rest = body[:2], body[2:]
    parts = rest.split(b"\0", 2)
    damaged = NotReadable("The workflow in the picture is damaged", "Ask for the file.")
    if len(flags) < 2 or flags[1] != 0 or len(parts) < 3:
        raise damaged
    if flags[0] == 0:
        return parts[2][: LARGEST + 1]
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(parts[2], LARGEST + 1)
    except zlib.error:
        raise damaged from None
    if len(text) > LARGEST:
        raise NotReadable(f"The workflow in the picture is larger than {LARGEST:,} bytes", "Ask for the file.")
    return text
