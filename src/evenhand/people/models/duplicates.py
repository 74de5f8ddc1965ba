"""Tables: what was learned of how records of one person agree, and pairs of records that may be one person, until somebody decides."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evenhand.people.models.register import USER, Person, Registration, states


class LearnedModel(models.Model):
    """What was learned of one registration's records, once: probabilities, and no row and no name of anybody."""

    registration = models.OneToOneField(
        Registration, on_delete=models.PROTECT, primary_key=True, related_name="learned"
    )
    text = models.TextField()
    records = models.PositiveIntegerField(help_text="how many records it was learned from")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"model of {self.registration_id}"


class Duplicate(models.Model):
    """Two records that may be one person: proposed by the machine with its reasons, decided by a person, once.

    Attributes
    ----------
    chance, reasons
        As the machine weighs it; reasons tell which fields agree, and never what stands in them.
    """

    STATES: ClassVar = ("proposed", "same", "different")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="duplicates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposed")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposed_as_other")
    chance = models.FloatField()
    reasons = models.TextField()
    state = states(*STATES)
    decided_by = models.CharField(max_length=USER, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "other"], name="duplicate_once"),
            models.CheckConstraint(condition=models.Q(person__lt=models.F("other")), name="duplicate_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["registration", "state", "-chance"], name="duplicate_open")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.other_id} {self.state}"
