"""A ``.nodeloom`` bundle: a workflow with its readme, examples, recording and saved workflows, in one zip file.

``manifest.json`` has the SHA-256 of every other file; ``signature.json``, where there is one, signs the bytes
of the manifest. Reading trusts nothing: names and sizes are bounded, nothing is written to disk, a file that is
not in the manifest, or differs from it, or a signature that does not fit, refuses the whole bundle with the reason.
"""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final, cast

from graphs.document import Document, content_hash
from graphs.yaml_format import dump
from templates.sharing.shared import NotReadable, Shared, read_workflow
from templates.sharing.signing import Signature, as_text, from_text, sign

FORMAT: Final = 1
SUFFIX: Final = ".nodeloom"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
WORKFLOW: Final = "workflow.yaml"
README: Final = "README.md"
EXAMPLES: Final = "examples.jsonl"
RECORDING: Final = "recording.json"
PARTS: Final = "workflows.json"
"""Name of a saved workflow -> its file in ``workflows/``."""
LARGEST: Final[Mapping[str, int]] = {
    MANIFEST: 100_000, SIGNATURE: 2_000, WORKFLOW: 2_000_000, README: 500_000, EXAMPLES: 2_000_000,
    RECORDING: 20_000_000, PARTS: 20_000,
}  # fmt: skip
"""Bytes of each file, unpacked."""
PART: Final = re.compile(r"workflows/[0-9]{1,3}\.yaml")
MOST_PARTS: Final = 100
LARGEST_BUNDLE: Final = 20_000_000
_SINCE: Final = (1980, 1, 1, 0, 0, 0)  # the same contents make the same bytes
AGAIN: Final = "Ask its author for the bundle again."


def write_bundle(shared: Shared, *, private_key: str | None = None) -> bytes:
    """The bundle; signed where there is a private key."""
    files = _files(shared)
    manifest = _json({
        "nodeloom_bundle": FORMAT, "title": shared.document.title, "workflow_hash": shared.hash,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    })  # fmt: skip
    files[MANIFEST] = manifest
    if private_key is not None:
        made = sign(private_key, manifest)
        files[SIGNATURE] = _json({
            "algorithm": "Ed25519", "public_key": as_text(made.public_key), "signature": as_text(made.value),
        })  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (name != MANIFEST, name)):
            archive.writestr(zipfile.ZipInfo(name, _SINCE), files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def is_bundle(data: bytes) -> bool:
    return data.startswith(b"PK")


def read_bundle(data: bytes) -> Shared:
    """What is in a bundle, checked. Raises NotReadable."""
    if len(data) > LARGEST_BUNDLE:
        raise NotReadable(
            f"The bundle has {len(data):,} bytes; at most {LARGEST_BUNDLE:,} are read", "Share its workflow alone."
        )
    files = _unpacked(data)
    manifest = _manifest(files)
    signature = _signature(files)
    document = read_workflow(files[WORKFLOW], WORKFLOW)
    if manifest.get("workflow_hash") != content_hash(document):
        raise NotReadable("The bundle's manifest names another workflow than the one in it", AGAIN)
    return Shared(
        document=document,
        readme=_text(files.get(README, b""), README),
        examples=_examples(files.get(EXAMPLES, b"")),
        recording=files.get(RECORDING),
        workflows=_parts(files),
        signature=signature,
    )


# --- writing ------------------------------------------------------------------------------------------------


def _files(shared: Shared) -> dict[str, bytes]:
    files = {WORKFLOW: dump(shared.document).encode()}
    if shared.readme.strip():
        files[README] = shared.readme.encode()
    if shared.examples:
        files[EXAMPLES] = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in shared.examples).encode()
    if shared.recording is not None:
        files[RECORDING] = shared.recording
    names = {name: f"workflows/{number}.yaml" for number, name in enumerate(sorted(shared.workflows), 1)}
    for name, path in names.items():
        files[path] = dump(shared.workflows[name]).encode()
    if names:
        files[PARTS] = _json(names)
    return files


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


