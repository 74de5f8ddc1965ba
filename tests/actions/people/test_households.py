"""Households: registered whole or not at all, corrected with what was kept, followed, merged, split, erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from evenhand_register import DATABASES, MEMBERS, Register, nothing_changes, people_rows

from evenhand.actions.people import households as acts
from evenhand.actions.people.action import TOLD_ONCE
from evenhand.actions.people.consents import newest_consent, record_consent
from evenhand.errors import (
    ActionRefused,
    EvenhandError,
    InputRefused,
    NameUnknown,
    NotAllowed,
    OptionRefused,
    RepeatDiffers,
)
from evenhand.people.models import BlindIndex, Consent, Correction, Household, PeopleLine, Person
from evenhand.people.opening import sealer

pytestmark = pytest.mark.django_db(databases=DATABASES)
NOBODY = ("focal-tcd", "donor-ind", "auditor", "operator", "task-force", "board-aze", "nurse-tcd", "public")


def opened(ref: str) -> dict[str, str]:
    row: Any = (Household if ref.startswith("HH") else Person).objects.get(pk=ref)
    return sealer().open_all(ref, row.boxes)


def test_a_household_is_registered_with_its_members_sealed(register: Register) -> None:
    done = register.household(household={"address": "Block 4, tent 17"})
    zenaba, idriss = done.facts["persons"]
    assert opened(zenaba) == dict(MEMBERS[0])
    assert opened(idriss) == dict(MEMBERS[1])
    assert opened(done.ref) == {"address": "Block 4, tent 17"}
    assert [one.is_head for one in Person.objects.order_by("-is_head")] == [True, False]
    assert {(one.record, one.kind) for one in BlindIndex.objects.all()} == {
        (zenaba, "name"),
        (zenaba, "phone"),
        (idriss, "name"),
    }


def test_nothing_that_was_typed_stands_in_any_column(register: Register) -> None:
    register.household(household={"address": "Block 4, tent 17"})
    rows = repr(people_rows())
    for word in (
        "Zenaba",
        "Mahamat",
        "Saleh",
        "Idriss",
        "66 12 34 56",
        "66123456",
        "pregnant",
        "tent 17",
    ):
        assert word not in rows, word
    line = PeopleLine.objects.get(name="people register")
    assert (line.given, line.answer["facts"]["doubts"]) == ({}, [])


def member(number: int = 0, **changed: str) -> dict[str, str]:
    return {**MEMBERS[number], **changed}


@pytest.mark.parametrize(("members", "sentence"), [
    ([], "it has nobody"),
    ([member(relation="child")], "nobody is its head"),
    ([member(), member(1, relation="head")], "member 1 and member 2 are both its head"),
    ([member(given_name=" ")], "given_name: it is empty"),
    ([member(given_name="—")], "given_name: it has no letter"),
    ([member(given_name="Fаtima")], "mixes letters of Cyrillic and Latin"),
    ([member(given_name="R2D2")], "holds a figure"),
    ([member(given_name="Ze\u202enaba")], "characters that nobody can see"),
    ([member(given_name="Z" * 121)], "121 characters"),
    ([member(birth_year="2027")], "yet to come"),
    ([member(birth_year="1890")], "older than 125"),
    ([member(birth_year="88")], "write four figures"),
    ([member(birth_date="1988-02-30")], "is no day"),
    ([member(birth_date="1987-02-03")], "birth_date: it is not in the birth_year"),
    ([member(sex="femal")], "sex: it is none of female, male, other"),
    ([member(relation="boss")], "is none of head, spouse"),
    ([member(phone="call me")], "no number of a telephone"),
    ([member(outside="<a copy of my passport>")], "it is no reference"),
    ([member(condition="pregnant;rich")], "condition: it is none of pregnant"),
    ([member(religion="x")], "there is no such field"),
    ([member(address="x")], "a field of the household"),
    ([member(origin="x")], "a field of the household"),
])  # fmt: skip
def test_bad_members_are_refused_in_sentences(
    register: Register, members: list[Mapping[str, str]], sentence: str
) -> None:
    with nothing_changes(InputRefused, sentence):
        acts.register_household(register(), registration=register.registration, site="TCD-moissala", members=members)


def test_refusals_never_repeat_a_name(register: Register) -> None:
    with nothing_changes(InputRefused) as caught:
        register.household(
            member(family_name="Canary\u202eName"), member(1, given_name="Canаry"), member(given_name="C4nary")
        )
    assert "anary" not in str(caught.value)
    assert "4 problems" in str(caught.value)


@pytest.mark.parametrize("field", ["sex", "relation", "condition", "language"])
def test_a_name_in_the_wrong_column_is_not_repeated(register: Register, field: str) -> None:
    with nothing_changes(InputRefused, field) as caught:
        register.household({**MEMBERS[0], field: "Canary"})
    assert "anary" not in str(caught.value).casefold()


def test_what_is_odd_and_possible_is_taken_and_told(register: Register) -> None:
    done = register.household(member(), member(1, birth_year="1988"), member(1, relation="parent", birth_year="1990"))
    assert [one.partition(" is a ")[0] for one in done.facts["doubts"]] == ["member 2", "member 3"]


def test_a_field_that_the_registration_does_not_ask_for_is_not_kept(register: Register) -> None:
    from evenhand_register import open_one

    few = open_one(register.cast, fields={"given_name": "to call people by", "relation": "to serve households"})
    with nothing_changes(InputRefused, "does not ask for it"):
        acts.register_household(register(), registration=few, site="TCD", members=[dict(MEMBERS[0])])


@pytest.mark.parametrize("who", [*NOBODY, "registrar-ken"])
def test_only_a_registrar_of_the_place_registers(register: Register, who: str) -> None:
    with nothing_changes(NotAllowed):
        register.household(who=register(who))


def test_a_site_outside_the_registration_is_refused(register: Register) -> None:
    with nothing_changes(ActionRefused, "not below TCD"):
        register.household(site="KEN", who=register("registrar-ken"))


def every_act(done: Any, other: Any) -> list[tuple[Any, dict[str, Any]]]:
    zenaba, idriss = done.facts["persons"]
    return [
        (acts.add_member, {"household": done.ref, "member": member(1)}),
        (acts.correct_record, {"record": zenaba, "fields": {"phone": ""}}),
        (acts.correct_record, {"record": done.ref, "fields": {"address": "Block 5"}}),
        (acts.follow_person, {"person": idriss, "state": "departed"}),
        (acts.merge_persons, {"person": idriss, "into": other.facts["persons"][1]}),
        (acts.merge_households, {"household": done.ref, "into": other.ref}),
        (acts.split_household, {"household": done.ref, "persons": [idriss], "head": idriss}),
        (acts.erase_record, {"record": idriss}),
        (acts.erase_record, {"record": done.ref}),
    ]


def test_who_may_not_is_refused_and_who_is_out_of_reach_learns_nothing(register: Register) -> None:
    done, other = register.household(), register.household()
    for act, given in every_act(done, other):
        for who in NOBODY:
            with nothing_changes(NotAllowed):
                act(register(who), **given)
        with nothing_changes(NameUnknown) as far:
            act(register("registrar-ken"), **given)
        made_up = {
            key: "HH-0000000000"
            if str(value).startswith("HH")
            else "PN-0000000000"
            if str(value).startswith("PN")
            else value
            for key, value in given.items()
        }
        with nothing_changes(NameUnknown) as none:
            act(register("registrar-ken"), **made_up)
        assert str(far.value).partition("'")[0] == str(none.value).partition("'")[0]


def test_every_act_sent_twice_is_done_once_and_leaves_nothing_halfway(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    for number in range(9):
        done, other = register.household(), register.household()
        act, given = every_act(done, other)[number]
        before = people_rows()
        with monkeypatch.context() as patched:
            patched.setattr(PeopleLine.objects, "create", fail)
            with pytest.raises(OSError, match="full"):
                act(register(request=f"r-{number}"), **given)
        assert people_rows() == before
        first = act(register(request=f"r-{number}"), **given)
        after = people_rows()
        again = act(register(request=f"r-{number}"), **given)
        told = {name: [] if name in TOLD_ONCE else value for name, value in first.facts.items()}
        assert (again.ref, dict(again.facts), again.repeated) == (first.ref, told, True)
        assert people_rows() == after != before
        with nothing_changes(RepeatDiffers):
            act(register("registrar-moissala", request=f"r-{number}"), **given)


def test_a_correction_keeps_what_was_and_finds_by_what_is(register: Register) -> None:
    done = register.household()
    zenaba = done.facts["persons"][0]
    changed = acts.correct_record(
        register(reason="she showed her card"),
        record=zenaba,
        fields={"given_name": "Zeinaba", "sex": "female"},
        number=1,
    )
    assert (changed.facts["changed"], changed.facts["number"]) == (["given_name"], 2)
    assert opened(zenaba)["given_name"] == "Zeinaba"
    was = Correction.objects.get()
    assert (sealer().open(zenaba, was.field, was.box), was.reason, was.by) == (
        "Zenaba",
        "she showed her card",
        "u-registrar-tcd",
    )
    assert BlindIndex.objects.filter(record=zenaba, kind="name").count() == 1


def test_who_saw_an_older_state_does_not_overwrite_a_newer_one(register: Register) -> None:
    done = register.household()
    zenaba = done.facts["persons"][0]
    acts.correct_record(register(), record=zenaba, fields={"phone": "66 00 00 00"}, number=1)
    for act, given in (
        (acts.correct_record, {"record": zenaba, "fields": {"phone": "66 11 11 11"}}),
        (acts.add_member, {"household": done.ref, "member": member(1)}),
    ):
        with nothing_changes(ActionRefused, "changed since you saw it"):
            act(register(), number=1, **given)


@pytest.mark.parametrize(("fields", "error", "sentence"), [
    ({}, InputRefused, "nothing is to be corrected"), ({"given_name": ""}, InputRefused, "cannot be empty"),
    ({"relation": "spouse"}, InputRefused, "new_head"), ({"birth_year": "3000"}, InputRefused, "yet to come"),
])  # fmt: skip
def test_a_correction_that_makes_no_sense_is_refused(
    register: Register, fields: dict[str, str], error: type[EvenhandError], sentence: str
) -> None:
    zenaba = register.household().facts["persons"][0]
    with nothing_changes(error, sentence):
        acts.correct_record(register(), record=zenaba, fields=fields)


@pytest.mark.parametrize(("held", "fields"), [
    ({"birth_year": "1988"}, {"birth_date": "1987-02-03"}), ({"birth_year": "", "birth_date": "1988-02-03"}, {"birth_year": "1987"}),
])  # fmt: skip
def test_a_correction_agrees_with_what_is_held(
    register: Register, held: dict[str, str], fields: dict[str, str]
) -> None:
    zenaba = register.household({**MEMBERS[0], **held}).facts["persons"][0]
    with nothing_changes(InputRefused, "it is not in the birth_year") as caught:
        acts.correct_record(register(), record=zenaba, fields=fields)
    assert "1988" not in str(caught.value)
    other = next(name for name in ("birth_year", "birth_date") if held[name]) if len(held) == 2 else "birth_year"
    acts.correct_record(register(), record=zenaba, fields={**fields, other: ""})


def test_a_correction_never_tells_what_the_role_may_not_read(register: Register) -> None:
    """Pregnant or not: the answer is the same, in `changed` and in the number of the household's state."""
    answers = []
    for guess in ("pregnant", "injured"):
        zenaba = register.household().facts["persons"][0]
        done = acts.correct_record(register(), record=zenaba, fields={"condition": guess, "sex": "female"})
        answers.append(dict(done.facts))
    assert answers[0] == answers[1]
    assert answers[0]["changed"] == ["condition"]


