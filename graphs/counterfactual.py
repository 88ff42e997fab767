"""Which step decided that a run failed: run on from candidate steps with a corrected output, and see.

Each candidate is a fork of the failed run in which one visit comes to another output than it did; everything
before it is kept, everything after it runs anew. The first step, in the order of the run, whose correction turns
the outcome is the decisive one: what went wrong before it could still be mended, what went wrong after it came
of it.

Source: Zhang et al. 2025, AgenTracer: Who Is Inducing Failure in the LLM Agentic Systems? (counterfactual
replay: the earliest action whose correction by an oracle makes the run succeed). We deviate: a correction may
come from a person, a model's diagnosis, or a run that went well, and the tracer that the paper trains on such
labels is not here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Protocol

from graphs.diagnosis import Diagnosis
from graphs.failures.feedback import fork_of, fork_point
from graphs.failures.finding import Finding
from graphs.failures.said import cut, key_of
from graphs.failures.trace import NODE, Step, Trace
from graphs.fork_request import Changes, ForkRequest
from nodes.conditions import holds
from nodes.contract import NodeError
from nodes.templating import as_text

MOST: Final = 8
"""Candidates tried unless said otherwise; each costs what is left of the run."""
WORDS: Final = 160
"""Characters of a correction in words."""


class Outcome(Protocol):
    """``graphs.run_table.RunRow`` by shape, as far as a check looks at it."""

    @property
    def id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def outputs(self) -> dict[str, Any] | None: ...
    @property
    def error(self) -> dict[str, Any] | None: ...


Succeeded = Callable[[Outcome], bool]
"""Whether a run came to what it should."""


class Forker(Protocol):
    """Forks the run at a visit with ``changes`` (docs/contracts.md, Fork) and returns the new run once it ended."""

    async def __call__(self, span: str, changes: Mapping[str, Any], /) -> Outcome: ...


@dataclass(frozen=True)
class Correction:
    """What a visit should have come to, or should have been told."""

    span: str
    node: str
    visit: int
    changes: Mapping[str, Any]
    """As a fork takes them: outputs of the node, or inputs or settings for it to run anew with."""
    source: str
    """Who says so: a person, a model, or the run that went well."""
    what: str = ""
    """The correction in words."""

    @property
    def runs_anew(self) -> bool:
        """Whether the visit itself runs; else it comes to what is given."""
        return self.node not in self.changes.get("outputs", {})


@dataclass(frozen=True)
class Trial:
    """One correction, tried."""

    span: str
    node: str
    visit: int
    source: str
    run_id: str
    number: str
    status: str
    turned: bool
    """Whether the run came to what it should."""


@dataclass(frozen=True)
class Verdict:
    """The trials in the order they were made; the last one is the decisive step, where any was."""

    trials: list[Trial] = field(default_factory=list[Trial])

    @property
    def decisive(self) -> Trial | None:
        """The first step whose correction turned the outcome."""
        return next((trial for trial in self.trials if trial.turned), None)

    def as_dict(self) -> dict[str, Any]:
        """As it goes over the wire."""
        decisive = self.decisive
        return {"trials": [asdict(each) for each in self.trials], "decisive": asdict(decisive) if decisive else None}


def quiet(verdict: Verdict, /) -> None:
    """Nobody is told how far the search is."""


async def first_decisive(
    run: Outcome, corrections: Sequence[Correction], fork: Forker, succeeded: Succeeded, *, most: int = MOST,
    told: Callable[[Verdict], None] = quiet,
) -> Verdict:  # fmt: skip
    """Try the corrections in the order given until one turns the outcome; ``told`` hears of each trial.

    Raises NodeError where the run had succeeded, where there is nothing to try, or where a fork cannot be made.
    """
    if succeeded(run):
        raise NodeError(
            f"The run {run.number} came to what it should, so no step decided that it failed",
            mend="Say more exactly what the run should come to.",
        )
    if not corrections:
        raise NodeError(
            f"There is no correction to try on {run.number}",
            mend="Give one, or a run that went well to take them from.",
        )
    verdict = Verdict()
    for correction in corrections[:most]:
        tried = await fork(correction.span, correction.changes)
        turned = succeeded(tried)
        verdict.trials.append(Trial(
            correction.span, correction.node, correction.visit, correction.source, tried.id, tried.number,
            tried.status, turned,
        ))  # fmt: skip
        told(verdict)
        if turned:
            break
    return verdict


class Forks(Protocol):
    """``graphs.runner.Runner`` by shape."""

    def fork(self, run_id: str, request: ForkRequest, /, *, label: str = "") -> str: ...
    async def wait(self, run_id: str) -> Outcome: ...


def forker(runner: Forks, run_id: str) -> Forker:
    """Forks of a run by the runner, each waited for."""

    async def fork(span: str, changes: Mapping[str, Any], /) -> Outcome:
        request = ForkRequest(span=span, changes=Changes.model_validate(dict(changes)))
        return await runner.wait(runner.fork(run_id, request, label="what if"))

    return fork


def same_outputs_as(good: Outcome) -> Succeeded:
    """A run came to what it should where it is done and gave out what the good one did."""
    return lambda run: run.status == "done" and key_of(run.outputs) == key_of(good.outputs)


def is_done(run: Outcome) -> bool:
    """A run came to what it should where it came to its end."""
    return run.status == "done"


def meets(condition: str) -> Succeeded:
    """A run came to what it should where it is done and the CEL ``condition`` over ``outputs`` holds."""

    def succeeded(run: Outcome) -> bool:
        return run.status == "done" and holds(condition, {"outputs": run.outputs or {}})

    return succeeded


# --- where corrections come from --------------------------------------------------------------------


def from_good_run(failed: Trace, good: Trace) -> Iterator[Correction]:
    """The visits of ``failed`` that came to something else than the same visit of ``good``, corrected to that.

    Both are runs of the same workflow on the same inputs; a visit is the same by node, number and item. Start
    and finish are left out: the one gives the inputs, the other only takes what comes.
    """
    theirs = {_place(step): step for step in _visits(good)}
    for step in _visits(failed):
        other = theirs.get(_place(step))
        if other is None or (step.gave == other.gave and step.outcome == other.outcome):
            continue
        outputs = good.output(other)
        if key_of(outputs) != key_of(failed.output(step)) or step.outcome != other.outcome:
            yield given(step, outputs or {}, outcome=other.outcome, source=f"run {good.run.number}")


def in_order(corrections: Iterable[Correction], trace: Trace) -> list[Correction]:
    """As the run came by them; of one step as they were given, none twice."""
    places = {id: place for place, id in enumerate(trace.steps)}
    found: list[Correction] = []
    for each in sorted(corrections, key=lambda each: places.get(each.span, len(places))):
        if all((each.span, each.changes) != (known.span, known.changes) for known in found):
            found.append(each)
    return found


def _visits(trace: Trace) -> Iterator[Step]:
    ends = {*trace.subject.starts, *trace.subject.finishes}
    for step in trace.steps.values():
        own = step.operation == NODE and fork_point(step.id, trace) is step and trace.knows(step)
        if own and step.node not in ends and not step.items:
            yield step


def _place(step: Step) -> tuple[Any, ...]:
    return step.node, step.visit, step.item


def given(
    step: Step, outputs: Mapping[str, Any], *, outcome: str | None = None, source: str = "a person"
) -> Correction:
    """A visit that comes to these outputs instead of running."""
    node = step.node or ""
    changes: dict[str, Any] = {"outputs": {node: dict(outputs)}}
    if outcome is not None:
        changes["outcomes"] = {node: outcome}
    said = "; ".join(f"{name}: {as_text(value)}" for name, value in outputs.items() if name != "messages")
    way = f" [{outcome}]" if outcome not in (None, "done") else ""
    return Correction(step.id, node, step.visit, changes, source, f"comes to {cut(said, WORDS) or 'nothing'}{way}")


def from_findings(findings: Iterable[Finding], trace: Trace) -> Iterator[Correction]:
    """The visits that rules blame, each told all that the rules would tell it."""
    said: dict[str, list[str]] = {}
    for finding in findings:
        point = fork_point(finding.span, trace)
        if point is not None and finding.tell:
            said.setdefault(point.id, []).append(finding.tell)
    for span, words in said.items():
        feedback = " ".join(dict.fromkeys(words))
        fork, step = fork_of(span, feedback, trace), trace.steps[span]
        if fork is not None and fork["changes"]:
            what = f"is told: {cut(feedback, WORDS)}"
            yield Correction(span, step.node or "", step.visit, fork["changes"], "the rules", what)


def from_diagnosis(said: Diagnosis) -> Iterator[Correction]:
    """The blamed visit, told what the model says; nothing where it cannot be forked at."""
    if said.fork is not None:
        what = f"is told: {cut(said.feedback, WORDS)}"
        yield Correction(said.fork["span"], said.node, said.visit, said.fork["changes"], "a diagnosis", what)


def from_oracle(trace: Trace, oracle: Callable[[Step, Trace], Mapping[str, Any] | None]) -> Iterator[Correction]:
    """The visits for which ``oracle`` knows what they should have given out."""
    for step in _visits(trace):
        outputs = oracle(step, trace)
        if outputs is not None:
            yield given(step, outputs, source="an oracle")
