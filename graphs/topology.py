"""Questions to the flow of a document: what can run, in which order, how often and beside what.

Two relations carry the answers, both over sets held as integers (bit ``i`` is node or edge ``i``):

*Always before.* A node ``m`` has run on every way to ``n`` when it has run on every way to each of
``n``'s predecessors (a fixed point, the dominators of Cooper, Harvey & Kennedy 2001, "A simple, fast
dominance algorithm"). A join that waits for all its branches adds what the branches that must come
bring along; so not only nodes are kept, but the ways out of them, the outcomes they have ended with:
all that leaves a node by the same outcome comes together.

*Concurrent edges.* Two flow edges are concurrent when the flow can be on both at once: edges that
leave a node by the same outcome are; and what is concurrent with an edge into a node stays so with
the edges out of it (Kovalyov & Esparza 1996, "A polynomial algorithm to compute the concurrency
relation of free-choice nets"). Our deviation: a join in mode ``all`` waits for whatever can still
reach it, so only what cannot stays concurrent with its way on. A fan-in of two concurrent edges
without a join runs its node twice; it is cut there, so that it is told once.

Cycles are the strongly connected components (Tarjan 1972), computed without recursion.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphs.ports import EACH, ERROR


@dataclass(frozen=True)
class FlowEdge:
    """``outcome`` is written out, ``done`` included; ``text`` is the edge as the document has it."""

    source: str
    outcome: str
    target: str
    text: str


@dataclass(frozen=True)
class Flow:
    """What the flow graph is made of: only nodes that run, only edges between them."""

    outcomes: Mapping[str, tuple[str, ...]]
    """Node -> its flow handles."""
    edges: tuple[FlowEdge, ...]
    starts: tuple[str, ...]
    joins: Mapping[str, str]
    """Join -> its mode, ``all`` or ``any``."""


class Topology:
    """The answers; each is computed when first asked for."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.nodes = list(flow.outcomes)
        self.index = {node: position for position, node in enumerate(self.nodes)}
        self.into: dict[str, list[int]] = defaultdict(list)
        self.out_of: dict[str, list[int]] = defaultdict(list)
        for position, edge in enumerate(flow.edges):
            self.into[edge.target].append(position)
            self.out_of[edge.source].append(position)
        ways = dict.fromkeys((edge.source, edge.outcome) for edge in flow.edges)
        self._way = {way: len(self.nodes) + position for position, way in enumerate(ways)}
        """(node, outcome) -> its bit, after those of the nodes."""
        self.successors = {node: self._targets(node) for node in self.nodes}

    def _targets(self, node: str) -> list[str]:
        return list(dict.fromkeys(self.flow.edges[position].target for position in self.out_of.get(node, ())))

    def edges_into(self, node: str) -> list[FlowEdge]:
        return [self.flow.edges[position] for position in self.into.get(node, ())]

    def edges_out_of(self, node: str) -> list[FlowEdge]:
        return [self.flow.edges[position] for position in self.out_of.get(node, ())]

    # --- reachability and cycles ------------------------------------------------------------------------

    @cached_property
    def order(self) -> list[str]:
        """The nodes that can run, each after one of its predecessors (reverse post-order)."""
        finished: list[str] = []
        seen: set[str] = set()
        for start in self.flow.starts:
            stack = [(start, False)]
            while stack:
                node, leaving = stack.pop()
                if leaving:
                    finished.append(node)
                elif node not in seen:
                    seen.add(node)
                    stack.append((node, True))
                    stack.extend((target, False) for target in reversed(self.successors[node]))
        return finished[::-1]

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The nodes that can run."""
        return frozenset(self.order)

    @cached_property
    def components(self) -> list[list[str]]:
        """Strongly connected components, each after those it leads to."""
        return strong_components(self.successors)

    @cached_property
    def cycles(self) -> list[list[str]]:
        """The components in which flow can go round."""
        return [each for each in self.components if len(each) > 1 or each[0] in self.successors[each[0]]]

    @cached_property
    def _reach(self) -> dict[str, int]:
        """Node -> the nodes that flow can come to from it (itself only in a cycle)."""
        reach: dict[str, int] = {}
        for component in self.components:
            members = sum(1 << self.index[node] for node in component)
            cyclic = len(component) > 1 or component[0] in self.successors[component[0]]
            found = members if cyclic else 0
            for node in component:
                for target in self.successors[node]:
                    found |= reach.get(target, 0) | 1 << self.index[target]
            reach.update(dict.fromkeys(component, found))
        return reach

    def reaches(self, source: str, target: str) -> bool:
        """Whether flow can come from ``source`` to ``target``, over at least one edge."""
        return bool(self._reach[source] >> self.index[target] & 1)

    # --- always before ----------------------------------------------------------------------------------

    def runs_before(self, source: str, target: str) -> bool:
        """Whether ``source`` has run on every way to ``target``."""
        return bool(self._before.get(target, 0) >> self.index[source] & 1)

    @cached_property
    def _before(self) -> dict[str, int]:
        """Node -> the nodes that have run, and not failed, and the ways that were gone, on every way to it."""
        everything = (1 << len(self.nodes) + len(self._way)) - 1
        before = {node: 0 if node in self.flow.starts else everything for node in self.order}
        changed = True
        while changed:
            changed = False
            for node in self.order:
                found = 0 if node in self.flow.starts else self._brought(node, before)
                if found != before[node]:
                    before[node], changed = found, True
        return before

    def _brought(self, node: str, before: Mapping[str, int]) -> int:
        edges = [edge for edge in self.edges_into(node) if edge.source in before]
        brought = [self._over(edge, before) for edge in edges]
        common = -1
        for each in brought:
            common &= each
        if self.flow.joins.get(node) == "all" and len(edges) > 1:
            given = common
            for edge, each in zip(edges, brought, strict=True):
                if self._must_come(edge, given, node):
                    common |= each
        return common

    def _over(self, edge: FlowEdge, before: Mapping[str, int]) -> int:
        ran = 0 if edge.outcome == ERROR else 1 << self.index[edge.source]
        return before[edge.source] | ran | 1 << self._way[edge.source, edge.outcome]

    def _must_come(self, edge: FlowEdge, given: int, stop: str) -> bool:
        """Whether flow comes over ``edge`` once it has gone the ways in ``given``, without passing ``stop``."""
        pending, seen = [edge], {stop}
        while pending:
            edge = pending.pop()
            if given >> self._way[edge.source, edge.outcome] & 1:
                return True
            if self._is_only_way(edge) and edge.source not in seen:
                seen.add(edge.source)
                pending.extend(self.edges_into(edge.source))
        return False

    def _is_only_way(self, edge: FlowEdge) -> bool:
        """Whether the source always ends by this edge's outcome."""
        return self._only_outcome[edge.source] == edge.outcome

    @cached_property
    def _only_outcome(self) -> dict[str, str | None]:
        """Node -> the outcome it always ends with; None where it decides (a joined ``error`` is another way)."""
        failing = {edge.source for edge in self.flow.edges if edge.outcome == ERROR}
        ways = {
            node: [name for name in names if name not in (EACH, ERROR)] for node, names in self.flow.outcomes.items()
        }
        return {node: each[0] if len(each) == 1 and node not in failing else None for node, each in ways.items()}

    def on_every_way(self, sources: Iterable[str], target: str) -> bool:
        """Whether on every way to ``target`` at least one of ``sources`` has run."""
        wanted = set(sources)
        if any(self.runs_before(source, target) for source in wanted):
            return True
        if len(wanted) < 2:
            return False
        held = {node: node not in self.flow.starts for node in self.order}
        changed = True
        while changed:
            changed = False
            for node in self.order:
                if held[node] and not self._holds(node, wanted, held):
                    held[node], changed = False, True
        return held.get(target, True)

    def _holds(self, node: str, wanted: set[str], held: Mapping[str, bool]) -> bool:
        edges = [edge for edge in self.edges_into(node) if edge.source in held]
        return all(held[edge.source] or (edge.source in wanted and edge.outcome != ERROR) for edge in edges)

    # --- concurrency ------------------------------------------------------------------------------------

    def concurrent_edges(self, first: int, second: int) -> bool:
        """Whether the flow can be on both edges (positions in ``flow.edges``) at once."""
        return bool(self._concurrent[first] >> second & 1)

    def concurrent(self, first: str, second: str) -> bool:
        """Whether two different nodes can run at the same time or in either order."""
        return any(self.concurrent_edges(a, b) for a in self.into.get(first, ()) for b in self.into.get(second, ()))

    @cached_property
    def _concurrent(self) -> list[int]:
        relation = [0] * len(self.flow.edges)
        pending = dict.fromkeys(self._forks(relation))
        while pending:
            position = next(iter(pending))
            del pending[position]
            target = self.flow.edges[position].target
            passed = relation[position] & ~self._absorbed[target]
            for way in self.out_of.get(target, ()):
                fresh = passed & ~relation[way] & ~(1 << way)
                if fresh:
                    relation[way] |= fresh
                    pending[way] = None
                    for other in bits(fresh):
                        relation[other] |= 1 << way
                        pending[other] = None
        return relation

    def _forks(self, relation: list[int]) -> Iterator[int]:
        """Marks the edges that leave a node together, and yields them."""
        together: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, edge in enumerate(self.flow.edges):
            if edge.source in self.reachable:
                together[edge.source, edge.outcome].append(position)
        for group in together.values():
            if len(group) > 1:
                mask = sum(1 << position for position in group)
                for position in group:
                    relation[position] = mask & ~(1 << position)
                    yield position

    @cached_property
    def _absorbed(self) -> dict[str, int]:
        """Node -> the edges that end there, and for a join ``all`` those it waits for."""
        ending = {node: sum(1 << position for position in self.into.get(node, ())) for node in self.nodes}
        upstream: dict[str, int] = {}
        for component in reversed(self.components):
            before = {edge.source for node in component for edge in self.edges_into(node)}
            found = 0
            for node in before:
                found |= ending[node] | upstream.get(node, 0)
            upstream.update(dict.fromkeys(component, found))
        waiting = {node for node, mode in self.flow.joins.items() if mode == "all"}
        return {node: own | upstream[node] if node in waiting else own for node, own in ending.items()}


def bits(number: int) -> Iterator[int]:
    """The positions of the ones in a set held as an integer."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def strong_components(successors: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Strongly connected components, each after those it leads to; members in the order of the mapping."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: list[str] = []
    closed: set[str] = set()
    found: list[list[str]] = []
    place = {node: position for position, node in enumerate(successors)}
    for root in successors:
        if root in number:
            continue
        stack = [(root, iter(successors[root]))]
        number[root] = low[root] = len(number)
        open_nodes.append(root)
        while stack:
            node, targets = stack[-1]
            target = next((each for each in targets if each not in closed), None)
            if target is None:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[node])
                if low[node] == number[node]:
                    component = _cut(open_nodes, node)
                    closed.update(component)
                    found.append(sorted(component, key=place.__getitem__))
            elif target not in number:
                number[target] = low[target] = len(number)
                open_nodes.append(target)
                stack.append((target, iter(successors[target])))
            else:
                low[node] = min(low[node], number[target])
    return found


def _cut(open_nodes: list[str], root: str) -> list[str]:
    """Take the nodes from ``root`` on off the end of the list."""
    component: list[str] = []
    while not component or component[-1] != root:
        component.append(open_nodes.pop())
    return component
