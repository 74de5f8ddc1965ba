"""Tables: registrations, households, persons, corrections, consents, who read what, who did what and why, which key is newest."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from evenhand.records.models import REF

KEY = 64
USER = 32


def ref_field() -> models.CharField[str, str]:
    """Return the column of a record's own ref: random, and it opens nothing by itself."""
    return models.CharField(max_length=REF, primary_key=True)


def states(*names: str) -> Any:
    """Return the column of a state, one of these; the first at the start."""
    return models.CharField(max_length=12, choices=[(name, name) for name in names], default=names[0])


class Registration(models.Model):
    """One register of people: who keeps it, for what, with which fields, until when.

    Attributes
    ----------
    party
        The key of the party that keeps it.
    purposes, recipients
        Name → meaning: what data may be used for, and with whom it could be shared.
    fields
        Field → its reason and the roles that may read it.
    """

    STATES: ClassVar = ("open", "closed")

    ref = ref_field()
    title = models.CharField(max_length=200)
    party = models.CharField(max_length=KEY, db_index=True)
    place = models.CharField(max_length=KEY, blank=True)
    purposes = models.JSONField()
    recipients = models.JSONField(default=dict)
    fields = models.JSONField()
    retain_until = models.DateField()
    state = states(*STATES)
    opened_by = models.CharField(max_length=USER)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.ref


class Assessment(models.Model):
    """The impact assessment of a registration as it was given, kept as evidence; a later one never replaces it."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="assessments")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=USER)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.registration_id} {self.at:%Y-%m-%d}"


class Sharing(models.Model):
    """The export of persons to another party: off, unless two members of a board switch it on; whoever asks for it, and why."""

    STATES: ClassVar = ("asked", "on", "off")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="sharings")
    recipient = models.CharField(max_length=KEY)
    purpose = models.CharField(max_length=KEY)
    reason = models.TextField()
    until = models.DateField()
    state = states(*STATES)
    first_by = models.CharField(max_length=USER)
    first_at = models.DateTimeField()
    second_by = models.CharField(max_length=USER, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="on") | (~models.Q(second_by="") & ~models.Q(second_by=models.F("first_by"))),
                name="sharing_takes_two",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.recipient} {self.state}"


class Household(models.Model):
    """People who live and are served together. `number` counts its changes, so that one made far away is never lost."""

    STATES: ClassVar = ("present", "departed", "merged", "withdrawn", "erased")

    ref = ref_field()
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="households")
    site = models.CharField(max_length=KEY, db_index=True, help_text="the key of the party that serves it")
    state = states(*STATES)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    boxes = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=1)
    card = models.PositiveSmallIntegerField(
        default=1, help_text="the number of its card that opens; older ones were replaced"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="household_merged_into",
            ),
            models.CheckConstraint(condition=~models.Q(state="erased") | models.Q(boxes={}), name="household_erased"),
        ]

    def __str__(self) -> str:
        return self.ref


class Person(models.Model):
    """One person of a household."""

    STATES: ClassVar = ("present", "departed", "dead", "merged", "withdrawn", "erased")

    ref = ref_field()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="persons")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    is_head = models.BooleanField(default=False)
    state = states(*STATES)
    since = models.DateField(null=True, blank=True, help_text="the day from which the state holds")
    boxes = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(is_head=True, state="present"), name="household_has_one_head"
            ),
            models.CheckConstraint(condition=~models.Q(state="erased") | models.Q(boxes={}), name="person_erased"),
            models.CheckConstraint(
                condition=~models.Q(state="merged") | models.Q(merged_into__isnull=False), name="person_merged_into"
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class BlindIndex(models.Model):
    """A keyed hash of one value of a record, to find the record by; erased with it."""

    record = models.CharField(max_length=REF, db_index=True)
    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=48)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["digest", "kind"], name="blind_index_by_digest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.record}"


class Correction(models.Model):
    """What a field was before it was corrected, still in its box; erased with its record."""

    record = models.CharField(max_length=REF, db_index=True)
    field = models.CharField(max_length=20)
    box = models.TextField(blank=True)
    by = models.CharField(max_length=USER)
    reason = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.field} of {self.record}"


class Consent(models.Model):
    """What a household said to one purpose, and to one recipient of its data; the newest line of a pair counts."""

    SAID: ClassVar = ("given", "refused", "withdrawn")
    HOW: ClassVar = ("spoken", "written", "page")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=KEY)
    recipient = models.CharField(max_length=KEY, blank=True)
    said = states(*SAID)
    how = states(*HOW)
    by = models.CharField(max_length=USER, blank=True, help_text="who wrote it down; empty: the household itself")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["household", "purpose", "recipient", "id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.purpose} {self.said}"


class ReadLine(models.Model):
    """Who read which fields of whom, why and when; shown to the person. Written before anything is shown.

    Why, in the reader's words, stands in a `Reason` that is erased with the record; `why` itself stays empty.
    """

    household = models.CharField(max_length=REF, db_index=True)
    person = models.CharField(max_length=REF, blank=True, db_index=True)
    fields = models.JSONField()
    by = models.CharField(max_length=USER, blank=True, help_text="empty: the household itself")
    role = models.CharField(max_length=16, blank=True)
    purpose = models.CharField(max_length=KEY)
    why = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.household} {self.at:%Y-%m-%d %H:%M}"


class PeopleLine(models.Model):
    """The audit line of one action of the register: who did what to which record; never what was typed.

    Why stands in a `Reason` that is erased with the record; `reason` itself stays empty.
    """

    id = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=64, db_index=True)
    by = models.CharField(max_length=USER, db_index=True)
    for_party = models.CharField(max_length=KEY, blank=True, db_index=True)
    about = models.CharField(max_length=KEY, blank=True, db_index=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)
    origin = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    given = models.JSONField()
    answer = models.JSONField()

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class Reason(models.Model):
    """What was typed as the reason of a line, in a box under the record that it speaks of; erased with it.

    Attributes
    ----------
    line
        The id of a `PeopleLine`, or `read#` and the number of a `ReadLine`.
    """

    record = models.CharField(max_length=KEY, db_index=True)
    line = models.CharField(max_length=KEY, db_index=True)
    box = models.TextField()

    def __str__(self) -> str:
        return f"{self.record} {self.line}"


class KeyEpoch(models.Model):
    """When everything was sealed anew, and with which key: the newest that was, which every process must know before it seals."""

    seal = models.CharField(max_length=12)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal.{self.seal} {self.at:%Y-%m-%d}"
