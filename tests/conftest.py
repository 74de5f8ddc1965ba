"""What all tests share: the golden files' option, Hypothesis' settings, and where the real input lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# Two shared cores make a fixed deadline a source of false alarms; a failing example is printed so that it can be replayed.
settings.register_profile("evenhand", deadline=None, print_blob=True)
settings.load_profile("evenhand")

PROJECT = Path(__file__).resolve().parent.parent
collect_ignore = ["fuzz"]  # run by hand, with a fuzzer that is no dependency


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/**/golden/*.txt anew instead of comparing with them; read the difference before you commit it",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's root."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real input that lies beside the project, not inside it."""
    folder = PROJECT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the real input (../shared/data) is not on this machine")
    return folder
