"""The kinds of the family memory, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.memory.board_post import board_post
from nodes.memory.board_read import board_read
from nodes.memory.case_keep import case_keep
from nodes.memory.case_retrieve import case_retrieve
from nodes.memory.exemplar_keep import exemplar_keep
from nodes.memory.exemplars import exemplars
from nodes.memory.forget import forget
from nodes.memory.insight_graph_add import insight_graph_add
from nodes.memory.insight_graph_recall import insight_graph_recall
from nodes.memory.knowledge_graph_add import knowledge_graph_add
from nodes.memory.knowledge_graph_query import knowledge_graph_query
from nodes.memory.layered_recall import layered_recall
from nodes.memory.learn_lessons import learn_lessons
from nodes.memory.move_layers import move_layers
from nodes.memory.recall import recall
from nodes.memory.recall_lessons import recall_lessons
from nodes.memory.reflect import reflect
from nodes.memory.remember import remember
from nodes.memory.skill_find import skill_find
from nodes.memory.skill_keep import skill_keep
from nodes.memory.summarise import summarise
from nodes.memory.trust import trust
from nodes.memory.window import window

KINDS: Final[tuple[NodeSpec, ...]] = (
    recall, remember, reflect, layered_recall, move_layers, forget, case_retrieve, case_keep, exemplars,
    exemplar_keep, skill_find, skill_keep, insight_graph_recall, insight_graph_add, knowledge_graph_query,
    knowledge_graph_add, window, summarise, board_post, board_read, learn_lessons, recall_lessons, trust,
)  # fmt: skip
