"""``nodeloom``: opens the builder."""

from ui.terminal.opened import open_workspace


def open_builder(*, address: str, port: int, open_browser: bool | None, workers: int) -> None:
    """Serve until Ctrl-C. Raises Refusal where the address cannot be used."""
    from ui.serve import serve  # streamlit and fastapi: a second to import, of no use to the other commands

    serve(open_workspace(), address=address, port=port, open_browser=open_browser, workers=workers)
