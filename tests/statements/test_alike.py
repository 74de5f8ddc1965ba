"""Sameness of people, meetings and claims: what is proposed, why, and what never is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.statements.alike import (
    ClaimFacts,
    MeetingFacts,
    PersonFacts,
    facts_of_claims,
    facts_of_meeting,
    same_claim,
    same_meeting,
    same_person,
)
from evenhand.statements.document import Claim, Document, Meeting, Participant, Text
from evenhand.statements.spellings import fit_names, words_of_name

READOUTS = Path(__file__).parents[3] / "shared" / "readouts"

ONE_PERSON = [
    ("Abdul Rahman Saleh", "Abdulrahman Salih"),
    ("Hissein Brahim Taha", "Hissein Ibrahim Taha"),
    ("Mohamed Ould Salem", "Muhammad Wuld Salim"),
    ("Tursunov Jahongir", "Jahongir Tursunov"),
    ("Sheikh Yousef Al-Badr Al-Khaled", "Yusuf al Badr Al Khalid"),
    ("Ilham Aliyev", "İlham Əliyev"),
    ("H. H. Kluge", "Hans Henri Kluge"),
    ("H.E. Abdel Fattah el-Sadri", "Abdelfattah Al Sadri"),
    ("Kim Min-jun", "Kim Minjun"),
    ("Volodymyr Kovalenko", "Volodimir Kovalenko"),
    ("Abdullah Hamdok", "Abdalla Hamdouk"),
]
TWO_PEOPLE = [
    ("Abdul Rahman Saleh", "Abdul Karim Saleh"),
    ("Hassan Ali", "Hussein Ali"),
    ("Ilham Aliyev", "Ilham Aliyeva"),
    ("Maria Lopez", "Mario Lopez"),
    ("Wang Yi", "Wang Wei"),
    ("Juan Perez", "Juana Perez"),
    ("President", "President"),
]


@pytest.mark.parametrize(("one", "other"), ONE_PERSON)
def test_spellings_of_one_name_are_proposed(one: str, other: str) -> None:
    found = same_person(PersonFacts(one, party="TCD"), PersonFacts(other, party="TCD"))
    assert found is not None
    assert found.score >= 0.8
    assert "both speak for TCD" in found.reasons


@pytest.mark.parametrize(("one", "other"), TWO_PEOPLE)
def test_names_of_two_people_are_not_proposed(one: str, other: str) -> None:
    assert same_person(PersonFacts(one, party="TCD"), PersonFacts(other, party="TCD")) is None


def test_the_reasons_name_both_spellings_and_what_speaks_against() -> None:
    found = same_person(
        PersonFacts("Adoum Brahim Kosso", "Minister of Social Action", "TCD"),
        PersonFacts("Adoum Ibrahim Kosso", "Minister of Health", "TCD"),
    )
    assert found is not None
    assert "'Brahim' and 'Ibrahim' are spellings of one name" in found.reasons
    assert "the office is 'Minister of Social Action' in one, 'Minister of Health' in the other" in found.reasons


def test_one_name_that_speaks_for_two_parties_is_proposed_with_less() -> None:
    one, other = PersonFacts("Hissein Brahim Taha", party="TCD"), PersonFacts("Hissein Brahim Taha", party="OIC")
    moved, stayed = same_person(one, other), same_person(one, one)
    assert moved is not None
    assert stayed is not None
    assert moved.score < stayed.score
    assert "one speaks for OIC, the other for TCD" in moved.reasons


def test_a_surname_alone_names_nobody_of_another_party() -> None:
    assert same_person(PersonFacts("Kluge", party="DEU"), PersonFacts("Hans Henri Kluge", party="WHO")) is None


HOST = PersonFacts("Adoum Brahim Kosso", "Minister of Social Action", "TCD", "host")
GUEST = PersonFacts("Marguerite Tanoh", "Resident Coordinator", "United Nations", "guest")
MET = MeetingFacts(date(2025, 2, 12), "N'Djamena", "met", (HOST, GUEST), date(2025, 2, 12), "")


def test_two_reports_of_one_meeting_are_proposed_with_reasons() -> None:
    other = replace(
        MET,
        published=date(2025, 2, 14),
        people=(replace(GUEST, side="host"), replace(HOST, name="Adoum Ibrahim Kosso", side="guest")),
    )
    found = same_meeting(MET, other)
    assert found is not None
    assert found.score >= 0.9
    assert "both on 2025-02-12" in found.reasons
    assert "people of both sides fit" in found.reasons
    assert "both were in N'Djamena" in found.reasons


def test_the_same_two_people_a_month_later_met_again() -> None:
    assert same_meeting(MET, replace(MET, day=date(2025, 3, 12))) is None
    assert same_meeting(MET, replace(MET, day=None, published=date(2025, 3, 12))) is None


def test_a_host_who_receives_somebody_else_on_the_same_day_holds_another_meeting() -> None:
    other = replace(
        MET, people=(HOST, PersonFacts("Donal Keane", "Executive Director", "World Food Programme", "guest"))
    )
    assert same_meeting(MET, other) is None


def test_reports_of_a_conference_name_their_own_side_and_share_its_words() -> None:
    words = "Pledging Meeting Palestine Refugees Near East UNRWA Stockholm Jordan Sweden 2021 commissioner-general contributions"
    qatar = MeetingFacts(
        date(2021, 10, 26), "", "conference", (PersonFacts("Rashid Al Tuwaim", party="QAT"),), words=words
    )
    japan = MeetingFacts(
        date(2021, 10, 26), "", "conference", (PersonFacts("Kenji Asakura", party="JPN"),), words=words
    )
    found = same_meeting(qatar, japan)
    assert found is not None
    assert "both report a conference, of which a report may name its own side alone" in found.reasons
    assert (
        same_meeting(qatar, replace(japan, words="Round table on food in Tokyo with eight ministers of agriculture"))
        is None
    )


SAID = ClaimFacts(
    "given", "AZE", (), "assistance", 30, "country", said_on=date(2021, 3, 2), speaker="Ilham Aliyev",
    words="Azerbaijan`s assistance to more than 30 countries",
)  # fmt: skip


def test_a_claim_whose_number_grew_is_one_thread() -> None:
    later = replace(
        SAID, quantity=80, said_on=date(2023, 10, 6), words="Azerbaijan`s assistance to more than 80 countries"
    )
    found = same_claim(later, SAID)
    assert found is not None
    assert found.way == "thread"
    assert "the number grew: 30 country (2021-03-02) → 80 country (2023-10-06)" in found.reasons


def test_a_claim_in_two_outlets_is_the_same() -> None:
    other = replace(
        SAID, said_on=date(2021, 3, 3), words="Azerbaijan has assisted more than 30 countries", resource="help"
    )
    found = same_claim(SAID, other)
    assert found is not None
    assert found.way == "same"
    assert "the amount is the same: 30 country" in found.reasons


def test_the_same_words_by_another_speaker_are_a_thread_not_the_same() -> None:
    found = same_claim(SAID, replace(SAID, speaker="Hans Henri Kluge"))
    assert found is not None
    assert found.way == "thread"
    assert "said by Hans Henri Kluge and by Ilham Aliyev" in found.reasons


@pytest.mark.parametrize(
    "other",
    [
        replace(SAID, giver="TUR"),
        replace(SAID, kind="needed"),
        replace(SAID, kind="promised"),
        replace(SAID, resource="tents"),
        replace(SAID, quantity=30, unit="tonne"),
        replace(SAID, quantity=31, words="a further 31 countries will have assistance"),
    ],
    ids=["another giver", "another kind", "promised, not given", "another resource", "another unit", "a further gift"],
)
def test_what_tells_two_claims_apart_keeps_them_apart(other: ClaimFacts) -> None:
    assert same_claim(SAID, other) is None


def test_two_gifts_of_one_donor_to_one_receiver_are_not_one() -> None:
    first = ClaimFacts("promised", "JPN", ("World Food Programme",), "money", 36_000_000, "USD", "", "2019", "Kenji Asakura",
                       date(2019, 9, 25), "Japan has already pledged 36 million USD to WFP this year")  # fmt: skip
    second = ClaimFacts("promised", "JPN", ("World Food Programme",), "aid", 2_800_000, "USD", "Agadz", "", "Kenji Asakura",
                        date(2019, 9, 25), "intends to provide further aid of around 2.8 million USD")  # fmt: skip
    assert same_claim(first, second) is None


def test_what_was_given_and_what_is_promised_are_never_one_claim_though_the_number_is_the_same() -> None:
    given = ClaimFacts("given", "Demo Relief Fund", ("TCD",), "tents", 1300, "tent", speaker="A minister", said_on=date(2026, 10, 16),
                       words="the Demo Relief Fund had given 1,300 tents")  # fmt: skip
    promised = replace(given, kind="promised", words="the Demo Relief Fund will give a further 1,300 tents")
    assert same_claim(given, promised) is None
    assert same_claim(given, replace(given, speaker="")) is not None


NAMES = st.sampled_from([name for pair in (*ONE_PERSON, *TWO_PEOPLE) for name in pair]) | st.text(
    "abáiouşлh' -.", max_size=20
)
DAYS = st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 6))
PEOPLE = st.builds(PersonFacts, NAMES, st.sampled_from(["", "President", "Minister of Health"]), st.sampled_from(["", "TCD", "OIC"]),
                   st.sampled_from(["", "host", "guest"]))  # fmt: skip
MEETINGS = st.builds(MeetingFacts, DAYS, st.sampled_from(["", "Rome", "Baku"]), st.sampled_from(["met", "conference"]),
                     st.lists(PEOPLE, max_size=3).map(tuple), DAYS, st.sampled_from(["", "Rome Baku 2021 WHO AZE TCD OIC Minister Health"]))  # fmt: skip
CLAIMS = st.builds(ClaimFacts, st.sampled_from(["given", "promised", "needed"]), st.sampled_from(["", "AZE"]),
                   st.sampled_from([(), ("TUR",), ("TUR", "TCD")]), st.sampled_from(["aid", "tents", "support", "money"]),
                   st.none() | st.integers(1, 3), st.sampled_from(["", "USD", "tent"]), st.sampled_from(["", "Baku"]),
                   st.sampled_from(["", "2021"]), NAMES, DAYS, st.sampled_from(["", "aid to 30 countries", "aid to 80 countries"]))  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(NAMES, NAMES)
def test_how_two_names_fit_does_not_depend_on_their_order(one: str, other: str) -> None:
    there, back = fit_names(one, other), fit_names(other, one)
    assert (there.score, there.turned, sorted(there.left_out)) == (back.score, back.turned, sorted(back.left_out))
    assert 0 <= there.score <= 1


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.tuples(st.just(same_person), PEOPLE, PEOPLE), st.tuples(st.just(same_meeting), MEETINGS, MEETINGS),
                 st.tuples(st.just(same_claim), CLAIMS, CLAIMS)))  # fmt: skip
def test_sameness_is_symmetric_deterministic_and_gives_reasons(asked: tuple[Any, Any, Any]) -> None:
    same, one, other = asked
    found = same(one, other)
    assert found == same(other, one) == same(one, other)
    if found:
        assert 0.6 <= found.score <= 0.99
        assert found.reasons
        assert all(found.reasons)


@settings(max_examples=100, deadline=None)
@given(MEETINGS, MEETINGS, st.integers(2, 400))
def test_meetings_known_to_lie_more_than_a_day_apart_are_never_proposed(
    one: MeetingFacts, other: MeetingFacts, days: int
) -> None:
    day = one.day or date(2024, 1, 1)
    assert same_meeting(replace(one, day=day), replace(one, day=day + timedelta(days))) is None
    assert same_meeting(replace(one, day=day), replace(other, day=day - timedelta(days))) is None


def test_facts_are_made_from_what_the_reader_hands_back() -> None:
    text = "Adoum Brahim Kosso received Marguerite Tanoh. Chad was promised 60 water trucks."
    start = text.index("Chad was")
    people = (
        Participant("Adoum Brahim Kosso", "Minister", "TCD", "Chad", "host"),
        Participant("Marguerite Tanoh", None, None, "United Nations", "guest"),
    )
    document = Document(
        Text("a.txt", text), "2025-02-12", Meeting(None, "N'Djamena", "received", people),
        claims=(Claim(start, len(text) - 1, "narrator", "promised", None, ("TCD",), "water trucks", 60, "truck"),),
    )  # fmt: skip
    meeting, (claim,) = facts_of_meeting(document), facts_of_claims(document)
    assert (meeting.day, meeting.published) == (None, date(2025, 2, 12))
    assert [one.party for one in meeting.people] == ["TCD", "United Nations"]
    assert (claim.words, claim.said_on, claim.giver) == ("Chad was promised 60 water trucks", date(2025, 2, 12), "")
    assert same_meeting(meeting, meeting)
    assert same_claim(claim, claim)


def test_a_name_of_a_thousand_words_costs_no_more_than_a_long_one() -> None:
    assert len(words_of_name("Ali " * 1000)) == 10
    assert same_person(PersonFacts("Ali " * 1000), PersonFacts("Omar " * 1000)) is None


@pytest.mark.skipif(
    not READOUTS.is_dir(), reason="the annotated readouts are not beside the repository (../shared/readouts)"
)
def test_the_annotated_readouts_hold_eighteen_meetings_and_no_two_of_them_are_one() -> None:
    documents = [json.loads(line) for line in (READOUTS / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    meetings = [_meeting(one) for one in documents]
    assert len(meetings) == 18
    assert [pair for pair in combinations(meetings, 2) if same_meeting(*pair)] == []
    named = [one for one in meetings if one.people]
    assert all(same_meeting(one, replace(one, place="")) for one in named)


def _meeting(document: dict[str, Any]) -> MeetingFacts:
    meeting = document["meeting"]
    people = tuple(
        PersonFacts(one["name"], one["office"] or "", one["party"] or one["party_name"] or "", one["side"])
        for one in meeting["participants"]
    )
    day, published = (date.fromisoformat(text) if text else None for text in (meeting["date"], document["published"]))
    words = (READOUTS / document["file"]).read_text(encoding="utf-8")
    return MeetingFacts(day, meeting["place"] or "", meeting["kind"], people, published, words)
