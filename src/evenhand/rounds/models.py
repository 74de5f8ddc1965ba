"""Tables: rounds, their needs and lots, frozen tables, proposals, objections, recusals, votes.

Written by `evenhand.actions` alone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evenhand.records.models import REF, Group, Need, Offer, Party, Programme, Resource


class Round(models.Model):
    """One allocation round of a group, for one resource or family of resources.

    Attributes
    ----------
    state
        open, frozen, proposed, published, decided, posted or cancelled; each step is an action.
    divisible
        Packs may be split, down to one base unit of the resource; money always may.
    frozen_digest
        SHA-256 over the frozen tables, one after the other, in the order needs, lots, groups.
    published
        The number of the proposal that members see and the board decides on; 0 where none is published.
    """

    STATES: ClassVar = ("open", "frozen", "proposed", "published", "decided", "posted", "cancelled")
    LIVE: ClassVar = ("open", "frozen", "proposed", "published", "decided")

    ref = models.CharField(max_length=REF, primary_key=True)
    title = models.CharField(max_length=200)
    group = models.ForeignKey(Group, on_delete=models.PROTECT)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True)
    rule = models.CharField(max_length=24)
    floor = models.CharField(max_length=24, default="0.2")
    max_lots = models.PositiveIntegerField(null=True, blank=True)
    divisible = models.BooleanField(default=False)
    date = models.DateField()
    objections_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default="open", db_index=True)
    frozen_digest = models.CharField(max_length=64, blank=True)
    published = models.PositiveIntegerField(default=0)
    opened_by = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ref


class RoundNeed(models.Model):
    """One need that a round chose."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="needs")
    need = models.ForeignKey(Need, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "need"], name="round_need_once")]


class RoundLot(models.Model):
    """One lot that a round chose: so many packs of one offer."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="lots")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT)
    packs = models.BigIntegerField()
    pack_size = models.BigIntegerField(help_text="base units in a pack")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "offer"], name="round_lot_once")]


class FrozenTable(models.Model):
    """One input table of a round as it was frozen: CSV bytes and their hash."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tables")
    name = models.CharField(max_length=12)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "name"], name="frozen_table_once")]


class Proposal(models.Model):
    """A plan put before the board: the engine's own, or an override with its reason and its measured cost.

    Attributes
    ----------
    party
        For an override, the party for which the board member who proposed it speaks.
    folder
        For an override, the folder of the fair plan it departs from, with the override's own lines beside it.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    override = models.BooleanField(default=False)
    by = models.CharField(max_length=32)
    party = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    claim = models.TextField()
    certificate_sha256 = models.CharField(max_length=64)
    folder = models.BinaryField(help_text="the plan's folder, as a zip file")
    lines = models.JSONField(help_text="[lot, recipient, packs] for each line")
    explanations = models.JSONField(help_text="recipient → why, in sentences")
    measures = models.JSONField()
    cost = models.JSONField(default=dict, help_text="for an override: each measure of it and of the fair plan")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "number"], name="proposal_once")]


class Objection(models.Model):
    """What a member says against a published plan, and the answer: words, and what a changed input would have done."""

    ref = models.CharField(max_length=REF, primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="objections")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT)
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    text = models.TextField()
    by = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=32, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    whatif = models.JSONField(default=list, help_text="the edits that were tried, such as needs.TCD.handles=ultra-cold")
    difference = models.TextField(blank=True, help_text="what they change, in sentences")


class Recusal(models.Model):
    """A member that takes no part in deciding a round, and why."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="recusals")
    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    reason = models.TextField()
    by = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "party"], name="recusal_once")]


class Vote(models.Model):
    """One board member's verdict on one proposal; two that approve the very same bytes, for two parties, decide it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="votes")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT)
    by = models.CharField(max_length=32)
    party = models.CharField(max_length=64, help_text="the party that the board member speaks for")
    folder_sha256 = models.CharField(max_length=64, help_text="SHA-256 of the proposal's folder as it was voted on")
    approves = models.BooleanField()
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "by"], name="vote_once")]
