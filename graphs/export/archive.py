"""A program as a zip archive: equal programs give equal bytes."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the earliest a zip knows."""
_READABLE: Final = 0o644 << 16


def zipped(files: Mapping[str, str], folder: str) -> bytes:
    """The files below ``folder``, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{path}", _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _READABLE
            archive.writestr(entry, text.encode())
    return buffer.getvalue()
