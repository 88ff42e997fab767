"""What changed between two values, word by word, as plain text for terminals and reports."""

import difflib
import re
from typing import Any, Final, cast

AROUND: Final = 8
"""Words shown on each side of a change."""


def word_diff(old: str, new: str) -> str:
    """``old`` with ``[-words taken out-]`` and ``{+words put in+}``; long equal stretches are left out."""
    a, b = re.findall(r"\S+\s*|\s+", old), re.findall(r"\S+\s*|\s+", new)
    parts: list[str] = []
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(_shortened(a[a1:a2], first=a1 == 0, last=a2 == len(a)))
            continue
        removed, added = "".join(a[a1:a2]), "".join(b[b1:b2])
        kept = (added or removed).rstrip()
        parts += [f"[-{removed.rstrip()}-]"] * bool(removed) + [f"{{+{added.rstrip()}+}}"] * bool(added)
        parts.append((added or removed)[len(kept) :])
    return "".join(parts)


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
