"""What-if edits: what they make of the tables, how they ask, and what is said of those that cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.errors import EditRefused, FileUnreadable, InputRefused, NameUnknown
from evenhand.exchange.tables import read_tables
from evenhand.exchange.tables.edits import edit_tables
from evenhand.supply.tables import Tables

NEEDS = [
    {"recipient": "TCD", "name": "Chad", "target": 100, "held": 0, "tier_1": 20, "handles": None},
    {"recipient": "MLI", "name": "Mali", "target": 200, "held": 10.5, "tier_1": None, "handles": "ultra-cold"},
    {"recipient": "St. John's=1", "name": None, "target": 3, "held": 0, "tier_1": None, "handles": None},
]
LOTS = [
    {"lot": "A", "packs": 60, "pack_size": 2, "for": "AU;MLI", "expires": date(2027, 1, 1), "remark": "x"},
    {"lot": "B.1", "packs": 3, "pack_size": 2, "for": None, "expires": None, "remark": None},
]
GROUPS = [{"recipient": "TCD", "group": "AU"}, {"recipient": "TCD", "group": "OIC"}]


@pytest.fixture
def tables() -> Tables:
    return read_tables(NEEDS, LOTS, GROUPS)


def cell(frame: pl.DataFrame, key: str, column: str) -> object:
    return frame.filter(frame.to_series(0) == key)[column].item()


def same(one: Tables, other: Tables) -> bool:
    return all(getattr(one, name).equals(getattr(other, name)) for name in ("needs", "lots", "groups"))


# ── edits that can be made ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("edit", "key", "column", "value", "title"),
    [
        ("needs.TCD.handles=ultra-cold", "TCD", "handles", "ultra-cold", "What if needs.TCD.handles were ultra-cold"),
        (" needs.TCD.held = 5 ", "TCD", "held", 5, "What if needs.TCD.held were 5"),
        ("needs.MLI.handles=", "MLI", "handles", None, "What if needs.MLI.handles were empty"),
        ("needs.MLI.held=", "MLI", "held", 0, "What if needs.MLI.held were empty"),
        ("needs.TCD.Per week=7", "TCD", "per_week", 7, "What if needs.TCD.per_week were 7"),
        ("needs.St. John's=1.target=4", "St. John's=1", "target", 4, "What if needs.St. John's=1.target were 4"),
        ("lots.B.1.packs=500", "B.1", "packs", 500, "What if lots.B.1.packs were 500"),
        ("lots.A.for=", "A", "for", None, "What if lots.A.for were empty"),
        ("lots.A.donor=x=y", "A", "donor", "x=y", "What if lots.A.donor were x=y"),
        ("lots.A.expires=2026-05-01", "A", "expires", date(2026, 5, 1), "What if lots.A.expires were 2026-05-01"),
    ],
)
def test_an_edit_sets_one_cell(tables: Tables, edit: str, key: str, column: str, value: object, title: str) -> None:
    edited, asked = edit_tables(tables, sets=[edit])
    frame = edited.needs if edit.strip().startswith("needs") else edited.lots
    assert cell(frame, key, column) == value
    assert asked == title
    before = tables.needs if edit.strip().startswith("needs") else tables.lots
    shared = [name for name in before.columns if name != column]
    assert frame.select(shared).equals(before.select(shared))


def test_columns_keep_their_types(tables: Tables) -> None:
    edited, _ = edit_tables(tables, sets=["needs.TCD.target=120", "lots.A.expires=2026-05-01"])
    assert edited.needs.schema == tables.needs.schema
    assert edited.lots.schema == tables.lots.schema


def test_where_two_keys_fit_the_longer_is_meant() -> None:
    tables = read_tables({"recipient": ["A", "A.held"], "target": [1, 2]}, {"lot": ["L"], "packs": [1]})
    edited, _ = edit_tables(tables, sets=["needs.A.held.held=1", "needs.A.target=9"])
    assert edited.needs["target"].to_list() == [9, 2]
    assert cell(edited.needs, "A.held", "held") == 1


def test_a_recipient_joins_and_leaves_groups(tables: Tables) -> None:
    edited, title = edit_tables(tables, sets=["groups.TCD.group=-OIC;+NAM", "groups.MLI.group=+AU"])
    assert edited.groups.rows() == [("MLI", "AU"), ("TCD", "AU"), ("TCD", "NAM")]
    assert title == "What if TCD were in NAM and not in OIC and MLI were in AU"


def test_lots_go_and_come(tables: Tables, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("lot,packs,pack_size,requires\nC,12,2.5,ultra-cold\n", encoding="utf-8")
    edited, title = edit_tables(tables, without=["A"], add=[tmp_path / "more.csv"])
    assert edited.lots["lot"].to_list() == ["B.1", "C"]
    assert [str(size) for size in edited.lots["pack_size"].to_list()] == ["2.000000", "2.500000"]
    assert edited.lots["requires"].to_list() == [None, "ultra-cold"]
    assert title == "What if lot A were left out and lot C were added"


def test_an_added_lot_may_take_the_key_of_one_left_out_name_a_new_group_and_be_edited(tables: Tables) -> None:
    more = [{"lot": "A", "packs": 12, "for": "ZZ"}]
    edited, _ = edit_tables(tables, sets=["lots.A.packs=4", "groups.MLI.group=+ZZ"], without=["A"], add=[more])
    assert cell(edited.lots, "A", "packs") == 4
    assert cell(edited.lots, "A", "for") == "ZZ"


def test_several_lots_are_counted_in_the_title(tables: Tables) -> None:
    more = [{"lot": f"N{k}", "packs": 1} for k in range(7)]
    _, title = edit_tables(tables, add=[more])
    assert title == "What if 7 lots were added (N0, N1, N2, N3, N4 and others)"
    _, title = edit_tables(tables, without=["A", "B.1"], add=[more])
    assert title.startswith("What if 2 lots were left out (A and B.1) and 7 lots were added")


def test_notes_of_the_tables_are_kept(tables: Tables) -> None:
    edited, _ = edit_tables(tables, sets=["lots.A.packs=1"])
    assert edited.notes == tables.notes == ("lots: column 'remark' is not known and is kept, but not used",)


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_empty_edit_changes_nothing(tables: Tables) -> None:
    edited, title = edit_tables(tables)
    assert same(edited, tables)
    assert title == "What if nothing were changed"


def test_setting_what_is_there_changes_nothing(tables: Tables) -> None:
    edits = ["needs.MLI.held=10.5", "lots.A.for=AU;MLI", "lots.A.expires=2027-01-01"]
    assert same(edit_tables(tables, sets=edits)[0], tables)


def test_the_order_of_edits_does_not_matter(tables: Tables) -> None:
    edits = ["needs.TCD.held=4", "lots.A.packs=5", "groups.MLI.group=+AU", "needs.TCD.target=90"]
    assert same(edit_tables(tables, sets=edits)[0], edit_tables(tables, sets=edits[::-1])[0])


@given(key=st.text("ab.=", min_size=1, max_size=6), value=st.integers(1, 1000))
def test_any_key_can_be_edited(key: str, value: int) -> None:
    tables = read_tables({"recipient": [key], "target": [5000]}, {"lot": ["L"], "packs": [1]})
    edited, _ = edit_tables(tables, sets=[f"needs.{key}.target={value}"])
    assert edited.needs["target"].to_list() == [value]


# ── edits that cannot be made ───────────────────────────────────────────────────────────────────────────────────────

SHAPE = "write table.key.column=value, such as needs.TCD.handles=ultra-cold"
SIGNS = "write +NAME to add a group, -NAME to take one away, several separated by ';'"


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        ("needs", f"'needs' gives no value; {SHAPE}"),
        ("", f"'' gives no value; {SHAPE}"),
        ("needs.TCD.held", f"'needs.TCD.held' gives no value; {SHAPE}"),
        ("needs.TCD=4", f"'needs.TCD=4' names no column; {SHAPE}"),
        ("needs.TCD.held=-3", "needs.TCD.held=-3: held is -3; write a number, 0 or more"),
        ("needs.TCD.held=1,000", "needs.TCD.held=1,000: held is '1,000'; write 1000, or 1 if that is meant"),
        ("needs.TCD.target=", "needs.TCD.target=: target is missing; write a number above 0"),
        ("lots.A.packs=2.5", "lots.A.packs=2.5: packs is 2.5; packs are whole"),
        ("lots.A.for=AUU", "lots.A.for=AUU: no group or recipient 'AUU'; did you mean 'AU'?"),
        (
            "lots.A.arrives=2028-01-01",
            "lots.A.arrives=2028-01-01: arrives is 2028-01-01, after it expires on 2027-01-01; correct one of the two",
        ),
        (
            "needs.TCD.target=5",
            "needs.TCD.target=5: the tiers together are 20, above the target of 5; raise the target or lower a tier",
        ),
        (
            "needs.TCD.tier_5=5",
            "needs, column tier_1: the columns are tier_1, tier_5; number them tier_1, tier_2",
        ),
        (
            "needs.TCD.recipient=TD",
            "needs.TCD.recipient=TD: recipient is the key and stays as it is; set name, target, held or another column",
        ),
        ("lots.A.remark=y", "lots.A.remark=y: column 'remark' is kept but not used, so nothing would change"),
        ("groups.TCD.group=NAM", f"groups.TCD.group=NAM: {SIGNS}, such as groups.TCD.group=+AU"),
        ("groups.TCD.group=", f"groups.TCD.group=: {SIGNS}, such as groups.TCD.group=+AU"),
        ("groups.TCD.group=+AU", "groups.TCD.group=+AU: TCD is in AU already"),
        ("groups.TCD.group=-NAM", "groups.TCD.group=-NAM: TCD is not in NAM; it is in AU and OIC"),
        ("groups.MLI.group=-NAM", "groups.MLI.group=-NAM: MLI is not in NAM; it is in no group"),
        (
            "groups.TCD.group=+MLI",
            "groups.TCD.group=+MLI: 'MLI' is the name of a group and of a recipient; rename the group",
        ),
        (
            "groups.TCD.group=-AU",
            "with groups.TCD.group=-AU, lots.A.for does not hold any more: no group or recipient 'AU'; set lots.A.for too",
        ),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(tables: Tables, edit: str, sentence: str) -> None:
    with pytest.raises(EditRefused) as refused:
        edit_tables(tables, sets=[edit])
    assert refused.value.sentence == sentence


def test_a_first_row_that_an_edit_makes_look_like_units_is_not_skipped() -> None:
    tables = read_tables({"recipient": ["TCD"], "target": [9]}, {"lot": ["A", "B"], "packs": [1, 2]})
    with pytest.raises(EditRefused) as refused:
        edit_tables(tables, sets=["lots.A.packs=packs"])
    assert refused.value.sentence == "lots.A.packs=packs: that names a unit, and is no value; write a number"


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        ("need.TCD.held=3", "no table 'need'; did you mean 'needs'?"),
        ("needs.TDC.held=3", "no recipient 'TDC'; did you mean 'TCD'?"),
        ("groups.TDC.group=+AU", "no recipient 'TDC'; did you mean 'TCD'?"),
        ("lots.B1.packs=3", "no lot 'B1'; did you mean 'B.1'?"),
        ("needs.TCD.hold=3", "no column of needs 'hold'; did you mean 'held'?"),
        ("needs.TCD.teir_1=3", "no column of needs 'teir_1'; did you mean 'tier_1'?"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(tables: Tables, edit: str, sentence: str) -> None:
    with pytest.raises(NameUnknown) as refused:
        edit_tables(tables, sets=[edit])
    assert refused.value.sentence == sentence


def test_all_problems_of_all_edits_are_told_at_once(tables: Tables) -> None:
    with pytest.raises(EditRefused) as refused:
        edit_tables(tables, sets=["needs.TCD.held=-3", "lots.A.packs=many"])
    assert refused.value.sentence.splitlines() == [
        "needs.TCD.held=-3: held is -3; write a number, 0 or more",
        "lots.A.packs=many: packs is 'many', which is not a number; write a whole number, 0 or more",
    ]


def test_one_cell_is_set_once(tables: Tables) -> None:
    with pytest.raises(EditRefused) as refused:
        edit_tables(tables, sets=["needs.TCD.held=1", "needs.TCD.Held=2"])
    assert refused.value.sentence == "needs.TCD.held=1 and needs.TCD.Held=2 set the same cell; give one of them"


def test_an_unknown_lot_cannot_be_left_out(tables: Tables) -> None:
    with pytest.raises(NameUnknown) as refused:
        edit_tables(tables, without=["B1"])
    assert refused.value.sentence == "no lot 'B1'; did you mean 'B.1'?"


def test_some_lot_must_be_left(tables: Tables) -> None:
    with pytest.raises(EditRefused) as refused:
        edit_tables(tables, without=["A", "B.1"])
    assert refused.value.sentence == "no lot would be left; keep one, or add a table of further lots"


def test_an_added_lot_needs_a_key_of_its_own(tables: Tables) -> None:
    with pytest.raises(EditRefused) as refused:
        edit_tables(tables, add=[[{"lot": "A", "packs": 1}]])
    works = "give it another key, or leave the one that is there out (--without)"
    assert refused.value.sentence == f"lot A is there already; {works}"
    with pytest.raises(EditRefused, match=r"lots A and B\.1 are there already; give them other keys"):
        edit_tables(tables, add=[[{"lot": "A", "packs": 1}, {"lot": "B.1", "packs": 1}]])
    with pytest.raises(EditRefused, match="lot N is there already"):
        edit_tables(tables, add=[[{"lot": "N", "packs": 1}], [{"lot": "N", "packs": 1}]])


def test_problems_of_added_lots_name_the_rows_of_their_own_table(tables: Tables) -> None:
    more = [{"lot": "N", "packs": 1}, {"lot": "M", "packs": -2}]
    with pytest.raises(InputRefused) as refused:
        edit_tables(tables, add=[more])
    assert [str(problem) for problem in refused.value.problems] == [
        "lots, row 3, column packs: packs is -2; write a whole number, 0 or more"
    ]
    with pytest.raises(EditRefused) as both:
        edit_tables(tables, sets=["needs.TCD.held=-1"], add=[more])
    assert both.value.sentence.splitlines() == [
        "needs.TCD.held=-1: held is -1; write a number, 0 or more",
        "lots, row 3, column packs: packs is -2; write a whole number, 0 or more",
    ]


def test_a_missing_table_of_further_lots_is_named(tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"there is no file .*nowhere\.csv"):
        edit_tables(tables, add=[tmp_path / "nowhere.csv"])


def test_a_refused_edit_leaves_the_tables_as_they_were(tables: Tables) -> None:
    copy = read_tables(NEEDS, LOTS, GROUPS)
    with pytest.raises(EditRefused):
        edit_tables(tables, sets=["needs.TCD.held=-3"])
    assert same(tables, copy)
