"""How well the detectors of failures do: precision and recall on runs broken on purpose, silence on clean ones.

    uv run python -m benchmarks.detectors            # all; writes docs/failures.md and the labelled set
    uv run python -m benchmarks.detectors --case rci/never_content/0

Every fault of ``detector_faults``, ``detector_loop_faults`` and ``detector_wiring_faults`` is put into clean runs
of the templates (``detector_harvest``), drawn from a seed, and the run is made in the real engine with a scripted
model. A case counts only if its fault took, which is asked of the spans and never of a detector. Templates and
faults that nobody looked at while the detectors were tuned are reported apart.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.detector_cases import DATA, Case, Label, Ran, clean_cases, run
from benchmarks.detector_faults import MODEL_FAULTS, FaultKind
from benchmarks.detector_loop_faults import LOOP_FAULTS
from benchmarks.detector_wiring_faults import WIRING_FAULTS
from graphs.document import Document
from graphs.failures.finding import Finding
from graphs.failures.registry import DETECTORS
from graphs.validate import has_errors, validate

FAULTS = (*MODEL_FAULTS, *LOOP_FAULTS, *WIRING_FAULTS)
LABELLED = DATA / "labelled.jsonl"
DOCS = Path(__file__).parents[1] / "docs" / "failures.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SEED = 2026
PER_FAULT = {"tuned": 3, "held-out": 2}
"""Cases of each fault: on templates looked at, and on those held out."""
SURE = {
    "node_failed": "failed", "budget_spent": "limit", "interrupted": "stopped", "question_unanswered": "waiting",
}  # fmt: skip
"""Detector -> the status of a run about which it is right by definition."""


@dataclass
class Score:
    """How one detector did."""

    hits: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        fired = self.hits + len(self.wrong)
        return self.hits / fired if fired else None

    @property
    def recall(self) -> float | None:
        wanted = self.hits + len(self.missed)
        return self.hits / wanted if wanted else None


Scores = dict[str, Score]


# --- the labelled set -------------------------------------------------------------------------------


def broken_cases(clean: Sequence[Case]) -> Iterable[tuple[str, Case, Ran]]:
    """(part, case, its run) of each fault that took."""
    parts = {case.part for case in clean}
    for fault in FAULTS:
        for part, most in PER_FAULT.items():
            if fault.held_out and part == "tuned":
                continue
            ours = [case for case in clean if case.part == part or (fault.held_out and part in parts)]
            yield from ((part, case, ran) for case, ran in _taken(fault, ours, most + fault.held_out))


def _taken(fault: FaultKind, clean: Sequence[Case], most: int) -> Iterable[tuple[Case, Ran]]:
    """At most so many broken runs, each of another template."""
    order = list(clean)
    random.Random(f"{SEED}/{fault.name}").shuffle(order)
    found = 0
    for case in order:
        if found == most:
            return
        broken = inject(fault, case, seed=found)
        if broken is not None:
            ran = run(broken)
            if fault.took(broken, ran):
                found += 1
                yield broken, ran


def inject(fault: FaultKind, clean: Case, seed: int) -> Case | None:
    """The case with the fault in it; None where it has no place, or would not be a workflow that may run."""
    copy = clean.copy()
    copy = Case(**{**copy.__dict__, "fault": fault.name, "seed": seed})
    broken = fault.inject(copy, random.Random(f"{seed}/{fault.name}/{clean.slug}"))
    if broken is None or has_errors(validate(Document.model_validate(broken.document))):
        return None
    return broken


# --- scoring ----------------------------------------------------------------------------------------


def judge(case: Case, ran: Ran, findings: Sequence[Finding], scores: Scores) -> None:
    """Count what fired rightly, what wrongly, and what did not fire."""
    right: set[Label] = set()
    for finding in findings:
        label = next((label for label in case.must if _fits(label, finding)), None)
        if label is not None:
            right.add(label)
        elif not _is_right_too(finding, case, ran):
            scores[finding.detector].wrong.append(f"{case.name}: {finding.node}: {finding.what}")
    for label in case.must:
        if label in right:
            scores[label.detector].hits += 1
        else:
            scores[label.detector].missed.append(f"{case.name}: {label.node}")


def _fits(label: Label, finding: Finding) -> bool:
    return label.detector == finding.detector and label.node in ("", finding.node)


def _is_right_too(finding: Finding, case: Case, ran: Ran) -> bool:
    """What the fault may rightly lead to beside, and what the run's status proves."""
    return finding.detector in case.may or SURE.get(finding.detector) == ran.row.status


