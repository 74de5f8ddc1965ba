"""Offices that texts name: suggested to who keeps a group's offices, with words and source, and to nobody else."""

from __future__ import annotations

from datetime import date

import pytest
from evenhand_cast import NOW, Cast

from evenhand.access.viewers import PUBLIC
from evenhand.errors import NameUnknown
from evenhand.lookups.office_suggestions import list_office_suggestions
from evenhand.records.models import Evidence, Office
from evenhand.said.models import Meeting, MeetingDocument, Reading, Spoken

pytestmark = pytest.mark.django_db


def put_in(ref: str, *sentences: str, day: date = date(2023, 10, 6), public: bool = True) -> None:
    """Keep a document with its sentences, as reading it would."""
    Evidence.objects.create(ref=ref, title="a readout", kind="readout", public=public, made_at=NOW)
    text = " ".join(sentences)
    Reading.objects.create(
        evidence_id=ref, text=text, text_sha256="x", made_by="u-donor-ind", made_at=NOW, reader="r", published=day
    )
    for number, words in enumerate(sentences, start=1):
        start = text.index(words)
        Spoken.objects.create(
            key=f"{ref}/{number}",
            evidence_id=ref,
            number=number,
            start=start,
            end=start + len(words),
            words=words,
            speaker="Hans Henri Kluge",
        )


CHAIR = "He hailed Chad`s activities as the chair of the Non-Aligned Movement."


def test_a_chair_that_a_text_names_is_suggested_with_its_words_and_source(cast: Cast) -> None:
    put_in("EV-OFFICE0001", CHAIR, "He left.")
    (found,) = list_office_suggestions(cast.viewers["task-force"])
    assert (found.group, found.party, found.office, found.since, found.sentences) == ("NAM", "TCD", "chair", "", 1)
    assert (found.said[0].words, found.said[0].document, found.said[0].said_on) == (
        CHAIR,
        "EV-OFFICE0001",
        date(2023, 10, 6),
    )
    assert "it was held when it was said, on 2023-10-06; since when is not said" in found.reasons


def test_several_sentences_are_one_suggestion_and_the_one_with_years_dates_it(cast: Cast) -> None:
    put_in("EV-OFFICE0001", CHAIR)
    put_in(
        "EV-OFFICE0002",
        "Chadian officials spoke of Chad's chairmanship of NAM from 2019 to 2023.",
        day=date(2024, 1, 1),
    )
    (found,) = list_office_suggestions(cast.viewers["task-force"])
    assert (found.since, found.until, found.sentences) == ("2019", "2023", 2)
    assert [one.document for one in found.said] == ["EV-OFFICE0001", "EV-OFFICE0002"]


def test_the_day_of_the_meeting_goes_before_that_of_the_report(cast: Cast) -> None:
    put_in("EV-OFFICE0001", CHAIR)
    Meeting.objects.create(ref="MT-OFFICE0001", title="m", date=date(2023, 10, 5), kind="met", made_at=NOW)
    MeetingDocument.objects.create(meeting_id="MT-OFFICE0001", evidence_id="EV-OFFICE0001")
    assert list_office_suggestions(cast.viewers["task-force"])[0].said[0].said_on == date(2023, 10, 5)


def test_an_office_on_record_is_not_suggested_again(cast: Cast) -> None:
    put_in("EV-OFFICE0001", CHAIR)
    Office.objects.create(group_id="NAM", party_id="TCD", office="chair", since="2019", source="a list")
    assert list_office_suggestions(cast.viewers["task-force"]) == []


@pytest.mark.parametrize("who", ["focal-tcd", "donor-ind", "auditor", "task-force-eu"])
def test_nobody_else_is_told(cast: Cast, who: str) -> None:
    put_in("EV-OFFICE0001", CHAIR)
    assert list_office_suggestions(cast.viewers[who]) == []
    assert list_office_suggestions(PUBLIC) == []


def test_a_group_that_does_not_exist_is_refused(cast: Cast) -> None:
    put_in("EV-OFFICE0001", CHAIR)
    assert len(list_office_suggestions(cast.viewers["task-force"], group="NAM")) == 1
    with pytest.raises(NameUnknown):
        list_office_suggestions(cast.viewers["task-force"], group="NAMM")
