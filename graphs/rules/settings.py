"""The faults in the settings of nodes, found by their own models and shared by the rules about settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from graphs.rules.subject import Subject

TEMPLATE: Final = "prompt"
CONDITION: Final = "cel"


@dataclass(frozen=True)
class Fault:
    """One thing a model found. ``path``: field names and indices down to it."""

    node: str
    path: tuple[str | int, ...]
    kind: str
    """Pydantic's name of the error, ``extra_forbidden`` for one."""
    message: str
    value: Any
    widget: str
    """``prompt`` for a template, ``cel`` for a condition, else what the field declares or nothing."""
    bounds: Mapping[str, Any]
    known: tuple[str, ...]
    """The fields there are where this one is."""

    @property
    def where(self) -> str:
        return ".".join(map(str, self.path))


_FOUND: Final[WeakKeyDictionary[Subject, list[Fault]]] = WeakKeyDictionary()


def faults(subject: Subject) -> list[Fault]:
    """Every fault in the settings of nodes of a known kind, in the order of the nodes; found once a subject."""
    if subject not in _FOUND:
        _FOUND[subject] = _all_faults(subject)
    return _FOUND[subject]


def _all_faults(subject: Subject) -> list[Fault]:
    return [fault for id, spec in subject.specs.items() for fault in _faults(subject, id, spec.config)]


def _faults(subject: Subject, id: str, model: type[BaseModel]) -> Iterator[Fault]:
    try:
        model.model_validate(subject.node(id).config)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            path = each["loc"]
            yield Fault(
                node=id, path=path, kind=each["type"], message=each["msg"].removeprefix("Value error, "),
                value=each["input"], widget=_widget(subject, id, model, path), bounds=each.get("ctx", {}),
                known=_siblings(model, path),
            )  # fmt: skip


def _widget(subject: Subject, id: str, model: type[BaseModel], path: tuple[str | int, ...]) -> str:
    if path and path[0] in subject.specs[id].template_fields:
        return TEMPLATE
    info = _field(model, path)
    extra = info.json_schema_extra if info is not None else None
    return str(extra.get("widget", "")) if isinstance(extra, dict) else ""


def _field(model: type[BaseModel] | None, path: tuple[str | int, ...]) -> FieldInfo | None:
    """The field a path leads to; where it ends in a list or record, the field that holds it."""
    found: FieldInfo | None = None
    for part in path:
        if isinstance(part, str) and model is not None and part in model.model_fields:
            found = model.model_fields[part]
            model = _model_in(found.annotation)
    return found


def _siblings(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[str, ...]:
    info = _field(model, path[:-1])
    inner = _model_in(info.annotation) if info is not None else model
    return tuple(inner.model_fields) if inner is not None else ()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model in an annotation such as ``tuple[Branch, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for each in get_args(annotation) if (model := _model_in(each)) is not None), None)


def settings_with(model: type[BaseModel], config: Mapping[str, Any], widget: str) -> Iterator[tuple[str, Any]]:
    """``(path, value)`` of every setting that is drawn with ``widget``, its default where it is not set."""
    for name, info, inner in _holders(model, widget):
        value = config.get(
            name, None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
        )
        if inner is None:
            yield name, value
        elif isinstance(value, list | tuple):
            for index, each in enumerate(value):
                given = each.model_dump() if isinstance(each, BaseModel) else each
                if isinstance(given, dict):
                    yield from (
                        (f"{name}.{index}.{path}", found) for path, found in settings_with(inner, given, widget)
                    )


@cache  # few kinds have any, and every rule of the workspace asks for all nodes after every edit
def _holders(model: type[BaseModel], widget: str) -> tuple[tuple[str, FieldInfo, type[BaseModel] | None], ...]:
    """The fields drawn with ``widget``, and those that hold lists of models with such fields."""
    found: list[tuple[str, FieldInfo, type[BaseModel] | None]] = []
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        if isinstance(extra, dict) and extra.get("widget") == widget:
            found.append((name, info, None))
        elif (inner := _model_in(info.annotation)) is not None and _holders(inner, widget):
            found.append((name, info, inner))
    return tuple(found)
