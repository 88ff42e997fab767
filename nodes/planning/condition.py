"""A setting that holds a CEL condition."""

from typing import Annotated

from pydantic import AfterValidator

from nodes.conditions import ConditionError, check


def checked(condition: str) -> str:
    """The condition itself; ValueError where it cannot be read."""
    try:
        check(condition)
    except ConditionError as error:
        raise ValueError(error.what) from error
    return condition


Condition = Annotated[str, AfterValidator(checked)]
