"""The grid of imports: works; wrong role; someone else's; unknown names; twice; identical rows; failing halfway."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_cast import TODAY, Cast

from evenhand.access.models import ActionLine
from evenhand.actions.bulk import importing
from evenhand.actions.bulk.importing import dry_run, import_file, import_records
from evenhand.actions.bulk.sending import Sent
from evenhand.actions.needs import approve_need, draft_need, submit_need, withdraw_need
from evenhand.actions.offers import make_offer
from evenhand.actions.parties import register_party
from evenhand.actions.places import register_place
from evenhand.errors import ActionRefused, InputRefused, NameUnknown, NotAllowed, OptionRefused, RepeatDiffers
from evenhand.lookups.exported_tables import TABLES
from evenhand.records.models import Code, Evidence, EvidenceLink, Need, Offer, Party, Place, Resource, StoredFile
from evenhand.stockbook.models import Entry

pytestmark = pytest.mark.django_db

NEEDS = (
    "party,resource,quantity,unit,why\nTCD,vaccine-measles,40,box,an outbreak\nKEN,mask-surgical,2,carton,for clinics\n"
)
OWN = "party,resource,quantity,unit,why\nTCD,vaccine-measles,40,box,an outbreak\nTCD-moissala,mask-surgical,7,,for the clinic\n"


def sent(register: str, text: str, **said: Any) -> Sent:
    return Sent(register, text.encode(), filename=f"{register}.csv", **said)


def everything() -> dict[str, int]:
    return {table.name: table.model._default_manager.count() for table in TABLES}


def without(row: Any, *names: str) -> dict[str, Any]:
    return {key: value for key, value in vars(row).items() if key not in {"_state", *names}}


# --- what it does -----------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_be_added_and_changes_nothing(cast: Cast) -> None:
    before = everything()
    run = dry_run(cast("task-force"), sent("needs", NEEDS))
    assert (run.sound, run.rows, run.added, run.changed, run.same) == (True, 2, 2, 0, 0)
    assert everything() == before


def test_an_imported_need_is_the_need_that_the_single_actions_make(cast: Cast) -> None:
    """Of one row and one person's typing, every column is equal but the ref."""
    text = (
        "party,place,resource,quantity,unit,by,why,valid_until,held,capacity,weight,weight_source,tier_1,tier_2,per_week,"
        "priority\nTCD,TCD,vaccine-measles,1200,dose,2026-04-01,an outbreak,2026-05-01,100,900,1.25,WHO 2025,10,20,50,urgent\n"
    )
    Place.objects.create(key="TCD", name="Chad", country="TCD")
    import_file(cast("focal-tcd"), sent("needs", text))
    row = Need.objects.get()
    ref = draft_need(
        cast("focal-tcd"), party="TCD", place="TCD", resource="vaccine-measles", quantity="1,200 dose", why="an outbreak",
        by_when=TODAY.replace(month=4, day=1), valid_until=TODAY.replace(month=5, day=1), held="100", capacity="900",
        weight="1.25", weight_source="WHO 2025", tiers="10;20", per_week="50", priority="urgent",
    ).ref  # fmt: skip
    submit_need(cast("focal-tcd"), need=ref)
    assert without(row, "ref") == without(Need.objects.get(pk=ref), "ref")


def test_an_imported_party_is_the_party_that_the_single_action_makes(cast: Cast) -> None:
    given: dict[str, str] = {
        "key": "TCD-sarh", "name": "Sarh  hospital", "kind": "facility", "parent": "TCD", "handles": "ultra-cold;cold-chain",
        "codes": "who:TD1", "latitude": "9.15", "longitude": "18.383333",
    }  # fmt: skip
    import_file(cast("operator"), sent("parties", ",".join(given) + "\n" + ",".join(given.values()) + "\n"))
    row, code = Party.objects.get(pk="TCD-sarh"), Code.objects.get()
    Code.objects.all().delete()
    type(row).objects.filter(pk=row.pk).delete()
    register_party(cast("operator"), **given)
    assert without(row) == without(Party.objects.get(pk="TCD-sarh"))
    assert without(code, "id") == without(Code.objects.get(), "id")


