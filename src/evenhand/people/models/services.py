"""Tables: what a household may have (entitlements), when and where it is given out, every scan, and what was given once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evenhand.people.models.register import KEY, USER, Household, Person, Registration, ref_field, states

COMMITMENT = 32


class Entitlement(models.Model):
    """What a household of a registration may have of one resource, by rule.

    Attributes
    ----------
    terms
        The rule as it was typed; `people.entitlements` reads it.
    purpose
        For which of the registration's purposes household data are read when it is worked out.
    """

    SERVICES: ClassVar = ("ration", "cash", "kit", "care", "shelter", "schooling")
    STATES: ClassVar = ("open", "closed")

    ref = ref_field()
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="entitlements")
    title = models.CharField(max_length=200)
    service = models.CharField(max_length=12, choices=[(one, one) for one in SERVICES])
    resource = models.CharField(max_length=KEY)
    terms = models.TextField()
    purpose = models.CharField(max_length=KEY)
    state = states(*STATES)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ref


class Distribution(models.Model):
    """One giving out of an entitlement at a site, on some days: each household gets it once."""

    STATES: ClassVar = ("open", "closed")

    ref = ref_field()
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="distributions")
    site = models.CharField(max_length=KEY, db_index=True)
    first_day = models.DateField()
    last_day = models.DateField()
    salt = models.CharField(
        max_length=64, help_text="of the commitments that stand in the stock book in place of households"
    )
    state = states(*STATES)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ref


class Gift(models.Model):
    """What one household was given in one distribution, once.

    Attributes
    ----------
    scan
        The id of the scan that counts: the earliest, whatever order scans arrive in.
    lines
        What was drawn: [offer, base units], in the order of the entries.
    posted
        Its entries stand in the stock book.
    """

    STATES: ClassVar = ("given", "taken-back")

    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="gifts")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="gifts")
    commitment = models.CharField(max_length=COMMITMENT, unique=True)
    quantity = models.PositiveBigIntegerField()
    lines = models.JSONField()
    scan = models.CharField(max_length=64)
    on = models.DateField()
    action = models.CharField(max_length=64)
    by = models.CharField(max_length=USER)
    posted = models.BooleanField(default=False, db_index=True)
    state = states(*STATES)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["distribution", "household"], condition=models.Q(state="given"), name="gift_once"
            ),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="gift_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.distribution_id} {self.commitment}"


class GiftPerson(models.Model):
    """One person for whom a gift was worked out: nobody is counted twice, whatever households merge, split and move."""

    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="persons")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="gifts")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["gift", "person"], name="gift_person_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.gift_id}"


class Scan(models.Model):
    """One reading of a card on one device, as the device sent it: never changed, and sent twice it is one.

    What came of it is not written here, since it depends on scans that arrive later: it is the gift's that names it, or none's.

    Attributes
    ----------
    id
        Chosen by the device.
    handed_out
        It was handed out: before the register could answer, or because the register said so.
    at
        By the device's clock.
    doubts
        What is to be looked at, in the words of `DOUBTS`, separated by ';'.
    """

    DOUBTS: ClassVar = ("elsewhere", "closed", "another day", "departed", "replaced card", "amount", "not planned")

    id = models.CharField(max_length=36, primary_key=True)
    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="scans")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="scans")
    device = models.CharField(max_length=64)
    handed_out = models.BooleanField()
    at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    by = models.CharField(max_length=USER)
    doubts = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["distribution", "household"], name="scan_of_household")]

    def __str__(self) -> str:
        return self.id


class SharePlan(models.Model):
    """How a distribution's stock was shared out where it does not reach for all: the engine's plan with its certificate, packed.

    Its recipients are salted marks that stand nowhere else.
    """

    distribution = models.OneToOneField(Distribution, on_delete=models.PROTECT, primary_key=True, related_name="plan")
    archive = models.BinaryField(help_text="the plan's folder as a zip")
    sha256 = models.CharField(max_length=64)
    rule = models.CharField(max_length=40)
    first = models.TextField(blank=True, help_text="who comes first, as it was typed")
    by = models.CharField(max_length=USER)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"plan of {self.distribution_id}"


class Ration(models.Model):
    """What a household may have of a distribution that was shared out, in base units."""

    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="rations")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="rations")
    quantity = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["distribution", "household"], name="ration_once")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.distribution_id}"
