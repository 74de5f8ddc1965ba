"""Offices that texts name stand on a group's page for who may record them, with words, source and a form that is filled in."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from evenhand_cast import NOW, Cast
from evenhand_places import EVERYBODY, Reader, text_of

from evenhand.records.models import Evidence
from evenhand.said.models import Reading, Spoken

pytestmark = pytest.mark.django_db

WORDS = "He hailed Chad`s <b>activities</b> as the chair of the Non-Aligned Movement."


@pytest.fixture
def named(cast: Cast) -> None:
    """A readout that calls Chad the chair, which no record says."""
    Evidence.objects.create(ref="EV-OFFICE0001", title="a readout", kind="readout", public=True, made_at=NOW)
    Reading.objects.create(
        evidence_id="EV-OFFICE0001", text=WORDS, text_sha256="x", made_by="u-1", made_at=NOW, reader="r", published=date(2023, 10, 6)
    )  # fmt: skip
    Spoken.objects.create(
        key="EV-OFFICE0001/1",
        evidence_id="EV-OFFICE0001",
        number=1,
        start=0,
        end=len(WORDS),
        words=WORDS,
        speaker="Hans Kluge",
    )


def test_the_task_force_sees_the_words_their_source_and_a_filled_form(named: None, reader: Reader) -> None:
    text = text_of(reader("task-force"), "/en/groups/NAM")
    assert "Offices that texts name" in text
    assert "&lt;b&gt;activities&lt;/b&gt;" in text
    assert "/en/documents/EV-OFFICE0001" in text
    assert "group/office" in text
    address = unescape(text).partition("group=NAM&party=TCD&office=chair")[2]
    assert address.startswith("&source=EV-OFFICE0001")


def test_nobody_else_sees_them(named: None, reader: Reader) -> None:
    for who in EVERYBODY:
        if who not in ("task-force", "task-force-2", "operator"):
            assert "Offices that texts name" not in text_of(reader(who), "/en/groups/NAM")
    assert "Offices that texts name" not in text_of(reader("task-force"), "/en/groups/EU")
