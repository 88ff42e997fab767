"""The kinds of the family workflows, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.workflows.archive_keep import archive_keep
from nodes.workflows.archive_sample import archive_sample
from nodes.workflows.check import check
from nodes.workflows.draft import draft
from nodes.workflows.find_fault import find_fault
from nodes.workflows.mutate import mutate
from nodes.workflows.optimise_prompts import optimise_prompts
from nodes.workflows.run import run
from nodes.workflows.score import score

KINDS: Final[tuple[NodeSpec, ...]] = (
    draft, check, run, find_fault, score, mutate, archive_sample, archive_keep, optimise_prompts,
)  # fmt: skip
