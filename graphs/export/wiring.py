"""The graph of a program: its nodes, edges and resources, as statements that wire a ``StateGraph``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphs.export.literals import Call, Code, assigned, name, written
from graphs.export.names import Names, home_of
from graphs.export.runtime.frames import collect_node, item_node
from graphs.export.runtime.state import OWN
from graphs.frames import is_single
from graphs.intermediate import ERROR, Binding, Graph, Resource, Step
from graphs.joins import joins_of
from nodes.contract import Config, NodeSpec

RUNTIME: Final = "graphs.export.runtime"
BUILDER: Final = "builder"
STATE: Final = "State"
BODY_STATE: Final = "BodyState"
"""The schema of a for-each's body that writes state variables: it tells the level around of them."""
TAKEN_NODE: Final = "~node"
"""Ends the name in the graph of a node whose id is a key of the state."""


@dataclass
class Writer:
    """Statements, and the imports they need."""

    names: Names
    renamed: frozenset[str]
    """State variables that have another key."""
    first: bool
    """Whether state variables have first values."""
    imports: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """(module here, name) -> the name it has in the program."""
    resources: dict[str, str] = field(default_factory=dict[str, str])
    """Id of a resource -> its variable."""
    lines: list[str] = field(default_factory=list[str])
    body_state: bool = False
    """Whether a level has the state of a body that writes state variables."""

    # --- names ---

    def use(self, module: str, wanted: str) -> str:
        """The name in the program of something of ours."""
        key = (module, wanted)
        if key not in self.imports:
            self.imports[key] = self.names.take(wanted, f"{module.split('.')[-2]}_{wanted}")
        return self.imports[key]

    def runtime(self, module: str, wanted: str) -> str:
        """The same of the runtime package; its names are kept free."""
        self.imports[f"{RUNTIME}.{module}", wanted] = wanted
        return wanted

    def mechanism(self, spec: NodeSpec) -> Code:
        return name(self.use(*home_of(spec)))

    # --- resources ---

    def resource(self, resource: Resource) -> Code:
        """The variable of a resource, written when it is first asked for."""
        if resource.id not in self.resources:
            value = self._subworkflow(resource) if resource.body is not None else self._resource(resource)
            self.resources[resource.id] = variable = self.names.take(resource.id, f"{resource.id}_resource")
            self.lines.append(assigned(variable, value))
        return name(self.resources[resource.id])

    def _resource(self, resource: Resource) -> Call:
        settings = settings_of(resource.config)
        more: dict[str, Any] = {"label": resource.label} if resource.label != resource.id else {}
        more |= self.attach(resource.resources)
        if resource.spec.provides == "memory":
            more["opens"] = name(self.runtime("memory", "Space"))
        given = (resource.id, self.mechanism(resource.spec), *([settings] if settings else []))
        return Call(self.runtime("resources", "Resource"), given, more)

    def _subworkflow(self, resource: Resource) -> Call:
        assert resource.body is not None
        builder = self.level(resource.body, f"{resource.id}_body")
        results = resource.body.results
        more: dict[str, Any] = {"label": resource.label} if resource.label != resource.id else {}
        return Call(
            self.runtime("subworkflow", "Subworkflow"),
            (resource.id, self.mechanism(resource.spec), Code(f"{builder}.compile()"), wires(results)),
            {**more, **_types(results)},
        )

    def attach(self, resources: Sequence[Resource]) -> dict[str, Any]:
        """``attach={socket: [resource, ...]}``, or nothing."""
        sockets: dict[str, list[Code]] = {}
        for each in resources:
            sockets.setdefault(each.socket, []).append(self.resource(each))
        return {"attach": sockets} if sockets else {}

    # --- levels ---

    def level(self, graph: Graph, wanted: str, state: str = STATE) -> str:
        """Write a level's builder; its variable. ``state``: the schema of its state."""
        bodies = {step.id: self._body(step.body, step.id) for step in graph.steps.values() if step.body}
        nodes = [(step, self._node(step, graph)) for step in graph.steps.values()]
        builder = wanted if wanted == BUILDER else self.names.take(wanted)
        schemas = ", input_schema=InputState, output_schema=OutputState" if wanted == BUILDER else ""
        self.lines.append(f"\n{builder} = StateGraph({state}{schemas}, context_schema=Workspace)\n")
        for step, value in nodes:
            self._add(builder, "add_node", node_name(step.id), value, **self._destinations(step))
            if step.body is not None:
                self._frame(builder, step, step.body, bodies[step.id], value)
        self.lines.append("\n")
        for entry in graph.entries:
            self._add(builder, "add_edge", Code("START"), node_name(entry))
        for step, value in nodes:
            self._flow(builder, step, value)
        return builder

    def _add(self, builder: str, method: str, *arguments: Any, **named: Any) -> None:
        self.lines.append(written(Call(f"{builder}.{method}", arguments, named)) + "\n")

    # --- nodes ---

    def _node(self, step: Step, graph: Graph) -> Any:
        """The node's value; a join or a frame has a variable, for its edges ask it."""
        if step.spec.dynamic == "workflow_inputs":
            return self._start(step)
        given, more = self._given(step)
        if step.join is not None:
            upstream = joins_of(graph)[step.id].upstream
            flow = {
                id: {way: list(to) for way, to in graph.steps[id].flow.items()} for id in graph.steps if id in upstream
            }
            more |= {"flow": flow, "onward": list(step.flow.get("done", ()))}
            if node_name(step.id) != step.id or any(node_name(each) != each for each in more["onward"]):
                more["named"] = {each: node_name(each) for each in (step.id, *more["onward"])}
            return self._held(step, Call(self.runtime("joins", "Join"), given, more), "join")
        if step.body is not None:
            return self._held(step, Call(self.runtime("frames", "Frame"), given, more), "frame")
        return Call(self.runtime("step", "Step"), given, more)

    def _held(self, step: Step, value: Call, sort: str) -> Code:
        variable = self.names.take(f"{step.id}_{sort}")
        self.lines.append(assigned(variable, value))
        return name(variable)

    def _start(self, step: Step) -> Call:
        given = (step.id, self.mechanism(step.spec), Code("INPUTS"))
        more: dict[str, Any] = {"label": step.label} if step.label != step.id else {}
        return Call(self.runtime("step", "Start"), given, more | ({"first": Code("FIRST")} if self.first else {}))

    def _given(self, step: Step) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What every sort of step is made with."""
        settings = settings_of(step.config)
        given = (step.id, self.mechanism(step.spec), *([settings] if settings else []))
        more: dict[str, Any] = {"label": step.label} if step.label != step.id else {}
        wired = [each for each in step.inputs if each.sources]
        if wired:
            more |= {"inputs": wires(wired), **_types(wired)}
        if step.outcomes != step.spec.outcomes:
            more["outcomes"] = list(step.outcomes)
        more |= self.attach(step.resources)
        if ERROR in step.flow:
            more["catches"] = True
        if step.reads_state:
            more["reads_state"] = True
        if self.renamed and step.spec.state_fields:
            more["renamed"] = sorted(self.renamed)
        return given, more

    def _destinations(self, step: Step) -> dict[str, Any]:
        return {"destinations": (item_node(step.id), collect_node(step.id))} if step.body is not None else {}

    def _body(self, body: Graph, frame: str) -> Any:
        """What runs for one item: the only node of the body, or a graph of its own."""
        if is_single(body):
            return self._node(next(iter(body.steps.values())), body)
        state = BODY_STATE if writes_state(body) else STATE
        self.body_state |= state == BODY_STATE
        return Code(f"{self.level(body, f'{frame}_body', state)}.compile()")

    def _frame(self, builder: str, step: Step, graph: Graph, body: Any, frame: Any) -> None:
        """The two further nodes of a frame."""
        catches = {"catches": True} if ERROR in step.flow else {}
        items = Call(self.runtime("frames", "Items"), (step.id, body, wires(graph.results)), catches)
        self._add(builder, "add_node", item_node(step.id), items)
        collected = (frame, Code(STATE)) if writes_state(graph) else (frame,)
        self._add(builder, "add_node", collect_node(step.id), Call(self.runtime("frames", "Collect"), collected))

    # --- flow ---

    def _flow(self, builder: str, step: Step, value: Any) -> None:
        source = node_name(step.id)
        if step.body is not None:
            self._add(builder, "add_edge", item_node(step.id), collect_node(step.id))
            source = collect_node(step.id)
        targets = list(dict.fromkeys(node_name(each) for several in step.flow.values() for each in several))
        if step.join is not None:
            way = Code(f"{value.text}.way")
            self._add(builder, "add_conditional_edges", source, way, [*targets, source, Code("END")])
        elif len(step.outcomes) <= 1 and set(step.flow) <= set(step.outcomes):
            for target in targets or [Code("END")]:
                self._add(builder, "add_edge", source, target)
        else:
            self._conditional(builder, step, source, targets)

    def _conditional(self, builder: str, step: Step, source: str, targets: Sequence[str]) -> None:
        outcomes = [*step.outcomes, *([ERROR] if ERROR in step.flow else [])]
        flow = {outcome: [node_name(each) for each in step.flow.get(outcome, ())] for outcome in outcomes}
        if all(len(each) <= 1 for each in flow.values()):
            asked = Call(self.runtime("step", "outcome_of"), (step.id,))
            chosen = {outcome: each[0] if each else Code("END") for outcome, each in flow.items()}
            self._add(builder, "add_conditional_edges", source, asked, chosen)
        else:
            asked = Call(self.runtime("step", "ways"), (step.id, flow))
            self._add(builder, "add_conditional_edges", source, asked, [*targets, Code("END")])


def node_name(id: str) -> str:
    """The name of a node in the graph: its id, which no key of the state may have too."""
    return id + TAKEN_NODE if id in OWN else id


def settings_of(config: Config) -> dict[str, Any]:
    """The settings that differ from the defaults, as data that makes the same settings again."""
    for mode, terse in (("json", True), ("python", True), ("json", False)):
        found = config.model_dump(mode=mode, exclude_unset=terse)
        if type(config).model_validate(found) == config:
            return found
    raise ValueError(f"the settings {config!r} cannot be written as data")


def writes_state(body: Graph) -> bool:
    """Whether a node in the body of a frame, or of a frame in it, writes state variables."""
    return any(
        step.spec.state_fields or (step.body is not None and writes_state(step.body)) for step in body.steps.values()
    )


def wires(bindings: Sequence[Binding]) -> dict[str, Any]:
    """Port -> ``node.port``, or several of them."""
    found: dict[str, Any] = {}
    for each in bindings:
        sources = tuple(f"{source.node}.{source.port}" for source in each.sources)
        found[each.name] = sources[0] if len(sources) == 1 else sources
    return found


def _types(bindings: Sequence[Binding]) -> dict[str, Any]:
    """Which ports may be absent, and which have to be checked."""
    optional = [each.name for each in bindings if not each.required]
    types = {each.name: each.type for each in bindings if not each.trusted and each.type != "any"}
    return {**({"optional": optional} if optional else {}), **({"types": types} if types else {})}
