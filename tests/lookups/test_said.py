"""What was said, as a reader finds it: by party, topic, place, time; who met whom; what waits for review and what is alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from evenhand_cast import TODAY, Cast
from evenhand_said import (
    add_meeting,
    add_official,
    add_reading,
    add_sentences,
    add_statement,
    add_thread,
)
from evenhand_stock import make_gift

from evenhand.access.viewers import PUBLIC
from evenhand.errors import NameUnknown, OptionRefused
from evenhand.lookups.meetings import count_meetings, get_meeting, list_meetings, list_met
from evenhand.lookups.officials import get_official, list_officials
from evenhand.lookups.paging import cursor
from evenhand.lookups.reviewing import count_to_review, list_alike, list_alike_meetings, list_to_review
from evenhand.lookups.spoken import list_spoken
from evenhand.lookups.statements import count_statements, get_statement, list_statements, list_threads
from evenhand.records.models import Offer, Programme
from evenhand.said.models import StatementLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast: Cast) -> dict[str, str]:
    """Three statements: a promise to Chad's clinic, a gift to Kenya long ago, a need of France; the first at a meeting."""
    document = add_reading()
    host, guest = add_official("Elvin Mammadov"), add_official("Adoum Brahim Kosso")
    met = add_meeting(document, {host: "AZE"}, {guest: "TCD"})
    add_sentences(document, host, "AZE")
    Programme.objects.create(ref="PG-TENTS", title="Tents", kind="aid")
    gift = make_gift("AZE", "mask-surgical", 4000)
    Offer.objects.filter(pk=gift).update(programme="PG-TENTS")
    tents = add_statement(
        document, receivers=("TCD-moissala",), meeting_id=met, official_id=host, party_id="AZE", place="Moissala"
    )
    StatementLink.objects.create(statement_id=tents, about=gift)
    old = {"kind": "given", "firmness": "", "giver_id": "IND", "topic_marks": ";sdg:3;", "speaker": "narrator"}
    kenya = add_statement(receivers=("KEN",), said_on=TODAY - timedelta(days=400), **old)
    need = add_statement(
        kind="needed", firmness="", giver_id=None, giver_name="", receivers=("FRA",), resource_id="USD"
    )
    return {
        "tents": tents,
        "kenya": kenya,
        "need": need,
        "document": document,
        "met": met,
        "host": host,
        "guest": guest,
        "gift": gift,
    }


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, {"tents", "kenya", "need"}),
        ({"party": "TCD"}, {"tents"}),
        ({"party": "AZE"}, {"tents"}),
        ({"receiver": "TCD"}, {"tents"}),
        ({"receiver": "KEN"}, {"kenya"}),
        ({"giver": "IND"}, {"kenya"}),
        ({"kind": "needed"}, {"need"}),
        ({"firmness": "pledge"}, {"tents"}),
        ({"topic": "dac:720"}, {"tents", "need"}),
        ({"topic": "sdg:3"}, {"kenya"}),
        ({"topic": "sdg"}, set()),
        ({"resource": "USD"}, {"need"}),
        ({"programme": "PG-TENTS"}, {"tents"}),
        ({"place": "moissala"}, {"tents"}),
        ({"since": TODAY}, {"tents", "need"}),
        ({"until": TODAY - timedelta(days=1)}, {"kenya"}),
        ({"search": "mammadov tents"}, {"tents", "need"}),
        ({"search": "india"}, {"kenya"}),
        ({"state": "proposed"}, set()),
    ],
)
def test_statements_are_chosen_by_what_a_reader_asks_for(
    told: dict[str, str], chosen: dict[str, Any], found: set[str]
) -> None:
    refs = {one.ref for one in list_statements(PUBLIC, **chosen)}
    assert refs == {told[name] for name in found}
    assert count_statements(PUBLIC, **chosen) == len(found)


def test_statements_are_chosen_by_refs_too(told: dict[str, str]) -> None:
    for asked in (
        {"meeting": told["met"]},
        {"document": told["document"]},
        {"official": told["host"]},
        {"about": told["gift"]},
    ):
        assert [one.ref for one in list_statements(PUBLIC, **asked)] == [told["tents"]]


def test_words_that_are_none_of_a_list_are_refused(told: dict[str, str]) -> None:
    for given in ({"kind": "gave"}, {"firmness": "firm"}, {"state": "open"}, {"order": "size"}):
        with pytest.raises(OptionRefused):
            list_statements(PUBLIC, **given)
    with pytest.raises(NameUnknown, match="did you mean 'TCD'"):
        list_statements(PUBLIC, receiver="TDC")


@pytest.mark.parametrize("order", ["", "-said_on", "speaker", "kind", "made_at"])
def test_a_list_is_read_page_by_page_without_gap_or_double(told: dict[str, str], order: str) -> None:
    add_statement(said_on=None)
    whole = list_statements(PUBLIC, order=order)
    read: list[Any] = []
    while len(page := list_statements(PUBLIC, order=order, most=1, after=cursor(read[-1], order) if read else "")):
        read += page
    assert [one.ref for one in read] == [one.ref for one in whole]
    assert len(read) == 4


def test_a_statement_stands_in_its_sentence_with_its_topics(told: dict[str, str]) -> None:
    one = get_statement(PUBLIC, told["tents"])
    assert one.words in one.sentence
    assert [(topic.scheme, topic.code, topic.words) for topic in one.topics] == [("dac", "720", "tents")]
    assert one.meeting_title == "A – B"


