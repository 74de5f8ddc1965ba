"""Tables: who needs treatment elsewhere, which hospital has places, referrals, proposals, transfers and their events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from evenhand.people.evacuation import ENDED, STAGES, WAYS
from evenhand.people.models.register import KEY, USER, Person, Registration, ref_field, states


def _one_of(names: tuple[str, ...], **options: Any) -> models.CharField[str, str]:
    return models.CharField(max_length=16, choices=[(name, name) for name in names], **options)


class EvacuationNeed(models.Model):
    """Somebody who must be treated where they are not.

    Attributes
    ----------
    boxes
        Sealed: service, urgency, fitness, languages, note (for the hospital), alone (why a child travels without a guardian).
    companions
        The refs of those of the household who travel along.
    state
        How far it has come; what stands in the events of its transfers, or why it ended.
    """

    STATES: ClassVar = (
        "asked", "matched", "referred", "accepted", "travelling", "admitted", "discharged", "returned", "ended",
    )  # fmt: skip

    ref = ref_field()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="evacuations")
    purpose = models.CharField(max_length=KEY)
    companions = models.JSONField(default=list)
    boxes = models.JSONField(default=dict)
    state = states(*STATES)
    ended_why = _one_of(ENDED, blank=True)
    asked_by = models.CharField(max_length=USER)
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="ended") & ~models.Q(ended_why="") | ~models.Q(state="ended") & models.Q(ended_why=""),
                name="evacuation_ended_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.ref


class HospitalOffer(models.Model):
    """So many places of one service in one hospital, from a day until a day. `taken` never passes `places`.

    Attributes
    ----------
    fitness
        How patients may arrive.
    companions
        How many of a family can stay with each patient.
    """

    STATES: ClassVar = ("open", "withdrawn")

    ref = ref_field()
    party = models.CharField(max_length=KEY, db_index=True)
    service = models.CharField(max_length=20, db_index=True)
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    languages = models.JSONField(default=list)
    fitness = models.JSONField()
    companions = models.PositiveSmallIntegerField(default=0)
    since = models.DateField()
    until = models.DateField()
    state = states(*STATES)
    made_by = models.CharField(max_length=USER)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(taken__lte=models.F("places")), name="hospital_not_overbooked"),
            models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="hospital_window"),
        ]

    def __str__(self) -> str:
        return self.ref


class MatchProposal(models.Model):
    """Who would get a place, with the engine's proof, and at which hospital; a proposal, applied by nobody but a person.

    Attributes
    ----------
    folder
        The plan's folder as a zip file: marks and classes alone, so that it can be given away.
    named
        The refs of the needs that it is about, served or not: who is erased is found by them.
    boxes
        Sealed: salt (marks are made with it), classes (what each stands for), choices (for each patient with a place: need,
        hospital, what it costs and why; `evenhand.people.evacuation.cost_of`), waiting (for whom there is no place).
        Emptied where one of them is erased: the proof can still be checked, and says nothing of anybody.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="matchings")
    party = models.CharField(max_length=KEY)
    folder = models.BinaryField()
    certificate_sha256 = models.CharField(max_length=64)
    claim = models.TextField()
    named = models.JSONField()
    boxes = models.JSONField(default=dict)
    by = models.CharField(max_length=USER)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.registration_id} {self.at:%Y-%m-%d %H:%M}"


class HospitalReferral(models.Model):
    """One patient named to one hospital, which takes them or does not; its place is held from the first day.

    Attributes
    ----------
    boxes
        Sealed: offer, the ref of the hospital's places, which would tell what somebody is treated for.
    """

    STATES: ClassVar = ("asked", "accepted", "declined", "withdrawn", "over")
    LIVE: ClassVar = ("asked", "accepted")

    ref = ref_field()
    need = models.ForeignKey(EvacuationNeed, on_delete=models.PROTECT, related_name="referrals")
    boxes = models.JSONField(default=dict)
    proposal = models.ForeignKey(MatchProposal, on_delete=models.PROTECT, null=True, blank=True, related_name="applied")
    state = states(*STATES)
    asked_by = models.CharField(max_length=USER)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=USER, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need"], condition=models.Q(state__in=("asked", "accepted")), name="referral_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.ref


class Transfer(models.Model):
    """One way of one patient, out or back: planned by who sends, its stages told by events."""

    ref = ref_field()
    referral = models.ForeignKey(HospitalReferral, on_delete=models.PROTECT, related_name="transfers")
    way = _one_of(WAYS)
    leaves_on = models.DateField(null=True, blank=True)
    checkpoint = models.CharField(max_length=KEY, blank=True)
    intermediary = models.CharField(max_length=KEY, blank=True)
    companions = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["referral", "way"], name="transfer_each_way_once")]

    def __str__(self) -> str:
        return self.ref


class TransferEvent(models.Model):
    """One stage of a transfer that was reached, or the one that takes it back; never changed, never deleted.

    Attributes
    ----------
    line
        The id of the action's line, by which the reason is found for as long as it is held.
    """

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField()
    stage = _one_of(STAGES)
    day = models.DateField()
    checkpoint = models.CharField(max_length=KEY, blank=True)
    intermediary = models.CharField(max_length=KEY, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    line = models.CharField(max_length=KEY)
    by = models.CharField(max_length=USER)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "number"], name="transfer_event_number"),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.stage} {self.day}"
