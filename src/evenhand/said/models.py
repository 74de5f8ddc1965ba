"""Tables: readings of documents, officials, meetings, sentences, statements, threads, merges, links and replies.

Words are kept exactly as they stand in the stored text, with their offsets, and never change: a correction is a new row.
Written by `evenhand.actions` alone.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from evenhand.records.models import REF, Evidence, Party, Resource

NAME = 300
WORD = 80


def name_field(**options: Any) -> models.CharField[str, str]:
    """Return the column of a name as an official text spells it."""
    return models.CharField(max_length=NAME, **options)


def ref_field() -> models.CharField[str, str]:
    """Return the column of a record's own ref."""
    return models.CharField(max_length=REF, primary_key=True)


def party_field(related: str) -> models.ForeignKey[Party | None, Party | None]:
    """Return the column of a party that a name was taken for, empty where none fits or several do."""
    return models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name=related)


class Reading(models.Model):
    """What was read in one document: its text as it is kept, and everything that the reader understood.

    Attributes
    ----------
    text
        The stored text; every offset counts characters of it.
    result
        The reader's whole answer, in the shape of the annotated readouts.
    notes
        What was found wrong with the document, in sentences.
    party
        For whom it was put in; where it is not public, whoever has a part in this party's evidence sees it.
    made_by
        Who put it in, by public id.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="reading")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64, db_index=True)
    publisher = models.CharField(max_length=NAME, blank=True)
    published = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    result = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    reader = models.CharField(max_length=WORD, help_text="the reader and its version")
    party = party_field("documents")
    made_by = models.CharField(max_length=32, db_index=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.evidence_id


class Official(models.Model):
    """A person in office as official texts name them: the name and its spellings, and nothing private."""

    ref = ref_field()
    name = name_field(db_index=True)
    spellings = models.JSONField(default=list, help_text="every spelling met, the name's own among them")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"


class Meeting(models.Model):
    """One meeting, whatever number of documents report it; proposed by the machine with reasons, decided by a person."""

    STATES: ClassVar = ("proposed", "confirmed", "merged", "rejected")

    ref = ref_field()
    title = models.CharField(max_length=NAME)
    date = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=NAME, blank=True)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default="proposed")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    reasons = models.JSONField(default=list, help_text="why the machine proposes it, in sentences")
    decided_by = models.CharField(max_length=32, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True, help_text="the reason of who decided")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="meeting_merged_into",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "ref"], name="meeting_by_state"),
            models.Index(fields=["date", "ref"], name="meeting_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class MeetingDocument(models.Model):
    """One document that reports a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="documents")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="meetings")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "evidence"], name="meeting_document_once")]


class Participant(models.Model):
    """One person who took part in a meeting, as the document names name, office and party."""

    SIDES: ClassVar = ("host", "guest")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="participants")
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="took_part")
    name = name_field()
    office = name_field(blank=True)
    party = party_field("took_part")
    party_name = name_field(blank=True)
    side = models.CharField(max_length=6, choices=[(side, side) for side in SIDES])
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "official"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.name}"


class Spoken(models.Model):
    """One sentence of a document: whose words it reports, what was done with them, and what it is about.

    Attributes
    ----------
    key
        The document's ref and the sentence's number: EV-7K2M9QX4PD.00012.
    topics
        A list of {scheme, code, words}: what it is about, with the words that say so.
    act_marks, topic_marks
        The same as `;thank;inform;` and `;dac:122;sdg:3;`, to be found by.
    """

    key = models.CharField(max_length=32, primary_key=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="sentences")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField()
    speaker = name_field()
    official = models.ForeignKey(Official, on_delete=models.PROTECT, null=True, blank=True, related_name="sentences")
    party = party_field("sentences")
    side = models.CharField(max_length=6, blank=True)
    acts = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    act_marks = models.CharField(max_length=200, blank=True)
    topic_marks = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["evidence", "number"], name="sentence_once")]
        indexes: ClassVar = [models.Index(fields=["official"], name="sentence_by_official")]

    def __str__(self) -> str:
        return self.key


class Thread(models.Model):
    """The same claim, repeated or growing: its statements in the order in which they were said."""

    ref = ref_field()
    title = models.CharField(max_length=NAME)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Statement(models.Model):
    """What somebody said about aid, in their words. A correction is a new row that replaces the old one.

    Attributes
    ----------
    words
        Exactly the characters from `start` to `end` of the document's text.
    quantity
        Empty where the speaker named none.
    health
        What is missing or doubtful, in sentences.
    reasons
        Why the machine proposes it so, in sentences.
    accepted_at
        When it was first accepted, empty where it never was; what was public once stays to be found by its ref.
    decision
        The reason of who decided.
    """

    KINDS: ClassVar = ("given", "promised", "needed")
    FIRMNESS: ClassVar = ("intent", "pledge", "agreement")
    STATES: ClassVar = ("proposed", "accepted", "rejected", "merged", "replaced")

    ref = ref_field()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="statements")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField()
    speaker = name_field()
    official = models.ForeignKey(Official, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    office = name_field(blank=True)
    party = party_field("said")
    party_name = name_field(blank=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    said_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    firmness = models.CharField(max_length=10, blank=True, choices=[(firm, firm) for firm in FIRMNESS])
    giver = party_field("said_to_give")
    giver_name = name_field(blank=True)
    receivers = models.ManyToManyField(Party, related_name="said_to_receive", blank=True)
    receiver_names = models.JSONField(default=list)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, blank=True, related_name="said")
    resource_words = name_field()
    quantity = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=WORD, blank=True)
    place = name_field(blank=True)
    when_words = name_field(blank=True)
    deadline = models.DateField(null=True, blank=True)
    translation = models.TextField(
        blank=True, help_text="the words in English, where the document is in another language"
    )
    topic_marks = models.CharField(max_length=400, blank=True)
    second_source = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="confirms"
    )
    confidence = models.FloatField(default=1.0)
    health = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default="proposed")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    decided_by = models.CharField(max_length=32, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="statement_has_words"),
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True) | models.Q(quantity__gte=0), name="statement_not_below_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0.0) & models.Q(confidence__lte=1.0), name="statement_confidence"
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="statement_merged_into",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "ref"], name="statement_by_state"),
            models.Index(fields=["said_on", "ref"], name="statement_by_day"),
            models.Index(fields=["made_at", "ref"], name="statement_by_making"),
        ]

    def __str__(self) -> str:
        return self.ref


class Merge(models.Model):
    """One merge of two records, and what went over by it, so that a person can take them apart again.

    Attributes
    ----------
    action
        The id of the action that merged them.
    merged, into
        The refs of the record that was merged and of the one that stayed: two statements, meetings or officials.
    moved
        How the first stood before, and what the second got by it.
    split_by, split_at, split_reason
        Who took them apart again, when and why; empty while they are one.
    """

    action = models.CharField(max_length=36, primary_key=True)
    merged = models.CharField(max_length=REF, db_index=True)
    into = models.CharField(max_length=REF, db_index=True)
    moved = models.JSONField()
    reason = models.TextField(blank=True)
    made_by = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    split_by = models.CharField(max_length=32, blank=True)
    split_at = models.DateTimeField(null=True, blank=True)
    split_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(split_at__isnull=True), name="merged_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.merged} into {self.into}"


class StatementLink(models.Model):
    """What a statement is about: the ref of an offer, need, programme or round, or the id of an entry."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="links")
    about = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["statement", "about"], name="statement_link_once")]


class Reply(models.Model):
    """What a party answers to a statement by it or about it."""

    ref = ref_field()
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="replies")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    by = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ref