def test_an_imported_place_is_the_place_that_the_single_action_makes(cast: Cast) -> None:
    register_place(cast("operator"), key="TCD", name="Chad", country="TCD")
    text = "key,name,country,level,parent,latitude,longitude,valid_from\nTD17,Mandoul,TCD,1,TCD,8.5,17.5,2021-01-01\n"
    import_file(cast("operator"), sent("places", text))
    row = Place.objects.get(pk="TD17")
    type(row).objects.filter(pk=row.pk).delete()
    register_place(
        cast("operator"), key="TD17", name="Mandoul", country="TCD", level=1, parent="TCD", latitude="8.5", longitude="17.5",
        valid_from=TODAY.replace(year=2021, month=1, day=1),
    )  # fmt: skip
    assert without(row) == without(Place.objects.get(pk="TD17"))


def test_an_imported_offer_is_the_offer_that_the_single_action_makes(cast: Cast) -> None:
    text = (
        "donor,resource,quantity,unit,firmness,said_on,from,until,for,not_for,conditions,expires,unit_value,currency,valued_on\n"
        "IND,vaccine-measles,40,box,pledge,2026-02-01,2026-03-05,2026-06-01,NAM,KEN,none resold,2026-12-31,215,USD,2026-01-31\n"
    )
    import_file(cast("donor-ind"), sent("offers", text))
    row, entry = Offer.objects.get(), Entry.objects.get()
    ref = make_offer(
        cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="40", unit="box", firmness="pledge",
        said_on=TODAY.replace(month=2, day=1), window_from=TODAY.replace(day=5), window_until=TODAY.replace(month=6, day=1),
        meant_for="NAM", not_for="KEN", conditions="none resold", expires=TODAY.replace(month=12, day=31), unit_value="2.15",
        currency="USD", valued_on=TODAY.replace(month=1, day=31),
    ).ref  # fmt: skip
    assert without(row, "ref") == without(Offer.objects.get(pk=ref), "ref")
    other = Entry.objects.get(concerns=ref)
    own = ("seq", "entry", "action", "source_id", "target_id", "concerns", "leaf", "recorded")
    assert without(entry, *own) == without(other, *own)


def test_the_file_is_kept_as_evidence_that_not_everybody_sees(cast: Cast) -> None:
    done = import_file(cast("task-force"), sent("needs", NEEDS))
    kept = Evidence.objects.get(pk=done.ref)
    assert (kept.kind, kept.title, kept.public) == ("table", "needs.csv", False)
    assert bytes(StoredFile.objects.get().body) == NEEDS.encode()
    assert EvidenceLink.objects.get().about == done.action


def test_resources_come_in_whatever_order_with_their_families_and_parts(cast: Cast) -> None:
    text = (
        "key,name,kind,base_unit,packs,parts,family\nkit-a,Kit,goods,kit,,mask-x=10,\nmask-x,Mask,goods,piece,box=50,,masks\n"
        "masks,Masks,goods,piece,,,\n"
    )
    done = import_file(cast("operator"), sent("resources", text))
    assert (done.facts["added"], Resource.objects.get(pk="kit-a").parts) == (3, {"mask-x": 10})
    assert Resource.objects.get(pk="mask-x").family_id == "masks"


def test_a_dry_run_of_resources_leaves_none_behind(cast: Cast) -> None:
    before = everything()
    text = "key,name,kind,base_unit\nmask-x,Mask,goods,piece\nmask y,Mask,goods,piece\nmask-z,Mask,money,piece\n"
    run = dry_run(cast("operator"), sent("resources", text))
    assert [one.row for one in run.problems] == [3]  # what the file itself has wrong comes first
    run = dry_run(cast("operator"), sent("resources", text.replace("mask y", "mask-y")))
    assert [(one.row, "ISO 4217" in one.text) for one in run.problems] == [(4, True)]
    assert everything() == before


def test_memberships_join_and_leave_with_their_dates(cast: Cast) -> None:
    text = "group,party,since,until,status\nEU,LBN,2026-01-01,,observer\nNAM,FRA,2020-01-01,2024-05-01,\n"
    done = import_file(cast("operator", reason="the list of 2026"), sent("memberships", text))
    assert done.facts["added"] == 2
    again = dry_run(cast("operator"), sent("memberships", text + "\n"))
    assert (again.added, again.same) == (0, 2)


