"""Tables: accounts, entries, the head of their Merkle tree, checkpoints; consignments and their lines.

An entry's row is its line: the columns are the line's fields, and nothing else is stored but the leaf. Entries are
written by `stockbook.posting` alone; triggers (migration 0002) keep their laws against every other writer.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from evenhand.records.models import FAR, REF, Offer, Party, Programme, Resource, key_field

ACCOUNT = 160
PLAIN = 64


class Account(models.Model):
    """One account: a stage, the offer the units come from, and who holds them. Its balance is kept by triggers."""

    key = models.CharField(max_length=ACCOUNT, primary_key=True)
    stage = models.CharField(max_length=12)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="accounts")
    holder = models.CharField(max_length=64, blank=True, db_index=True)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(balance__gte=0) | models.Q(stage="outside"), name="account_not_below_zero"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["resource", "stage"], name="account_by_resource"),
            # What is on its way, or open to be shared out, is few of many: found without looking at what is done with.
            models.Index(fields=["stage", "balance", "holder", "offer"], name="account_by_stage"),
        ]

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One entry. Never changed, never deleted; see `evenhand.ledger.entries` for every field."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.CharField(max_length=PLAIN, unique=True)
    action = models.CharField(max_length=PLAIN, db_index=True)
    by = models.CharField(max_length=32)
    verb = models.CharField(max_length=12)
    source = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="leaving", db_column="from_account")
    target = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entering", db_column="to_account")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, db_column="resource", db_index=False)
    quantity = models.BigIntegerField()
    typed = models.CharField(max_length=40)
    unit = models.CharField(max_length=40)
    value = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    valued_on = models.CharField(max_length=10)
    happened = models.CharField(max_length=10)
    recorded = models.CharField(max_length=27)
    concerns = models.CharField(max_length=PLAIN, db_index=True)
    reverses = models.CharField(max_length=PLAIN)
    leaf = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="entry_above_zero"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="entry_moves"),
            models.UniqueConstraint(fields=["reverses"], condition=~models.Q(reverses=""), name="entry_reversed_once"),
        ]

    def __str__(self) -> str:
        return self.entry


class Head(models.Model):
    """The one row that holds the tree's size and its peaks, so that the next leaf is added without the others."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=bytes)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="head_is_one_row")]


class Checkpoint(models.Model):
    """A signed checkpoint: the tree's size and root, as a C2SP signed note with every signature it has gathered."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    peaks = models.BinaryField(default=bytes, help_text="the tree's peaks then, so that the next need not read it all")
    note = models.TextField()
    why = models.CharField(max_length=40)
    made_at = models.DateTimeField()


class EntryNote(models.Model):
    """Why units were damaged, missing, returned or reversed: outside the leaf, because people write it freely."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="remark", to_field="entry")
    cause = models.CharField(max_length=24)
    note = models.TextField(blank=True)


class Consignment(models.Model):
    """What travels together: goods in boxes, a team's deployment, a transfer. How far it is follows from its entries."""

    KINDS: ClassVar = ("shipment", "deployment", "transfer")

    ref = models.CharField(max_length=REF, primary_key=True)
    kind = models.CharField(max_length=12, default="shipment")
    origin = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="sent")
    destination = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="awaited")
    carrier = models.CharField(max_length=120, blank=True)
    waybill = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=40, blank=True, help_text="SSCC or another code on the boxes")
    leaves_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True)
    cancelled = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["made_at", "ref"], name="consignment_by_making"),
            models.Index(Coalesce("due_on", models.Value(FAR)), "ref", name="consignment_by_due_day"),
        ]

    def __str__(self) -> str:
        return self.ref


class ConsignmentLine(models.Model):
    """One line of a consignment: so many base units of one offer, taken from one account.

    An offer stands in a consignment once, so that its account in transit is the line's, and what arrived of it adds up
    line by line.
    """

    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT)
    source = models.CharField(max_length=ACCOUNT, help_text="the account it is taken from")
    quantity = models.BigIntegerField()
    typed = models.CharField(max_length=40)
    unit = models.CharField(max_length=40)
    good_until = models.DateField(null=True, blank=True)
    mark = key_field(blank=True, help_text="batch or lot number on the goods")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consignment", "number"], name="consignment_line_once"),
            models.UniqueConstraint(fields=["consignment", "offer"], name="consignment_line_per_offer"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="consignment_line_above_zero"),
        ]
