"""From an outline to a workflow document: each step of the outline is a brick of nodes that is known to fit.

A model that writes a whole document makes mistakes in ids, ports and edges; one that only says which bricks
and with which words cannot. Every workflow made this way reads one text, ``task``, and gives one, ``answer``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

Does = Literal["think", "tools", "plan", "panel", "critique"]
KEPT: Final = "an agent with a calculator and these tools, made earlier, that follows the instruction: {tools}"
BRICKS: Final[Mapping[Does, str]] = {
    "think": "one model call that follows the instruction",
    "tools": "an agent with a calculator that follows the instruction",
    "plan": "makes a plan by the instruction, works through it, and answers",
    "panel": "three experts answer independently, then their answers are merged",
    "critique": "checks the work before it by the instruction and has it revised",
}
EXPERTS: Final = ("a careful specialist", "a sceptic who looks for mistakes", "a practical generalist")
PROMPT: Final = "{instruction}\n\nTask:\n{{{{task}}}}{work}{feedback}"
WORK: Final = "\n\nWork so far:\n{{work}}"
FEEDBACK: Final = "\n\n{{#feedback}}A reviewer said of your last answer: {{feedback}}{{/feedback}}"


class OutlineStep(BaseModel):
    """One step of the outline."""

    does: Does = Field(description="Which brick it is.")
    instruction: str = Field(description="What the step has to do, in one to three sentences.")


class Outline(BaseModel):
    """A workflow in a model's words."""

    idea: str = Field(description="In one or two sentences: how the workflow solves such tasks.")
    title: str = Field(description="Two to five words.")
    steps: list[OutlineStep] = Field(description="The steps in order.")


