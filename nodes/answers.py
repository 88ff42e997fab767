"""Answers of a type: the schema a model is held to, and asking once more when it did not fit.

The built-in 1.5B model writes parseable JSON 18 times of 18 under a schema and 3 of 18 without one, so
every node that needs more than prose asks by schema.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar, cast

from pydantic import BaseModel, Field, ValidationError, create_model, model_validator

from nodes.contract import AnswerError, ChatModel, Config, Reply

AnswerType = Literal["text", "number", "boolean", "list[text]", "list[number]", "record"]
FieldType = Literal["text", "number", "boolean", "list[text]", "list[number]"]
Schema = TypeVar("Schema", bound=BaseModel)

AGAIN: Final = "That does not fit: {problem}\nAnswer again, with nothing but the JSON object that was asked for."
WARMER: Final = 0.7
"""Temperature at least, after an answer without an end: at 0 a small model repeats itself once more."""
_PYTHON: Final[Mapping[str, Any]] = {
    "text": str, "number": float, "boolean": bool, "list[text]": list[str], "list[number]": list[float],
}  # fmt: skip


class AnswerField(Config):
    """One entry of an answer of type record."""

    name: str = Field(
        title="Name",
        description="Key of the entry: lower-case letters, digits and _.",
        pattern=r"^[a-z][a-z0-9_]{0,63}$",
    )
    type: FieldType = Field(default="text", title="Type", description="What the value is.")
    description: str = Field(
        default="", title="Description", description="What the model shall write there.", max_length=400
    )
    choices: tuple[str, ...] = Field(
        default=(), title="Choices", description="Of a text: one of these and nothing else; empty: any.", max_length=50
    )

    @model_validator(mode="after")
    def _are_texts(self) -> "AnswerField":
        if self.choices and self.type not in ("text", "list[text]"):
            raise ValueError(f"the entry {self.name!r} is a {self.type}, and only texts have choices")
        return self

    @property
    def python(self) -> Any:
        """The type a model's answer is held to."""
        if not self.choices:
            return _PYTHON[self.type]
        one = cast(Any, Literal)[self.choices]
        return list[one] if self.type == "list[text]" else one


@lru_cache(maxsize=256)
def answer_schema(kind: AnswerType, fields: tuple[AnswerField, ...] = ()) -> type[BaseModel] | None:
    """The model of ``{"answer": ...}`` for an answer of ``kind``; None for text, which needs none."""
    if kind == "text":
        return None
    inner: Any = _record(fields) if kind == "record" else _PYTHON[kind]
    return create_model("Answer", answer=(inner, Field(description="The answer, and nothing else.")))


def _record(fields: tuple[AnswerField, ...]) -> type[BaseModel]:
    entries: dict[str, Any] = {
        entry.name: (entry.python, Field(description=entry.description or entry.name)) for entry in fields
    }
    return create_model("Record", **entries)


def value_of(data: BaseModel) -> Any:
    """The JSON-like answer in what ``answer_schema`` made; whole numbers become int."""
    return _whole(data.model_dump(mode="json")["answer"])


def _whole(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return value


async def ask_for(
    model: ChatModel, messages: Sequence[Mapping[str, Any]], schema: type[Schema], *, temperature: float | None = None
) -> Schema:
    """An answer that fits ``schema``; asked once more, with the problem named, when the first does not.

    One that broke off is not shown again, for a small model would go on with it, and the second is asked
    ``WARMER``. Raises AnswerError when the second does not fit either.
    """
    try:
        return await _asked(model, messages, schema, temperature)
    except AnswerError as error:
        problem = {"role": "user", "content": AGAIN.format(problem=error.what)}
        if _broke_off(error.text):
            return await _asked(model, [*messages, problem], schema, max(temperature or 0, WARMER))
        said = [{"role": "assistant", "content": error.text}] if error.text else []
        return await _asked(model, [*messages, *said, problem], schema, temperature)


def _broke_off(text: str) -> bool:
    """Whether it is an object that was begun and not ended."""
    return text.lstrip().startswith("{") and not text.rstrip().endswith("}")


async def _asked(
    model: ChatModel, messages: Sequence[Mapping[str, Any]], schema: type[Schema], temperature: float | None
) -> Schema:
    reply = await model.chat(messages, schema=schema, temperature=temperature, stream=False)
    return _fitted(reply, schema)


def _fitted(reply: Reply, schema: type[Schema]) -> Schema:
    if isinstance(reply.data, schema):
        return reply.data
    try:
        if reply.data is None:
            return schema.model_validate_json(reply.text)
        return schema.model_validate(reply.data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise AnswerError(f"{where}: {first['msg']}, in {reply.text[:200]!r}", text=reply.text) from error
