"""Signs that a text gives orders to the model that reads it: prompt injection.

Each sign has a weight (1 weak, 3 strong on its own). The text is read as it is, made plain (Unicode
NFKC, invisible letters dropped, Cyrillic and Greek look-alikes made Latin), and with what its tag
characters and Base64 hide. Signs are hints: a page about injections shows them too, and an order in
plain prose shows none.
"""

# ruff: noqa: E501 - a pattern of the table reads best on one line
import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

MAX_TEXT: Final = 200_000  # characters
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_TAGS: Final = re.compile("[\U000e0020-\U000e007e]+")
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/=])")
_HIDDEN_RUN: Final = re.compile(
    "[\u200b-\u200d\u2060-\u2064\ufeff]{4,}|[\u202a-\u202e\u2066-\u2069]|[\U000e0020-\U000e007e]{4,}"
)
_ALIKE: Final = str.maketrans(
    "авекмнорстухіѕјԁԛԝАВЕКМНОРСТУХІЅЈαεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abekmhopctyxisjdqwABEKMHOPCTYXISJaeiknoptuxABEZHIKMNOPTYX",
)
_PRIOR: Final = r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|system|your)"
_ORDERS: Final = r"(?:instructions?|prompts?|rules?|directions?|commands?|guidelines?|context|messages?|tasks?)"
_MODEL: Final = r"(?:ai|assistant|llm|language model|model|agent|chat ?bot|gpt|claude)"

SIGNS: Final[tuple[tuple[str, int, re.Pattern[str]], ...]] = tuple(
    (name, weight, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for name, weight, pattern in (
        ("overrides instructions", 3, rf"\b(?:ignore|disregard|forget|override|bypass|do not follow|stop following)\b[^.\n]{{0,40}}\b{_PRIOR}\b[^.\n]{{0,30}}\b{_ORDERS}\b"),
        ("overrides instructions", 3, r"\b(?:forget|ignore|disregard) (?:everything|all of (?:the|this)|what(?:ever)? (?:you|was|i))\b"),
        ("overrides instructions", 3, r"\b(?:ignoriere?|vergiss|missachte)\b[^.\n]{0,40}\b(?:anweisung|vorgabe|regel|befehl)"),
        ("overrides instructions", 3, r"\b(?:ignore[rz]?|oublie[rz]?|ignora|olvida|dimentica)\b[^.\n]{0,40}\b(?:instruc|istruzion|consignes|reglas|regole|instruções)"),
        ("overrides instructions", 3, "忽略.{0,8}(?:指令|指示|提示)"),
        ("new instructions", 2, r"\b(?:new|updated|real|actual|additional|urgent)\s+(?:system\s+)?(?:instructions?|task|orders?)\s*[:\-]"),
        ("new role", 2, r"\b(?:you are now|from now on,? you|you (?:must|will) (?:now )?act as|pretend (?:to be|you are)|enter (?:developer|dan|god) mode)\b"),
        ("chat markup", 3, r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)[^>\n]{0,20}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|instructions?)>"),
        ("chat markup", 2, r"^\s*(?:#{1,4}\s*)?(?:system|assistant|developer)(?: (?:message|prompt|override|note))?\s*:\s*\S"),
        ("addresses the model", 2, rf"\b(?:attention|note|message|instructions?|dear|hey|hello)\b[\s,:]*(?:to|for)?\s*(?:the|any|all|every)?\s*(?:{_MODEL}s?\b\s*){{1,3}}[:,!]"),
        ("addresses the model", 2, rf"\b(?:if|as|since) you(?:'re| are) an? (?:[\w-]+ )?{_MODEL}\b"),
        ("asks for secrecy", 2, r"\b(?:do not|don't|never|without) (?:tell(?:ing)?|mention(?:ing)?|inform(?:ing)?|alert(?:ing)?|reveal(?:ing)? (?:this|it)?|notify(?:ing)?)\b[^.\n]{0,30}\b(?:user|human|owner|anyone|person)\b"),
        ("asks for the prompt", 2, r"\b(?:reveal|print|repeat|show|output|leak|display)\b[^.\n]{0,30}\b(?:system prompt|your (?:instructions|prompt|rules))\b"),
        ("sends data out", 2, r"\b(?:send|post|forward|e-?mail|upload|exfiltrate|transmit|leak)\b[^.\n]{0,60}\b(?:to|at)\b[^.\n]{0,20}(?:https?://|[\w.+-]+@[\w-]+\.)"),
        ("sends data out", 2, r"!\[[^\]]{0,100}\]\(https?://[^)\s]{0,300}[?&][^)\s]{0,100}="),
        ("calls a tool", 2, r"\b(?:you must|please|immediately|now|then|first)?\s*\b(?:call|invoke|execute|run|use) (?:the )?[`'\"]?\w+[`'\"]? (?:tool|function|command)\b"),
        ("hidden in mark-up", 1, r"<!--[^>]{0,400}\b(?:instruction|ignore|assistant|prompt|must|agent)\b|display\s*:\s*none|font-size\s*:\s*0|color\s*:\s*(?:white|#fff(?:fff)?)\b"),
        ("urges", 1, r"\b(?:you must (?:immediately|now|always)|this is (?:very )?(?:important|urgent)[^.\n]{0,20}!|important!{2,}|it is (?:critical|imperative) that you)"),
    )
)  # fmt: skip


class Sign(NamedTuple):
    """A sign: what it is, how strong, and the line it stands in (from 0; -1: hidden somewhere)."""

    name: str
    weight: int
    line: int
    excerpt: str


def signs(text: str) -> list[Sign]:
    """Every sign of the text, in its order; those of hidden parts last."""
    text = text[:MAX_TEXT]
    lines = text.splitlines()
    found = [sign for at, line in enumerate(lines) for sign in _in_line(line, at)]
    # Orders that run over a line end show only when the whole is read.
    whole = [sign for sign in _matched(" ".join(plain(text).split()), -1) if sign.name not in {e.name for e in found}]
    hidden = [
        Sign(f"{sign.name}, encoded", 3, -1, sign.excerpt) for part in _hidden(text) for sign in _matched(part, -1)
    ]
    return list(dict.fromkeys([*found, *whole, *hidden]))


def score(found: Sequence[Sign]) -> int:
    """The weights added up, each name once."""
    return sum({sign.name: sign.weight for sign in found}.values())


def plain(text: str) -> str:
    """The text as a reader sees it: NFKC, without invisible letters, look-alikes made Latin."""
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return re.sub(r"\w*[a-zA-Z]\w*", lambda word: word[0].translate(_ALIKE), seen)


def _in_line(line: str, at: int) -> Iterator[Sign]:
    if _HIDDEN_RUN.search(line):
        yield Sign("invisible letters", 2, at, "")
    yield from _matched(plain(line), at)


def _matched(text: str, line: int) -> Iterator[Sign]:
    seen = set[str]()
    for name, weight, pattern in SIGNS:
        match = pattern.search(text) if name not in seen else None
        if match:
            seen.add(name)
            yield Sign(name, weight, line, text[match.start() : match.end()].strip()[:120])


def _hidden(text: str) -> Iterator[str]:
    """What tag characters and Base64 spell."""
    for match in _TAGS.finditer(text):
        yield "".join(chr(ord(letter) - 0xE0000) for letter in match[0])
    for match in _BASE64.finditer(text):
        try:
            decoded = base64.b64decode(match[0] + "=" * (-len(match[0]) % 4), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        if decoded.isprintable() or "\n" in decoded:
            yield decoded
