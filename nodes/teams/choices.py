"""Forms in which a model chooses among members."""

from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model


class Candidate(BaseModel):
    """A member that a model writes."""

    name: str = Field(description="What it is called, for example Tax adviser", min_length=1, max_length=60)
    persona: str = Field(description="You are ..., in one sentence", max_length=600)
    skills: str = Field(description="What it is good at", max_length=300)


@lru_cache(maxsize=128)
def member_schema(names: tuple[str, ...], meaning: str) -> type[BaseModel]:
    """``{"member": one of names}``."""
    allowed: Any = Literal[names]
    return create_model("Chosen", member=(allowed, Field(description=meaning)))


@lru_cache(maxsize=128)
def order_schema(names: tuple[str, ...], end: str) -> type[BaseModel]:
    """``{"reason", "to": one of names or end, "instruction"}``."""
    allowed: Any = Literal[(*names, end)]
    return create_model(
        "Order",
        reason=(str, Field(description="In one sentence: what is still missing, if anything", max_length=300)),
        to=(allowed, Field(description=f"Who does the next piece of work; {end} when the task is done.")),
        instruction=(
            str,
            Field(description="What exactly is to be done, as a full instruction", max_length=1_500),
        ),
    )
