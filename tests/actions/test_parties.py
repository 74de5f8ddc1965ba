"""Parties are registered once, in a tree without circles, and retired only when nothing hangs on them."""

from __future__ import annotations

from typing import Any

import pytest
from action_grid import refused
from evenhand_cast import NOW, TODAY, Cast

from evenhand.actions.needs import draft_need, withdraw_need
from evenhand.actions.offers import make_offer, withdraw_offer
from evenhand.actions.parties import change_party, register_party, retire_party
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed, OptionRefused
from evenhand.ledger.entries import AccountKey
from evenhand.records.models import Code, Party, Place
from evenhand.records.tree import DEEPEST, target_of
from evenhand.stockbook.models import Consignment
from evenhand.stockbook.posting import Posting, post

pytestmark = pytest.mark.django_db
CLINIC: dict[str, Any] = {
    "key": "TCD-koumra", "name": "Koumra clinic", "kind": "facility", "parent": "TCD-mandoul",
    "handles": "cold-chain; ultra-cold;cold-chain", "codes": "healthsites:123;dhis2:AbC", "latitude": "8.91",
    "longitude": "17.55",
}  # fmt: skip
"""A clinic as it is registered."""


def register(cast: Cast, who: str = "task-force", **given: Any) -> Any:
    return register_party(cast(who), **CLINIC | given)


def move(verb: str, quantity: int, offer: str, source: str, target: str) -> None:
    """Write an entry about vaccine-measles as the stock book's own actions would."""
    keys = [AccountKey.read(key.replace("OF", offer)) for key in (source, target)]
    entry = Posting(f"{verb}-{source}".replace("/", "-"), verb, keys[0], keys[1], "vaccine-measles", quantity, TODAY)
    post([entry], action="a-1", by="u-test", recorded=NOW)


