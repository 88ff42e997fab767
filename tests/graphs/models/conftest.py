"""Async tests run on asyncio; a workspace of plain dictionaries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from graphs.models.resolve import ModelRegistry
from tests.graphs.models.fake_provider import FakeProvider


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Settings(dict[str, Any]):
    def set(self, key: str, value: Any) -> None:
        self[key] = value


@dataclass(frozen=True)
class Address:
    name: str
    base_url: str
    secret: str | None = None


@dataclass
class Workspace:
    """What a registry is made from."""

    folder: Path
    settings: Settings = field(default_factory=Settings)
    secrets: dict[str, str] = field(default_factory=dict[str, str])
    addresses: list[Address] = field(default_factory=list[Address])

    def list(self) -> "list[Address]":
        return self.addresses

    def endpoint(self, name: str, base_url: str, secret: str | None = None) -> None:
        self.addresses.append(Address(name, base_url, secret))

    def registry(self, **options: Any) -> ModelRegistry:
        return ModelRegistry(self.settings, self.secrets, self, self.folder, **options)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def provider() -> Iterator[Callable[[str], FakeProvider]]:
    """Starts fake providers that behave as named; they end with the test."""
    started: list[FakeProvider] = []

    def start(behaviour: str) -> FakeProvider:
        started.append(FakeProvider(behaviour))
        return started[-1]

    yield start
    for one in started:
        one.close()
