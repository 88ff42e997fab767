"""A workflow as a link: the file, compressed, in the fragment, which browsers never send to a server.

``http://localhost:8501/api/open#workflow=1.<base64url of zlib of the YAML>``; 1 is the format. The path is a page of
a few lines that hands the fragment on: the builder's own page writes its address anew before it could be read.
"""

import base64
import binascii
import zlib
from typing import Final
from urllib.parse import urlsplit

from graphs.document import Document
from graphs.yaml_format import dump
from templates.sharing.shared import NotReadable, Shared, read_workflow

PATH: Final = "/api/open"
KEY: Final = "workflow="
FORMAT: Final = "1."
LONGEST: Final = 200_000
"""Characters of a fragment that is read; browsers and messengers cut most links far before."""
LARGEST: Final = 2_000_000
"""Bytes it may come to: what a workflow file may have."""


def write_link(document: Document, address: str) -> str:
    """The link that opens the workflow in the Nodeloom at ``address``."""
    packed = base64.urlsafe_b64encode(zlib.compress(dump(document).encode(), 9)).decode().rstrip("=")
    return f"{address.rstrip('/')}{PATH}#{KEY}{FORMAT}{packed}"


def is_link(text: str) -> bool:
    return f"#{KEY}" in text[:2_000]


def read_link(link: str) -> Shared:
    """The workflow in a link, or in its fragment alone. Raises NotReadable."""
    fragment = urlsplit(link.strip()).fragment if "#" in link else link.strip()
    fragment = fragment.removeprefix(KEY)
    if not fragment.startswith(FORMAT):
        raise NotReadable(
            "The link holds no workflow of a format known here", "Copy the whole link, or update Nodeloom."
        )
    if len(fragment) > LONGEST:
        raise NotReadable(
            f"The link is {len(fragment):,} characters long; at most {LONGEST:,} are read", "Ask for the file."
        )
    return Shared(read_workflow(_unpacked(fragment.removeprefix(FORMAT)), "The link"))


def _unpacked(text: str) -> bytes:
    cut = "The link is damaged; most likely it was cut"
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(packed, LARGEST + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise NotReadable(cut, "Copy the whole link again, or ask for the file.") from None
    if len(data) > LARGEST:
        raise NotReadable(f"The workflow in the link is larger than {LARGEST:,} bytes", "Ask for the file.")
    if not unpacking.eof:
        raise NotReadable(cut, "Copy the whole link again, or ask for the file.")
    return data
