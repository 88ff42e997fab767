"""Errors of the store and of models as a person reads them: what, where, how to mend it. Never a traceback."""

from collections.abc import Generator
from contextlib import contextmanager

import streamlit as st

from nodes.contract import NodeError
from store.errors import StoreError


@contextmanager
def shown() -> Generator[None]:
    """Show what the code inside refuses as a message in its place."""
    try:
        yield
    except StoreError as error:
        refused(error.what, error.mend, error.where)
    except NodeError as error:
        refused(error.what, error.mend)


def refused(what: str, mend: str, where: str = "") -> None:
    """Show one message."""
    lines = [what, mend, f"Where: {where}" if where else ""]
    # The texts can hold what a person or a model wrote: shown as they are, not as markup.
    st.error("\n\n".join(_plain(line) for line in lines if line), icon=":material/error:")


def _plain(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_{}[]()#+-!|<>~$:" else char for char in text)
