"""The catalogues, compiled as they stand: a checkout where nothing was built has none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from evenhand.web.languages import FOLDER
from evenhand.web.languages.compiling import compile_all


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Nothing happens where they are up to date."""
    compile_all(FOLDER)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Every test begins and ends in the language of the source."""
    with translation.override("en"):
        yield
