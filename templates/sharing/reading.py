"""Whatever a stranger hands on - file, bundle, picture, link - read by what it is, not by what it is called."""

from templates.sharing.bundle import is_bundle, read_bundle
from templates.sharing.link import is_link, read_link
from templates.sharing.picture import is_picture, read_picture
from templates.sharing.shared import NotReadable, Shared, read_workflow


def read_shared(data: bytes) -> Shared:
    """The workflow in it. Nothing is started, fetched, run or written. Raises NotReadable with the reason."""
    if is_picture(data):
        return read_picture(data)
    if is_bundle(data):
        return read_bundle(data)
    if not data.strip():
        raise NotReadable("The file is empty", "Choose a workflow, a bundle, or a picture that carries one.")
    start = data[:2_000].decode(errors="replace").strip()
    if is_link(start) and "\n" not in start:
        return read_link(data.decode(errors="replace"))
    return Shared(read_workflow(data, "The file"))
