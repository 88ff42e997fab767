"""Whether an answer is the expected one: exact, contained, the same number, or by a CEL condition."""

import re
from typing import Any, Final, Literal

from nodes.conditions import holds
from nodes.contract import NodeError
from nodes.templating import as_text

Check = Literal["exact", "contains", "number", "cel"]
_NUMBER: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?")
TOLERANCE: Final = 1e-6  # relative


def right(answer: Any, expected: Any, check: Check, condition: str) -> bool:
    """``condition`` reads ``answer`` and ``expected``; it is only used by the check cel."""
    if check == "cel":
        return holds(condition, {"answer": answer, "expected": expected})
    if check == "number":
        return _same_number(answer, expected)
    said, wanted = _plain(answer), _plain(expected)
    return said == wanted if check == "exact" else wanted in said


def _plain(value: Any) -> str:
    return " ".join(as_text(value).casefold().split()).rstrip(".")


def _same_number(answer: Any, expected: Any) -> bool:
    """The last number of the answer against the last of what is expected (``... #### 42``)."""
    said, wanted = last_number(answer), last_number(expected)
    if wanted is None:
        raise NodeError(f"The expected answer {expected!r} has no number", mend="Choose another check.")
    return said is not None and abs(said - wanted) <= TOLERANCE * max(1.0, abs(wanted))


def last_number(value: Any) -> float | None:
    """The last number in a text; None where there is none."""
    found = _NUMBER.findall(as_text(value))
    return float(found[-1].replace(",", "")) if found else None
