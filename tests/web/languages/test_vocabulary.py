"""Every word of every closed list has its words in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from evenhand.access.roles import ROLE_NAMES
from evenhand.actions.programmes import KINDS as PROGRAMME_KINDS
from evenhand.actions.seeds import read_seeds
from evenhand.allocation.limits import LIMITS
from evenhand.certificates.checker import CLAIMS
from evenhand.ledger.stages import KINDS, STAGE_NAMES, VERBS
from evenhand.lookups import consignments, needs, offers, parties
from evenhand.records import models as records
from evenhand.records.tree import STATUSES
from evenhand.rounds.models import Round
from evenhand.stockbook.causes import CAUSES
from evenhand.stockbook.models import Consignment
from evenhand.web.languages import LANGUAGES, SOURCE
from evenhand.web.languages.vocabulary import UNITS, WORDS, find_word, unit, word

LISTS = {
    "kind of party": records.Party.KINDS, "kind of resource": KINDS, "kind of programme": PROGRAMME_KINDS,
    "kind of consignment": Consignment.KINDS, "kind of evidence": records.Evidence.KINDS, "state of a need": needs.STATES,
    "state of an offer": offers.STATES, "state of a round": Round.STATES, "state of a consignment": consignments.STATES,
    "state of a party": parties.STATES, "priority": records.Need.PRIORITIES, "firmness": records.Offer.FIRMNESS,
    "confidence": records.Evidence.CONFIDENCE, "status in a group": STATUSES, "role": ROLE_NAMES, "stage": STAGE_NAMES,
    "what happened": VERBS, "cause": tuple(CAUSES), "claim": CLAIMS, "limit": tuple(LIMITS),
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_a_closed_list_is_whole(kind: str) -> None:
    assert set(WORDS[kind]) == set(LISTS[kind])


def test_the_words_of_the_shipped_lists_are_known() -> None:
    resources = read_seeds("resources")
    units = {row["base_unit"] for row in resources} | {
        part.partition("=")[0].strip() for row in resources for part in row["packs"].split(";") if part.strip()
    }
    assert units <= set(UNITS)
    assert {row["kind"] for row in read_seeds("groups")} <= set(WORDS["kind of group"])
    assert {row["office"] for row in read_seeds("offices")} <= set(WORDS["office"])
    assert {one for row in resources for one in row["requires"].split(";") if one} <= set(WORDS["capability"])


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != SOURCE])
def test_every_word_is_translated(language: str) -> None:
    with translation.override(SOURCE):
        english = {(kind, value): word(kind, value) for kind, words in WORDS.items() for value in words}
        units = {name: unit(name) for name in UNITS}
    with translation.override(language):
        alike = {key for key, said in english.items() if word(*key) == said}
        units_alike = {name for name, said in units.items() if unit(name) == said}
    latin = language in ("fr", "es")
    assert len(alike) < (25 if latin else 1), alike
    assert len(units_alike) < (15 if latin else 1), units_alike


def test_a_unit_follows_its_number() -> None:
    said = {}
    for language in ("en", "ar", "ru"):
        with translation.override(language):
            said[language] = [unit("box", number) for number in (1, 2, 3, 11, 100)]
    assert said == {
        "en": ["box", "boxes", "boxes", "boxes", "boxes"],
        "ar": ["صندوق", "صندوقان", "صناديق", "صندوقًا", "صندوق"],
        "ru": ["коробка", "коробки", "коробки", "коробок", "коробок"],
    }


def test_a_word_that_nobody_knows_is_left_alone() -> None:
    assert (word("kind of party", "guild"), word("guild", "x"), unit("CHF"), find_word("xyz")) == (
        "guild",
        "x",
        "CHF",
        "",
    )


def test_the_shipped_translations_are_whole_and_of_what_is_shipped() -> None:
    rows = read_seeds("translations")
    known = {
        "country": {row["key"] for row in read_seeds("countries")},
        "group": {row["key"] for row in read_seeds("groups")},
        "resource": {row["key"] for row in read_seeds("resources")},
    }
    assert all(row["key"] in known[row["of"]] for row in rows)
    assert all(row[language].strip() == row[language] != "" for row in rows for language in ("ar", "zh", "ru", "es"))
    for of in ("group", "resource"):
        assert {row["key"] for row in rows if row["of"] == of} == known[of]