def test_a_correction_tells_nothing_of_a_birth_that_the_role_may_not_read(register: Register) -> None:
    from evenhand_register import open_one

    closed = open_one(register.cast, readers={"birth_year": "case-worker"})
    zenaba = acts.register_household(register(), registration=closed, site="TCD-moissala", members=[MEMBERS[0]]).facts[
        "persons"
    ][0]
    done = acts.correct_record(register(), record=zenaba, fields={"birth_date": "1970-01-01"})
    assert done.facts["changed"] == ["birth_date"]


def test_a_correction_needs_a_reason(register: Register) -> None:
    done = register.household()
    with nothing_changes(ActionRefused, "needs a reason"):
        acts.correct_record(register(reason=""), record=done.facts["persons"][0], fields={"phone": ""})


def test_a_household_without_its_head_gets_another(register: Register) -> None:
    done = register.household()
    zenaba, idriss = done.facts["persons"]
    with nothing_changes(ActionRefused, "name who is its head now"):
        acts.follow_person(register(), person=zenaba, state="dead")
    acts.follow_person(register(), person=zenaba, state="dead", new_head=idriss)
    assert [Person.objects.get(pk=one).is_head for one in (zenaba, idriss)] == [False, True]
    assert opened(idriss)["relation"] == "head"
    with nothing_changes(ActionRefused, "written down as dead"):
        acts.follow_person(register(), person=zenaba, state="present")


