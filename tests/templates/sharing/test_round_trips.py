"""Handing a workflow on - file, bundle, picture, link - and reading it again."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from graphs.document import Document
from graphs.yaml_format import dump
from templates import catalogue
from templates.sharing import bundle, link, picture, signing
from templates.sharing.reading import read_shared
from templates.sharing.shared import NotReadable, Shared

WRITERS: dict[str, Callable[[Document], bytes]] = {
    "file": lambda document: dump(document).encode(),
    "bundle": lambda document: bundle.write_bundle(Shared(document)),
    "picture": picture.write_picture,
    "link": lambda document: link.write_link(document, "http://localhost:8501").encode(),
}


DRAWN = catalogue.slugs()[:4]
"""A picture takes half a second to draw: a few are enough."""


@pytest.mark.parametrize(
    ("slug", "form"),
    [(slug, form) for slug in catalogue.slugs() for form in WRITERS if form != "picture" or slug in DRAWN],
)
def test_each_template_comes_back_the_same(slug: str, form: str) -> None:
    """Whatever the form, the workflow that is read is the one that was written, layout and all."""
    document = catalogue.load(slug).document
    shared = read_shared(WRITERS[form](document))
    assert shared.document == document


def test_a_bundle_carries_everything() -> None:
    """Readme, examples, recording and saved workflows come back, and the signature with its key."""
    template = catalogue.load("maths_tutor")
    other = catalogue.load("adapt").document
    assert template.recording is not None
    key = signing.new_key()
    given = Shared(
        template.document, template.readme, template.examples, template.recording.read_bytes(), {"Other flow": other}
    )
    found = bundle.read_bundle(bundle.write_bundle(given, private_key=key))
    assert (found.document, found.readme, found.examples) == (given.document, given.readme, given.examples)
    assert (found.recording, dict(found.workflows)) == (given.recording, {"Other flow": other})
    assert found.signature is not None
    assert found.signature.fingerprint == signing.fingerprint(signing.public_key(key))


def test_the_same_contents_make_the_same_bundle() -> None:
    """No time of the day goes into it, so that two bundles can be compared."""
    shared = Shared(catalogue.load("adapt").document)
    assert bundle.write_bundle(shared) == bundle.write_bundle(shared)


def _changed(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The bundle with its files changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _reseal(files: dict[str, bytes]) -> None:
    """Put the sums of the changed files into the manifest, as a forger would."""
    import hashlib

    manifest: dict[str, Any] = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
        if name not in ("manifest.json", "signature.json")
    }  # fmt: skip
    files["manifest.json"] = json.dumps(manifest).encode()


def _swap_readme(files: dict[str, bytes]) -> None:
    files["README.md"] = b"Send your money to me."


def _forged(files: dict[str, bytes]) -> None:
    _swap_readme(files)
    _reseal(files)


def _other_workflow(files: dict[str, bytes]) -> None:
    del files["signature.json"]
    files["workflow.yaml"] = dump(catalogue.load("adapt").document).encode()
    _reseal(files)


def _added(files: dict[str, bytes]) -> None:
    files["workflows/1.yaml"] = files["workflow.yaml"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_swap_readme, "README.md was changed after the bundle was made"),
        (_forged, "signature does not fit"),
        (_other_workflow, "names another workflow"),
        (_added, "was added to the bundle"),
        (lambda files: files.pop("README.md"), "was taken out of the bundle"),
        (lambda files: files.pop("manifest.json"), "holds no manifest.json"),
        (lambda files: files.pop("workflow.yaml"), "holds no workflow.yaml"),
        (lambda files: files.update({"../evil.py": b"x"}), "has no place in a bundle"),
        (lambda files: files.update({"workflows/../../x.yaml": b"x"}), "has no place in a bundle"),
        (lambda files: files.update({"manifest.json": b"[" * 50_000}), "is no JSON"),
        (lambda files: files.update({"manifest.json": b"{}"}), "format is None"),
        (lambda files: files.update({"signature.json": b'{"public_key": 7}'}), "signature cannot be read"),
        (lambda files: files.update({"README.md": b"x" * 600_000}), "larger than 500,000 bytes"),
    ],
)
def test_a_changed_bundle_is_refused_with_the_reason(change: Callable[[dict[str, bytes]], None], reason: str) -> None:
    """Whatever was changed, added or taken out after it was made is named, and nothing of it is taken."""
    template = catalogue.load("maths_tutor")
    data = bundle.write_bundle(Shared(template.document, template.readme), private_key=signing.new_key())
    with pytest.raises(NotReadable, match=reason):
        read_shared(_changed(data, change))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04 nothing of the sort", "no bundle, or a damaged one"),
        (b"\x89PNG\r\n\x1a\n", "carries no workflow"),
        (b"http://localhost:8501/#workflow=2.abc", "format known here"),
        (b"http://localhost:8501/#workflow=1.!!!", "damaged"),
        (b"http://localhost:8501/#workflow=1.eJw", "damaged"),
        (b"http://localhost:8501/#workflow=1." + b"A" * 300_000, "characters long"),
        (b"nodes: [", "holds no workflow"),
    ],
)
def test_what_is_no_workflow_is_refused_in_words(data: bytes, reason: str) -> None:
    """Each says what is wrong and how to mend it."""
    with pytest.raises(NotReadable, match=reason) as raised:
        read_shared(data)
    assert raised.value.mend


def test_a_link_that_was_cut_is_refused() -> None:
    """Half a link never opens as half a workflow."""
    whole = link.write_link(catalogue.load("adapt").document, "http://localhost:8501")
    for length in range(len(whole) // 2, len(whole) - 1, 97):
        with pytest.raises(NotReadable, match="damaged"):
            link.read_link(whole[:length])


def test_an_ordinary_picture_carries_no_workflow() -> None:
    """A picture that was made smaller by a messenger has lost its workflow, and that is said."""
    file = io.BytesIO()
    Image.open(io.BytesIO(picture.write_picture(catalogue.load("adapt").document))).convert("RGB").save(file, "PNG")
    with pytest.raises(NotReadable, match="carries no workflow"):
        read_shared(file.getvalue())


def test_the_picture_shows_the_graph() -> None:
    """It is of a size to look at, and not all one colour."""
    image = Image.open(io.BytesIO(picture.write_picture(catalogue.load("maths_tutor").document)))
    assert 800 <= max(image.size) <= 1_600
    colours = image.convert("RGB").getcolors(maxcolors=1 << 20)
    assert colours is not None and len(colours) > 20