def measure(clean: Sequence[Case]) -> tuple[dict[str, Scores], list[dict[str, Any]]]:
    """Scores by part (clean, tuned, held-out) and the labelled set as rows."""
    scores: dict[str, Scores] = {part: defaultdict(Score) for part in ("clean", *PER_FAULT)}
    rows: list[dict[str, Any]] = []
    for case in clean:
        ran = run(case)
        if ran.row.status != "done":
            raise SystemExit(f"{case.name} is {ran.row.status}: {ran.row.error}; harvest the clean runs again")
        judge(case, ran, ran.findings(), scores["clean"])
    for part, case, ran in broken_cases(clean):
        judge(case, ran, ran.findings(), scores[part])
        rows.append({
            "part": part, "slug": case.slug, "fault": case.fault, "seed": case.seed, "status": ran.row.status,
            "must": [asdict(label) for label in case.must], "may": sorted(case.may),
        })  # fmt: skip
    return scores, rows


# --- the report -------------------------------------------------------------------------------------


def table(scores: dict[str, Scores]) -> list[str]:
    """A Markdown table, one line a detector."""
    heads = [f"{what}, {part}" for part in PER_FAULT for what in ("recall", "precision")]
    lines = [f"| detector | module | {' | '.join(heads)} | false on clean |", "|---" * (len(heads) + 3) + "|"]
    for detector in DETECTORS:
        of_parts = [scores[part][detector.name] for part in PER_FAULT]
        cells = [cell for score in of_parts for cell in (_recall(score), _precision(score))]
        false = len(scores["clean"][detector.name].wrong)
        lines.append(f"| `{detector.name}` | {detector.module} | {' | '.join(cells)} | {false} |")
    return lines


def _recall(score: Score) -> str:
    return _share(score.recall, score.hits, score.missed)


def _precision(score: Score) -> str:
    return _share(score.precision, score.hits, score.wrong)


def _share(share: float | None, hits: int, others: Sequence[str]) -> str:
    return "-" if share is None else f"{share:.2f} ({hits} of {hits + len(others)})"


def summary(scores: dict[str, Scores], rows: Sequence[dict[str, Any]], clean: int) -> list[str]:
    """The totals in words."""
    lines: list[str] = []
    for part in PER_FAULT:
        runs = sum(row["part"] == part for row in rows)
        total = Score()
        for score in scores[part].values():
            total.hits += score.hits
            total.missed += score.missed
            total.wrong += score.wrong
        lines.append(f"- **{part}**: {runs} broken runs; recall {_recall(total)}, precision {_precision(total)}.")
    false = sum(len(score.wrong) for score in scores["clean"].values())
    lines.append(f"- **clean**: {clean} runs, one of each template; {false} findings.")
    return lines


def write_docs(lines: Sequence[str]) -> None:
    """Put the measured part into the page."""
    text = DOCS.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    DOCS.write_text(f"{head}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{tail}", encoding="utf-8")


def show_faults(scores: dict[str, Scores]) -> None:
    for part, of_part in scores.items():
        for name, score in sorted(of_part.items()):
            for sort, cases in (("MISSED", score.missed), ("WRONG", score.wrong)):
                for each in cases:
                    print(f"{part:9} {sort} {name}: {each}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", help="show one case: template/fault/seed, or template/clean/0")
    parser.add_argument("--hide-held-out", action="store_true", help="leave out what is held out, while tuning")
    given = parser.parse_args()
    clean = list(clean_cases())
    if given.case:
        show_case(given.case, clean)
        return
    if given.hide_held_out:
        clean = [case for case in clean if case.part == "tuned"]
    scores, rows = measure(clean)
    lines = [*summary(scores, rows, len(clean)), "", *table(scores)]
    print("\n".join(lines))
    if given.hide_held_out:
        del scores["held-out"]
    show_faults(scores)
    if not given.hide_held_out:
        LABELLED.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        write_docs(lines)


def show_case(name: str, clean: Sequence[Case]) -> None:
    """One case in full."""
    slug, fault_name, seed = name.split("/")
    case = next(each for each in clean if each.slug == slug)
    if fault_name != "clean":
        fault = next(each for each in FAULTS if each.name == fault_name)
        broken = inject(fault, case, int(seed))
        assert broken is not None, f"{fault_name} has no place in {slug}"
        case = broken
    ran = run(case)
    print(ran.row.status, ran.row.error, json.dumps(ran.row.outputs, ensure_ascii=False)[:400])
    print("must:", case.must, "may:", sorted(case.may))
    for finding in ran.findings():
        print(f"{finding.severity:8} {finding.detector:24} {finding.node}: {finding.what}\n{'':9}{finding.mend}")


if __name__ == "__main__":
    main()