def test_who_left_comes_back_and_an_empty_household_has_departed(register: Register) -> None:
    done = register.household(MEMBERS[0])
    zenaba = done.facts["persons"][0]
    acts.follow_person(register(), person=zenaba, state="departed")
    assert Household.objects.get().state == "departed"
    with nothing_changes(ActionRefused, "departed already"):
        acts.follow_person(register(), person=zenaba, state="departed")
    acts.follow_person(register(), person=zenaba, state="present")
    assert (Household.objects.get().state, Person.objects.get().is_head) == ("present", True)


def test_a_household_that_is_present_has_a_head(register: Register) -> None:
    """Whoever is there alone is the head, whether they came back or were added; the old head comes back as one of the others."""
    done = register.household()
    zenaba, idriss = done.facts["persons"]
    acts.follow_person(register(), person=zenaba, state="departed", new_head=idriss)
    acts.follow_person(register(), person=idriss, state="departed")
    acts.follow_person(register(), person=zenaba, state="present")
    assert heads(done.ref) == [zenaba]
    assert opened(zenaba)["relation"] == "head"
    acts.follow_person(register(), person=idriss, state="present")
    assert heads(done.ref) == [zenaba]
    assert opened(idriss)["relation"] == "not-related"


def heads(household: str) -> list[str]:
    return list(Person.objects.filter(household=household, is_head=True).values_list("pk", flat=True))


