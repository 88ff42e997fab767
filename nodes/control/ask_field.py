"""What "Ask a person" is set up from: a field of its form, and a way on."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from nodes.contract import Config
from nodes.control.outcomes import OutcomeName
from nodes.forms import AnswerFaults, checked, form_field, read

SELECTED: Final = ("choice", "choices")


def _day(text: str) -> str:
    if text and (len(text) != len("2026-12-24") or not date.fromisoformat(text)):
        raise ValueError(f"{text!r} is not a date. Write it as 2026-12-24.")
    return text


Day = Annotated[str, AfterValidator(_day)]


class AskField(Config):
    """One field of the form."""

    name: str = Field(
        title="Name",
        description="Key in the answer: lower-case letters, digits and _.",
        pattern=r"^[a-z][a-z0-9_]{0,63}$",
    )
    title: str = Field(
        default="", title="Title", description="What stands beside the field; the name if empty.", max_length=200
    )
    type: Literal["text", "long_text", "number", "boolean", "choice", "choices", "date"] = Field(
        default="text", title="Type", description="What may be filled in."
    )
    choices: tuple[str, ...] = Field(
        default=(), title="Choices", description="For a field of type choice or choices.", max_length=50
    )
    required: bool = Field(default=True, title="Required", description="Whether it must be filled in.")
    help: str = Field(default="", title="Help", description="A line below the field.", max_length=300)
    default: str = Field(
        default="", title="Begins with", description="What stands in the field at first.", max_length=10_000
    )
    minimum: float | None = Field(
        default=None, title="At least",
        description="The smallest number, the fewest choices, the fewest characters of a text.",
    )  # fmt: skip
    maximum: float | None = Field(
        default=None, title="At most",
        description="The largest number, the most choices, the most characters of a text.",
    )  # fmt: skip
    whole: bool = Field(default=False, title="Whole", description="Of a number: no fractions.")
    earliest: Day = Field(default="", title="Earliest", description="Of a date: 2026-12-24; empty: any.")
    latest: Day = Field(default="", title="Latest", description="Of a date: 2026-12-24; empty: any.")

    @model_validator(mode="after")
    def _can_be_answered(self) -> "AskField":
        if self.type in SELECTED and not self.choices:
            raise ValueError(f"the field {self.name!r} is a choice without choices; list at least one")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"the field {self.name!r} has no value from {self.minimum:g} to {self.maximum:g}")
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"the field {self.name!r} has no day from {self.earliest} to {self.latest}")
        if self.default:
            self.fits(read(self.drawn(), self.default))
        return self

    def drawn(self, given: Any = None) -> dict[str, Any]:
        """The field as the form has it; ``given`` stands in it in place of the default."""
        bare = form_field(
            self.name, self.type, self.title, required=self.required, choices=self.choices, help=self.help,
            minimum=self.minimum, maximum=self.maximum, whole=self.whole, earliest=self.earliest, latest=self.latest,
        )  # fmt: skip
        first = given if given is not None else read(bare, self.default) if self.default else None
        return {**bare, "default": first}

    def fits(self, value: Any) -> None:
        """Raises ValueError where ``value`` cannot stand in the field."""
        try:
            checked([self.drawn()], {self.name: value})
        except AnswerFaults as faults:
            raise ValueError(f"what the field begins with does not fit: {faults.what}") from None


class Choice(Config):
    """One way on."""

    name: OutcomeName = Field(title="Name", description="Name of the outcome: lower-case letters, digits and _.")
    title: str = Field(
        default="", title="Title", description="What stands on the button; the name if empty.", max_length=80
    )
