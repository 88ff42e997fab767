"""Sharing out and taking in, over a workspace: what would leak, what a stranger's workflow asks, what was refused.

Taking in stores documents and nothing else: it starts, fetches and runs nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from graphs.diagnostics import Diagnostic
from graphs.document import Document, Node, canonical
from graphs.permissions import Cost, Permission, cost_of, permissions_of
from graphs.rules.settings import settings_with
from graphs.yaml_format import dump
from nodes.contract import NodeError
from nodes.guards.sensitive import find
from nodes.registry import KINDS
from store.errors import StoreError
from templates.sharing.bundle import SUFFIX, write_bundle
from templates.sharing.link import write_link
from templates.sharing.picture import write_picture
from templates.sharing.reading import read_shared
from templates.sharing.shared import Shared
from templates.sharing.signing import new_key, sign
from ui.documents import Documents, Opened
from ui.services import saved_workflow
from ui.workspace import Workspace

Form = Literal["yaml", "bundle", "png", "link"]
FORMS: Final[Mapping[Form, tuple[str, str]]] = {
    "yaml": (".yaml", "text/yaml; charset=utf-8"),
    "bundle": (SUFFIX, "application/zip"),
    "png": (".png", "image/png"),
    "link": (".txt", "text/plain; charset=utf-8"),
}
"""Form -> end of the file's name, media type."""
SIGNING_KEY: Final = "NODELOOM_SIGNING_KEY"
"""Name of the secret that holds the user's own private key; made at the first signature."""
SHORTEST_SECRET: Final = 8
"""Characters; shorter values would be found everywhere."""
NAMED: Final = {"key": "a key", "password": "a password", "email": "an e-mail address", "phone": "a telephone number",
                "iban": "an IBAN", "card": "a card number"}  # fmt: skip


class WouldLeak(NodeError):
    """What is to be shared holds a secret or a path of this machine; ``places`` names each."""

    def __init__(self, places: list[str]) -> None:
        super().__init__(f"Not shared: {'; '.join(places)}", mend="Take it out of the workflow, then share it again.")
        self.places = places


@dataclass(frozen=True)
class Preview:
    """A stranger's workflow before anything is done with it."""

    shared: Shared
    permissions: list[Permission]
    cost: Cost
    diagnostics: list[Diagnostic]
    signed_by: str | None
    """The name on the trust list; None for an unsigned bundle or an unknown key."""


# --- out ----------------------------------------------------------------------------------------------------


def share(workspace: Workspace, shared: Shared, form: Form, *, address: str = "", signed: bool = False) -> bytes:
    """The workflow in a form. Raises WouldLeak, where a secret or a path of this machine is in it."""
    leaks = leaks_of(workspace, shared if form == "bundle" else Shared(shared.document))
    if leaks:
        raise WouldLeak(leaks)
    if form == "bundle":
        return write_bundle(shared, private_key=signing_key(workspace) if signed else None)
    if form == "png":
        return write_picture(shared.document)
    return (write_link(shared.document, address) if form == "link" else dump(shared.document)).encode()


def with_parts(workspace: Workspace, document: Document) -> Shared:
    """The workflow with the saved workflows it runs, and those that these run. Raises NodeError for a missing one."""
    parts: dict[str, Document] = {}
    pending = [document]
    for each in pending:
        for name in _workflows_named(each):
            if name not in parts:
                parts[name] = Document.model_validate(saved_workflow(workspace, name))
                pending.append(parts[name])
    return Shared(document, workflows=parts)


def leaks_of(workspace: Workspace, shared: Shared) -> list[str]:
    """Secrets of this workspace and paths of this machine that would leave, each with its place."""
    secrets = {info.name: workspace.secrets.get(info.name) or "" for info in workspace.secrets.names()}
    paths = {str(Path.home()), str(workspace.home.path)} - {"/", ""}
    found: list[str] = []
    for place, text in _texts(shared):
        found += [f"{place} holds the secret {name}" for name, value in secrets.items() if _in(value, text)]
        found += [f"{place} holds the path {path} of this machine" for path in sorted(paths) if _has_path(path, text)]
    return found


def doubts_of(shared: Shared) -> list[str]:
    """What looks like a key or personal data, for the person to look at: found by form, so it may be neither."""
    found: dict[str, None] = {}
    for place, text in _texts(shared):
        for each in find(text[:100_000]):
            found[f"{place} holds what looks like {NAMED[each.sort]}"] = None
    if shared.recording is not None:
        found["the recorded run holds what it was given, recalled and answered"] = None
    return list(found)


