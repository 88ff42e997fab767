"""Edits as a large model writes them in one answer, held to a schema that every provider takes.

Flatter than the operations: a value is a text or a number, settings are pairs, nothing is optional; so the schema
passes the strict mode of OpenAI, which knows neither free records nor defaults. ``reading`` turns them into operations.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Value = str | float | bool | list[str]


class Edit(BaseModel):
    """Base of the edits."""

    model_config = ConfigDict(extra="forbid")


class Setting(Edit):
    key: str
    value: Value = Field(description="As it is; of a record or a list of records, its JSON as text.")


class AddNode(Edit):
    op: Literal["add_node"]
    id: str = Field(description="New: lower-case letters, digits and _.")
    kind: str = Field(description="One of the kinds listed.")
    label: str = Field(description="What the person reads on it; '' for the kind's title.")
    parent: str = Field(description="The frame it stands in; '' for none.")
    settings: list[Setting] = Field(description="Only those other than the defaults.")


class RemoveNode(Edit):
    """Its edges go with it."""

    op: Literal["remove_node"]
    id: str


class SetConfig(Edit):
    op: Literal["set_config"]
    id: str
    key: str
    value: Value


class Rename(Edit):
    op: Literal["rename_node"]
    id: str
    label: str


class Connect(Edit):
    op: Literal["connect"]
    sort: Literal["flow", "data", "attach"]
    edge: str = Field(description="'a.outcome -> b', 'a.output -> b.input' or 'resource -> b.socket'.")


class Disconnect(Edit):
    op: Literal["disconnect"]
    sort: Literal["flow", "data", "attach"]
    edge: str = Field(description="As it is written in the workflow.")


class SetPort(Edit):
    op: Literal["set_input", "set_output", "set_state"]
    name: str
    type: str = Field(description="text, number, boolean, list[T], record, documents, plan, any; '' removes.")
    title: str


class SetMeta(Edit):
    op: Literal["set_title", "set_summary"]
    value: str


class SetLimit(Edit):
    op: Literal["set_limit"]
    key: Literal["steps", "seconds", "tokens", "usd"]
    value: float


AnyEdit = AddNode | RemoveNode | SetConfig | Rename | Connect | Disconnect | SetPort | SetMeta | SetLimit


class Edits(Edit):
    """An answer."""

    said: str = Field(description="In one or two plain sentences, what changes and what you assumed.")
    edits: list[AnyEdit]