@pytest.mark.parametrize("relation", ["head", "sibling"])
def test_who_is_added_to_a_household_that_departed_is_present_and_its_head(register: Register, relation: str) -> None:
    done = register.household(MEMBERS[0])
    acts.follow_person(register(), person=done.facts["persons"][0], state="departed")
    added = acts.add_member(register(), household=done.ref, member=member(1, relation=relation)).ref
    assert (Household.objects.get().state, heads(done.ref), opened(added)["relation"]) == ("present", [added], "head")
    with nothing_changes(InputRefused, "has a head already"):
        acts.add_member(register(), household=done.ref, member=member(1, relation="head"))
    acts.follow_person(register(), person=done.facts["persons"][0], state="present")
    assert heads(done.ref) == [added]


def test_who_withdrew_comes_back_with_a_new_consent_alone(register: Register) -> None:
    from datetime import timedelta

    from evenhand_cast import NOW

    done = register.household()
    idriss = done.facts["persons"][1]

    def say(said: str, hours: int, **given: Any) -> None:
        record_consent(
            register(at=NOW + timedelta(hours=hours)), household=done.ref, purpose="food", said=said, **given
        )

    say("given", 0)
    acts.follow_person(register(at=NOW + timedelta(hours=1)), person=idriss, state="withdrawn")
    say("given", 2, recipient="WFP")
    for _ in range(2):
        with nothing_changes(ActionRefused, "consent"):
            acts.follow_person(register(at=NOW + timedelta(hours=3)), person=idriss, state="present")
        with nothing_changes(ActionRefused, "consent"):  # no way round
            acts.follow_person(register(at=NOW + timedelta(hours=3)), person=idriss, state="departed")
        say("given", 2)
        say("withdrawn", 2)
    say("given", 2)
    acts.follow_person(register(at=NOW + timedelta(hours=3)), person=idriss, state="present")
    assert Person.objects.get(pk=idriss).state == "present"


