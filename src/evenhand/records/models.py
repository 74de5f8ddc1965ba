"""Tables: groups, places, parties, resources, programmes, needs, offers, evidence.

Everything is named by a key or a ref that people may see and files may hold, never by a running number. Quantities are
whole base units; beside them stands what was typed. Written by `evenhand.actions` alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from evenhand.ledger.stages import KINDS

KEY = 64
REF = 16
BASE_UNITS = "whole base units of the resource"
FAR = date(9999, 12, 31)
"""Stands in an order for a day that nobody named: after all others."""


def key_field(**options: Any) -> models.CharField[str, str]:
    """Return the column of a key that people choose."""
    return models.CharField(max_length=KEY, **options)


class Place(models.Model):
    """A country, district or site, by ISO 3166 alpha-3 or p-code."""

    key = key_field(primary_key=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=3, db_index=True)
    level = models.PositiveSmallIntegerField(default=0)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.key} {self.name}"


class Party(models.Model):
    """A state, organisation, facility, team or company that needs, gives or carries; parties form a tree."""

    KINDS: ClassVar = ("state", "organisation", "facility", "team", "company")

    key = key_field(primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS], db_index=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True)
    handles = models.CharField(max_length=400, blank=True, help_text="what it can handle, separated by ';'")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.key} {self.name}"


class Group(models.Model):
    """A named set of parties with dated membership and dated offices."""

    key = key_field(primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, blank=True)
    founded = models.CharField(max_length=10, blank=True)
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.key} {self.name}"


class Membership(models.Model):
    """One party's membership of one group, from a date until a date (as exactly as it is known: 1961 or 1961-09-01)."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=20, default="member")
    source = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "party", "status", "since"], name="membership_once")
        ]


class Office(models.Model):
    """One party's office in one group: chair, council seat, observer."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="offices")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="offices")
    office = models.CharField(max_length=60)
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "party", "office", "since"], name="office_once")
        ]


class Resource(models.Model):
    """What can be needed or given. Its packs and parts are whole numbers of base units.

    A resource may be one of a family (`family`): a need for the family can be met by any of it, `per_person` base
    units of each making one service unit.
    """

    key = key_field(primary_key=True)
    name = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    family = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    base_unit = models.CharField(max_length=40)
    packs = models.JSONField(default=dict, help_text="pack name → base units in it")
    parts = models.JSONField(default=dict, help_text="for a kit: resource key → base units of it in one kit")
    per_person = models.CharField(max_length=24, default="1", help_text="base units that make one service unit")
    requires = models.CharField(max_length=400, blank=True)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.key} {self.name}"


class Code(models.Model):
    """One code of one party, place or resource in somebody's scheme (GLIDE, UNSPSC, FTS organisation id, ...)."""

    of = models.CharField(max_length=12, choices=[(of, of) for of in ("party", "place", "resource")])
    key = key_field()
    scheme = models.CharField(max_length=40)
    code = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "scheme", "code"], name="code_once")]
        indexes: ClassVar = [models.Index(fields=["of", "key"], name="code_by_key")]


class Programme(models.Model):
    """An aid programme, exercise, reconstruction or event that needs, offers and consignments can belong to."""

    ref = models.CharField(max_length=REF, primary_key=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    lead = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    sdg_targets = models.CharField(max_length=200, blank=True, help_text="such as 3.8;3.b")

    def __str__(self) -> str:
        return self.title


class Need(models.Model):
    """What a party needs of a resource, until when it is valid. A correction is a new row that replaces the old one.

    Attributes
    ----------
    state
        draft, submitted, approved, withdrawn or corrected; whether it has lapsed follows from `valid_until`.
    held, capacity, per_week, tiers
        Base units, as the engine's table of needs defines them.
    """

    STATES: ClassVar = ("draft", "submitted", "approved", "withdrawn", "corrected")
    PRIORITIES: ClassVar = ("life-saving", "urgent", "normal")

    ref = models.CharField(max_length=REF, primary_key=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="needs")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="needs")
    quantity = models.BigIntegerField(help_text=BASE_UNITS)
    typed = models.CharField(max_length=40)
    unit = models.CharField(max_length=40)
    by_when = models.DateField(null=True, blank=True)
    why = models.TextField()
    priority = models.CharField(max_length=12, default="normal")
    valid_until = models.DateField()
    held = models.BigIntegerField(default=0, help_text=BASE_UNITS)
    capacity = models.BigIntegerField(null=True, blank=True, help_text=BASE_UNITS)
    weight = models.CharField(max_length=24, default="1")
    weight_source = models.TextField(blank=True)
    tiers = models.JSONField(default=list, help_text=BASE_UNITS)
    per_week = models.BigIntegerField(null=True, blank=True, help_text=BASE_UNITS)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], db_index=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    made_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="need_above_zero"),
            models.CheckConstraint(condition=models.Q(held__gte=0), name="need_held_not_below_zero"),
        ]
        # A page of a long list is had by walking an index in the order asked for (`lookups.paging`).
        indexes: ClassVar = [
            models.Index(fields=["state", "ref"], name="need_by_state"),
            models.Index(fields=["valid_until", "ref"], name="need_by_end"),
            models.Index(fields=["made_at", "ref"], name="need_by_making"),
            models.Index(fields=["quantity", "ref"], name="need_by_quantity"),
            models.Index(fields=["priority", "ref"], name="need_by_priority"),
            models.Index(Coalesce("by_when", models.Value(FAR)), "ref", name="need_by_day"),
            models.Index(fields=["party", "state"], name="need_by_party"),
            models.Index(fields=["state", "valid_until", "party"], name="need_lapsing"),
        ]

    def __str__(self) -> str:
        return self.ref