def test_a_thread_shows_only_what_stands(told: dict[str, str]) -> None:
    thread = add_thread()
    seen = add_statement(thread_id=thread)
    add_statement(thread_id=thread, state="proposed")
    (row,) = list_threads(PUBLIC)
    assert [one.ref for one in row.statements] == [seen]


def test_meetings_are_found_by_who_took_part_where_and_when(told: dict[str, str]) -> None:
    for chosen in ({"party": "TCD"}, {"group": "NAM"}, {"official": told["guest"]}, {"place": "baku"}, {"search": "kosso"},
                   {"kind": "received"}, {"since": TODAY, "until": TODAY}):  # fmt: skip
        assert [one.ref for one in list_meetings(PUBLIC, **chosen)] == [told["met"]], chosen
    for chosen in (
        {"party": "KEN"},
        {"group": "EU"},
        {"place": "Ganja"},
        {"since": TODAY + timedelta(days=1)},
        {"kind": "met"},
    ):
        assert count_meetings(PUBLIC, **chosen) == 0, chosen


def test_what_each_side_said_stands_with_its_acts(told: dict[str, str]) -> None:
    one = get_meeting(PUBLIC, told["met"])
    assert [(row.side, row.acts, row.official) for row in one.sentences] == [("host", ("commit",), told["host"])]
    assert [row.ref for row in one.statements] == [told["tents"]]


def test_who_met_whom_counts_pairs_of_parties_and_not_of_people(told: dict[str, str]) -> None:
    add_meeting(
        add_reading(), {add_official("A"): "TCD", add_official("B"): "TCD"}, {add_official("C"): "AZE"}, date=None
    )
    (pair,) = list_met(PUBLIC)
    assert (pair.party, pair.other, pair.meetings, pair.first, pair.last) == ("AZE", "TCD", 2, TODAY, TODAY)
    assert list_met(PUBLIC, party="KEN") == []


def test_a_person_in_office_has_offices_meetings_and_statements(told: dict[str, str]) -> None:
    one = get_official(PUBLIC, told["host"])
    assert (one.meetings, one.statements, one.offices[0].office, one.offices[0].party) == (1, 1, "Minister", "AZE")
    assert [row.ref for row in list_officials(PUBLIC, party="TCD")] == [told["guest"]]
    assert [row.name for row in list_officials(PUBLIC, search="elvin")] == ["Elvin Mammadov"]


def test_sentences_are_found_by_speaker_act_topic_place_and_time(told: dict[str, str]) -> None:
    for chosen in ({"speaker": "mammadov"}, {"act": "commit"}, {"topic": "dac:720"}, {"place": "Baku"}, {"party": "AZE"},
                   {"official": told["host"]}, {"meeting": told["met"]}, {"since": TODAY}, {"search": "900 tents"}):  # fmt: skip
        (one,) = list_spoken(PUBLIC, **chosen)
        assert (one.document, one.meeting, one.said_on, one.place) == (told["document"], told["met"], TODAY, "Baku")
    for chosen in ({"act": "thank"}, {"place": "Ganja"}, {"since": TODAY + timedelta(days=1)}, {"topic": "dac:72"}):
        assert list_spoken(PUBLIC, **chosen) == [], chosen


def test_what_waits_for_review_names_what_it_may_be_one_with(told: dict[str, str], cast: Cast) -> None:
    who = cast.viewers["task-force"]
    waiting = add_statement(state="proposed", receivers=("TCD-moissala",))
    document = add_reading()
    met = add_meeting(
        document,
        {add_official("Elvin Mammadov"): "AZE"},
        {add_official("Adoum Ibrahim Kosso"): "TCD"},
        state="proposed",
    )
    found = {(one.kind, one.ref): one for one in list_to_review(who)}
    assert found["statement", waiting].alike[0].ref == told["tents"]
    assert found["meeting", met].alike[0].ref == told["met"]
    assert any(one.kind == "official" and one.alike for one in found.values())
    assert [one.ref for one in list_alike(who, waiting)] == [told["tents"]]
    assert [one.ref for one in list_alike_meetings(who, met)] == [told["met"]]
    assert count_to_review(who) == {"statement": 1, "meeting": 1}
    assert (list_to_review(PUBLIC), count_to_review(PUBLIC)) == ([], {"statement": 0, "meeting": 0})
    assert len(list_to_review(who, most=0)) == 0


def test_who_put_a_document_in_sees_what_was_proposed_of_it_and_nobody_else_of_its_role_does(cast: Cast) -> None:
    document = add_reading(by="u-donor-ind")
    ref = add_statement(document, state="proposed")
    seen = {name for name, viewer in cast.viewers.items() if [1 for one in list_statements(viewer, state="proposed")]}
    assert seen == {"donor-ind", "task-force", "task-force-2", "task-force-eu", "auditor"}
    assert get_statement(cast.viewers["donor-ind"], ref).state == "proposed"


def test_a_private_document_stays_with_its_party_whatever_is_accepted_of_it(cast: Cast) -> None:
    add_statement(add_reading(public=False, party="TCD"))
    seen = {name for name, viewer in cast.viewers.items() if list_statements(viewer)}
    assert seen == {"focal-tcd", "task-force", "task-force-2", "board-aze", "board-uga", "board-ken", "auditor"}
    assert list_statements(PUBLIC) == []