def test_nobody_consents_for_who_withdrew_and_moved(register: Register) -> None:
    """What the household that stays said before they came to it was not said for them."""
    from datetime import timedelta

    from evenhand_cast import NOW

    one, two = register.household(), register.household()
    idriss = one.facts["persons"][1]

    def at(hours: int) -> Any:
        return register(at=NOW + timedelta(hours=hours))

    record_consent(at(0), household=one.ref, purpose="food", said="given")
    acts.follow_person(at(1), person=idriss, state="withdrawn")
    record_consent(at(2), household=two.ref, purpose="food", said="given")
    acts.merge_households(at(3), household=one.ref, into=two.ref)
    with nothing_changes(ActionRefused, "consent"):
        acts.follow_person(at(4), person=idriss, state="present")
    record_consent(at(4), household=two.ref, purpose="food", said="given")
    acts.follow_person(at(5), person=idriss, state="present")


@pytest.mark.parametrize(("given", "error", "sentence"), [
    ({"state": "gone"}, OptionRefused, "none of departed"), ({"state": "departed", "since": "2026-03-03"}, ActionRefused, "yet to come"),
])  # fmt: skip
def test_a_following_that_makes_no_sense_is_refused(
    register: Register, given: dict[str, Any], error: type[EvenhandError], sentence: str
) -> None:
    from datetime import date

    if "since" in given:
        given = {**given, "since": date.fromisoformat(given["since"])}
    idriss = register.household().facts["persons"][1]
    with nothing_changes(error, sentence):
        acts.follow_person(register(), person=idriss, **given)


def test_two_records_of_one_person_become_one_and_the_other_points_to_it(register: Register) -> None:
    one, two = register.household(MEMBERS[0]), register.household()
    kept = two.facts["persons"][0]
    acts.merge_persons(register(reason="same card, same face"), person=one.facts["persons"][0], into=kept)
    gone = Person.objects.get(pk=one.facts["persons"][0])
    assert (gone.state, gone.merged_into_id) == ("merged", kept)
    assert opened(gone.ref)["given_name"] == "Zenaba"  # kept until it is erased
    assert (Household.objects.get(pk=one.ref).state, Household.objects.get(pk=one.ref).merged_into_id) == (
        "merged",
        two.ref,
    )
    for act, given in (
        (acts.merge_persons, {"person": kept, "into": gone.ref}),
        (acts.merge_persons, {"person": kept, "into": kept}),
        (acts.correct_record, {"record": gone.ref, "fields": {"phone": ""}}),
    ):
        with nothing_changes(ActionRefused):
            act(register(), **given)


@pytest.mark.parametrize("state", ["dead", "departed", "withdrawn"])
def test_nobody_is_taken_for_who_is_not_there(register: Register, state: str) -> None:
    one, two = register.household(), register.household()
    kept = two.facts["persons"][1]
    acts.follow_person(register(), person=kept, state=state)
    with nothing_changes(ActionRefused, f"{kept} is {state}"):
        acts.merge_persons(register(), person=one.facts["persons"][1], into=kept)


def test_nobody_moves_to_a_household_that_is_not_there(register: Register) -> None:
    one, two = register.household(), register.household(MEMBERS[0])
    acts.follow_person(register(), person=two.facts["persons"][0], state="departed")
    with nothing_changes(ActionRefused, f"{two.ref} is departed"):
        acts.merge_households(register(), household=one.ref, into=two.ref)


def test_a_relation_that_is_none_is_not_repeated(register: Register) -> None:
    one, two = register.household(), register.household()
    zenaba, idriss = one.facts["persons"]
    for act, given in (
        (acts.merge_households, {"household": one.ref, "into": two.ref, "relations": {zenaba: "Canary"}}),
        (
            acts.split_household,
            {
                "household": one.ref,
                "persons": [idriss, register_child(register, one.ref)],
                "head": idriss,
                "relations": {},
            },
        ),
    ):
        if act is acts.split_household:
            given["relations"] = {given["persons"][1]: "Canary"}
        with nothing_changes(OptionRefused, "none of spouse, child") as caught:
            act(register(), **given)
        assert "anary" not in str(caught.value)


def register_child(register: Register, household: str) -> str:
    return str(acts.add_member(register(), household=household, member=member(1)).ref)


SAID = [
    # what the one that goes said, what the one that stays said, what stays
    ("refused", "given", "refused"), ("", "given", "refused"), ("given", "", "refused"), ("given", "refused", "refused"),
    ("withdrawn", "given", "refused"), ("given", "given", "given"), ("", "", ""),
]  # fmt: skip


