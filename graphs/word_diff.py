"""What changed between two values, word by word, as plain text for terminals and reports."""

import difflib
import re
from collections.abc import Iterable
from typing import Any, Final, cast

AROUND: Final = 8
"""Words shown on each side of a change."""
FEW: Final = 2
"""Words that happen to be alike between two changes and are taken into them."""

_Step = tuple[str, int, int, int, int]


def word_diff(old: str, new: str) -> str:
    """``old`` with ``[-words taken out-]`` and ``{+words put in+}``; long equal stretches are left out."""
    a, b = re.findall(r"\S+\s*|\s+", old), re.findall(r"\S+\s*|\s+", new)
    parts: list[str] = []
    for tag, a1, a2, b1, b2 in _smooth(difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes(), a):
        if tag == "equal":
            parts.append(_shortened(a[a1:a2], first=a1 == 0, last=a2 == len(a)))
            continue
        removed, added = "".join(a[a1:a2]), "".join(b[b1:b2])
        kept = (added or removed).rstrip()
        parts += [f"[-{removed.rstrip()}-]"] * bool(removed) + [f"{{+{added.rstrip()}+}}"] * bool(added)
        parts.append((added or removed)[len(kept) :])
    return "".join(parts)


def _smooth(steps: Iterable[_Step], a: list[str]) -> list[_Step]:
    """Steps in which a change reaches over a few words alike to the next one, as long as they stand on one line."""
    found: list[_Step] = []
    for step in steps:
        tag, _, a2, _, b2 = step
        if tag != "equal" and len(found) > 1 and found[-1][0] == "equal" and _is_few(found[-1], a):
            before = found[-2]
            if {tag, before[0]} not in ({"insert"}, {"delete"}):  # two insertions stay two
                found[-2:] = [("replace", before[1], a2, before[3], b2)]
                continue
        found.append(step)
    return found


def _is_few(step: _Step, a: list[str]) -> bool:
    alike = a[step[1] : step[2]]
    return len(alike) <= FEW and not any("\n" in word for word in alike)


def as_text(value: Any) -> str:
    """Messages as a conversation, anything else as it prints."""
    if not isinstance(value, list) or not value or not all(isinstance(each, dict) and "role" in each for each in value):
        return value if isinstance(value, str) else repr(value)
    messages = cast(list[dict[str, Any]], value)
    return "\n".join(f"{each['role']}: {each.get('content', '')}{_calls(each)}" for each in messages)


def _calls(message: dict[str, Any]) -> str:
    return "".join(f" -> {call['name']}({call['arguments']})" for call in message.get("tool_calls") or ())


def _shortened(words: list[str], *, first: bool, last: bool) -> str:
    """The words next to a change."""
    start, end = (0 if first else AROUND), (0 if last else AROUND)
    if len(words) <= start + end + 1:
        return "".join(words)
    return "".join([*words[:start], "… ", *(words[-end:] if end else [])])
