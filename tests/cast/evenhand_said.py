"""Documents, meetings and statements for tests, written with the tables alone, so that they say nothing about the actions."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from evenhand_cast import NOW, TODAY

_numbers = itertools.count(1)
TEXT = (
    "Baku, 2 March 2026. President of Azerbaijan Elvin Mammadov received Minister of Health of Chad Adoum Brahim Kosso. "
    "The minister thanked the president. Elvin Mammadov said Azerbaijan would send 900 tents to Chad by April 2026."
)
CLAIM = "would send 900 tents to Chad"


def number() -> int:
    return next(_numbers)


def ref(prefix: str) -> str:
    return f"{prefix}-{number():010}"


def add_reading(text: str = TEXT, *, public: bool = True, by: str = "u-task-force", party: str | None = None) -> str:
    """A document that was read, as evidence; return its ref."""
    from evenhand.records.models import Evidence
    from evenhand.said.models import Reading

    one = Evidence.objects.create(
        ref=ref("EV"), title="A readout", kind="readout", source="https://news.example/1", public=public,
        given_by_id=party, dated=TODAY, made_at=NOW,
    )  # fmt: skip
    Reading.objects.create(
        evidence=one, text=text, text_sha256=hashlib.sha256(text.encode()).hexdigest(), publisher="State news agency",
        published=TODAY, reader="evenhand", made_by=by, party_id=party, made_at=NOW,
    )  # fmt: skip
    return str(one.ref)


def add_official(name: str) -> str:
    from evenhand.said.models import Official

    return str(Official.objects.create(ref=ref("HO"), name=name, spellings=[name], made_at=NOW).ref)


def add_meeting(evidence: str, hosts: dict[str, str], guests: dict[str, str], **given: Any) -> str:
    """A meeting with officials of parties: ref of the official → key of the party."""
    from evenhand.said.models import Meeting, MeetingDocument, Official, Participant

    named = {"title": "A – B", "date": TODAY, "place": "Baku", "kind": "received", "state": "confirmed", "made_at": NOW}
    one = Meeting.objects.create(ref=ref("MT"), **(named | given))
    MeetingDocument.objects.create(meeting=one, evidence_id=evidence)
    for side, people in (("host", hosts), ("guest", guests)):
        for official, party in people.items():
            name = Official.objects.get(pk=official).name
            Participant.objects.create(
                meeting=one, official_id=official, name=name, office="Minister", party_id=party, side=side
            )
    return str(one.ref)


def add_sentences(
    evidence: str, official: str | None = None, party: str | None = None, *, topic: str = "dac:720"
) -> None:
    """One sentence, the whole text, by an official of a party."""
    from evenhand.said.models import Reading, Spoken

    text = Reading.objects.get(pk=evidence).text
    scheme, _, code = topic.partition(":")
    Spoken.objects.create(
        key=f"{evidence}.00001", evidence_id=evidence, number=1, start=0, end=len(text), words=text, speaker="Elvin Mammadov",
        official_id=official, party_id=party, side="host", acts=["commit"], act_marks=";commit;",
        topics=[{"scheme": scheme, "code": code, "words": "tents"}], topic_marks=f";{topic};",
    )  # fmt: skip


def add_statement(evidence: str = "", *, words: str = CLAIM, receivers: tuple[str, ...] = (), **given: Any) -> str:
    """A statement of a document, accepted unless another state is given; return its ref."""
    from evenhand.said.models import Reading, Statement

    evidence = evidence or add_reading()
    start = Reading.objects.get(pk=evidence).text.index(words)
    named = {
        "speaker": "Elvin Mammadov", "said_on": TODAY, "kind": "promised", "firmness": "pledge", "resource_words": "tents",
        "quantity": 900, "unit": "tent", "giver_id": "AZE", "giver_name": "Azerbaijan", "receiver_names": ["Chad"],
        "state": "accepted", "topic_marks": ";dac:720;", "made_at": NOW,
    }  # fmt: skip
    one = Statement.objects.create(
        ref=ref("ST"), evidence_id=evidence, start=start, end=start + len(words), words=words, **(named | given)
    )
    if one.state == "accepted" and one.accepted_at is None:
        Statement.objects.filter(pk=one.pk).update(accepted_at=NOW)
    one.receivers.set(receivers)
    return str(one.ref)


def add_merge(kind: str, merged: str, into: str, **moved: Any) -> str:
    """Let a record have been merged into another, which got nothing by it but what is said here; return the merged one."""
    from evenhand.said import models

    model = {"statement": models.Statement, "meeting": models.Meeting, "official": models.Official}[kind]
    row = model._default_manager.get(pk=merged)
    before = {"state": getattr(row, "state", ""), "decided_by": "", "decided_at": None, "decision": ""}
    lists: dict[str, list[Any]] = {
        name: []
        for name in (
            "links", "reports", "documents", "people", "statements", "meetings", "reasons", "spellings", "gone", "sentences",
            "officials",
        )
    }  # fmt: skip
    plain = {"second_source": "", "date": "", "place": ""}
    models.Merge.objects.create(
        action=f"merge-{number()}", merged=merged, into=into, moved={"before": before, **lists, **plain, **moved},
        reason="they look alike", made_by="u-task-force", made_at=NOW,
    )  # fmt: skip
    states = {} if kind == "official" else {"state": "merged"}
    model._default_manager.filter(pk=merged).update(merged_into=into, **states)
    return merged


def add_thread(title: str = "900 tents") -> str:
    from evenhand.said.models import Thread

    return str(Thread.objects.create(ref=ref("TH"), title=title, made_at=NOW).ref)
