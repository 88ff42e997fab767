"""Model references: ``provider:model``, and what to say when one is wrong."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from nodes.contract import NodeError

PROVIDERS: Final = ("builtin", "openai", "anthropic", "ollama", "scripted", "recorded")


@dataclass(frozen=True)
class Reference:
    """A model of a provider. ``str()`` is the spelling in documents."""

    provider: str
    """One of ``PROVIDERS`` or the name of an endpoint of the user's."""
    model: str

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}"


def parse(text: str, endpoints: Collection[str] = ()) -> Reference:
    """Read ``provider:model``; everything after the first colon is the model (``ollama:qwen3:4b``).

    ``endpoints`` are the user's names for OpenAI-compatible addresses, valid as providers.
    Raises NodeError naming the nearest provider.
    """
    provider, colon, model = text.strip().partition(":")
    known = (*PROVIDERS, *endpoints)
    if not colon:
        raise NodeError(f'"{text}" is not a model reference: it lacks a colon', mend=_missing_colon(provider, known))
    if provider not in known:
        raise NodeError(f'"{text}" names the provider "{provider}", which is not known', mend=_nearest(text, known))
    if not model.strip():
        raise NodeError(f'"{text}" names no model', mend=f"Write the model after the colon: {_example(provider)}.")
    return Reference(provider, model.strip())


def unknown_model(reference: Reference, known: Collection[str]) -> NodeError:
    """The error for a model its provider does not have, with the nearest of ``known``."""
    near = difflib.get_close_matches(reference.model, known, n=1, cutoff=0.4)
    hint = f'Did you mean "{reference.provider}:{near[0]}"? ' if near else ""
    listed = ", ".join(sorted(known)) or "none"
    return NodeError(
        f'"{reference}" is not known: {reference.provider} has no "{reference.model}"', mend=f"{hint}Known: {listed}."
    )


def _missing_colon(word: str, known: tuple[str, ...]) -> str:
    if word in known:
        return f"Write {_example(word)}."
    guesses = {"gpt": "openai", "o": "openai", "claude": "anthropic", "qwen": "builtin", "llama": "ollama"}
    provider = next((name for start, name in guesses.items() if word.lower().startswith(start)), None)
    return f'Write "{provider}:{word}".' if provider else f'Write "provider:model"; providers: {", ".join(known)}.'


def _nearest(text: str, known: tuple[str, ...]) -> str:
    provider, _, model = text.strip().partition(":")
    near = difflib.get_close_matches(provider.lower(), known, n=1, cutoff=0.5)
    hint = f'Did you mean "{near[0]}:{model}"? ' if near else ""
    return f"{hint}Known providers: {', '.join(known)}. Other addresses are added in Settings under Models."


def _example(provider: str) -> str:
    examples = {
        "builtin": "builtin:qwen2.5-coder-1.5b",
        "openai": "openai:gpt-4o-mini",
        "anthropic": "anthropic:claude-sonnet-4-5",
        "ollama": "ollama:qwen3:4b",
        "scripted": "scripted:<name of the script>",
        "recorded": "recorded:<run id>",
    }
    return examples.get(provider, f"{provider}:<model>")
