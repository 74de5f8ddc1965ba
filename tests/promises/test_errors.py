"""Every error is raised by some test, has a code of its own, and is drawn in the tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evenhand import errors
from evenhand.errors import EvenhandError

TESTS = Path(__file__).resolve().parents[1]


def every_error(root: type[EvenhandError] = EvenhandError) -> list[type[EvenhandError]]:
    """Return the errors below the root of the tree."""
    return [found for below in root.__subclasses__() for found in (below, *every_error(below))]


ERRORS = [error for error in every_error() if error.__module__.startswith("evenhand.")]
TEXT = "\n".join(file.read_text(encoding="utf-8") for file in TESTS.rglob("test_*.py"))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_raised_by_some_test(error: type[EvenhandError]) -> None:
    assert re.search(rf"raises\([^)]*\b{error.__name__}\b", TEXT), f"no test has pytest.raises({error.__name__})"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_drawn_in_the_tree(error: type[EvenhandError]) -> None:
    drawn = re.search(rf"─ {error.__name__} .*exit (\d)", errors.__doc__ or "")
    assert drawn is not None
    assert int(drawn[1]) == error.exit_code


def test_codes_are_unique() -> None:
    codes = [error.code for error in ERRORS]
    assert len(codes) == len(set(codes))
