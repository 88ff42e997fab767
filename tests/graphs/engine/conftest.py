from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.graphs.engine.fakes import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path).open()
    yield made
    made.runner.close()
