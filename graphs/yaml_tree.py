"""From YAML text to plain data, with the line of every value, in bounded time and memory.

Built on the parser's events, not on a loader: nothing is constructed but dict, list, str, int, float,
bool and None, and reading stops at the first sign of a bomb. Refused: anchors and aliases (so neither
cycles nor a billion laughs), tags, nesting over 32, more than 2 MB of text or 150,000 values. Plain
scalars follow the core schema of YAML 1.2 (section 10.3.2, decimal numbers only): ``no`` and ``12:30``
are text. Keys are always text.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from graphs.diagnostics import Diagnostic, Place, finding

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 32
MAX_VALUES: Final = 150_000
MAX_PROBLEMS: Final = 100
MAX_DIGITS: Final = 300
LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column, both from 1."""

_NULL: Final = {"", "~", "null", "Null", "NULL"}
_BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER: Final = re.compile(r"[-+]?[0-9]+")
FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

_HINTS: Final = (
    ("\\t", "Indent with spaces; YAML allows no tabs there."),
    ("mapping values are not allowed", "Put text that contains ': ' in quotes, and check the indentation."),
    ("did not find expected <document start>", "Check the indentation: the line belongs to nothing above it."),
    ("did not find expected key", "Check the indentation, and that quotes before this line are closed."),
    ("could not find expected ':'", "A key needs a ':' after it; check that quotes and brackets above are closed."),
    ("unexpected end of stream", "The text ends inside a quote: the file may be cut off."),
    ("did not find expected ',' or", "A '[' or '{' is not closed, or a ',' is missing: the file may be cut off."),
    ("did not find expected node content", "A value is missing here, or a bracket is not closed."),
    ("cannot start any token", "Put the value in quotes: it begins with a character YAML keeps for itself."),
    ("control characters are not allowed", "This does not look like a text file; choose the workflow's YAML file."),
)


@dataclass
class Tree:
    """What a text holds. ``data`` is as far as reading came where ``problems`` says it stopped."""

    data: Any = None
    marks: dict[Path, Mark] = field(default_factory=dict[Path, Mark])
    """Where each key or item stands."""
    problems: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def place(self, path: Path) -> Place:
        """The place of a value, or of the nearest thing around it that was written."""
        while path not in self.marks and path:
            path = path[:-1]
        line, column = self.marks.get(path, (1, 1))
        return Place(line=line, column=column)