def test_a_row_that_names_a_need_corrects_it_with_a_reason(cast: Cast, approved_need: Any) -> None:
    old = approved_need("TCD", "vaccine-measles", "1000")
    text = f"need,party,resource,quantity,why\n{old},TCD,vaccine-measles,800,an outbreak\n"
    with pytest.raises(InputRefused, match="a correction needs a reason"):
        import_file(cast("focal-tcd"), sent("needs", text))
    assert dry_run(cast("focal-tcd", reason="counted twice"), sent("needs", text)).changed == 1
    assert Need.objects.count() == 1
    import_file(cast("focal-tcd", reason="counted twice"), sent("needs", text))
    assert Need.objects.get(replaces=old).quantity == 800
    same = f"need,party,resource,quantity,why\n{old},TCD,vaccine-measles,1000,an outbreak\n"
    assert dry_run(cast("focal-tcd"), sent("needs", same)).same == 1


# --- who may ----------------------------------------------------------------------------------------------------------


def test_a_focal_point_imports_for_its_own_and_what_stands_below(cast: Cast) -> None:
    import_file(cast("focal-tcd"), sent("needs", OWN))
    assert sorted(Need.objects.values_list("party", "quantity", "state")) == [
        ("TCD", 4000, "submitted"), ("TCD-moissala", 7, "submitted"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "row"),
    [("focal-tcd", 3), ("focal-ken", 2), ("nurse-moissala", 2), ("donor-ind", 2), ("task-force-eu", 2), ("board-aze", 2),
     ("auditor", 2), ("operator", 2), ("public", 2)],
)  # fmt: skip
def test_nobody_imports_needs_of_somebody_else(cast: Cast, who: str, row: int) -> None:
    before = everything()
    for act in (dry_run, import_file):
        with pytest.raises(NotAllowed, match=rf"needs\.csv, row {row}: "):
            act(cast(who), sent("needs", NEEDS))
    assert everything() == before


@pytest.mark.parametrize(
    ("register", "text", "allowed"),
    [
        ("parties", "key,name,kind\nXYZ,A company,company\n", {"operator", "task-force", "task-force-eu", "task-force-2"}),
        ("parties", "key,name,kind,parent\nTCD-x,A clinic,facility,TCD\n", {"operator", "task-force", "task-force-2"}),
        ("places", "key,name,country\nTCD,Chad,TCD\n", {"operator", "task-force", "task-force-2"}),
        ("resources", "key,name,kind,base_unit\ntent,Tent,goods,piece\n",
         {"operator", "task-force", "task-force-eu", "task-force-2"}),
        ("offers", "donor,resource,quantity,firmness\nIND,vaccine-measles,10,pledge\n",
         {"donor-ind", "task-force", "task-force-2"}),
        ("entries", "happened,verb,donor,recipient,resource,quantity\n2026-01-01,received,IND,TCD,vaccine-measles,10\n",
         {"task-force", "task-force-2"}),
    ],
)  # fmt: skip
def test_each_register_is_for_who_may_do_its_single_action(
    cast: Cast, register: str, text: str, allowed: set[str]
) -> None:
    for who in (*cast.viewers, "public"):
        if who in allowed:
            assert dry_run(cast(who), sent(register, text)).sound
        else:
            with pytest.raises(NotAllowed):
                dry_run(cast(who), sent(register, text))


def test_needs_are_approved_only_by_who_may_approve(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="need approve"):
        import_file(cast("focal-tcd"), sent("needs", OWN, approved=True))
    import_file(cast("task-force"), sent("needs", NEEDS, approved=True))
    assert set(Need.objects.values_list("state", flat=True)) == {"approved"}
    with pytest.raises(OptionRefused, match="only needs are approved"):
        sent("parties", "key,name,kind\nX,X,company\n", approved=True)


def test_a_donor_that_cannot_speak_for_itself_is_spoken_for_by_a_secretariat(cast: Cast) -> None:
    Party.objects.create(key="fund", name="A fund", kind="organisation")
    text = "donor,resource,quantity,unit,firmness\n{},USD,10,USD,pledge\n"
    assert dry_run(cast("task-force-eu"), sent("offers", text.format("fund"))).added == 1
    for donor in ("UNICEF", "IND"):  # one has an account here, the other is of another group
        with pytest.raises(NotAllowed):
            dry_run(cast("task-force-eu"), sent("offers", text.format(donor)))