class Offer(models.Model):
    """What a party promises of a resource. What became of it is the sum of its entries, never a column here."""

    FIRMNESS: ClassVar = ("statement", "pledge", "commitment")

    ref = models.CharField(max_length=REF, primary_key=True)
    donor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="offers")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="offers")
    quantity = models.BigIntegerField(help_text=BASE_UNITS)
    typed = models.CharField(max_length=40)
    unit = models.CharField(max_length=40)
    pack_size = models.BigIntegerField(default=1, help_text=f"the pack it is shared out in, in {BASE_UNITS}")
    min_packs = models.BigIntegerField(default=1)
    firmness = models.CharField(max_length=10, choices=[(firm, firm) for firm in FIRMNESS], db_index=True)
    said_on = models.DateField()
    window_from = models.DateField(null=True, blank=True)
    window_until = models.DateField(null=True, blank=True)
    meant_for = models.CharField(max_length=400, blank=True, help_text="groups or parties, separated by ';'")
    not_for = models.CharField(max_length=400, blank=True)
    conditions = models.TextField(blank=True)
    expires = models.DateField(null=True, blank=True)
    unit_value = models.CharField(max_length=24, blank=True, help_text="money value of one base unit")
    currency = models.CharField(max_length=3, blank=True)
    valued_on = models.DateField(null=True, blank=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True)
    withdrawn = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="offer_not_below_zero"),
            models.CheckConstraint(condition=models.Q(pack_size__gte=1), name="offer_pack_not_below_one"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["said_on", "ref"], name="offer_by_saying"),
            models.Index(fields=["made_at", "ref"], name="offer_by_making"),
            models.Index(fields=["quantity", "ref"], name="offer_by_quantity"),
            models.Index(Coalesce("expires", models.Value(FAR)), "ref", name="offer_by_expiry"),
            models.Index(fields=["expires"], name="offer_expires"),
        ]

    def __str__(self) -> str:
        return self.ref


class StoredFile(models.Model):
    """The bytes of a file, kept once under their SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    body = models.BinaryField()


class Evidence(models.Model):
    """A document, readout, receipt, photo or imported file, with its source, date, hash and confidence."""

    KINDS: ClassVar = ("document", "readout", "receipt", "photo", "table", "link")
    CONFIDENCE: ClassVar = ("low", "medium", "high")

    ref = models.CharField(max_length=REF, primary_key=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    source = models.TextField(blank=True)
    dated = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    confidence = models.CharField(max_length=6, blank=True)
    public = models.BooleanField(default=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    given_by = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ref


class EvidenceLink(models.Model):
    """What a piece of evidence is about: the ref or key of a need, offer, round, consignment, party or entry."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    about = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["evidence", "about"], name="evidence_link_once")]


class Translation(models.Model):
    """What a name or a text of a record is in another language; the record itself keeps its own words.

    Attributes
    ----------
    of, key, field
        Which text: the kind of record, its key or ref, and the field of it.
    draft
        Made by a machine, or not yet read by somebody who would know.
    source
        Who translated it, or where it is from.
    """

    OF: ClassVar = {
        "party": ("name",), "place": ("name",), "group": ("name",), "resource": ("name", "note"), "programme": ("title",),
        "need": ("why",), "offer": ("conditions",), "round": ("title",), "objection": ("text", "answer"),
        "evidence": ("title",),
    }  # fmt: skip
    LANGUAGES: ClassVar = ("ar", "zh", "en", "fr", "ru", "es")

    of = models.CharField(max_length=12, choices=[(of, of) for of in OF])
    key = key_field()
    field = models.CharField(max_length=12)
    language = models.CharField(max_length=8)
    text = models.TextField()
    draft = models.BooleanField(default=False)
    source = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "key", "field", "language"], name="translation_once")
        ]
        indexes: ClassVar = [models.Index(fields=["language", "field"], name="translation_by_language")]

    def __str__(self) -> str:
        return f"{self.of} {self.key} {self.field} ({self.language})"
