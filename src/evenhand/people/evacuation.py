"""The words of medical evacuation, declared once as data: services, urgencies, fitness, stages, and what a choice costs.

Read by the actions, the lookups, the forms and the reference page. Holds no Django and knows no person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal

SERVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "burns": "care of burns",
        "cardiology": "the heart",
        "dialysis": "dialysis",
        "intensive": "intensive care",
        "neonatal": "care of the newborn",
        "neurology": "the brain and the nerves",
        "obstetric": "pregnancy and birth with danger",
        "oncology": "cancer",
        "ophthalmology": "the eyes",
        "orthopaedic": "bones and joints, artificial limbs",
        "paediatric": "care of children that is not there",
        "psychiatric": "mental illness",
        "rehabilitation": "learning to move and live again",
        "surgery": "operations",
        "transplant": "transplants",
    }
)
"""Code of a service → what it treats."""

URGENCIES: Final = ("immediate", "urgent", "planned")
"""In the order in which they are served: nobody urgent waits behind somebody planned."""

FITNESS: Final = ("walking", "seated", "lying", "escort", "ventilated")
"""How somebody can travel: alone on foot, seated, lying, with a health worker, with a machine that breathes."""

ENDS: Final = ("died", "withdrawn", "not-needed", "stays")
"""Why an evacuation ends before its way back: stays is who was treated and settles where the hospital is."""

GONE: Final[Mapping[str, str]] = MappingProxyType({"dead": "died", "withdrawn": "withdrawn", "departed": "departed"})
"""What became of a person → why a need that has not left ends by itself."""

ENDED: Final = (*ENDS, "departed", "merged", "erased")
"""Why a need is ended: what was said, or what became of the person or of the record."""

OVER: Final = ("returned", "ended")
"""The states of a need for which nothing more is done."""

NOT_LEFT: Final = ("asked", "matched", "referred", "accepted")
"""The states of a need whose patient has not set out, in the order in which they are reached."""

Way = Literal["out", "back"]
WAYS: Final[tuple[Way, ...]] = ("out", "back")
STAGES: Final = ("accepted", "left", "crossed", "admitted", "discharged", "returned-home")
HOSPITALS_STAGES: Final = ("admitted", "discharged")
"""What the hospital says; the others are said by who sends."""

NEXT: Final[Mapping[tuple[str, str], tuple[str, ...]]] = MappingProxyType(
    {
        ("out", ""): ("accepted",),
        ("out", "accepted"): ("left",),
        ("out", "left"): ("crossed", "admitted"),
        ("out", "crossed"): ("crossed", "admitted"),
        ("out", "admitted"): ("discharged",),
        ("out", "discharged"): (),
        ("back", ""): ("accepted",),
        ("back", "accepted"): ("left",),
        ("back", "left"): ("crossed", "returned-home"),
        ("back", "crossed"): ("crossed", "returned-home"),
        ("back", "returned-home"): (),
    }
)
"""The way and the stage that was reached → the stages that may follow."""

NEED_STATE: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("out", ""): "asked",
        ("out", "accepted"): "accepted",
        ("out", "left"): "travelling",
        ("out", "crossed"): "travelling",
        ("out", "admitted"): "admitted",
        ("out", "discharged"): "discharged",
        ("back", ""): "discharged",
        ("back", "accepted"): "discharged",
        ("back", "left"): "discharged",
        ("back", "crossed"): "discharged",
        ("back", "returned-home"): "returned",
    }
)
"""The way and the stage that was reached → the state of the need."""

CHILD: Final = 18
"""Years; who is younger travels with a grown-up of the household."""

NO_LANGUAGE: Final = 2000
"""Kilometres that a hospital counts as farther away where nobody speaks a language of the patient."""

STAYS_BEHIND: Final = 500
"""Kilometres for each companion who could not stay at the hospital."""

UNKNOWN_WAY: Final = 1000
"""Kilometres where nobody knows where the site or the hospital is."""


def cost_of(*, speaks: bool, left_behind: int, kilometres: int | None) -> int:
    """Return what a hospital costs a patient, in kilometres: who gets a place is not decided by it, only where.

    Examples
    --------
    >>> cost_of(speaks=True, left_behind=0, kilometres=120)
    120
    >>> cost_of(speaks=False, left_behind=2, kilometres=None)
    4000
    """
    far = UNKNOWN_WAY if kilometres is None else kilometres
    return far + STAYS_BEHIND * left_behind + (0 if speaks else NO_LANGUAGE)


def handles_of(service: str, fitness: str, *, guarded: bool) -> tuple[str, ...]:
    """Return what the engine is told of a patient: the service, and what the patient does not ask of a hospital.

    Examples
    --------
    >>> handles_of("burns", "ventilated", guarded=True)
    ('burns', 'no-escort', 'no-lying', 'no-seated', 'no-walking')
    """
    others = [f"no-{one}" for one in FITNESS if one != fitness]
    return tuple(sorted([service, *others, *([] if guarded else ["no-guardian"])]))


def requires_of(service: str, fitness: tuple[str, ...], *, companions: int) -> tuple[str, ...]:
    """Return what a hospital's places ask for: the service, nobody whom it cannot take, no child where no guardian can stay.

    Examples
    --------
    >>> requires_of("burns", ("walking", "seated", "lying", "escort"), companions=0)
    ('burns', 'no-guardian', 'no-ventilated')
    """
    closed = [f"no-{one}" for one in FITNESS if one not in fitness]
    return tuple(sorted([service, *closed, *([] if companions else ["no-guardian"])]))


def mark_of(salt: str, name: str) -> str:
    """Return what stands for a patient, places or a word in a proof: it says nothing to whoever has not the proposal's salt.

    Examples
    --------
    >>> mark_of("salt", "EN-0123456789")
    'm-70bf5712db14a1fe8fab8996ca4186f4'
    """
    return f"m-{hashlib.sha256(f'evenhand/evacuation/1/{salt}/{name}'.encode()).hexdigest()[:32]}"


def classes_of(salt: str, words: Iterable[str]) -> dict[str, str]:
    """Return for each word of handles the class that stands for it in a proof: c1, c2, ... in the order of their marks.

    Examples
    --------
    >>> sorted(classes_of("salt", ["burns", "no-lying", "burns"]).values())
    ['c1', 'c2']
    """
    return {word: f"c{number}" for number, word in enumerate(sorted(set(words), key=lambda one: mark_of(salt, one)), 1)}


def fits(handles: tuple[str, ...], requires: tuple[str, ...]) -> bool:
    """Say whether a patient can have a place: everything that it asks for is so."""
    return set(requires) <= set(handles)