def test_a_clinic_stands_under_its_district_and_its_state(cast: Cast) -> None:
    Place.objects.create(key="TD10", name="Mandoul", country="TCD", level=1)
    register(cast, place="TD10")
    clinic = Party.objects.get(pk="TCD-koumra")
    assert (clinic.handles, clinic.latitude, clinic.longitude, clinic.place_id) == (
        "cold-chain;ultra-cold",
        8.91,
        17.55,
        "TD10",
    )
    assert target_of(clinic, TODAY).parties == ("TCD-koumra", "TCD-mandoul", "TCD")
    assert sorted(Code.objects.values_list("of", "key", "scheme", "code")) == [
        ("party", "TCD-koumra", "dhis2", "AbC"), ("party", "TCD-koumra", "healthsites", "123"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["team", "company", "facility", "organisation"])
def test_anything_but_a_state_stands_under_a_state(cast: Cast, kind: str) -> None:
    register(cast, kind=kind, parent="TCD")
    assert Party.objects.get(pk="TCD-koumra").kind == kind


def test_the_same_party_again_changes_nothing(cast: Cast) -> None:
    register(cast)
    again = register(cast)
    assert again.facts == {"there_already": True}
    assert Party.objects.filter(pk="TCD-koumra").count() == 1
    assert Code.objects.count() == 2


@pytest.mark.parametrize(
    ("different", "sentence"),
    [
        ({"name": "Koumra hospital"}, "with name 'Koumra clinic', not 'Koumra hospital'"),
        ({"parent": "TCD"}, "with parent 'TCD-mandoul', not 'TCD'"),
        ({"latitude": "8.92"}, "with latitude '8.91', not '8.92'"),
        ({"codes": "dhis2:AbC"}, "with codes 'dhis2:AbC;healthsites:123', not 'dhis2:AbC'"),
        ({"handles": "", "kind": "team"}, "with kind 'facility', not 'team'; handles 'cold-chain;ultra-cold', not ''"),
    ],
)
def test_another_party_under_the_same_key_is_refused_with_what_differs(
    cast: Cast, different: dict[str, str], sentence: str
) -> None:
    register(cast)
    with refused(ActionRefused, sentence):
        register(cast, **different)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"parent": "TDC"}, "no party 'TDC'; did you mean 'TCD'?"),
        ({"place": "TD99"}, "no place 'TD99'"),
        ({"parent": "TCD-koumra"}, "no party 'TCD-koumra'"),
    ],
)
def test_what_it_names_must_exist_so_that_no_circle_can_be_made(
    cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    with refused(NameUnknown, sentence):
        register(cast, **wrong)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"key": ""}, "'' is not a key of a party"),
        ({"key": "TCD/koumra"}, "'TCD/koumra' is not a key"),
        ({"key": "Koumra clinic"}, "is not a key"),
        ({"key": "Coquibacoá"}, "without accents"),
        ({"key": "k" * 65}, "at most 64"),
        ({"key": "-rf"}, "the first a letter or digit"),
        ({"key": "CN-9QX4PD7K2M"}, "looks like the ref of a record"),
        ({"key": "tcd-moissala"}, "cannot be told from 'TCD-moissala'"),
        ({"key": "NAM"}, "cannot be told from 'the group NAM'"),
        ({"name": "  "}, "the name of the party is empty"),
        ({"name": "Koum\u200bra"}, "an unseen character (U+200B)"),
        ({"name": "Koumra \u202egnp"}, "an unseen character (U+202E)"),
        ({"name": "K" * 201}, "201 characters; at most 200"),
        ({"kind": "clinic"}, "there is no kind of party 'clinic'"),
        ({"kind": "facilty"}, "did you mean 'facility'?"),
        ({"kind": "state"}, "a state stands under nobody"),
        ({"parent": ""}, "a facility stands under the state or organisation"),
        ({"handles": "cold chain"}, "'cold chain', which is not a name"),
        ({"handles": ";".join(f"capability-{n}" for n in range(40))}, "at most 400"),
        ({"codes": "123"}, "'123' is not a code; write scheme:code"),
        ({"codes": "glide:"}, "is not a code"),
        ({"latitude": "98.1"}, "from -90 to 90"),
        ({"latitude": "8,91"}, "with a point"),
        ({"latitude": "nan"}, "the latitude is 'nan'"),
        ({"longitude": ""}, "both latitude and longitude or neither"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_words(cast: Cast, wrong: dict[str, str], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        register(cast, **wrong)


@pytest.mark.parametrize("name", ["Koumra\0", "Koumra\ud800"])
def test_text_that_no_database_can_hold_is_refused_before_anything_is_done(cast: Cast, name: str) -> None:
    with refused(OptionRefused, "name holds a character that is no text"):
        register(cast, name=name)
    with refused(OptionRefused, "reason holds"):
        register_party(cast("task-force", reason=name), **CLINIC)


def test_a_state_has_its_iso_code_even_where_a_group_is_named_alike(cast: Cast) -> None:
    register_party(cast("operator"), key="NAM", name="Namibia", kind="state")
    assert Party.objects.get(pk="NAM").name == "Namibia"


def test_names_in_every_script_are_kept_as_they_are(cast: Cast) -> None:
    register(cast, name="مستشفى كومرا کلینیک‌ها")
    assert Party.objects.get(pk="TCD-koumra").name == "مستشفى كومرا کلینیک‌ها"


def test_a_code_names_one_party(cast: Cast) -> None:
    register(cast)
    with refused(ActionRefused, "dhis2:AbC names the party TCD-koumra already"):
        register(cast, key="TCD-sarh", codes="dhis2:AbC")


def test_a_secretariat_registers_under_its_own_members_alone(cast: Cast) -> None:
    with refused(NotAllowed):
        register(cast, "task-force-eu")
    with refused(NotAllowed):
        register(cast, parent="FRA")


def test_the_tree_has_an_end(cast: Cast) -> None:
    above = "TCD-moissala"
    for number in range(4, DEEPEST + 1):
        register(cast, key=f"deep-{number}", parent=above, codes="")
        above = f"deep-{number}"
    assert len(target_of(Party.objects.get(pk=above), TODAY).parties) == DEEPEST
    with refused(ActionRefused, "the deepest"):
        register(cast, key="deeper", parent=above, codes="")


def test_a_retired_party_stays_readable_and_gets_nothing_new(cast: Cast) -> None:
    retire_party(cast("task-force", reason="closed"), party="TCD-moissala")
    assert Party.objects.get(pk="TCD-moissala").retired_on == TODAY
    with refused(ActionRefused, "was retired on 2026-03-02"):
        retire_party(cast("task-force", reason="closed"), party="TCD-moissala")
    with refused(ActionRefused, "nothing new stands under it"):
        register(cast, parent="TCD-moissala")
    with refused(ActionRefused, "register a new party under another key"):
        register_party(
            cast("task-force"),
            key="TCD-moissala",
            name="Moissala village clinic",
            kind="facility",
            parent="TCD-mandoul",
        )
    with refused(ActionRefused, "takes part in nothing new"):
        draft_need(cast("focal-tcd"), party="TCD-moissala", resource="vaccine-measles", quantity="10", why="children")


def test_retiring_needs_a_reason_and_a_party_that_exists(cast: Cast) -> None:
    with refused(ActionRefused, "needs a reason"):
        retire_party(cast("task-force"), party="TCD-moissala")
    with refused(NameUnknown, "did you mean 'TCD-moissala'?"):
        retire_party(cast("task-force", reason="closed"), party="TCD-moisala")


def test_a_party_above_others_is_not_retired(cast: Cast) -> None:
    with refused(ActionRefused, "it stands above TCD-mandoul; retire these first"):
        retire_party(cast("task-force", reason="closed"), party="TCD")
    for party in ("TCD-moissala", "TCD-mandoul", "TCD"):
        retire_party(cast("task-force", reason="closed"), party=party)


def test_a_party_with_an_open_need_is_not_retired(cast: Cast) -> None:
    need = draft_need(cast("focal-lbn"), party="LBN", resource="vaccine-measles", quantity="10", why="children").ref
    with refused(ActionRefused, f"it has the open needs {need}; withdraw these first"):
        retire_party(cast("task-force", reason="left"), party="LBN")
    withdraw_need(cast("focal-lbn", reason="over"), need=need)
    retire_party(cast("task-force", reason="left"), party="LBN")


def test_a_donor_with_an_open_offer_is_not_retired(cast: Cast) -> None:
    offer = make_offer(cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="4 box").ref
    with refused(ActionRefused, f"its offers still hold 400 dose of vaccine-measles (offered/{offer})"):
        retire_party(cast("task-force", reason="left"), party="IND")
    withdraw_offer(cast("donor-ind", reason="spoiled"), offer=offer)
    retire_party(cast("task-force", reason="left"), party="IND")


def test_a_party_that_holds_or_awaits_stock_is_not_retired(cast: Cast) -> None:
    offer = make_offer(cast("donor-ind"), donor="IND", resource="vaccine-measles", quantity="4 box").ref
    Consignment.objects.create(ref="CN-0000000000", origin_id="IND", destination_id="LBN", made_at=NOW)
    for verb, source, target, said in (
        ("allocate", "offered/OF", "allocated/OF/LBN", "it holds 400 dose of vaccine-measles (allocated/OF/LBN)"),
        ("dispatch", "allocated/OF/LBN", "in-transit/OF/CN-0000000000", "travels from or to it; receive it first"),
        ("receive", "in-transit/OF/CN-0000000000", "received/OF/LBN", "(received/OF/LBN); distribute"),
    ):  # fmt: skip
        move(verb, 400, offer, source, target)
        with refused(ActionRefused, said.replace("OF", offer)):
            retire_party(cast("task-force", reason="left"), party="LBN")
    move("distribute", 400, offer, "received/OF/LBN", "used/OF/LBN")
    retire_party(cast("task-force", reason="left"), party="LBN")


def test_everything_in_the_way_is_said_at_once(cast: Cast) -> None:
    for number in range(7):
        register(cast, key=f"TCD-{number}", parent="TCD", codes="")
    draft_need(cast("focal-tcd"), party="TCD", resource="vaccine-measles", quantity="10", why="children")
    with refused(
        ActionRefused, "above TCD-0, TCD-1, TCD-2, TCD-3, TCD-4 and 3 more; retire these first; it has the open"
    ):
        retire_party(cast("task-force", reason="left"), party="TCD")


def change(cast: Cast, party: str = "TCD", reason: str = "a freezer was delivered on 1 March", **given: Any) -> Any:
    return change_party(cast("task-force", reason=reason), party=party, **given)


def test_what_a_party_can_handle_changes_when_a_freezer_arrives_and_when_it_breaks(cast: Cast) -> None:
    done = change(cast, handles="cold-chain; ultra-cold;cold-chain")
    assert Party.objects.get(pk="TCD").handles == "cold-chain;ultra-cold"
    assert (done.facts["before"], done.facts["now"]) == ({"handles": ""}, {"handles": "cold-chain;ultra-cold"})
    change(cast, handles="nothing")
    assert Party.objects.get(pk="TCD").handles == ""


def test_a_name_a_place_and_degrees_change_together(cast: Cast) -> None:
    Place.objects.create(key="TD10", name="Mandoul", country="TCD", level=1)
    change(cast, "TCD-moissala", name="Moissala health centre", place="TD10", latitude="8.34", longitude="17.77")
    row = Party.objects.get(pk="TCD-moissala")
    assert (row.name, row.place_id, row.latitude, row.longitude) == ("Moissala health centre", "TD10", 8.34, 17.77)
    assert (row.parent_id, row.kind, row.handles) == ("TCD-mandoul", "facility", "")


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"handles": "ultra-cold", "reason": ""}, ActionRefused, "needs a reason; say how it is known"),
        ({}, ActionRefused, "nothing of TCD would change"),
        ({"name": "Chad"}, ActionRefused, "nothing of TCD would change"),
        ({"party": "TDC", "name": "Tchad"}, NameUnknown, "no party 'TDC'; did you mean 'TCD'?"),
        ({"place": "TD99"}, NameUnknown, "no place 'TD99'"),
        ({"latitude": "8.3"}, ActionRefused, "the longitude is ''"),
        ({"name": "Chad\u202egnuhc"}, ActionRefused, "unseen character"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    cast: Cast, given: dict[str, str], error: type[Exception], sentence: str
) -> None:
    with refused(error, sentence):
        change(cast, **given)


def test_a_retired_party_stays_as_it_is(cast: Cast) -> None:
    retire_party(cast("task-force", reason="left"), party="LBN")
    with refused(ActionRefused, "LBN was retired"):
        change(cast, "LBN", name="another")