def test_a_need_of_somebody_else_is_as_unknown_as_none(cast: Cast, approved_need: Any) -> None:
    other = approved_need("KEN", "vaccine-measles", "1000")
    said = []
    for ref in (other, "ND-0000000000"):
        text = f"need,party,resource,quantity,why\n{ref},TCD,vaccine-measles,800,an outbreak\n"
        said.append(dry_run(cast("focal-tcd", reason="x"), sent("needs", text)).problems[0].text.replace(ref, "REF"))
    assert said[0] == said[1] == "no need 'REF' of TCD"


# --- what is refused --------------------------------------------------------------------------------------------------


def test_every_problem_is_named_by_row_and_column_and_nothing_is_done(cast: Cast) -> None:
    text = (
        "party,place,resource,quantity,unit,why,valid_until,weight,tier_1\n"
        "TDC,,vaccine-measles,40,box,x,,,\n"
        "TCD,TD99,vaccine-meesles,40,box,x,,,\n"
        "TCD,,vaccine-measles,1.5,dose,x,,,\n"
        "TCD,,vaccine-measles,2,crate,x,2026-01-01,2,\n"
        "TCD,,vaccine-measles,2,box,x,,,201\n"
    )
    before = everything()
    with pytest.raises(InputRefused) as refused:
        import_file(cast("task-force"), sent("needs", text))
    found = {(one.row, one.column): one.text for one in refused.value.problems}
    assert sorted(found) == [
        (2, "party"), (3, "place"), (3, "resource"), (4, "quantity"), (5, "unit"), (5, "valid_until"), (5, "weight"), (6, "tier_1"),
    ]  # fmt: skip
    assert "did you mean 'TCD'?" in found[2, "party"]
    assert "did you mean 'vaccine-measles'?" in found[3, "resource"]
    assert "only whole ones can be counted" in found[4, "quantity"]
    assert "no unit 'crate'" in found[5, "unit"]
    assert everything() == before


def test_a_row_said_to_be_dollars_or_cents_by_nobody_is_refused(cast: Cast) -> None:
    text = "donor,resource,quantity,firmness\nIND,USD,100,commitment\n"
    run = dry_run(cast("donor-ind"), sent("offers", text))
    assert "cent or USD" in run.problems[0].text


def test_rows_that_repeat_another_wait_for_a_person(cast: Cast) -> None:
    text = NEEDS + NEEDS.splitlines()[1] + "\n"
    run = dry_run(cast("task-force"), sent("needs", text))
    assert (run.sound, run.identical) == (False, ((2, 4),))
    for said in ("", "refuse"):
        with pytest.raises(InputRefused, match="rows 2 and 4 are equal in every cell"):
            import_file(cast("task-force"), sent("needs", text, identical=said))
    done = import_file(cast("task-force", reason="weekly list"), sent("needs", text, identical="keep"))
    assert Need.objects.count() == 3
    assert (
        ActionLine.objects.get(pk=done.action).reason
        == "weekly list; rows that repeat another in every cell are kept as they stand"
    )


def test_an_open_question_about_days_is_asked_and_then_answered(cast: Cast) -> None:
    text = "party,resource,quantity,why,by\nTCD,vaccine-measles,40,x,03/04/2026\n"
    run = dry_run(cast("focal-tcd"), sent("needs", text))
    assert [one.option for one in run.questions] == ["day_first"]
    with pytest.raises(InputRefused, match="say day_first"):
        import_file(cast("focal-tcd"), sent("needs", text))
    import_file(cast("focal-tcd"), sent("needs", text, days="month-first"))
    assert Need.objects.get().by_when == TODAY.replace(day=4)


