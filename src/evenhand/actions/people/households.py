"""Actions on households and persons: register, add, correct, follow (departed, dead, returned), merge, split, erase.

A record is changed by whoever saw its newest state: `number` counts the changes of a household, and one that was made from
an older state is refused, so that two officers without a line never overwrite each other unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated

from django.db.models import Q

from evenhand.access.rights import RIGHTS
from evenhand.actions.action import Doing, Done
from evenhand.actions.finding import get_party
from evenhand.actions.people.action import people_action
from evenhand.actions.people.consents import ask_anew, has_consented_since
from evenhand.actions.people.erasing import erase_refs, erase_with_all
from evenhand.actions.people.evacuation.holding import end_evacuations, join_evacuations
from evenhand.actions.people.finding import get_registration, reach_household, reach_person
from evenhand.actions.people.sealed import correct_values, indexes_of, seal_values
from evenhand.actions.people.values import read_members, read_values, wrong_birth
from evenhand.errors import ActionRefused, InputRefused, OptionRefused, Problem
from evenhand.lookups.people.reading import expect_kept
from evenhand.people.fields import BY_NAME, RELATIONS, Of
from evenhand.people.models import BlindIndex, Household, PeopleLine, Person, Registration
from evenhand.people.opening import sealer
from evenhand.records.models import Party
from evenhand.records.tree import target_of

HouseholdRef = Annotated[str, "the household's ref, HH-..."]
PersonRef = Annotated[str, "the person's ref, PN-..."]
Number = Annotated[int, "the number of the household's state that you saw; 0 where you did not look"]
Given = Annotated[Mapping[str, str], "field → what it is"]

OTHERS = tuple(word for word in RELATIONS if word != "head")
"""Who somebody may be to a head who is another."""

MOST: int = 60
"""Members of one household; more than that is several."""


@people_action("people register")
def register_household(
    doing: Doing,
    *,
    registration: Annotated[str, "the registration's ref, RG-..."],
    site: Annotated[str, "the key of the party that serves it: a site, a clinic"],
    members: Annotated[Sequence[Mapping[str, str]], "its members, field → what it is, the head among them"],
    household: Annotated[Mapping[str, str], "fields of the household itself"] = {},
) -> Done:
    """Register a household with its members. What is odd but possible is taken, and told as a doubt."""
    row, place = get_registration(registration), get_party(site)
    doing.require(target_of(place, doing.today))
    _expect_open(row, doing.today)
    _expect_site(doing, row, place)
    if len(members) > MOST:
        raise ActionRefused(f"a household of {len(members)} is more than {MOST}; register several")
    asked = list(row.fields)
    read, doubts = read_members(members, asked, doing.today)
    own, problems = read_values("household", household, asked, doing.today, "household")
    if problems:
        raise InputRefused(problems)
    made = Household(ref=doing.ref("HH"), registration=row, site=place.key, made_at=doing.at)
    made.boxes = seal_values(made.ref, own)
    made.save(force_insert=True)
    BlindIndex.objects.bulk_create(indexes_of(row.ref, made.ref, own))
    persons = _add_members(doing, made, row, read)
    return doing.done(made.ref, persons=[one.ref for one in persons], number=made.number, doubts=doubts)


@people_action("people register")
def add_member(doing: Doing, *, household: HouseholdRef, member: Given, number: Number = 0) -> Done:
    """Add somebody to a household: born, returned, found. Who is alone in it is its head."""
    row = reach_household(doing, household)
    _expect_held(row)
    _expect_open(row.registration, doing.today)
    _expect_newest(row, number)
    if row.persons.count() >= MOST:
        raise ActionRefused(f"{row.ref} has {MOST} members already; register another household")
    values, problems = read_values("person", member, list(row.registration.fields), doing.today, "member 1")
    if not problems and values.get("relation") == "head" and row.persons.filter(state="present", is_head=True).exists():
        problems.append(
            Problem("member 1", 0, "relation", "the household has a head already; follow or correct that one first")
        )
    problems += [
        Problem("member 1", 0, name, "it is empty; without it nobody can be told from the others")
        for name in ("given_name", "relation")
        if name not in values and not any(one.column == name for one in problems)
    ]
    if problems:
        raise InputRefused(problems)
    (person,) = _add_members(doing, row, row.registration, [values])
    _seat_head(doing, person)
    row.state = "present"
    _count(row)
    return doing.done(person.ref, household=row.ref, number=row.number)


@people_action("people correct")
def correct_record(
    doing: Doing,
    *,
    record: Annotated[str, "the ref of a household, HH-..., or of a person, PN-..."],
    fields: Given,
    number: Number = 0,
) -> Done:
    """Correct fields of a household or of a person; what they were stays readable until the record is erased.

    A field that who corrects may not read is always answered as changed: else the answer would tell that a guess at it was right.
    """
    row = _reach(doing, record)
    household = row if isinstance(row, Household) else row.household
    expect_kept(household.registration, doing.today)
    _expect_held(row)
    _expect_newest(household, number)
    of: Of = "household" if isinstance(row, Household) else "person"
    asked = list(household.registration.fields)
    values, problems = read_values(of, fields, asked, doing.today, of)
    values |= {name: "" for name, text in fields.items() if not text.strip() and name in BY_NAME}
    hidden = _hidden_from(doing, household)
    if isinstance(row, Person):
        problems += [*_wrong_role(row, values), *_wrong_birth(row, values, hidden)]
    if not fields:
        problems.append(Problem(of, 0, "", "nothing is to be corrected; name a field"))
    if problems:
        raise InputRefused(problems)
    if not doing.reason.strip():
        raise ActionRefused("a correction needs a reason; say how it is known")
    changed = {*correct_values(doing, row, household.registration_id, values), *(hidden & values.keys())}
    if changed:
        _count(household)
    return doing.done(row.ref, changed=sorted(changed), number=household.number)


@people_action("people follow")
def follow_person(
    doing: Doing,
    *,
    person: PersonRef,
    state: Annotated[str, "departed, dead, withdrawn, or present for who came back"],
    since: Annotated[date | None, "the day; today where not said"] = None,
    new_head: Annotated[str, "who is the head now, where the head leaves, PN-..."] = "",
) -> Done:
    """Write down that somebody left, died, withdrew or came back; a household without its head gets another."""
    row = reach_person(doing, person)
    expect_kept(row.household.registration, doing.today)
    _expect_held(row)
    _expect_word("state", state, ("departed", "dead", "withdrawn", "present"))
    on = since or doing.today
    if on > doing.today:
        raise ActionRefused(f"{on} is yet to come")
    if row.state == state:
        raise ActionRefused(f"{row.ref} is {state} already")
    if row.state == "dead":
        raise ActionRefused(
            f"{row.ref} was written down as dead; where that was wrong, register the person anew and say so"
        )
    if row.state == "withdrawn" and state != "dead":
        _expect_asked_anew(row, state)
    others = row.household.persons.filter(state="present").exclude(pk=row.pk)
    heir = None
    if row.is_head and state != "present" and others.exists():
        heir = others.filter(pk=new_head).first()
        if heir is None:
            raise ActionRefused(
                "this is the head of the household; name who is its head now, one of its present members"
            )
    if heir is not None or (state == "present" and others.filter(is_head=True).exists()):
        row.is_head = False
    if state != "present":
        end_evacuations(doing, [row], state)
    row.state, row.since = state, on
    row.save()
    if heir is not None or state == "present":
        _seat_head(doing, heir or row)
    household = row.household
    household.state = "present" if household.persons.filter(state="present").exists() else "departed"
    _count(household)
    return doing.done(row.ref, household=household.ref, state=household.state, number=household.number)


@people_action("people merge")
def merge_persons(
    doing: Doing,
    *,
    person: PersonRef,
    into: Annotated[str, "the ref of the record that stays, PN-..."],
) -> Done:
    """Take two records for one person, as somebody decided: one stays, the other points to it and is kept until erased."""
    row, kept = reach_person(doing, person), reach_person(doing, into)
    expect_kept(kept.household.registration, doing.today)
    _expect_two(row, kept)
    if row.household.registration_id != kept.household.registration_id:
        raise ActionRefused(
            "the two are of different registrations, whose purposes may differ; nothing is merged across them"
        )
    if row.is_head and row.household.persons.filter(state="present").exclude(pk=row.pk).exists():
        raise ActionRefused(
            f"{row.ref} is the head of {row.household_id}, where others live; merge or split that household first"
        )
    if not doing.reason.strip():
        raise ActionRefused("taking two records for one person needs a reason; say how it is known")
    join_evacuations(doing, row, kept)
    row.state, row.merged_into, row.since = "merged", kept, doing.today
    row.save()
    household = row.household
    if household.pk != kept.household_id:
        ask_anew(doing, household, kept.household)
    left = set(household.persons.values_list("state", flat=True))
    if left <= {"merged", "erased"}:
        household.state, household.merged_into = "merged", kept.household
    elif "present" not in left:
        household.state = "departed"
    _count(household)
    return doing.done(kept.ref, merged=row.ref)


@people_action("people merge")
def merge_households(
    doing: Doing,
    *,
    household: HouseholdRef,
    into: Annotated[str, "the ref of the household that stays, HH-..."],
    relations: Annotated[
        Mapping[str, str], "person → who it is to the head of the one that stays; not-related where not said"
    ] = {},
) -> Done:
    """Let two households live as one: everybody moves to the one that stays, whose head is the head."""
    row, kept = reach_household(doing, household), reach_household(doing, into)
    expect_kept(kept.registration, doing.today)
    _expect_two(row, kept)
    if row.registration_id != kept.registration_id:
        raise ActionRefused(
            "the two are of different registrations, whose purposes may differ; nothing is merged across them"
        )
    moving = list(row.persons.exclude(state__in=("merged", "erased")))
    if not relations.keys() <= {one.ref for one in moving}:
        raise ActionRefused(f"relations names somebody who is not in {row.ref}; give the refs of its persons, PN-...")
    for one in relations.values():
        _expect_word("relation", one, OTHERS)
    for person in moving:
        person.household, person.is_head = kept, False
        person.save()
        correct_values(doing, person, row.registration_id, {"relation": relations.get(person.ref, "not-related")})
    ask_anew(doing, row, kept)
    row.state, row.merged_into = "merged", kept
    _count(row)
    _count(kept)
    return doing.done(kept.ref, moved=[one.ref for one in moving], number=kept.number)


@people_action("people merge")
def split_household(
    doing: Doing,
    *,
    household: HouseholdRef,
    persons: Annotated[Sequence[str], "who leaves to live apart, PN-..."],
    head: Annotated[str, "who of them is the head, PN-..."],
    relations: Annotated[Mapping[str, str], "person → who it is to the new head; not-related where not said"] = {},
    site: Annotated[str, "the key of the party that serves them; the same where not said"] = "",
) -> Done:
    """Let some of a household live apart as one of their own."""
    row = reach_household(doing, household)
    expect_kept(row.registration, doing.today)
    _expect_held(row)
    leaving = list(row.persons.filter(pk__in=list(persons), state="present"))
    if len(leaving) != len(set(persons)) or not leaving:
        raise ActionRefused("name present members of the household, one or more")
    if head not in {one.ref for one in leaving}:
        raise ActionRefused("the new household's head is one of those who leave")
    if any(one.is_head for one in leaving):
        raise ActionRefused("the head of the household stays; those who live apart are the others")
    place = get_party(site) if site else get_party(row.site)
    doing.require(target_of(place, doing.today))
    _expect_site(doing, row.registration, place)
    made = Household.objects.create(
        ref=doing.ref("HH"), registration=row.registration, site=place.key, made_at=doing.at
    )
    for person in leaving:
        relation = "head" if person.ref == head else relations.get(person.ref, "not-related")
        _expect_word("relation", relation, RELATIONS if person.ref == head else OTHERS)
        person.household, person.is_head = made, person.ref == head
        person.save()
        correct_values(doing, person, row.registration_id, {"relation": relation})
    _count(row)
    return doing.done(made.ref, persons=[one.ref for one in leaving], left=row.ref, number=row.number)


@people_action("people erase")
def erase_record(
    doing: Doing, *, record: Annotated[str, "the ref of a household, HH-..., or of a person, PN-..."]
) -> Done:
    """Erase what is held about a household with all its members, or about one person: nothing brings it back.

    What stays is a ref without anything behind it, so that the stock book and the lines of who read what can be checked. Records
    that were merged into it go too, and a household with the last person who is held in it.
    """
    row = _reach(doing, record)
    if row.state == "erased":
        raise ActionRefused(f"{row.ref} is erased already")
    if not doing.reason.strip():
        raise ActionRefused("erasing needs a reason: who asked for it, or which last day has passed")
    if isinstance(row, Household):
        persons, households = erase_with_all(row.persons.order_by("pk").values_list("pk", flat=True), [row.ref])
    else:
        _expect_no_head(row)
        persons, households = erase_with_all([row.ref], [])
    return doing.done(row.ref, persons=persons, households=households)


@people_action("people erase")
def erase_expired(
    doing: Doing, *, registration: Annotated[str, "the ref of a registration whose last day has passed, RG-..."]
) -> Done:
    """Erase everybody of a registration whose last day has passed."""
    row = get_registration(registration)
    doing.require(target_of(get_party(row.party), doing.today))
    if doing.today <= row.retain_until:
        raise ActionRefused(f"{row.ref} keeps its data until {row.retain_until}; erase single households until then")
    households = list(Household.objects.filter(registration=row).exclude(state="erased").values_list("pk", flat=True))
    persons = list(
        Person.objects.filter(household__registration=row).exclude(state="erased").values_list("pk", flat=True)
    )
    erase_refs(persons, households)
    if row.state == "open":
        row.state, row.closed_at = "closed", doing.at
        row.save(update_fields=["state", "closed_at"])
    return doing.done(row.ref, households=len(households), persons=len(persons))


def _add_members(
    doing: Doing, household: Household, row: Registration, read: Sequence[Mapping[str, str]]
) -> list[Person]:
    persons, found = [], []
    for values in read:
        one = Person(
            ref=doing.ref("PN"),
            household=household,
            is_head=values["relation"] == "head",
            since=doing.today,
            made_at=doing.at,
        )
        one.boxes = seal_values(one.ref, values)
        found += indexes_of(row.ref, one.ref, values)
        persons.append(one)
    Person.objects.bulk_create(persons)
    BlindIndex.objects.bulk_create(found)
    return persons


def _seat_head(doing: Doing, person: Person) -> None:
    """Let who became present be the head of a household without one; who comes back to another head is one of the others."""
    others = person.household.persons.exclude(pk=person.pk)
    registration = person.household.registration_id
    if others.filter(state="present", is_head=True).exists():
        if _open(person, ["relation"]).get("relation") == "head":
            correct_values(doing, person, registration, {"relation": "not-related"})
        return
    others.filter(is_head=True).update(is_head=False)
    person.is_head = True
    person.save(update_fields=["is_head"])
    correct_values(doing, person, registration, {"relation": "head"})


def _open(row: Household | Person, fields: Iterable[str]) -> dict[str, str]:
    return sealer().open_all(row.ref, {field: row.boxes[field] for field in fields if field in row.boxes})


def _hidden_from(doing: Doing, household: Household) -> frozenset[str]:
    """Return the fields that no role by which who acts reads people of the household lets them read."""
    target = target_of(get_party(household.site), doing.today)
    roles = {role for role in RIGHTS["see people"] if doing.viewer.holds(role, target)}
    return frozenset(
        name for name, asked in household.registration.fields.items() if roles.isdisjoint(asked["readers"])
    )


def _count(household: Household) -> None:
    household.number += 1
    household.save()


def _reach(doing: Doing, record: str) -> Household | Person:
    if record.startswith("HH-"):
        return reach_household(doing, record)
    return reach_person(doing, record)


def _expect_open(row: Registration, today: date) -> None:
    if row.state != "open" or today > row.retain_until:
        raise ActionRefused(f"{row.ref} is closed; nobody is registered in it any more")


def _expect_site(doing: Doing, row: Registration, place: Party) -> None:
    if row.party not in target_of(place, doing.today).parties:
        raise ActionRefused(f"{place.key} is not below {row.party}, which keeps {row.ref}; choose a site of it")


def _expect_held(row: Household | Person) -> None:
    if row.state in ("merged", "erased"):
        raise ActionRefused(
            f"{row.ref} is {row.state}; "
            + (f"see {row.merged_into_id}" if row.merged_into_id else "nothing is held of it")
        )


def _expect_two(row: Household | Person, kept: Household | Person) -> None:
    if row.pk == kept.pk:
        raise ActionRefused("a record is not merged with itself; name two")
    for one in (row, kept):
        _expect_held(one)
    if kept.state != "present":
        raise ActionRefused(f"{kept.ref} is {kept.state}; what stays is present")


def _expect_no_head(row: Person) -> None:
    others = row.household.persons.filter(state="present").exclude(pk=row.pk)
    if row.is_head and row.state == "present" and others.exists():
        raise ActionRefused(
            "this is the head of a household; write down who is its head now first, or erase the household"
        )


def _expect_newest(row: Household, number: int) -> None:
    if number and number != row.number:
        raise ActionRefused(
            f"{row.ref} was changed since you saw it (you saw its state {number}, it is {row.number} now); look again, then decide"
        )


def _expect_word(what: str, word: str, words: Sequence[str]) -> None:
    """Refuse a word that is none of these, and do not repeat it: where the columns of a sheet have shifted it is a name."""
    if word not in words:
        raise OptionRefused(f"the {what} is none of {', '.join(words)}")


def _expect_asked_anew(row: Person, state: str) -> None:
    """Refuse that who withdrew is followed again, unless they come back and their household has consented to something since.

    Since they withdrew, that is, and since the households were merged in which they are now.
    """
    withdrew, moved = Q(name="people follow", about=row.ref), Q(name="people merge", about=row.household_id)
    line = PeopleLine.objects.filter(withdrew | moved).order_by("-at").first()
    if state != "present" or line is None or not has_consented_since(row.household, line.at):
        raise ActionRefused(
            f"{row.ref} withdrew and comes back only where the household consents anew; ask, write its consent to a purpose down, "
            "then follow them as present"
        )


def _wrong_role(row: Person, values: Mapping[str, str]) -> list[Problem]:
    """Say what is wrong with a new relation: being head is followed, not corrected; a name is never emptied."""
    found = []
    if "relation" in values and (values["relation"] == "head") != row.is_head:
        found.append(
            Problem("person", 0, "relation", "who is the head is changed by following the head, with new_head")
        )
    found += [
        Problem("person", 0, name, "it cannot be empty")
        for name in ("given_name", "relation")
        if values.get(name, "x") == ""
    ]
    return found


def _wrong_birth(row: Person, values: Mapping[str, str], hidden: frozenset[str]) -> list[Problem]:
    """Say that a new day or year of birth is not of the one that is held; nothing of what who corrects may not read."""
    born = {"birth_date", "birth_year"}
    if len(born & values.keys()) != 1:  # both: they were compared as they were read
        return []
    return wrong_birth({**_open(row, born - hidden - values.keys()), **values}, "person")