class _Stop(Exception):
    """Reading cannot go on."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass
class _Open:
    """A list or mapping that is being read; ``key`` is the key whose value comes next."""

    container: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None
    skip: bool = False
    """The next value belongs to a key that is there already: read, not kept."""


def read(text: str | bytes) -> Tree:
    """The data of a YAML text and its problems; never raises."""
    tree = Tree()
    try:
        _Reader(tree).read(_decoded(text))
    except _Stop as stop:
        tree.problems.append(stop.diagnostic)
    except yaml.MarkedYAMLError as error:
        tree.problems.append(_syntax(error, text))
    except yaml.reader.ReaderError as error:
        tree.problems.append(_stop("DOC102", f"the text cannot be read: {error.reason}", _hint(str(error.reason))))
    except yaml.YAMLError as error:
        tree.problems.append(_stop("DOC101", f"the text cannot be read: {str(error).splitlines()[0]}", ""))
    return tree


def _decoded(text: str | bytes) -> str:
    size = len(text)
    if size > MAX_BYTES:
        what = f"the text has {size:,} {'bytes' if isinstance(text, bytes) else 'characters'}"
        raise _Stop(_stop("DOC103", what, f"At most {MAX_BYTES:,} are read. Keep data in inputs, not in the workflow."))
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text.encode("utf-8").decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} of the file ({error.object[error.start]:#04x}) is not UTF-8 text"
        raise _Stop(_stop("DOC102", what, "Save the file as UTF-8 text.")) from error
    except UnicodeEncodeError as error:
        what = f"character {error.start + 1} of the text is half of a surrogate pair"
        raise _Stop(_stop("DOC102", what, "Remove the character.")) from error
    return decoded.removeprefix("\ufeff")


class _Reader:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.open: list[_Open] = []
        self.values = 0
        self.documents = 0

    def read(self, text: str) -> None:
        for event in _events(text):
            self.take(event)

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self.begin(event, {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self.begin(event, [])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.open.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise _Stop(_at("DOC105", event, f"the alias *{event.anchor} is used", "Write the value out."))
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                what = "a second document begins here"
                raise _Stop(_at("DOC101", event, what, "One file holds one workflow: split it at the '---'."))

    def begin(self, event: Any, container: Any) -> None:
        self.check(event)
        frame = self.open[-1] if self.open else None
        if frame is not None and isinstance(frame.container, dict) and frame.key is None:
            what = f"a {'list' if isinstance(container, list) else 'mapping'} stands where a key is expected"
            raise _Stop(_at("DOC101", event, what, "Keys are words; put a value with brackets or braces in quotes."))
        if len(self.open) >= MAX_DEPTH:
            raise _Stop(_at("DOC104", event, f"values are nested more than {MAX_DEPTH} deep", "Make it flatter."))
        self.open.append(_Open(container, self.put(event, container)))

    def scalar(self, event: Any) -> None:
        self.check(event)
        frame = self.open[-1] if self.open else None
        if frame is not None and isinstance(frame.container, dict) and frame.key is None:
            self.key(event, frame)
        else:
            self.put(event, self.resolved(event))

    def key(self, event: Any, frame: _Open) -> None:
        key, path = event.value, (*frame.path, event.value)
        frame.key = key
        frame.skip = key in frame.container
        if frame.skip:
            line = self.tree.marks.get(path, (0, 0))[0]
            where = ".".join(map(str, path))
            what = f"the key {where!r} stands here again; it is in line {line} already"
            self.report(_at("DOC106", event, what, "Rename one of the two, or remove it."))
        elif not self.hidden():
            self.tree.marks[path] = _mark(event)

    def put(self, event: Any, value: Any) -> Path:
        """Puts a value where it belongs and tells its path."""
        if not self.open:
            self.tree.data = value
            self.tree.marks[()] = _mark(event)
            return ()
        frame = self.open[-1]
        if isinstance(frame.container, list):
            path = (*frame.path, len(frame.container))
            frame.container.append(value)
            self.tree.marks[path] = _mark(event)
            return path
        path = (*frame.path, frame.key or "")
        if not frame.skip:
            frame.container[frame.key or ""] = value
        frame.key = None
        return path

    def hidden(self) -> bool:
        """Whether the reader is inside the value of a repeated key."""
        return any(frame.skip for frame in self.open)

    def check(self, event: Any) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            raise _Stop(_at("DOC103", event, f"there are more than {MAX_VALUES:,} values", "Split the workflow."))
        if event.anchor is not None:
            raise _Stop(
                _at("DOC105", event, f"the anchor &{event.anchor} is set", "Write the value out where it is used.")
            )
        if event.tag is not None and event.tag != "!":
            self.report(_at("DOC107", event, f"the tag {event.tag!r} is set", "Remove it; use quotes for text."))

    def report(self, diagnostic: Diagnostic) -> None:
        self.tree.problems.append(diagnostic)
        if len(self.tree.problems) >= MAX_PROBLEMS:
            raise _Stop(_stop("DOC101", f"reading stopped after {MAX_PROBLEMS} problems", "Mend these first."))

    def resolved(self, event: Any) -> Any:
        text: str = event.value
        if event.style or event.tag is not None:
            return text
        if text in _NULL:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if INTEGER.fullmatch(text) and len(text) <= MAX_DIGITS:
            return int(text)
        if FLOAT.fullmatch(text):
            return self.number(event, text)
        return text

    def number(self, event: Any, text: str) -> float:
        value = float(text.replace(".inf", "inf").replace(".nan", "nan")) if "n" not in text.lower() else math.inf
        if not math.isfinite(value):
            self.report(_at("DOC114", event, f"{text[:40]} is not a finite number", "Put it in quotes if it is text."))
            return 0.0
        return value


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=LOADER))


def _mark(event: Any) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _at(code: str, event: Any, message: str, remedy: str) -> Diagnostic:
    line, column = _mark(event)
    return finding(code, message, remedy, place=Place(line=line, column=column))


def _stop(code: str, message: str, remedy: str) -> Diagnostic:
    return finding(code, message, remedy, place=Place(line=1, column=1))


def _syntax(error: Any, text: str | bytes) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context or "the text is not YAML")
    if mark and "cannot start any token" in problem and _begins_with_tab(text, mark):
        problem = "a tab ('\\t') stands where the indentation is"
    place = Place(line=mark.line + 1, column=mark.column + 1) if mark else Place(line=1, column=1)
    opened = error.context_mark
    since = (
        f", {error.context} in line {opened.line + 1}" if opened and opened.line != getattr(mark, "line", None) else ""
    )
    return finding("DOC101", f"the text is not YAML: {problem}{since}", _hint(problem), place=place)


def _begins_with_tab(text: str | bytes, mark: Any) -> bool:
    lines = (text.decode("utf-8", "replace") if isinstance(text, bytes) else text).split("\n")
    return mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t"


def _hint(problem: str) -> str:
    return next((hint for sign, hint in _HINTS if sign in problem), "Check indentation, quotes and brackets here.")
