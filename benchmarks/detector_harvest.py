"""Takes the runs that the templates' own tests make and keeps one of each template as data.

    uv run python -m benchmarks.detector_harvest

The run becomes a line of ``benchmarks/data/failures/clean.jsonl``: ``{"slug", "part", "test", "inputs", "replies",
"answers", "spaces", "workflows"}``; ``spaces`` holds what the memory held before the run. The detectors' benchmark
breaks them. ``part`` is ``tuned`` for the templates there were when the detectors were written; those that came
later are ``held-out``: nobody looked at their runs before the detectors were done.
"""

import json
import tempfile
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from graphs.failures.recorded import trace_of
from graphs.models.recorder import script_from_spans
from graphs.replay_recording import Recording
from templates import catalogue
from tests.templates.running import Lab

TARGET = Path(__file__).parent / "data" / "failures" / "clean.jsonl"
TESTS = Path(__file__).parents[1] / "tests" / "templates"
TUNED = {
    "adapt": "test_an_easy_task", "agent_forest": "test_the_majority", "agentcoder": "test_the_second_program",
    "agentfly": "test_a_case_that_worked_stands_in_the_next_plan_s_prompt#2", "agentless": "test_the_dissenting",
    "agentverse": "test_the_feedback", "agentwrite": "test_each_paragraph", "autoagents": "test_observers_mend",
    "aworld_guard_agent": "test_the_guard_corrects", "captain_agent": "test_a_doubtful",
    "coalition_of_llms": "test_each_job", "codeact": "test_one_program", "codetree": "test_the_program_that",
    "deep_agent": "test_an_easy", "diverse_multi_agent_debate": "test_a_debater", "dylan": "test_the_least",
    "dynasaur": "test_a_function_that_passes_its_tests_serves_the_next_task#2",
    "efficient_agents": "test_a_reviewer", "funcoder": "test_the_helper", "generative_agents": "test_an_insight",
    "langgraph_translation_agents": "test_the_next_turn_knows_the_last#2", "lats": "test_the_branch",
    "llm_blackboard_system": "test_the_lead", "longagent": "test_the_leader", "magentic_one": "test_each_step",
    "maths_tutor": "recording", "mdagents": "test_the_moderator", "plag": "test_independent",
    "plangen": "test_the_algorithm",
    "progent": "test_mail_leaves_the_house_only_to_its_own_domain[ana@example.org-True]",
    "rci": "test_a_criticised", "redel": "test_results", "routine": "test_each_step", "sage": "test_a_rejected",
    "synapse": "test_a_whole_trajectory_is_shown_to_the_next_like_task#2", "toolchain_star": "test_the_cheap",
    "toolemu": "test_an_agent", "tradingagents": "test_bull_and_bear", "tree_search_for_lm_agents": "test_it_leaves",
}  # fmt: skip
"""Template -> how the name of the test begins whose run is kept (``#2``: the second run of it)."""


class Harvest:
    """A pytest plug-in that notes what each ``Lab.run`` was given and how it ended."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self._test = ""
        self._count: defaultdict[str, int] = defaultdict(int)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item):
        self._test = item.name
        return (yield)

    def install(self) -> None:
        """Stand between the tests and the lab."""
        real = Lab.run
        harvest = self

        def run(lab: Lab, *replies: Any, answers: Any = (), **inputs: Any) -> Any:
            spaces = {name: [asdict(hit) for hit in space.hits.values()] for name, space in lab.spaces.items()}
            saved: dict[str, Any] = {}
            look_up = lab.workflow
            if look_up is not None:
                lab.workflow = lambda name: saved.setdefault(name, dict(look_up(name)))
            try:
                ran = real(lab, *replies, answers=answers, **inputs)
            finally:
                lab.workflow = look_up
            harvest._note(lab.slug, ran, replies, answers, inputs, spaces, saved)
            return ran

        Lab.run = run

    def _note(self, slug: str, ran: Any, replies: Any, answers: Any, inputs: Any, spaces: Any, saved: Any) -> None:
        test = f"{slug}: {self._test}"
        self._count[test] += 1
        self.runs.append({
            "slug": slug, "test": f"{self._test}#{self._count[test]}", "status": ran.row.status, "inputs": inputs,
            "replies": list(replies), "answers": [dict(each) for each in answers], "spaces": spaces,
            "workflows": saved,
        })  # fmt: skip


def harvest() -> list[dict[str, Any]]:
    """Every run of the templates' tests, in order."""
    plugin = Harvest()
    plugin.install()
    with tempfile.TemporaryDirectory() as folder:
        pytest.main(
            ["-q", "-p", "no:cacheprovider", f"--basetemp={folder}/tests", "-k", "not recording", str(TESTS)],
            plugins=[plugin],
        )
    return plugin.runs


def chosen(runs: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Template -> the run that is kept: the one named in ``TUNED``, else the first that ended well."""
    found: dict[str, dict[str, Any]] = {}
    for run in runs:
        slug, wanted = run["slug"], TUNED.get(run["slug"], "")
        if run["status"] == "done" and slug not in found and run["test"].startswith(wanted):
            found[slug] = run
    return found


def recorded(slug: str) -> dict[str, Any]:
    """The recorded run of a template whose tests run it in no other way."""
    template = catalogue.load(slug)
    assert template.recording is not None, f"{slug} has neither a test that runs it nor a recording"
    recording = Recording.load(template.recording)
    trace = trace_of(recording)
    chats = [row for page in trace.source.pages() for row in page if row["operation"] == "chat"]
    replies = [
        {**reply.model_dump(mode="json", exclude_defaults=True), "node": reply.node, "text": reply.content}
        for reply in script_from_spans(slug, chats).replies
    ]
    for reply in replies:
        for name in ("data", "seconds", "visit", "item"):
            reply.pop(name, None)
    return {"slug": slug, "test": "recording", "inputs": dict(recording.inputs), "replies": replies,
            "answers": [], "spaces": {}, "workflows": {}}  # fmt: skip


def main() -> None:
    found = chosen(harvest())
    missing = [slug for slug in catalogue.slugs() if slug not in found]
    print(f"{len(found)} templates; no run that ended well: {', '.join(missing) or 'none'}")
    if catalogue.FIRST in missing:
        found[catalogue.FIRST] = recorded(catalogue.FIRST)
    lines = [
        json.dumps({**run, "part": "tuned" if slug in TUNED else "held-out"}, ensure_ascii=False)
        for slug, run in sorted(found.items())
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
