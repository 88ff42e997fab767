"""The operations: every edit of a document as a value that can be sent, stored and taken back.

Only the keys that were given are written, for absent and null differ: a ``set_config`` without
``value`` unsets, with null it sets null.
"""

from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler
from pydantic import model_serializer as serializer

from graphs.document import EdgeSort, InputSpec, Node, NodeId, OutputSpec, PortName, StateSpec


class Step(BaseModel):
    """Base of the operations. Only the keys that were given are written: absent and null differ."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @serializer(mode="wrap")
    def _given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        given = self.model_fields_set | {"op"}
        return {key: value for key, value in handler(self).items() if key in given}


class AddNode(Step):
    op: Literal["add_node"] = "add_node"
    id: NodeId
    node: Node


class RemoveNode(Step):
    """The node must stand alone: no edge touches it and no node has it as parent."""

    op: Literal["remove_node"] = "remove_node"
    id: str


class MoveNode(Step):
    """``size`` absent: it stays. Canvas units; null lets the layout decide."""

    op: Literal["move_node"] = "move_node"
    id: str
    position: tuple[float, float] | None
    size: tuple[float, float] | None = None


class SetConfig(Step):
    """``value`` absent: the setting is unset, so that its default applies."""

    op: Literal["set_config"] = "set_config"
    id: str
    key: str
    value: Any = None


class SetNode(Step):
    op: Literal["set_node"] = "set_node"
    id: str
    key: Literal["label", "note", "parent", "version", "kind"]
    value: Any


class Connect(Step):
    """``at``: index among the edges of the sort (0 is first), for putting an edge back."""

    op: Literal["connect"] = "connect"
    sort: EdgeSort
    edge: str
    at: int | None = Field(default=None, ge=0)


class Disconnect(Step):
    """``at`` tells which one of equal edges is meant; without it the last."""

    op: Literal["disconnect"] = "disconnect"
    sort: EdgeSort
    edge: str
    at: int | None = Field(default=None, ge=0)


class SetMeta(Step):
    op: Literal["set_meta"] = "set_meta"
    key: Literal["title", "summary", "tags", "authors"]
    value: Any


class SetInput(Step):
    section: ClassVar[str] = "inputs"
    op: Literal["set_input"] = "set_input"
    name: PortName
    value: InputSpec | None


class SetOutput(Step):
    section: ClassVar[str] = "outputs"
    op: Literal["set_output"] = "set_output"
    name: PortName
    value: OutputSpec | None


class SetState(Step):
    section: ClassVar[str] = "state"
    op: Literal["set_state"] = "set_state"
    name: PortName
    value: StateSpec | None


class SetLimit(Step):
    op: Literal["set_limit"] = "set_limit"
    key: Literal["steps", "seconds", "tokens", "usd"]
    value: float | None


SetSpec = SetInput | SetOutput | SetState
Operation = Annotated[
    AddNode | RemoveNode | MoveNode | SetConfig | SetNode | Connect | Disconnect | SetMeta | SetSpec | SetLimit,
    Field(discriminator="op"),
]
NAMES: Final = (
    "add_node", "remove_node", "move_node", "set_config", "set_node", "connect", "disconnect",
    "set_meta", "set_input", "set_output", "set_state", "set_limit",
)  # fmt: skip
