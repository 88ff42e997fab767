from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.graphs.engine.fakes import Bench
from tests.graphs.engine.saved import Desk


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path).open()
    yield made
    made.runner.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The engine over a real database."""
    made = Desk(tmp_path)
    made.open()
    yield made
    made.close()
