"""Finds keys and personal data in a text, and writes marks in their place.

Patterns find candidates; a check sum decides where there is one: ISO/IEC 7812 (Luhn) for card numbers,
ISO 13616 (mod 97) for IBANs. What has none is found by its form alone, so a number that looks like a
telephone number is taken for one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple, get_args

Sort = Literal["key", "password", "email", "phone", "iban", "card"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
MAX_TEXT: Final = 1_000_000  # characters


class Found(NamedTuple):
    """One piece: what it is, and where in the text (characters from 0, end not included)."""

    sort: Sort
    start: int
    end: int


def _luhn(text: str) -> bool:
    digits = [int(letter) for letter in text if letter.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _iban(text: str) -> bool:
    code = re.sub(r"\s", "", text)
    return 15 <= len(code) <= 34 and int("".join(str(int(letter, 36)) for letter in code[4:] + code[:4])) % 97 == 1


def _phone(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return 8 <= digits <= 15 and not _DATE.match(text)


def _always(text: str) -> bool:
    return True


_DATE: Final = re.compile(r"^\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|^\d{1,2}[-./]\d{1,2}[-./]\d{4}")
_KEYS: Final = "|".join([
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.{0,20000}?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # AWS
    r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b", r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b",
    r"\bglpat-[A-Za-z0-9_-]{20,}", r"\bxox[abeprs]-[A-Za-z0-9-]{10,}", r"\bAIza[0-9A-Za-z_-]{35}",
    r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}", r"\bsk-[A-Za-z0-9_-]{20,}", r"\bhf_[A-Za-z0-9]{30,}",
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",  # JSON web token
])  # fmt: skip
_ASSIGNED: Final = (
    r"(?i:\b(?:password|passwd|pwd|passwort|secret|api[ _-]?key|access[ _-]?token|auth[ _-]?token)\b[\"']?"
    r"\s*(?:[:=]|\bis\b(?=\s+\S*\d))\s*[\"']?|\bbearer\s+)(?P<value>[^\s\"',;]{6,200})"
)
_LOCAL: Final = (  # with a leading 0, or as (555) 123-4567: bare groups of digits are numbers
    r"(?<![\w.+-])(?<!\d )(?:\(?0\d{1,5}\)?[ /.-]{1,3}\d{3,8}(?:[ .-]?\d{2,5}){0,2}"
    r"|\(?\d{3}\)?[ .-]\d{3}[.-]\d{4})(?![\w-])"
)
_PATTERNS: Final[tuple[tuple[Sort, re.Pattern[str], Callable[[str], bool]], ...]] = (
    ("key", re.compile(_KEYS, re.DOTALL), _always),
    ("password", re.compile(_ASSIGNED), _always),
    ("email", re.compile(r"\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}\b"), _always),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"), _iban),
    ("card", re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]\d|\d)"), _luhn),
    ("phone", re.compile(r"(?<![\w.])(?<!\d )(?:\+|00)\d(?:[ ()/.-]{0,2}\d){6,13}(?!\w)"), _phone),
    ("phone", re.compile(_LOCAL), _phone),
)


def find(text: str, sorts: Sequence[Sort] = SORTS) -> list[Found]:
    """What there is of ``sorts``, in the order of the text; nothing overlaps, the earlier pattern wins."""
    taken: list[Found] = []
    for found in _candidates(text[:MAX_TEXT]):
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)
    return sorted((found for found in taken if found.sort in sorts), key=lambda found: found.start)


def _candidates(text: str) -> Iterator[Found]:
    for sort, pattern, true in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span("value") if "value" in pattern.groupindex else match.span()
            if true(text[start:end]):
                yield Found(sort, start, end)


def redacted(text: str, found: Sequence[Found]) -> str:
    """The text with ``[email 1]`` and the like in place of each; equal values get equal numbers.

    A text longer than ``MAX_TEXT`` is cut there, since the rest was not looked at.
    """
    numbers: dict[tuple[Sort, str], int] = {}
    parts, at = list[str](), 0
    for each in found:
        value = (each.sort, text[each.start : each.end])
        number = numbers.setdefault(value, sum(sort == each.sort for sort, _ in numbers) + 1)
        parts += [text[at : each.start], f"[{each.sort} {number}]"]
        at = each.end
    return "".join([*parts, text[at:MAX_TEXT]])


def summary(found: Sequence[Found]) -> str:
    """``2 email, 1 iban``."""
    return ", ".join(f"{count} {sort}" for sort in SORTS if (count := sum(each.sort == sort for each in found)))
