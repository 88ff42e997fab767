"""Everything that is wrong with a document, all at once; never raises.

The rules are in ``graphs.rules``, one a file, each with what it finds, why that is bad, and an example.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from graphs.diagnostics import Diagnostic
from graphs.document import Document
from graphs.rules import (
    attached_to_itself,
    bad_config,
    bad_type,
    data_from_later,
    dead_end,
    duplicate_edge,
    edge_across_frame,
    fan_in_without_join,
    frame_result,
    frame_without_body,
    input_not_on_every_way,
    input_unused,
    join_never_fires,
    join_never_waits,
    kind_version,
    loop_without_budget,
    loop_without_limit,
    malformed_condition,
    malformed_edge,
    malformed_template,
    missing_input,
    missing_model,
    missing_resource,
    missing_secret,
    no_finish,
    no_start,
    not_in_subworkflow,
    open_outcome,
    output_not_fed,
    parallel_writers,
    port_type_mismatch,
    refused_permission,
    several_starts,
    socket_taken,
    stray_body_node,
    subworkflow_ports,
    two_sources,
    ungranted_folder,
    unknown_edge_node,
    unknown_handle,
    unknown_kind,
    unknown_memory_space,
    unknown_state_variable,
    unreachable_node,
    unused_resource,
    wrong_attach,
)
from graphs.rules.subject import Subject, Workspace
from nodes.contract import NodeSpec
from nodes.registry import KINDS

Rule = Callable[[Subject], Iterable[Diagnostic]]

RULES: Final[dict[str, Rule]] = {
    "KND101": unknown_kind.check,
    "KND102": kind_version.check,
    "CFG101": bad_config.check,
    "CFG102": malformed_template.check,
    "CFG103": malformed_condition.check,
    "CFG104": unknown_state_variable.check,
    "EDG101": malformed_edge.check,
    "EDG102": unknown_edge_node.check,
    "EDG103": unknown_handle.check,
    "EDG104": duplicate_edge.check,
    "FLW101": dead_end.check,
    "FLW102": unreachable_node.check,
    "FLW103": no_start.check,
    "FLW104": several_starts.check,
    "FLW105": no_finish.check,
    "FLW106": join_never_fires.check,
    "FLW107": fan_in_without_join.check,
    "FLW108": frame_without_body.check,
    "FLW109": edge_across_frame.check,
    "FLW110": stray_body_node.check,
    "FLW111": open_outcome.check,
    "FLW112": join_never_waits.check,
    "DAT101": missing_input.check,
    "DAT102": input_not_on_every_way.check,
    "DAT103": port_type_mismatch.check,
    "DAT104": data_from_later.check,
    "DAT105": two_sources.check,
    "DAT106": parallel_writers.check,
    "DAT107": output_not_fed.check,
    "DAT108": input_unused.check,
    "DAT109": bad_type.check,
    "DAT110": frame_result.check,
    "ATT101": wrong_attach.check,
    "ATT102": socket_taken.check,
    "ATT103": unused_resource.check,
    "ATT104": missing_resource.check,
    "ATT105": attached_to_itself.check,
    "ATT106": subworkflow_ports.check,
    "ATT107": not_in_subworkflow.check,
    "LIM101": loop_without_limit.check,
    "LIM102": loop_without_budget.check,
    "SEC101": missing_model.check,
    "SEC102": missing_secret.check,
    "SEC103": ungranted_folder.check,
    "SEC104": unknown_memory_space.check,
    "SEC105": refused_permission.check,
}
"""Code to rule, in the order of the findings within one severity."""

OF_WORKSPACE: Final = tuple(code for code in RULES if code.startswith("SEC"))
"""The rules that look at what the person has set up."""

_ORDER: Final = {"error": 0, "warning": 1, "info": 2}


def validate(
    document: Document, *, kinds: Mapping[str, NodeSpec] = KINDS, workspace: Workspace | None = None
) -> list[Diagnostic]:
    """All findings, errors first. Without ``workspace`` models, secrets, folders and memories are not looked at."""
    found = _checked(Subject(document, kinds, workspace), RULES)
    return sorted(found, key=lambda each: _ORDER[each.severity])


def of_document(subject: Subject) -> list[Diagnostic]:
    """The findings that rest on the document alone, so that they can be kept with its hash."""
    return _checked(subject, [code for code in RULES if code not in OF_WORKSPACE])


def with_workspace(findings: Iterable[Diagnostic], subject: Subject, workspace: Workspace) -> list[Diagnostic]:
    """``findings`` of ``of_document`` and those that depend on the workspace; the same as ``validate``."""
    found = [*findings, *_checked(subject.on(workspace), OF_WORKSPACE)]
    return sorted(found, key=lambda each: _ORDER[each.severity])


def _checked(subject: Subject, codes: Iterable[str]) -> list[Diagnostic]:
    return [diagnostic for code in codes for diagnostic in RULES[code](subject)]


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether the findings keep the workflow from running."""
    return any(each.severity == "error" for each in diagnostics)
