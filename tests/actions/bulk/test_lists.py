"""Parties and places by the file: trees in any order, keys that look alike, what is there already and what differs."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_cast import TODAY, Cast

from evenhand.actions.bulk.importing import dry_run, import_file
from evenhand.actions.bulk.known import Known
from evenhand.actions.bulk.sending import Sent
from evenhand.records.models import Code, Party, Place
from evenhand.records.tree import target_of

pytestmark = pytest.mark.django_db


def sent(register: str, text: str, **said: Any) -> Sent:
    return Sent(register, text.encode(), filename=f"{register}.csv", **said)


def problems(cast: Cast, register: str, text: str) -> list[tuple[int, str]]:
    return [(one.row, one.text) for one in dry_run(cast("operator"), sent(register, text)).problems]


def test_what_a_right_reaches_is_the_same_in_bulk_as_row_by_row(cast: Cast) -> None:
    known = Known(TODAY)
    for party in Party.objects.all():
        assert known.target(party.key) == target_of(party, TODAY)


def test_a_clinic_may_come_before_its_district(cast: Cast) -> None:
    text = "key,name,kind,parent\nc-1,Clinic,facility,d-1\nd-1,District,organisation,LBN\nt-1,Team,team,c-1\n"
    import_file(cast("task-force"), sent("parties", text))
    assert Party.objects.get(pk="t-1").parent.parent.parent_id == "LBN"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rows", "row", "sentence"),
    [
        (["a,A,facility,"], 2, "a facility stands under the state"),
        (["a,A,state,TCD"], 2, "a state stands under nobody"),
        (["a,A,facility,b", "b,B,facility,a"], 2, "stands below itself"),
        (["a,A,facility,a"], 2, "stands below itself"),
        (["a,A,facility,TDC"], 2, "no party 'TDC'; did you mean 'TCD'?"),
        (["tcd,A,company,"], 2, "cannot be told from 'TCD'"),
        (["nam,A,company,"], 2, "cannot be told from 'the group NAM'"),
        (["Ab,A,company,", "aB,B,company,"], 3, "cannot be told from 'Ab'"),
        (["OF-0000000000,A,company,"], 2, "looks like the ref"),
        (["TCD,Tchad,state,"], 2, "there is a party TCD already, with name 'Chad', not 'Tchad'"),
        ([f"a,{'A' * 201},company,"], 2, "at most 200"),
    ],
)
def test_a_party_that_the_single_action_refuses_is_refused_by_its_row(
    cast: Cast, rows: list[str], row: int, sentence: str
) -> None:
    found = problems(cast, "parties", "key,name,kind,parent\n" + "\n".join(rows) + "\n")
    assert any(where == row and sentence in text for where, text in found), found


def test_a_tree_deeper_than_the_deepest_is_refused(cast: Cast) -> None:
    rows = ["p0,P,organisation,TCD"] + [f"p{i},P,organisation,p{i - 1}" for i in range(1, 16)]
    assert not problems(cast, "parties", "key,name,kind,parent\n" + "\n".join(rows[:14]) + "\n")
    assert any(
        "deeper than" in text
        for _, text in problems(cast, "parties", "key,name,kind,parent\n" + "\n".join(rows) + "\n")
    )


def test_what_is_there_already_stays_and_is_counted(cast: Cast) -> None:
    text = "key,name,kind\nTCD,Chad,state\nXYZ,A company,company\n"
    run = dry_run(cast("operator"), sent("parties", text))
    assert (run.added, run.same, run.problems) == (1, 1, ())
    import_file(cast("operator"), sent("parties", text))
    assert Party.objects.get(pk="TCD").name == "Chad"


def test_a_retired_party_is_not_brought_back(cast: Cast) -> None:
    Party.objects.filter(pk="LBN").update(retired_on=TODAY)
    found = problems(cast, "parties", "key,name,kind,parent\nLBN,Lebanon,state,\nc-1,Clinic,facility,LBN\n")
    assert [row for row, _ in found] == [2, 3]


def test_a_code_names_one_thing(cast: Cast) -> None:
    Code.objects.create(of="party", key="KEN", scheme="fts", code="115")
    text = "key,name,kind,codes\na,A,company,fts:115\nb,B,company,fts:7\nc,C,company,fts:7\n"
    assert [row for row, _ in problems(cast, "parties", text)] == [2, 4]


def test_a_name_with_unseen_characters_loses_them_and_it_is_said(cast: Cast) -> None:
    run = dry_run(cast("operator"), sent("parties", "key,name,kind\na,Cli\u00adnic,company\n"))
    assert run.sound
    assert any("unseen characters were left out of 1 (the first in row 2)" in note for note in run.notes)


@pytest.mark.parametrize(
    ("rows", "row", "sentence"),
    [
        (["TD01,Mandoul,TCD,1,KEN"], 2, "cannot be in KEN"),
        (["TD01,Mandoul,TCD,1,TD02", "TD02,Sila,TCD,1,TCD"], 2, "higher up"),
        (["TD01,Mandoul,TCD,0,"], 2, "at level 0 is a country"),
        (["TD01,Mandoul,XXX,1,"], 2, "no place 'XXX'"),
        (["TD01,Mandoul,TCD,1,TD99"], 2, "no place 'TD99'"),
    ],
)
def test_a_place_that_the_single_action_refuses_is_refused_by_its_row(
    cast: Cast, rows: list[str], row: int, sentence: str
) -> None:
    for key in ("TCD", "KEN"):
        Place.objects.create(key=key, name=key, country=key)
    found = problems(cast, "places", "key,name,country,level,parent\n" + "\n".join(rows) + "\n")
    assert any(where == row and sentence in text for where, text in found), found


def test_a_province_may_come_after_its_district(cast: Cast) -> None:
    text = "key,name,country,level,parent\nTD0101,Bouna,TCD,2,TD01\nTD01,Mandoul,TCD,1,TCD\nTCD,Chad,TCD,0,\n"
    import_file(cast("operator"), sent("places", text))
    assert Place.objects.get(pk="TD0101").parent.parent_id == "TCD"  # type: ignore[union-attr]
