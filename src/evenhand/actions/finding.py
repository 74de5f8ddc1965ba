"""Finding what an action names, or refusing with the nearest name that exists, where its kind is a public list.

Used by the actions. Rows that are about to be changed are read under the write lock, so no row lock is needed. Must never
suggest a ref: that a draft exists is for its own party to know.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model

from evenhand.lookups.choosing import NEAREST_AMONG as NEAREST_AMONG
from evenhand.lookups.choosing import refuse_unknown
from evenhand.records.models import Evidence, Group, Need, Offer, Party, Place, Programme, Resource
from evenhand.rounds.models import Objection, Round
from evenhand.stockbook.models import Consignment

Row = TypeVar("Row", bound=Model)


def get_row(model: type[Row], kind: str, key: str) -> Row:
    """Return a row by its key or ref. Raises NameUnknown."""
    row = model._default_manager.filter(pk=key).first()
    if row is None:
        raise refuse_unknown(kind, key)
    return row


def get_party(key: str) -> Party:
    """Return a party. Raises NameUnknown."""
    return get_row(Party, "party", key)


def get_group(key: str) -> Group:
    """Return a group. Raises NameUnknown."""
    return get_row(Group, "group", key)


def get_place(key: str) -> Place:
    """Return a place. Raises NameUnknown."""
    return get_row(Place, "place", key)


def get_resource(key: str) -> Resource:
    """Return a resource. Raises NameUnknown."""
    return get_row(Resource, "resource", key)


def get_programme(ref: str) -> Programme:
    """Return a programme. Raises NameUnknown."""
    return get_row(Programme, "programme", ref)


def get_need(ref: str) -> Need:
    """Return a need. Raises NameUnknown."""
    return get_row(Need, "need", ref)


def get_offer(ref: str) -> Offer:
    """Return an offer. Raises NameUnknown."""
    return get_row(Offer, "offer", ref)


def get_round(ref: str) -> Round:
    """Return a round. Raises NameUnknown."""
    return get_row(Round, "round", ref)


def get_objection(ref: str) -> Objection:
    """Return an objection. Raises NameUnknown."""
    return get_row(Objection, "objection", ref)


def get_consignment(ref: str) -> Consignment:
    """Return a consignment. Raises NameUnknown."""
    return get_row(Consignment, "consignment", ref)


def get_evidence(ref: str) -> Evidence:
    """Return a piece of evidence. Raises NameUnknown."""
    return get_row(Evidence, "evidence", ref)