@pytest.mark.parametrize("which", ["persons", "households"])
@pytest.mark.parametrize(("goes", "stays", "newest"), SAID)
def test_nobody_consents_for_those_who_are_merged_into_them(
    register: Register, which: str, goes: str, stays: str, newest: str
) -> None:
    one, two = register.household(), register.household()
    for ref, said in ((one.ref, goes), (two.ref, stays)):
        for word in ("given", said) if said == "withdrawn" else (said,):
            if word:
                record_consent(register(), household=ref, purpose="food", recipient="WFP", said=word)
    if which == "households":
        acts.merge_households(register(), household=one.ref, into=two.ref)
    else:
        acts.merge_persons(register(), person=one.facts["persons"][1], into=two.facts["persons"][1])
        assert newest_consent(one.ref, "food", "WFP") == goes
    assert newest_consent(two.ref, "food", "WFP") == newest
    assert newest_consent(two.ref, "food", "") == newest_consent(two.ref, "care", "WFP") == ""


def test_two_records_within_one_household_leave_its_consents_as_they_are(register: Register) -> None:
    done = register.household(*MEMBERS, member(1))
    record_consent(register(), household=done.ref, purpose="food", said="refused")
    record_consent(register(), household=done.ref, purpose="care", said="given")
    acts.merge_persons(register(), person=done.facts["persons"][2], into=done.facts["persons"][1])
    assert Consent.objects.count() == 2


def test_households_that_live_as_one_have_one_head(register: Register) -> None:
    one, two = register.household(), register.household()
    moved = acts.merge_households(
        register(), household=one.ref, into=two.ref, relations={one.facts["persons"][0]: "sibling"}
    )
    assert sorted(moved.facts["moved"]) == sorted(one.facts["persons"])
    assert Person.objects.filter(household=two.ref, is_head=True).count() == 1
    assert opened(one.facts["persons"][0])["relation"] == "sibling"
    assert Household.objects.get(pk=one.ref).merged_into_id == two.ref
    with nothing_changes(ActionRefused, "is merged; see"):
        acts.merge_households(register(), household=two.ref, into=one.ref)  # never in a circle


def test_who_lives_apart_has_a_head_and_the_old_one_stays(register: Register) -> None:
    done = register.household(*MEMBERS, member(1, given_name="Hawa", sex="female"))
    zenaba, idriss, hawa = done.facts["persons"]
    made = acts.split_household(
        register(), household=done.ref, persons=[idriss, hawa], head=hawa, relations={idriss: "sibling"}
    )
    assert [opened(one)["relation"] for one in (zenaba, idriss, hawa)] == ["head", "sibling", "head"]
    assert {one.household_id for one in Person.objects.filter(pk__in=[idriss, hawa])} == {made.ref}
    for persons, head in (([zenaba], zenaba), ([], hawa), ([idriss], hawa), ([hawa, hawa], hawa)):
        with nothing_changes(ActionRefused):
            acts.split_household(register(), household=done.ref, persons=persons, head=head)


def test_who_lives_apart_stays_with_the_registration(register: Register) -> None:
    """A user who is a registrar of two states moves nobody from one to the other."""
    from dataclasses import replace
    from datetime import date

    from evenhand.access.models import RoleHeld, User
    from evenhand.access.viewers import Binding

    done = register.household()
    idriss = done.facts["persons"][1]
    RoleHeld.objects.create(
        user=User.objects.get(public_id="u-registrar-tcd"), role="registrar", party="KEN", since=date(2026, 1, 1)
    )
    viewer = register.cast.viewers["registrar-tcd"]
    register.cast.viewers["registrar-tcd"] = replace(viewer, roles=(*viewer.roles, Binding("registrar", "KEN")))
    with nothing_changes(ActionRefused, "not below TCD"):
        acts.split_household(register(), household=done.ref, persons=[idriss], head=idriss, site="KEN")
    acts.split_household(register(), household=done.ref, persons=[idriss], head=idriss, site="TCD-mandoul")


