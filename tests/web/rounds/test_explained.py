"""What was told of a recipient once is read by every process, and a page comes up where it cannot be kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from evenhand_round_pages import RoundsNow

from evenhand.lookups.kept import Kept
from evenhand.web.rounds import explained, told

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]


@pytest.fixture
def another_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """Forget what this process made, as another one would never have known it; files stay."""
    monkeypatch.setattr(explained, "FOLDER", tmp_path / "explained")

    def forget() -> None:
        monkeypatch.setattr(told, "MADE", Kept[Any](32 * 2**20))

    forget()
    return forget


def count_told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that notes whoever is told anew from now on."""
    tell, noted = explained._tell, []

    def noting(plan: Any, key: str, *, remedies: bool) -> str:
        noted.append(key)
        return tell(plan, key, remedies=remedies)

    monkeypatch.setattr(explained, "_tell", noting)
    return noted


def test_what_one_process_told_another_reads(
    rounds: RoundsNow, reader: Reader, another_process: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref, noted = rounds.at("published"), count_told(monkeypatch)
    first = reader("").get(f"/en/rounds/{ref}/TCD").content
    another_process()
    assert reader("").get(f"/en/rounds/{ref}/TCD").content == first
    assert noted == ["TCD"]


def test_another_release_tells_anew_and_lets_the_old_words_go(
    rounds: RoundsNow, reader: Reader, another_process: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref, noted = rounds.at("published"), count_told(monkeypatch)
    reader("").get(f"/en/rounds/{ref}/TCD")
    monkeypatch.setattr(explained, "_release", lambda: "another")
    another_process()
    reader("").get(f"/en/rounds/{ref}/TCD")
    assert noted == ["TCD", "TCD"]
    assert len(list(explained.FOLDER.rglob("*.txt"))) == 1


def test_it_is_told_in_the_sources_english_whoever_asks_first(
    rounds: RoundsNow, reader: Reader, another_process: Callable[[], None]
) -> None:
    ref = rounds.at("published")
    reader("").get(f"/ar/rounds/{ref}/TCD")
    (file,) = explained.FOLDER.rglob("*.txt")
    assert "\n\nWhat it needed\n" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0


def test_a_page_comes_up_where_nothing_can_be_kept(
    rounds: RoundsNow, reader: Reader, another_process: Callable[[], None], tmp_path: Path
) -> None:
    (tmp_path / "explained").write_text("a file where a folder should be")
    ref = rounds.at("published")
    assert reader("").get(f"/en/rounds/{ref}/TCD").status_code == 200


def test_all_recipients_of_a_plan_can_be_told_ahead(
    rounds: RoundsNow, reader: Reader, another_process: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref, seen = rounds.at("published"), []
    monkeypatch.setattr(explained, "_tell_the_others", seen.append)
    monkeypatch.setattr(explained, "REST", 0.0)
    explained.serving.set()
    try:
        reader("").get(f"/en/rounds/{ref}/TCD")
    finally:
        explained.serving.clear()
    (plan,) = seen
    explained.tell_all(plan)
    assert len(list(explained.FOLDER.rglob("*.txt"))) == len(plan.plan.outcome.problem.recipients) > 1
