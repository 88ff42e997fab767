"""A model stopped because it ran out of tokens, so its answer is cut."""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut, text_of
from graphs.failures.trace import Trace, Visit

CUT_SHORT: Final = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "incomplete"})
"""What providers say: OpenAI and llama.cpp, Anthropic, OpenAI's responses, Mistral; Google's in capitals."""


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each cut answer."""
    for chat in visit.of("chat"):
        if str(chat.get("finish_reason")).casefold() in CUT_SHORT:
            end = cut(text_of(trace.output(chat))[-80:])
            yield Found(
                chat["id"], f"The answer was cut after {chat.get('output_tokens') or '?'} tokens, at {end!r}",
                "Raise the model's limit on tokens, or ask for less at once.",
                tell="Answer in far fewer words: the last answer was cut off in the middle.",
            )  # fmt: skip


DETECTOR: Final = Detector("truncated_answer", "system", "error", "Answer cut by its length", visit=check)
