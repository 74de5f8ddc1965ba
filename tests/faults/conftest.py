"""How much is tried: what fits into `make test`, or much more with EVENHAND_FAULTS=long."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from book_scene import Scene, make_scene
from database_harness import FreshDatabase
from evenhand_cast import make_cast
from ground import Ground

HERE = Path(__file__).parent
LONG = os.environ.get("EVENHAND_FAULTS") == "long"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests of faults: they fork thousands of times, and a process that has run other tests first is heavy to fork."""
    items.sort(key=lambda item: not item.path.is_relative_to(HERE))


@pytest.fixture
def how_many() -> Callable[..., int]:
    """Return how often something is tried: how_many(5_000, long=100_000)."""
    return lambda usual, *, long: long if LONG else usual


@pytest.fixture
def ground(fresh_database: FreshDatabase) -> Iterator[Ground]:
    """A database that can be put back as it was."""
    made = Ground(fresh_database)
    yield made
    made.close()


@pytest.fixture
def ground_of_both(fresh_databases: FreshDatabase) -> Iterator[Ground]:
    """The same with the people register, both kept, put back and compared together."""
    made = Ground(fresh_databases)
    yield made
    made.close()


@pytest.fixture
def scene(ground: Ground) -> Scene:
    """A book in the middle of its life, kept in `ground`."""
    with ground.here():
        made = make_scene(make_cast())
    ground.keep()
    return made