@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        ({"register": "neds"}, NameUnknown, "did you mean 'needs'?"),
        ({"layout": "ocha-need-hpc"}, NameUnknown, "did you mean 'ocha-needs-hpc'?"),
        ({"days": "dayfirst"}, OptionRefused, "did you mean 'day-first'?"),
        ({"identical": "kep"}, OptionRefused, "did you mean 'keep'?"),
        ({"layout": "cerf-cbpf", "mapping": b"x"}, OptionRefused, "say one of them"),
    ],
)
def test_what_was_said_about_the_file_is_refused_in_words(
    said: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as refused:
        Sent(**{"register": "needs", "file": NEEDS.encode(), **said})
    assert sentence in str(refused.value)


def test_a_layout_is_never_read_from_a_path_of_the_server(cast: Cast) -> None:
    with pytest.raises(NameUnknown, match="no layout"):
        sent("needs", NEEDS, layout="/etc/hosts.toml")


def test_a_layout_of_ones_own_comes_along_as_bytes(cast: Cast) -> None:
    mapping = (
        b'table = "needs"\n[columns]\nparty = {from = "pays"}\nresource = {constant = "mask-surgical"}\n'
        b'quantity = {from = "nombre"}\nwhy = {constant = "clinics"}\n'
    )
    import_file(cast("focal-tcd"), sent("needs", "pays,nombre\nTCD,12\n", mapping=mapping))
    assert Need.objects.get().quantity == 12


def test_a_file_larger_than_the_setting_is_refused_before_it_is_read(cast: Cast, settings: Any) -> None:
    settings.EVENHAND = type(settings.EVENHAND)({**settings.EVENHAND.values, "largest_file": "0"})
    for act in (dry_run, import_file):
        with pytest.raises(ActionRefused, match="setting largest_file"):
            act(cast("task-force"), sent("needs", NEEDS))


def test_entries_do_not_pass_as_records(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match="import entries"):
        import_records(
            cast("task-force"),
            register="entries",
            file=b"happened,verb,donor,recipient,resource,quantity\n2026-01-01,received,IND,TCD,vaccine-measles,10\n",
        )


# --- twice, and halfway -----------------------------------------------------------------------------------------------


def test_a_file_sent_twice_changes_nothing(cast: Cast) -> None:
    done = import_file(cast("task-force"), sent("needs", NEEDS))
    before = everything()
    again = import_file(cast("task-force"), sent("needs", NEEDS))
    assert (again.repeated, again.action, everything()) == (True, done.action, before)
    run = dry_run(cast("task-force"), sent("needs", NEEDS))
    assert (run.applied is not None, run.added, run.same) == (True, 0, 2)


def test_a_file_sent_again_with_another_option_makes_nothing_twice(cast: Cast) -> None:
    import_file(cast("task-force"), sent("needs", NEEDS))
    withdraw_need(cast("focal-tcd", reason="over"), need=Need.objects.get(party="TCD").ref)
    before = everything()
    done = import_file(cast("task-force"), sent("needs", NEEDS, days="day-first"))
    assert (done.repeated, done.facts["added"], done.facts["same"]) == (False, 0, 2)
    assert everything() == before | {"actions": before["actions"] + 1}


def test_the_same_file_of_somebody_else_is_refused(cast: Cast) -> None:
    import_file(cast("task-force"), sent("needs", NEEDS))
    with pytest.raises(RepeatDiffers, match="by somebody else"):
        import_file(cast("task-force-2"), sent("needs", NEEDS))


@pytest.mark.parametrize("broken", ["keep_sent", "ActionLine"])
def test_failing_halfway_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    offers = "donor,resource,quantity,firmness\nIND,vaccine-measles,10,pledge\n"
    before = everything()
    with monkeypatch.context() as patched:
        patched.setattr(
            *((importing, "keep_sent", fail) if broken == "keep_sent" else (ActionLine.objects, "create", fail))
        )
        for register, text in (("needs", NEEDS), ("offers", offers)):
            with pytest.raises(OSError, match="full"):
                import_file(cast("task-force"), sent(register, text))
    assert everything() == before
    assert not Entry.objects.exists()
    import_file(cast("task-force"), sent("needs", NEEDS))
    assert Need.objects.count() == 2


def test_a_need_imported_as_submitted_is_approved_like_any_other(cast: Cast) -> None:
    import_file(cast("focal-tcd"), sent("needs", OWN))
    approve_need(cast("task-force"), need=Need.objects.get(party="TCD").ref)
    assert Need.objects.get(party="TCD").state == "approved"


def test_a_problem_of_a_workbook_names_its_sheet(cast: Cast) -> None:
    import io

    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.add_worksheet("Lisez-moi").write_row(0, 0, ["read me"])
    sheet = book.add_worksheet("Besoins")
    sheet.write_row(0, 0, ["party", "resource", "quantity", "why"])
    sheet.write_row(1, 0, ["TDC", "vaccine-measles", 40, "x"])
    book.close()
    run = dry_run(cast("task-force"), Sent("needs", file.getvalue(), filename="besoins.xlsx"))
    assert [(one.table, one.row, one.column) for one in run.problems] == [("besoins.xlsx, sheet 'Besoins'", 2, "party")]
