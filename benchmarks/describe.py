"""How well small edits are made from a person's words.

    NODELOOM_TEST_MODELS=FOLDER nice -n 5 uv run python -m benchmarks.describe          # the built-in model
    ... --case critic --case web     # some of them
    ... --minutes 20                 # what can be asked within this time
    ... --table                      # only write docs/describe.md from the results there are

Every case of ``describe_cases`` is asked once, at temperature 0. An edit counts as made as asked where all its items
can be made, its check is met, and no error or warning is new; as made with something wrong where something could be
made but not that; as refused where nothing could. Results are appended, and the last one of a case counts.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.describe_cases import CASES, Case
from graphs.describing.accepting import operations
from graphs.describing.proposal import Proposal
from graphs.operations import apply
from nodes.contract import NodeError
from store.home import Home
from ui.describing import Wish, proposed, ready_model
from ui.workspace import Workspace

RESULTS = Path(__file__).parent / "results" / "describe.jsonl"
DOCS = Path(__file__).parents[1] / "docs" / "describe.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
VERDICTS = ("made as asked", "made with something wrong", "refused")


def judged(case: Case, proposal: Proposal) -> tuple[str, str]:
    """The verdict and why it is not the best one."""
    sound = [each for each in proposal.items if each.fault is None]
    faults = [f"{each.words}: {each.fault.what}" for each in proposal.items if each.fault is not None]
    if not sound:
        return VERDICTS[2], "; ".join(faults) or "nothing was proposed"
    document = case.document()
    made = apply(document, operations(document, proposal.items, {each.id for each in sound}))
    left = [f"{each.code} {each.message}" for each in proposal.left if each.severity != "info"]
    unmet = [] if case.met(made) else ["not what was asked: " + "; ".join(each.words for each in sound)]
    wrong = [*unmet, *faults, *left]
    return (VERDICTS[1], " | ".join(wrong)) if wrong else (VERDICTS[0], "")


async def ask(workspace: Workspace, case: Case, model: str) -> dict[str, Any]:
    """One case, asked and judged."""
    began = time.monotonic()
    try:
        proposal = await proposed(workspace, Wish(case.document(), case.wish, model))
    except NodeError as error:
        verdict, why, spent = VERDICTS[2], error.what, {"calls": 0, "input_tokens": 0, "output_tokens": 0}
    else:
        verdict, why = judged(case, proposal)
        spent = {key: getattr(proposal.spent, key) for key in ("calls", "input_tokens", "output_tokens")}
    return {
        "case": case.id, "of": case.of, "wish": case.wish, "model": model, "verdict": verdict, "why": why,
        "seconds": round(time.monotonic() - began, 1), **spent,
    }  # fmt: skip


def latest() -> dict[tuple[str, str], dict[str, Any]]:
    """The last result of each case and model."""
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    return {(row["model"], row["case"]): row for row in map(json.loads, lines)}


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Counts and seconds for each model, then every case, as Markdown."""
    parts: list[str] = []
    for model in dict.fromkeys(str(row["model"]) for row in rows):
        mine = [row for row in rows if row["model"] == model]
        counts = Counter(row["verdict"] for row in mine)
        seconds = sorted(float(row["seconds"]) for row in mine)
        counted = ", ".join(f"**{counts[verdict]}** {verdict}" for verdict in VERDICTS)
        times = f"median {seconds[len(seconds) // 2]:.0f} s, most {seconds[-1]:.0f} s"
        calls = sum(row["calls"] for row in mine) / len(mine)
        parts += [f"`{model}`, {len(mine)} of {len(CASES)} edits: {counted}; {times}, {calls:.1f} calls an edit.", ""]
        parts += ["| wish | workflow | outcome | calls | seconds |", "|---|---|---|---:|---:|"]
        parts += [f"| {r['wish']} | {r['of']} | {_outcome(r)} | {r['calls']} | {r['seconds']:.0f} |" for r in mine]
        parts.append("")
    return "\n".join(parts).rstrip()


def _outcome(row: Mapping[str, Any]) -> str:
    why = str(row["why"]).replace("|", "/").replace("\n", " ")
    return f"{row['verdict']}{': ' + why[:160] if why else ''}"


def write_table() -> None:
    """Put the results into the document."""
    order = {case.id: place for place, case in enumerate(CASES)}
    rows = sorted((row for row in latest().values() if row["case"] in order), key=lambda row: order[row["case"]])
    text = DOCS.read_text()
    head, tail = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    DOCS.write_text(f"{head}\n\n{table(rows)}\n\n{tail}")


def opened(stack: ExitStack, folder: Path) -> Workspace:
    """A workspace of its own; the built-in model is that of NODELOOM_TEST_MODELS."""
    home = Home(folder)
    home.create()
    models = Path(os.environ.get("NODELOOM_TEST_MODELS", str(home.models)))
    home.models.mkdir(exist_ok=True)
    for file in models.glob("*.gguf"):
        if not (home.models / file.name).exists():
            (home.models / file.name).symlink_to(file)
    workspace = Workspace(home)
    stack.callback(workspace.close)
    return workspace


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", help="provider:model; the built-in one by default")
    parser.add_argument("--case", action="append", help="only this one; may be given again, in the order wished")
    parser.add_argument("--minutes", type=float, default=1_000.0, help="begin no case after this time")
    parser.add_argument("--table", action="store_true", help="ask nothing")
    given = parser.parse_args()
    ends = time.monotonic() + 60 * given.minutes
    with ExitStack() as stack:
        # Kept: the model server ends itself when it sees there that nobody uses it any more.
        folder = Path(tempfile.gettempdir()) / "nodeloom-describe-benchmark"
        if not given.table:
            workspace = opened(stack, folder)
            model = ready_model(workspace, given.model)
            by_id = {case.id: case for case in CASES}
            for case in [by_id[id] for id in given.case or by_id]:
                if time.monotonic() < ends:
                    row = asyncio.run(ask(workspace, case, model))
                    with RESULTS.open("a") as file:
                        file.write(json.dumps(row) + "\n")
                    print(f"{case.id}: {row['verdict']} in {row['seconds']} s. {row['why']}", flush=True)
    write_table()


if __name__ == "__main__":
    main()
