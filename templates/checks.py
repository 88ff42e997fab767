"""Whether outputs are what an example expects.

An example's ``expected`` is a record. ``number``: the first output names it; ``contains``: a text, or several, in the
outputs; ``min_words`` of the first output; ``tests``: asserts that the first output, a program, passes; any other key:
the output of that name is equal.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nodes.contract import NodeError
from nodes.snippet_tests import run_tests
from nodes.snippet_text import code_in

OF_THE_ANSWER: Final = ("number", "contains", "min_words", "tests")
"""Checks of what a workflow says; the others are of an output by name."""
_NUMBER: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_SECONDS: Final = 5
_MEMORY_MB: Final = 64


def misses(expected: Mapping[str, Any], outputs: Mapping[str, Any]) -> list[str]:
    """What of ``expected`` does not hold, in words. Programs run sealed off; not to be called in an event loop."""
    told = json.dumps(outputs, ensure_ascii=False)[:300]
    missed = {key: wanted for key, wanted in expected.items() if not _holds(key, wanted, outputs)}
    return [f"{key}: {wanted!r} is not in {told}" for key, wanted in missed.items()]


def checked_by(expected: Mapping[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
    """The part of ``expected`` that a workflow with these outputs can be held to.

    A score or a verdict that a workflow gives out of itself is nothing another workflow could have.
    """
    return {key: wanted for key, wanted in expected.items() if key in OF_THE_ANSWER or key in outputs}


def _holds(key: str, wanted: Any, outputs: Mapping[str, Any]) -> bool:
    first = next(iter(outputs.values()), "")
    match key:
        case "number":
            return float(wanted) in {float(each.replace(",", "")) for each in _NUMBER.findall(str(first))}
        case "contains":
            text = json.dumps(outputs, ensure_ascii=False)
            words = [wanted] if isinstance(wanted, str) else list(wanted)
            return all(word in text or json.dumps(word)[1:-1] in text for word in words)
        case "min_words":
            return len(str(first).split()) >= wanted
        case "tests":
            return _passes(str(first), wanted)
        case _:
            return outputs.get(key) == wanted


def _passes(program: str, tests: Sequence[str]) -> bool:
    """In the sealed interpreter, for it may be a model's."""
    try:
        results = asyncio.run(run_tests(code_in(program) or program, tests, seconds=_SECONDS, memory_mb=_MEMORY_MB))
    except NodeError:  # there is no program
        return False
    return all(result.passed for result in results)