@dataclass
class Building:
    """A document as it grows. ``tail``: where the flow stands; ``work``: the port with the work so far."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=lambda: {"start": {"kind": "start", "label": "Start"}})
    flow: list[str] = field(default_factory=list[str])
    data: list[str] = field(default_factory=list[str])
    attach: list[str] = field(default_factory=list[str])
    tail: str = "start"
    work: str = ""
    writer: str = ""
    """Id of the node whose answer is the work and can be revised; '' where none is."""
    tools_space: str = ""
    """Memory space of kept tools that agents are given; '' for none."""

    def add(self, id: str, kind: str, label: str, **config: Any) -> None:
        """A node by itself."""
        self.nodes[id] = {"kind": kind, "label": label, **({"config": config} if config else {})}

    def lead(self, id: str, *, tail: str = "") -> None:
        """Lead the flow on to ``id``, which is the tail then."""
        self.flow.append(f"{self.tail} -> {id}")
        self.tail = tail or id

    def feed(self, id: str) -> None:
        """Wire the task, and the work where there is some, into ``id``."""
        self.data.append(f"start.task -> {id}.task")
        if self.work:
            self.data.append(f"{self.work} -> {id}.work")

    def prompt(self, instruction: str) -> str:
        """A prompt template of the instruction, the task and the work; its own words make no ports."""
        plain = instruction.replace("{{", "{ ").replace("}}", " }").strip()
        return PROMPT.format(instruction=plain, work=WORK if self.work else "", feedback="")


def document_of_outline(outline: Outline, *, tools_space: str = "") -> dict[str, Any]:
    """The workflow document of an outline: ``task`` in, ``answer`` out.

    ``tools_space``: the memory space whose kept tools its agents are given, too.
    """
    building = Building(tools_space=tools_space)
    for number, step in enumerate(outline.steps, start=1):
        _LAY[step.does](building, f"step_{number}", step.instruction)
    if not building.work:
        _think(building, "step_0", "Do the task.")
    building.add("finish", "finish", "Finish")
    building.lead("finish")
    building.data.append(f"{building.work} -> finish.answer")
    return {
        "nodeloom": 1, "title": outline.title.strip()[:80] or "Drafted workflow", "summary": outline.idea.strip()[:300],
        "inputs": {"task": {"type": "text", "title": "Task"}},
        "outputs": {"answer": {"type": "text", "title": "Answer"}},
        "nodes": building.nodes,
        "edges": {"flow": building.flow, "data": building.data, "attach": building.attach},
    }  # fmt: skip


def _think(building: Building, id: str, instruction: str, kind: str = "prompt") -> None:
    building.add(id, kind, _label(instruction), prompt=building.prompt(instruction))
    building.feed(id)
    building.lead(id)
    building.work, building.writer = f"{id}.answer", id


def _tools(building: Building, id: str, instruction: str) -> None:
    _think(building, id, instruction, kind="agent")
    building.add(f"{id}_calculator", "tool.calculator", "Calculator")
    building.attach.append(f"{id}_calculator -> {id}.tools")
    if building.tools_space:
        building.add(f"{id}_kept", "tool.kept", "Kept tools")
        building.add(f"{id}_space", "resource.memory_space", "Their space", space=building.tools_space)
        building.attach += [f"{id}_kept -> {id}.tools", f"{id}_space -> {id}_kept.memory"]


def _plan(building: Building, id: str, instruction: str) -> None:
    advice = instruction.replace("{{", "{ ").replace("}}", " }").strip()
    building.add(id, "planning.plan", "Plan", advice=advice)
    building.add(f"{id}_do", "planning.execute", "Work through the plan")
    building.data.append(f"start.task -> {id}.goal")
    if building.work:
        building.data += [f"{building.work} -> {id}.context", f"{building.work} -> {id}_do.context"]
    building.data.append(f"{id}.plan -> {id}_do.plan")
    building.lead(id)
    building.lead(f"{id}_do")
    building.work, building.writer = f"{id}_do.answer", ""


def _panel(building: Building, id: str, instruction: str) -> None:
    experts = [f"{id}_{letter}" for letter in "abc"]
    building.add(f"{id}_join", "control.join", "Join")
    for expert, who in zip(experts, EXPERTS, strict=True):
        prompt = building.prompt(f"You are {who}. {instruction}")
        building.add(expert, "prompt", who.split(" who ")[0].capitalize(), prompt=prompt)
        building.feed(expert)
        building.flow += [f"{building.tail} -> {expert}", f"{expert} -> {id}_join"]
    merge = "Task:\n{{task}}\n\n" + "\n\n".join(
        f"Answer {number}:\n{{{{answer_{number}}}}}" for number in range(1, len(experts) + 1)
    )
    building.add(id, "prompt", "Merge", prompt=f"Hold the answers against each other and give the best one.\n\n{merge}")
    building.data.append(f"start.task -> {id}.task")
    building.data += [f"{expert}.answer -> {id}.answer_{number}" for number, expert in enumerate(experts, start=1)]
    building.tail = f"{id}_join"
    building.lead(id)
    building.work, building.writer = f"{id}.answer", id


def _critique(building: Building, id: str, instruction: str) -> None:
    if not building.writer:
        _think(building, f"{id}_draft", "Do the task. Where there is work so far, make it better.")
    writer = building.writer
    rubric = instruction.replace("{{", "{ ").replace("}}", " }").strip()
    building.add(id, "reflection.critique", "Critique", max_revisions=1, **({"rubric": rubric} if rubric else {}))
    building.nodes[writer]["config"]["prompt"] += FEEDBACK
    building.data += [
        f"start.task -> {id}.task", f"{building.work} -> {id}.draft", f"{id}.feedback -> {writer}.feedback",
    ]  # fmt: skip
    building.lead(id, tail=f"{id}.accept")
    building.flow.append(f"{id}.revise -> {writer}")
    building.writer = ""


def _label(instruction: str) -> str:
    words: Sequence[str] = instruction.split()
    return " ".join(words[:4])[:40] or "Step"


_LAY: Final[Mapping[Does, Callable[[Building, str, str], None]]] = {
    "think": _think, "tools": _tools, "plan": _plan, "panel": _panel, "critique": _critique,
}  # fmt: skip