def test_what_stands_at_another_states_site_is_out_of_reach(register: Register) -> None:
    done = register.household()
    Household.objects.filter(pk=done.ref).update(site="KEN")  # whatever put it there
    for act, given in (
        (acts.erase_record, {"record": done.ref}),
        (acts.follow_person, {"person": done.facts["persons"][1], "state": "departed"}),
    ):
        with nothing_changes(NameUnknown):
            act(register("registrar-ken"), **given)


def test_after_the_last_day_all_that_is_done_is_erasing(register: Register) -> None:
    from datetime import UTC, datetime

    done, other = register.household(), register.household()
    late: dict[str, Any] = {"at": datetime(2027, 3, 2, tzinfo=UTC)}
    acts_now = every_act(done, other)
    for act, given in acts_now[:-2]:
        with nothing_changes(ActionRefused):
            act(register(**late), **given)
    with nothing_changes(ActionRefused, "closed"):
        register.household(who=register(**late))
    with nothing_changes(ActionRefused, "2027-03-01"):
        record_consent(register(**late), household=done.ref, purpose="food", said="given")
    with nothing_changes(ActionRefused, "is to be erased"):
        acts.correct_record(register(**late), record=done.ref, fields={"address": "x"})
    for act, given in acts_now[-2:]:
        act(register(**late), **given)


def test_what_is_erased_is_gone_and_its_ref_stays(register: Register) -> None:
    done = register.household(household={"address": "Block 4"})
    zenaba, idriss = done.facts["persons"]
    twin = register.household(MEMBERS[0]).facts["persons"][0]
    acts.merge_persons(register(), person=twin, into=zenaba)
    acts.correct_record(register(), record=zenaba, fields={"phone": "66 00 00 00"})
    with nothing_changes(ActionRefused, "head of a household"):
        acts.erase_record(register(), record=zenaba)
    erased = acts.erase_record(register(reason="she asked for it"), record=done.ref)
    assert sorted(erased.facts["persons"]) == sorted([zenaba, idriss, twin])
    assert {one.state for one in Person.objects.all()} == {"erased"}
    assert [one.boxes for one in Person.objects.all()] == [{}, {}, {}]
    assert (BlindIndex.objects.count(), Correction.objects.count(), Household.objects.get(pk=done.ref).boxes) == (
        0,
        0,
        {},
    )
    with nothing_changes(ActionRefused, "erased already"):
        acts.erase_record(register(), record=done.ref)
    third = register.household().ref
    with nothing_changes(ActionRefused, "needs a reason"):
        acts.erase_record(register(reason=""), record=third)


def test_one_person_is_erased_and_the_others_stay(register: Register) -> None:
    done = register.household()
    zenaba, idriss = done.facts["persons"]
    acts.erase_record(register(), record=idriss)
    assert (opened(zenaba)["given_name"], Person.objects.get(pk=idriss).boxes) == ("Zenaba", {})
    assert Household.objects.get().state == "present"


def test_a_registration_is_erased_after_its_last_day_and_not_before(register: Register) -> None:
    from datetime import UTC, datetime

    register.household()
    with nothing_changes(ActionRefused, "until 2027-03-01"):
        acts.erase_expired(register(), registration=register.registration)
    later = register(at=datetime(2027, 3, 2, tzinfo=UTC))
    done = acts.erase_expired(later, registration=register.registration)
    assert (done.facts["households"], done.facts["persons"]) == (1, 2)
    assert {one.state for one in Person.objects.all()} | {one.state for one in Household.objects.all()} == {"erased"}


def test_the_database_refuses_what_the_actions_never_do(register: Register) -> None:
    from django.db import DatabaseError, transaction

    done = register.household()
    acts.correct_record(register(), record=done.facts["persons"][0], fields={"phone": ""})
    second = Person.objects.get(pk=done.facts["persons"][1])
    for wrong in (
        lambda: Person.objects.filter(pk=second.pk).update(is_head=True),
        lambda: Person.objects.filter(pk=second.pk).update(state="erased"),
        lambda: Person.objects.filter(pk=second.pk).delete(),
        lambda: PeopleLine.objects.update(reason="x"),
        lambda: PeopleLine.objects.all().delete(),
        lambda: Correction.objects.update(reason="x"),
        lambda: Household.objects.update(state="merged"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(using="people"):
            wrong()
