"""The inputs of a run against what the workflow declares: every error at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from graphs.document import InputSpec
from graphs.intermediate import describe
from nodes.types import conforms


@dataclass(frozen=True)
class InputProblem:
    """One input that does not fit."""

    field: str
    what: str
    mend: str


class InputErrors(ValueError):
    """The inputs do not fit the workflow; ``problems`` names each."""

    def __init__(self, problems: tuple[InputProblem, ...]) -> None:
        super().__init__("; ".join(problem.what for problem in problems))
        self.problems = problems


def checked_inputs(declared: Mapping[str, InputSpec], given: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with defaults filled in; an optional one without a value stays absent.

    Raises InputErrors with all problems.
    """
    values = {name: spec.default for name, spec in declared.items() if spec.default is not None}
    values.update((name, value) for name, value in given.items() if value is not None)
    problems = [
        *(_unknown(name, declared) for name in given if name not in declared),
        *(_missing(name, spec) for name, spec in declared.items() if spec.required and name not in values),
        *(
            _mistyped(name, spec, values[name])
            for name, spec in declared.items()
            if name in values and not conforms(values[name], spec.type)
        ),
    ]
    if problems:
        raise InputErrors(tuple(problems))
    return values


def _unknown(name: str, declared: Mapping[str, InputSpec]) -> InputProblem:
    near = get_close_matches(name, declared, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return InputProblem(
        name, f"The workflow has no input {name!r}", f"{hint}Its inputs are {', '.join(declared) or 'none'}."
    )


def _missing(name: str, spec: InputSpec) -> InputProblem:
    return InputProblem(name, f"The input {spec.title or name!r} is missing", f"Give a {spec.type} for {name!r}.")


def _mistyped(name: str, spec: InputSpec, value: Any) -> InputProblem:
    return InputProblem(
        name, f"The input {name!r} must be a {spec.type}, and is {describe(value)}", f"Give a {spec.type} for {name!r}."
    )
