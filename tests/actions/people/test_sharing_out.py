"""Where stock does not reach for all: who comes first is covered first, as evenly as can be, with a proof that names nobody."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from evenhand_cast import NOW
from evenhand_register import DATABASES, MEMBERS, Register, nothing_changes, open_table, put_in_stock

import evenhand
from evenhand.actions.people.entitlements import close_distribution
from evenhand.actions.people.sharing_out import share_out
from evenhand.errors import ActionRefused, EvenhandError, NameUnknown, NotAllowed, OptionRefused
from evenhand.lookups.people.giving import read_plan
from evenhand.people.models import Gift, Ration
from evenhand.stockbook.models import Entry

pytestmark = pytest.mark.django_db(databases=DATABASES)
BABY = {**MEMBERS[1], "given_name": "Abakar", "birth_year": "2024"}


def rations() -> dict[str, int]:
    return dict(Ration.objects.values_list("household", "quantity"))


def unpacked(packed: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)
    return folder


def test_small_children_come_first_and_the_others_share_evenly(register: Register, tmp_path: Path) -> None:
    put_in_stock(register.cast, 20)
    homes = [
        register.household(MEMBERS[0], BABY).ref,
        register.household(MEMBERS[0]).ref,
        register.household(MEMBERS[0], MEMBERS[1]).ref,
    ]
    table = open_table(register, "10 piece per person")
    done = share_out(register(), distribution=table.distribution, first="under 5")
    assert (done.facts["quantity"], done.facts["there"]) == (20, 20)
    baby, alone, two = (rations()[home] for home in homes)
    assert baby >= 10  # the child's whole share
    assert abs((baby - 10) / 10 - alone / 10) <= 0.1
    assert abs(alone / 10 - two / 20) <= 0.1
    assert (
        done.facts["sha256"] == share_out(register(), distribution=table.distribution, first="under 5").facts["sha256"]
    )
    folder = unpacked(read_plan(register.cast.viewers["auditor"], table.distribution), tmp_path / "plan")
    assert evenhand.check(folder).holds
    held = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert not [home for home in homes if home.encode() in held]


def test_what_is_given_is_what_was_planned(register: Register) -> None:
    put_in_stock(register.cast, 9)
    table = open_table(register, "10 piece per person")
    home, late = register.household(MEMBERS[0]).ref, None
    share_out(register(), distribution=table.distribution)
    late = register.household(MEMBERS[0]).ref
    assert table.scan(table.card(home), "a-1").facts["quantity"] == 9
    assert Entry.objects.get(verb="distribute").concerns == Gift.objects.get().commitment
    with nothing_changes(ActionRefused, "came after", read=True):
        table.scan(table.card(late), "a-2")
    with nothing_changes(ActionRefused, "has begun"):
        share_out(register(), distribution=table.distribution)


def test_packs_stay_whole_and_who_gets_none_is_told_so(register: Register) -> None:
    put_in_stock(register.cast, 100)
    table = open_table(register, "50 piece per person")
    for _ in range(3):
        register.household(MEMBERS[0])
    share_out(register(), distribution=table.distribution, unit="box")
    assert sorted(rations().values()) == [0, 50, 50]
    empty = next(home for home, quantity in rations().items() if not quantity)
    with nothing_changes(ActionRefused, "did not reach", read=True):
        table.scan(table.card(empty), "a-1")


def test_stock_that_reaches_gives_everybody_the_whole_share(register: Register) -> None:
    put_in_stock(register.cast, 1000)
    table = open_table(register, "10 piece per person")
    homes = [register.household(MEMBERS[0]).ref, register.household().ref]
    share_out(register(), distribution=table.distribution)
    assert [rations()[home] for home in homes] == [10, 20]


def test_what_cannot_be_shared_out_is_refused(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    table = open_table(register)
    with nothing_changes(ActionRefused, "anything to come"):
        share_out(register(), distribution=table.distribution)
    register.household()
    refusals: list[tuple[dict[str, str], type[EvenhandError], str]] = [
        ({"first": "the rich"}, OptionRefused, "is no term"), ({"unit": "lorry"}, EvenhandError, "no unit 'lorry'"),
        ({"distribution": "DI-0000000000"}, NameUnknown, "distribution"),
    ]  # fmt: skip
    for wrong, error, sentence in refusals:
        with nothing_changes(error, sentence):
            share_out(register(), **{"distribution": table.distribution, **wrong})
    for who in ("focal-tcd", "registrar-ken", "auditor", "public", "nurse-tcd"):
        with nothing_changes(NotAllowed):
            share_out(register(who), distribution=table.distribution)
    close_distribution(register(), distribution=table.distribution)
    with nothing_changes(ActionRefused, "is closed"):
        share_out(register(), distribution=table.distribution)


def test_a_plan_that_is_out_of_date_when_it_is_ready_is_not_kept(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evenhand.actions.people import sharing_out

    put_in_stock(register.cast, 100)
    table = open_table(register)
    register.household()
    planned = sharing_out._packed

    def slowly(folder: Path) -> bytes:
        register.household()
        return planned(folder)

    monkeypatch.setattr(sharing_out, "_packed", slowly)
    with pytest.raises(ActionRefused, match="changed while the plan"):
        share_out(register(), distribution=table.distribution)
    assert rations() == {}


def test_who_may_see_the_proof(register: Register) -> None:
    put_in_stock(register.cast, 10)
    table = open_table(register)
    register.household()
    for who in ("auditor", "registrar-tcd"):
        with pytest.raises(NameUnknown):
            read_plan(register.cast.viewers[who], table.distribution)
    share_out(register(), distribution=table.distribution)
    for who in ("auditor", "registrar-tcd"):
        assert read_plan(register.cast.viewers[who], table.distribution)
    for who, error in (
        ("registrar-ken", NameUnknown),
        *((who, NotAllowed) for who in ("donor-ind", "operator", "focal-tcd", "task-force")),
    ):
        with pytest.raises(error):
            read_plan(register.cast.viewers[who], table.distribution)


def test_a_household_that_shrank_gets_no_more_than_its_share(register: Register) -> None:
    from evenhand.actions.people.households import follow_person

    put_in_stock(register.cast, 100)
    table = open_table(register, "10 piece per person")
    done = register.household()
    share_out(register(), distribution=table.distribution)
    follow_person(register(), person=done.facts["persons"][1], state="departed")
    who = register(at=NOW + timedelta(days=1))
    assert table.scan(table.card(done.ref), "a-1", who=who).facts["quantity"] == 10


def test_who_may_not_share_out_learns_nothing_by_trying(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    from evenhand.actions.people import sharing_out

    table = open_table(register)
    monkeypatch.setattr(sharing_out, "_wanted", lambda *_: pytest.fail("households were opened"))
    for who in ("public", "focal-tcd", "registrar-ken", "auditor"):
        with nothing_changes(NotAllowed):
            share_out(register(who), distribution=table.distribution, first="pregnant")


def test_stock_is_promised_once(register: Register) -> None:
    put_in_stock(register.cast, 30)
    tables = [open_table(register, "10 piece per person") for _ in range(2)]
    register.household(MEMBERS[0])
    register.household(MEMBERS[0])
    assert share_out(register(), distribution=tables[0].distribution).facts["there"] == 30
    assert share_out(register(), distribution=tables[1].distribution).facts["there"] == 10


def test_the_plan_cannot_be_joined_to_the_book(register: Register) -> None:
    put_in_stock(register.cast, 30)
    table = open_table(register, "10 piece per person")
    home = register.household(MEMBERS[0]).ref
    share_out(register(), distribution=table.distribution)
    table.scan(table.card(home), "a-1")
    packed = read_plan(register.cast.viewers["auditor"], table.distribution)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert Gift.objects.get().commitment.encode() not in held


def test_a_devices_list_has_what_was_planned(register: Register) -> None:
    from evenhand.lookups.people.giving import list_cards

    put_in_stock(register.cast, 9)
    table = open_table(register, "10 piece per person")
    register.household(MEMBERS[0])
    share_out(register(), distribution=table.distribution)
    late = register.household(MEMBERS[0]).ref
    listed = list_cards(register.cast.viewers["registrar-tcd"], table.distribution)
    assert [one.quantity for one in listed.cards] == [9]
    done = table.scan(table.card(late), "a-1", handed_out=True, quantity=4)
    assert (done.facts["quantity"], done.facts["doubts"]) == (4, ["amount", "not planned"])
