"""Why this amount, and what a change would do: for anybody, under limits, with nothing kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from evenhand_round_pages import RoundsNow

from evenhand.access.models import ActionLine
from evenhand.web.rounds import trying
from evenhand.web.rounds.trying import Turns

pytestmark = pytest.mark.django_db
Reader = Callable[[str], Client]


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_recipient_is_explained_with_its_own_numbers(rounds: RoundsNow, reader: Reader, language: str) -> None:
    ref = rounds.at("published")
    text = reader("").get(f"/{language}/rounds/{ref}/TCD").content.decode()
    for number in ("250", "500", "50%"):
        assert number in text
    assert text.count("<h1") == 1


def test_a_change_shows_only_what_changes_and_keeps_nothing(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    before = ActionLine.objects.count()
    # TCD held 400 of 500: then 400 of KEN's 300 + 500 to share: KEN takes its 300, TCD its 100
    text = reader("").get(f"/en/rounds/{ref}/TCD", {"try": "1", "held": "400"}).content.decode()
    assert "needs.TCD.held=400" in text
    assert "What would change" in text
    assert "300" in text
    assert ActionLine.objects.count() == before
    assert "400" not in reader("").get(f"/en/rounds/{ref}.csv").content.decode()


def test_nothing_changed_is_said(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    text = reader("").get(f"/en/rounds/{ref}/TCD", {"try": "1", "target": "500", "held": "0"}).content.decode()
    assert "Nothing was changed" in text


BAD = (
    "",
    "-5",
    "many",
    "1e400",
    "9" * 60,
    "\u202e12",
    "😀",
    "1; DROP TABLE",
    "<b>3</b>",
    "1.1234567",
    "nan",
    "٣",
)


@pytest.mark.parametrize("name", ["target", "held", "capacity", "per_week"])
@pytest.mark.parametrize("typed", BAD)
def test_whatever_is_typed_is_answered_and_stays_typed(
    rounds: RoundsNow, reader: Reader, name: str, typed: str
) -> None:
    ref = rounds.at("published")
    response = reader("").get(f"/en/rounds/{ref}/TCD", {"try": "1", name: typed})
    text = response.content.decode()
    assert response.status_code in (200, 422)
    assert "<b>3</b>" not in text
    if response.status_code == 422:
        assert 'class="errors"' in text
        assert f'href="#t-{name}"' in text or 'href="#try"' in text
    if typed == "many":
        assert 'value="many"' in text


def test_an_address_with_what_is_no_letter_is_refused(rounds: RoundsNow, reader: Reader) -> None:
    response = reader("").get(f"/en/rounds/{rounds.at('published')}/TCD", {"try": "1", "held": "\x00"})
    assert response.status_code == 400


def test_too_many_tries_from_one_address_are_asked_to_wait(
    rounds: RoundsNow, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = rounds.at("published")
    monkeypatch.setattr(trying, "TURNS", Turns(2, 60.0))
    statuses = [
        reader("").get(f"/en/rounds/{ref}/TCD", {"try": "1", "held": str(held)}).status_code for held in (1, 2, 3, 1)
    ]
    assert statuses == [200, 200, 429, 200]  # the fourth was tried before, and costs nothing


def test_a_round_too_large_is_left_to_the_command(
    rounds: RoundsNow, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = rounds.at("published")
    monkeypatch.setattr(trying, "MOST_PAIRS", 1)
    response = reader("").get(f"/en/rounds/{ref}/TCD", {"try": "1", "held": "7"})
    assert response.status_code == 422
    assert "evenhand whatif" in response.content.decode()


def test_what_takes_too_long_is_not_waited_for(
    rounds: RoundsNow, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = rounds.at("published")
    monkeypatch.setattr(trying, "SECONDS", 0.0)
    assert reader("").get(f"/en/rounds/{ref}/TCD", {"try": "1", "held": "9"}).status_code in (200, 503)


@pytest.mark.parametrize("key", ["XXX", "tcd", "<script>", "needs.csv", "TCD/../KEN"])
def test_a_recipient_that_is_not_there_is_not_found(rounds: RoundsNow, reader: Reader, key: str) -> None:
    ref = rounds.at("published")
    assert reader("").get(f"/en/rounds/{ref}/{key}").status_code == 404


def test_another_recipient_is_a_page_away(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    response = reader("").get(f"/en/rounds/{ref}/explain/another", {"key": "KEN"})
    assert response["Location"] == f"/en/rounds/{ref}/KEN"
    assert reader("").get(f"/en/rounds/{ref}/explain/another")["Location"] == f"/en/rounds/{ref}"
    assert (
        reader("")
        .get(f"/en/rounds/{ref}/explain/another", {"key": "//evil.example"})["Location"]
        .startswith("/en/rounds/")
    )


def test_the_rules_stand_side_by_side_with_their_measures(rounds: RoundsNow, reader: Reader) -> None:
    ref = rounds.at("published")
    text = reader("").get(f"/en/rounds/{ref}/rules/compared").content.decode()
    assert "the rule of this round" in text
    assert "frozen without groups of people" in text
    assert "frozen without weights" in text
    assert "equal-coverage_received" in reader("").get(f"/en/rounds/{ref}/rules/compared.csv").content.decode()


def test_tiers_and_weights_make_a_difference_that_is_shown(rounds: RoundsNow, reader: Reader) -> None:
    rounds.need("TCD", "1000", weight="2", weight_source="a survey", tiers="200;800")
    rounds.need("KEN", "600", weight="1", weight_source="a survey", tiers="500;100")
    rounds.offer()
    ref = rounds.at("published", made=True, rule="need-weighted")
    head = reader("").get(f"/en/rounds/{ref}/rules/compared.csv").content.decode("utf-8-sig").splitlines()[0]
    for rule in ("equal-coverage", "need-weighted", "tiers", "floor-then-weighted"):
        assert f"{rule}_received" in head
