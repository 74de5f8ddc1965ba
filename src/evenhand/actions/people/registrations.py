"""Actions on registrations: open one with its impact assessment, close it, switch sharing on by two and off by one.

A registration names the fields that it asks for, each with a reason and the roles that may read it; nothing else is ever kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Final

from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done
from evenhand.actions.finding import get_party, get_place
from evenhand.actions.people.action import people_action
from evenhand.actions.people.finding import get_registration, get_sharing
from evenhand.actions.typed import read_key, read_line, read_text
from evenhand.errors import ActionRefused, InputRefused, Problem, suggest
from evenhand.people.fields import ALWAYS, BY_NAME
from evenhand.people.models import Assessment, Registration, Sharing
from evenhand.records.tree import target_of

READERS: Final = ("registrar", "case-worker")
"""The roles that a registration may let read a field."""

LONGEST: Final = timedelta(days=5 * 366)
"""Data of people are kept so long at most, before somebody decides anew."""

LONGEST_SHARING: Final = timedelta(days=184)
QUESTIONS: Final = {
    "necessity": "why it cannot be done with less data, or none",
    "risks": "what could happen to people if the data were lost, seen or used for something else",
    "measures": "what is done against each of these risks",
    "consulted": "which of the people concerned, or who speaks for them, were asked",
}
"""What the impact assessment answers, beside purposes, fields, readers, recipients and the last day."""


@people_action("people open")
def open_registration(
    doing: Doing,
    *,
    title: Annotated[str, "what it is called"],
    party: Annotated[str, "the key of the party that keeps it"],
    purposes: Annotated[Mapping[str, str], "what data may be used for: a short name → a sentence"],
    fields: Annotated[Mapping[str, str], "the fields that it asks for → why each is needed"],
    retain_until: Annotated[date, "the last day on which data are kept"],
    assessment: Annotated[Mapping[str, str], "answers: necessity, risks, measures, consulted"],
    readers: Annotated[
        Mapping[str, str], "field → the roles that may read it, separated by ';'; both where not said"
    ] = {},
    recipients: Annotated[
        Mapping[str, str], "with whom data could be shared, a key → what for; nobody where not said"
    ] = {},
    place: Annotated[str, "the key of the place"] = "",
) -> Done:
    """Open a registration: what is asked, why, who reads it, until when; the assessment is kept as evidence."""
    keeper = get_party(party)
    doing.require(target_of(keeper, doing.today))
    problems = [
        *_wrong_purposes(purposes), *_wrong_fields(fields, readers), *_wrong_answers(assessment),
        *_wrong_last_day(retain_until, doing.today),
    ]  # fmt: skip
    if problems:
        raise InputRefused(problems)
    row = Registration.objects.create(
        ref=doing.ref("RG"),
        title=read_line("title", title, most=200),
        party=keeper.key,
        place=get_place(place).key if place else "",
        purposes={
            read_key("purpose", name): read_line(f"purpose {name}", said, most=300) for name, said in purposes.items()
        },
        recipients={
            read_key("recipient", key): read_line(f"recipient {key}", said, most=300)
            for key, said in recipients.items()
        },
        fields={
            name: {"reason": " ".join(why.split()), "readers": _readers(name, readers)} for name, why in fields.items()
        },
        retain_until=retain_until,
        opened_by=doing.viewer.public_id,
        opened_at=doing.at,
    )
    text = json.dumps(
        {
            "registration": row.ref, "title": row.title, "party": row.party, "purposes": row.purposes, "fields": row.fields,
            "recipients": row.recipients, "retain_until": retain_until.isoformat(),
            **{name: read_text(name, assessment[name], most=5000) for name in QUESTIONS},
        },
        ensure_ascii=False, indent=1, sort_keys=True,
    )  # fmt: skip
    digest = hashlib.sha256(text.encode()).hexdigest()
    Assessment.objects.create(registration=row, text=text, sha256=digest, by=doing.viewer.public_id, at=doing.at)
    return doing.done(row.ref, assessment_sha256=digest)


@people_action("people close")
def close_registration(doing: Doing, *, registration: Annotated[str, "the registration's ref, RG-..."]) -> Done:
    """Close a registration: nobody is registered in it any more; who is can still see, correct and erase."""
    row = get_registration(registration)
    doing.require(_target(row, doing.today))
    if row.state == "closed":
        raise ActionRefused(f"{row.ref} is closed already")
    row.state, row.closed_at = "closed", doing.at
    row.save(update_fields=["state", "closed_at"])
    return doing.done(row.ref)


@people_action("people share")
def ask_sharing(
    doing: Doing,
    *,
    registration: Annotated[str, "the registration's ref, RG-..."],
    recipient: Annotated[str, "to whom, one of the registration's recipients"],
    purpose: Annotated[str, "what for, one of the registration's purposes"],
    until: Annotated[date, "the last day on which anything is shared"],
) -> Done:
    """Ask, as one of a board, that persons who consented may be exported to a recipient; another member switches it on."""
    row = get_registration(registration)
    doing.require(_target(row, doing.today))
    if not doing.reason.strip():
        raise ActionRefused("sharing people's data with somebody needs a reason; say why less would not do")
    _expect("recipient", recipient, row.recipients)
    _expect("purpose", purpose, row.purposes)
    last = min(row.retain_until, doing.today + LONGEST_SHARING)
    if not doing.today <= until <= last:
        raise ActionRefused(f"{until} is not between today and {last}; nothing is shared for longer")
    made = Sharing.objects.create(
        registration=row, recipient=recipient, purpose=purpose, reason=doing.reason, until=until,
        first_by=doing.viewer.public_id, first_at=doing.at,
    )  # fmt: skip
    return doing.done(row.ref, sharing=made.pk)


@people_action("people share")
def switch_sharing(
    doing: Doing,
    *,
    sharing: Annotated[int, "the number of the sharing"],
    on: Annotated[bool, "on, by a second member of the board; off, by any"],
) -> Done:
    """Switch a sharing on, which takes a second member of the board, or off, which takes one."""
    row = get_sharing(sharing)
    doing.require(_target(row.registration, doing.today))
    if on and row.state != "asked":
        raise ActionRefused(f"the sharing {row.pk} is {row.state} already; ask for a new one")
    if on and row.first_by == doing.viewer.public_id:
        raise ActionRefused("you asked for it; another member of the board has to agree")
    if on and row.until < doing.today:
        raise ActionRefused(f"it was asked for until {row.until}, which is over; ask for a new one")
    if not on and row.state == "off":
        raise ActionRefused(f"the sharing {row.pk} is off already")
    if on:
        row.state, row.second_by, row.second_at = "on", doing.viewer.public_id, doing.at
    else:
        row.state, row.ended_at = "off", doing.at
    row.save()
    return doing.done(row.registration_id, sharing=row.pk, state=row.state)


def _target(row: Registration, day: date) -> Target:
    return target_of(get_party(row.party), day)


def _expect(kind: str, name: str, known: Mapping[str, str]) -> None:
    if name not in known:
        there = ", ".join(sorted(known)) or "none"
        raise ActionRefused(f"the registration names no {kind} '{name}'{suggest(name, list(known))}; it names {there}")


def _wrong_purposes(purposes: Mapping[str, str]) -> list[Problem]:
    if not purposes:
        return [
            Problem("purposes", 0, "", "there is none; say what the data are for, such as food = rations every month")
        ]
    return [
        Problem("purposes", 0, name, "say in a sentence what it means")
        for name, said in purposes.items()
        if not said.strip()
    ]


def _wrong_fields(fields: Mapping[str, str], readers: Mapping[str, str]) -> list[Problem]:
    found = [
        Problem(
            "fields", 0, name, f"there is no such field{suggest(name, list(BY_NAME))}; there are {', '.join(BY_NAME)}"
        )
        for name in [*fields, *(name for name in readers if name not in fields)]
        if name not in BY_NAME
    ]
    found += [
        Problem("fields", 0, name, "give its reason: what could not be done without it")
        for name, why in fields.items()
        if name in BY_NAME and not why.strip()
    ]
    found += [
        Problem("fields", 0, name, "it is always needed; give its reason") for name in ALWAYS if name not in fields
    ]
    for name, roles in readers.items():
        wrong = [role for role in _split(roles) if role not in READERS]
        if wrong or not _split(roles):
            found.append(Problem("readers", 0, name, f"name {' or '.join(READERS)}, separated by ';'"))
    return found


def _wrong_answers(assessment: Mapping[str, str]) -> list[Problem]:
    found = [
        Problem("assessment", 0, name, f"say {what}")
        for name, what in QUESTIONS.items()
        if not assessment.get(name, "").strip()
    ]
    found += [
        Problem("assessment", 0, name, f"there is no such question{suggest(name, list(QUESTIONS))}")
        for name in assessment
        if name not in QUESTIONS
    ]
    return found


def _wrong_last_day(until: date, today: date) -> list[Problem]:
    if today <= until <= today + LONGEST:
        return []
    return [
        Problem("", 0, "retain_until", f"{until} is not between today and {today + LONGEST}; data are kept no longer")
    ]


def _readers(name: str, readers: Mapping[str, str]) -> list[str]:
    """Return the roles that may read a field: those that are named, else both; of health, else case workers alone."""
    usual = ["case-worker"] if BY_NAME[name].health else list(READERS)
    return [role for role in READERS if role in _split(readers[name])] if name in readers else usual


def _split(roles: str) -> list[str]:
    return [one.strip() for one in roles.split(";") if one.strip()]