def signing_key(workspace: Workspace) -> str:
    """The user's own private key, made at the first use and kept with the secrets."""
    key = workspace.secrets.get(SIGNING_KEY)
    if key is None:
        key = new_key()
        workspace.secrets.set(SIGNING_KEY, key)
    try:
        sign(key, b"")
    except ValueError:
        raise StoreError(
            f"The secret {SIGNING_KEY} holds no key to sign with", "secret", "Delete it; a new one is made."
        ) from None
    return key


# --- in -----------------------------------------------------------------------------------------------------


def preview(workspace: Workspace, content: bytes) -> Preview:
    """What is in a file, and what it may do. Raises NotReadable."""
    shared = read_shared(content)
    asked: dict[str, Permission] = {}
    for document in (shared.document, *shared.workflows.values()):
        for permission in permissions_of(document):
            if permission.sort != "workflow" or permission.subject not in shared.workflows:
                asked.setdefault(permission.key, permission)
    signature = shared.signature
    signer = workspace.trusted.name_of(signature.fingerprint, signature.public_key) if signature else None
    found = workspace.diagnose(shared.document)
    return Preview(shared, list(asked.values()), cost_of(shared.document), found, signer)


def take_in(workspace: Workspace, content: bytes, refused: Collection[str], *, trust_as: str = "") -> Opened:
    """Save the workflow, and those that came with it; ``refused`` are keys of permissions. Raises NotReadable.

    ``trust_as`` puts its signer on the trust list under that name.
    """
    seen = preview(workspace, content)
    unknown = sorted(set(refused) - {each.key for each in seen.permissions})
    if unknown:
        raise NodeError(f"The workflow does not ask for {', '.join(unknown)}", mend="Look at it again, then decide.")
    shared, service = seen.shared, Documents(workspace)
    ids = {name: service.create(document).id for name, document in shared.workflows.items()}
    for name, id in ids.items():
        _rename(service, id, shared.workflows[name], ids)
        workspace.refusals.set(id, refused)
    opened = service.create(_with_names(shared.document, ids))
    workspace.refusals.set(opened.id, refused)
    if trust_as.strip() and shared.signature is not None:
        workspace.trusted.add(shared.signature.fingerprint, shared.signature.public_key, trust_as)
    return opened


def _rename(service: Documents, id: str, document: Document, ids: Mapping[str, str]) -> None:
    renamed = _with_names(document, ids)
    if renamed != document:
        service.replace(id, service.get(id).revision, renamed)


def _with_names(document: Document, ids: Mapping[str, str]) -> Document:
    """The document with the workflows it names called by their ids here: a title may be taken already."""
    nodes = {id: _renamed_node(node, ids) for id, node in document.nodes.items()}
    return document.model_copy(update={"nodes": nodes})


def _renamed_node(node: Node, ids: Mapping[str, str]) -> Node:
    config = {setting: ids[name] for setting, name in _named_in(node) if name in ids}
    return node.model_copy(update={"config": {**node.config, **config}}) if config else node


# --- texts --------------------------------------------------------------------------------------------------


def _workflows_named(document: Document) -> list[str]:
    return [name for node in document.nodes.values() for _, name in _named_in(node)]


def _named_in(node: Node) -> list[tuple[str, str]]:
    """``(setting, name)`` of every saved workflow that a node names."""
    spec = KINDS.get(node.kind)
    named = settings_with(spec.config, node.config, "workflow") if spec else ()
    return [(setting, value) for setting, value in named if isinstance(value, str) and value]


def _texts(shared: Shared) -> Iterator[tuple[str, str]]:
    """``(where, text)`` of everything that would leave."""
    yield from _texts_in(canonical(shared.document), "")
    for name, document in shared.workflows.items():
        yield from _texts_in(canonical(document), f"workflow {name}: ")
    if shared.readme:
        yield "the readme", shared.readme
    for number, example in enumerate(shared.examples, 1):
        yield from _texts_in(example, f"example {number}: ")
    if shared.recording is not None:
        yield "the recorded run", shared.recording.decode(errors="replace")


def _texts_in(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place.rstrip(".") or "the workflow", value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts_in(each, f"{place}{key}.")
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _texts_in(each, f"{place}{number}.")


def _in(secret: str, text: str) -> bool:
    return len(secret) >= SHORTEST_SECRET and secret in text


def _has_path(path: str, text: str) -> bool:
    """Whether the path itself or something below it is named, also with the marks of JSON or Windows."""
    return path in text or path.replace("\\", "\\\\") in text
