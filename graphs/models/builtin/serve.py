"""The server process: llama.cpp on loopback, until no Nodeloom process is left that uses it.

Run as ``python -m graphs.models.builtin.serve``; one line of JSON on standard input says what to serve
(``Order``; not on the command line, where every user of the machine could read the key).
"""

import importlib
import json
import os
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from store.file_lock import FileLock
from store.processes import Processes

_POLL: Final = 1.0
PROMPT_CACHE: Final = 512
"""MiB of prompts kept to go on from, some 18,000 tokens of the 1.5B; llama.cpp's own limit is 8,192, which it fills."""


@dataclass(frozen=True)
class Order:
    """What to serve, and where to say so."""

    file: str
    alias: str
    """The model's name in answers."""
    key: str
    template: str
    """Path of the chat template."""
    context: int
    """Tokens of each slot."""
    slots: int
    """Requests answered at the same time."""
    state: str
    """Path written (0600) when the server answers: ``{"address", "key", "pid"}``."""
    clients: str
    """Folder with one locked file for each process that uses the server."""
    lock: str
    """Held by whoever starts or ends a server."""

    def dump(self) -> str:
        return json.dumps(asdict(self))


def main() -> None:
    """Serve the order on standard input; never returns."""
    order = Order(**json.loads(sys.stdin.readline()))
    threading.Thread(target=end_when_unused, args=(order,), daemon=True).start()
    server = _start(order)
    publish(order, server.listening_address)
    threading.Event().wait()


def _start(order: Order) -> Any:
    # 100 MB of native code: in this process only. It has no types.
    engine: Any = importlib.import_module("xllamacpp")
    params = engine.CommonParams()
    params.model.path = order.file
    params.model_alias = {order.alias}
    params.chat_template = Path(order.template).read_text(encoding="utf-8")
    params.use_jinja = True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = processors()
    params.n_ctx = order.context * order.slots
    params.n_parallel = order.slots
    params.cache_ram_mib = PROMPT_CACHE
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [order.key]
    params.offline = True
    params.ui = False
    params.verbosity = 1  # errors; higher levels write prompts to the log
    return engine.Server(params)


def processors() -> int:
    """Threads that can work at once: llama.cpp counts those of the machine, though fewer may be this process's."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def publish(order: Order, address: str) -> None:
    """Write down where the server is, whole or not at all."""
    target = Path(order.state)
    draft = target.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"address": address, "key": order.key, "pid": os.getpid()}, file)
    draft.replace(target)


def end_when_unused(order: Order) -> None:
    """End this process once no client lives, whose lock goes with it however it dies, or where the folder is gone."""
    lock, clients = FileLock(Path(order.lock)), Processes(Path(order.clients))
    while True:
        time.sleep(_POLL)
        try:
            is_ours = lock.acquire()
        except FileNotFoundError:  # the folder is gone: nobody finds this server any more
            os._exit(0)
        except OSError:  # a full disk, say: whether somebody lives is seen another time
            continue
        if not is_ours:
            continue  # somebody is starting: they count as a client
        if not any(clients.alive(file.stem) for file in Path(order.clients).glob("*.lock")):
            Path(order.state).unlink(missing_ok=True)
            os._exit(0)  # the native server has no stop; the system closes its socket
        lock.release()


if __name__ == "__main__":
    main()
