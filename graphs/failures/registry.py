"""The table of detectors, and one look at a run by all of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from graphs.document import Document
from graphs.failures import (
    answer_never_fit,
    budget_spent,
    calls_spent,
    check_never_passes,
    critique_never_accepts,
    disagreement_unresolved,
    empty_input,
    empty_output,
    empty_recall,
    empty_reply,
    empty_tool_result,
    failure_without_effect,
    gave_up,
    ignored_tool_error,
    interrupted,
    items_left_out,
    loop_without_progress,
    node_failed,
    open_plan_step,
    plan_not_followed,
    question_unanswered,
    repeated_call,
    retries_exhausted,
    truncated_answer,
    type_coerced,
    unknown_tool,
    unsupported_answer,
)
from graphs.failures.finding import SEVERITIES, Detector, Finding, Found
from graphs.failures.trace import EndedRun, Source, Trace
from nodes.contract import NodeSpec
from nodes.registry import KINDS

DETECTORS: Final[tuple[Detector, ...]] = tuple(
    module.DETECTOR
    for module in (
        # the planning of the work
        open_plan_step, plan_not_followed, gave_up, loop_without_progress,
        # memory
        empty_recall,
        # tools
        repeated_call, ignored_tool_error, unknown_tool, empty_tool_result, calls_spent,
        # reflection: what looks at the work
        critique_never_accepts, check_never_passes, disagreement_unresolved, unsupported_answer,
        # the system around it
        node_failed, failure_without_effect, retries_exhausted, items_left_out, budget_spent, interrupted,
        question_unanswered, truncated_answer, empty_reply, answer_never_fit, type_coerced, empty_input, empty_output,
    )
)  # fmt: skip


def find_failures(
    source: Source,
    document: Document,
    run: EndedRun,
    *,
    kinds: Mapping[str, NodeSpec] = KINDS,
    detectors: Sequence[Detector] = DETECTORS,
) -> list[Finding]:
    """What is wrong with a run: errors first, then as the spans began. Reads the trace page by page."""
    return findings_of(Trace(source, document, run, kinds), detectors)


def findings_of(trace: Trace, detectors: Sequence[Detector] = DETECTORS) -> list[Finding]:
    """``find_failures`` over a trace that was opened before."""
    found = [*_of_visits(trace, detectors), *_of_run(trace, detectors)]
    steps = trace.steps
    return sorted(
        found,
        key=lambda each: (
            SEVERITIES.index(each.severity), steps[each.span].order if each.span in steps else (0.0, ""), each.detector,
        ),
    )  # fmt: skip


def _of_visits(trace: Trace, detectors: Sequence[Detector]) -> Iterator[Finding]:
    checks = [(detector, detector.visit) for detector in detectors if detector.visit is not None]
    if checks:
        for visit in trace.visits():
            for detector, check in checks:
                yield from (_finding(detector, found, trace) for found in check(visit, trace))


def _of_run(trace: Trace, detectors: Sequence[Detector]) -> Iterator[Finding]:
    for detector in detectors:
        if detector.run is not None:
            yield from (_finding(detector, found, trace) for found in detector.run(trace))


def _finding(detector: Detector, found: Found, trace: Trace) -> Finding:
    step = trace.steps.get(found.span or "")
    return Finding(
        detector=detector.name, module=detector.module, severity=detector.severity, span=found.span,
        node=step.node if step else None, visit=step.visit if step and step.node else None,
        item=step.item if step else None, evidence=found.evidence, what=found.what, mend=found.mend,
        tell=found.tell,
    )  # fmt: skip