# --- reading ------------------------------------------------------------------------------------------------


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Every file by name; each name is one we know, each once, each within its size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _contents(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeError,
        ValueError,
    ) as error:
        raise NotReadable(f"The file is no bundle, or a damaged one: {error or type(error).__name__}", AGAIN) from None


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for info in archive.infolist():
        name, largest = info.filename, _largest(info.filename)
        if largest is None:
            raise NotReadable(f"The bundle holds {name[:100]!r}, which has no place in a bundle", AGAIN)
        if name in files:
            raise NotReadable(f"The bundle holds {name!r} twice", AGAIN)
        if len(files) > len(LARGEST) + MOST_PARTS:
            raise NotReadable(f"The bundle holds more than {MOST_PARTS} workflows", AGAIN)
        with archive.open(info) as file:
            files[name] = file.read(largest + 1)  # whatever size it says it has
        if len(files[name]) > largest:
            raise NotReadable(f"{name} in the bundle is larger than {largest:,} bytes", AGAIN)
    return files


def _largest(name: str) -> int | None:
    return LARGEST[WORKFLOW] if PART.fullmatch(name) else LARGEST.get(name)


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest, once every file was found to be the one it names."""
    for needed in (MANIFEST, WORKFLOW):
        if needed not in files:
            raise NotReadable(f"The bundle holds no {needed}", AGAIN)
    manifest = _record(files[MANIFEST], MANIFEST)
    if manifest.get("nodeloom_bundle") != FORMAT:
        raise NotReadable(
            f"The bundle's format is {manifest.get('nodeloom_bundle')!r}; {FORMAT} is read here", "Update Nodeloom."
        )
    sums = manifest.get("files")
    named: dict[str, Any] = cast(dict[str, Any], sums) if isinstance(sums, dict) else {}
    there = set(files) - {MANIFEST, SIGNATURE}
    for name in sorted(there | set(named)):
        if name not in named:
            raise NotReadable(f"{name} was added to the bundle after it was made", AGAIN)
        if name not in there:
            raise NotReadable(f"{name[:100]} was taken out of the bundle after it was made", AGAIN)
        if hashlib.sha256(files[name]).hexdigest() != named[name]:
            raise NotReadable(f"{name} was changed after the bundle was made", AGAIN)
    return manifest


def _signature(files: Mapping[str, bytes]) -> Signature | None:
    if SIGNATURE not in files:
        return None
    given = _record(files[SIGNATURE], SIGNATURE)
    try:
        found = Signature(from_text(given.get("public_key"), 32), from_text(given.get("signature"), 64))
    except ValueError as error:
        raise NotReadable(f"The bundle's signature cannot be read: {error}", AGAIN) from None
    if given.get("algorithm") != "Ed25519" or not found.fits(files[MANIFEST]):
        raise NotReadable(
            "The bundle's signature does not fit: it was changed after it was signed, or the signature is forged", AGAIN
        )
    return found


def _parts(files: Mapping[str, bytes]) -> dict[str, Document]:
    names = _record(files[PARTS], PARTS) if PARTS in files else {}
    paths = {path for path in files if PART.fullmatch(path)}
    if set(map(str, names.values())) != paths or len(paths) != len(names):
        raise NotReadable("The bundle does not name each of its saved workflows once", AGAIN)
    return {name: read_workflow(files[path], name) for name, path in names.items()}


def _examples(data: bytes) -> tuple[dict[str, Any], ...]:
    lines = [line for line in _text(data, EXAMPLES).splitlines() if line.strip()]
    return tuple(_record(line.encode(), f"{EXAMPLES}, line {number}") for number, line in enumerate(lines, 1))


def _record(data: bytes, name: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"{name} in the bundle is no JSON: {error}", AGAIN) from None
    if not isinstance(value, dict):
        raise NotReadable(f"{name} in the bundle is no record", AGAIN)
    return cast(dict[str, Any], value)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise NotReadable(f"{name} in the bundle is no UTF-8 text (byte {error.start})", AGAIN) from None
