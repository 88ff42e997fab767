"""Questions in memory, for an application without a store: they go with the process."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class _Kept:
    """A question in memory."""

    interrupt: str
    task: str
    form: dict[str, Any]
    asked_at: float
    deadline: float | None
    journal: dict[str, Any] | None
    status: str = "open"
    answer: dict[str, Any] | None = None
    answered_at: float | None = None
    answered_by: str | None = None
    channel: str | None = None
    taken: bool = False


class MemoryQuestions:
    """``graphs.questions.QuestionTable`` over a dict."""

    def __init__(self) -> None:
        self._runs: dict[str, dict[str, _Kept]] = {}

    def ask(self, run_id: str, questions: Sequence[Mapping[str, Any]]) -> None:
        kept = self._runs.setdefault(run_id, {})
        for given in questions:
            known = kept.get(given["interrupt"])
            if known is None or known.taken:
                kept[given["interrupt"]] = _Kept(
                    given["interrupt"], given.get("task", ""), dict(given["form"]), time.time(),
                    given["form"].get("deadline"), given.get("journal"),
                )  # fmt: skip

    def of(self, run_id: str) -> Sequence[_Kept]:
        return list(self._runs.get(run_id, {}).values())

    def answer(
        self, run_id: str, interrupt: str, answer: Mapping[str, Any], *, by: str, channel: str, timed_out: bool = False
    ) -> bool:
        known = self._runs.get(run_id, {}).get(interrupt)
        if known is None or known.status != "open":
            return False
        self._runs[run_id][interrupt] = replace(
            known, status="timed_out" if timed_out else "answered", answer=dict(answer), answered_at=time.time(),
            answered_by=by, channel=channel,
        )  # fmt: skip
        return True

    def taken(self, run_id: str, interrupts: Sequence[str]) -> None:
        kept = self._runs.get(run_id, {})
        for interrupt in set(interrupts) & set(kept):
            kept[interrupt] = replace(kept[interrupt], taken=True)

    def withdraw(self, run_id: str, *, forget: bool) -> None:
        kept = self._runs.pop(run_id, {})
        if not forget:
            self._runs[run_id] = {name: each for name, each in kept.items() if each.status != "open"}
