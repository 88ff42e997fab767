"""Whether a template's outputs are what its example expects."""

import json
import re
from collections.abc import Mapping
from typing import Any

from graphs.models.script import Script
from nodes.reflection.verify_by_test import verify_by_test
from templates import catalogue
from tests.fakes import FakeContext, run_node


def misses(expected: Mapping[str, Any], outputs: Mapping[str, Any]) -> list[str]:
    """What of ``expected`` does not hold, in words.

    ``number``: the first output names it; ``contains``: a text, or several, in the outputs; ``min_words`` of the
    first output; ``tests``: asserts the first output, a program, passes; any other key: the output of that name.
    """
    found: list[str] = []
    text = json.dumps(outputs, ensure_ascii=False)
    first = next(iter(outputs.values()), "")
    for key, wanted in expected.items():
        match key:
            case "number":
                numbers = {float(each.replace(",", "")) for each in re.findall(r"-?\d[\d,]*(?:\.\d+)?", str(first))}
                holds = float(wanted) in numbers
            case "contains":
                words = [wanted] if isinstance(wanted, str) else list(wanted)
                holds = all(word in text or json.dumps(word)[1:-1] in text for word in words)
            case "min_words":
                holds = len(str(first).split()) >= wanted
            case "tests":
                holds = _passes(str(first), wanted)
            case _:
                holds = outputs.get(key) == wanted
        found += [] if holds else [f"{key}: {wanted!r} is not in {text[:300]}"]
    return found


def _passes(program: str, tests: list[str]) -> bool:
    """In the sealed interpreter, for it may be a model's."""
    route = run_node(verify_by_test, {"program": program, "tests": tests}, FakeContext())
    return route.outcome == "passed"


def unhurried(slug: str) -> Script:
    """The answers of a template's recording, given at once."""
    script = catalogue.recorded_script(slug)
    replies = tuple(reply.model_copy(update={"seconds": 0.0}) for reply in script.replies)
    return script.model_copy(update={"replies": replies})
