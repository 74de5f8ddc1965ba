"""The action that reads a document: its text is kept with what the reader understood, all of it proposed.

The reading is done before the transaction. A document that nothing could be read from is kept all the same, with its notes.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated

from django.conf import settings

from evenhand.access.rights import require, shared_list
from evenhand.access.viewers import Target, Viewer
from evenhand.actions.action import Acting, Doing, Done, action
from evenhand.actions.evidence import LANGUAGE, UNSAFE, keep_file
from evenhand.actions.finding import get_evidence, get_party
from evenhand.actions.said.proposing import propose, read_day
from evenhand.actions.said.understanding import Understood, expect_text, understand
from evenhand.actions.typed import read_line, read_text, refuse_future, shown
from evenhand.database.writing import reading
from evenhand.errors import ActionRefused
from evenhand.lookups.called import known_parties
from evenhand.lookups.documents import seen_documents
from evenhand.lookups.reach import today
from evenhand.records.models import Evidence, EvidenceLink, Party
from evenhand.records.tree import target_of
from evenhand.said.models import Reading

READ_KINDS = ("readout", "document")
MOST_LETTERS = 2_000_000
"""A text of more letters is no readout."""


@action("document read")
def read_in(
    doing: Doing,
    *,
    evidence: Annotated[str, "the ref of a document or readout that is on file, EV-...; else give title and file"] = "",
    title: Annotated[str, "what it is, in a line; its first line where not said"] = "",
    file: Annotated[bytes, "the document: plain text, a saved web page, PDF or Word"] = b"",
    filename: Annotated[str, "the file's name, to speak of it"] = "",
    source: Annotated[str, "where it was published, such as its address"] = "",
    publisher: Annotated[str, "who published it, such as a ministry or a news agency"] = "",
    dated: Annotated[date | None, "the day it was published, where the text does not say"] = None,
    language: Annotated[str, "the language it is in, such as fr; English where not said"] = "",
    public: Annotated[bool, "everybody may see it once something in it is accepted"] = True,
    party: Annotated[str, "the key of the party for which it is put in; needed where it is not public"] = "",
    item: Annotated[int, "of a feed (RSS or Atom), which of its items, counted from 1"] = 1,
) -> Done:
    """Read a document: who met whom, who said what, which aid was claimed; all of it proposed for review."""
    owner = _owner(doing.viewer, evidence, party)
    doing.require(_target(doing.viewer, owner, evidence, doing.today))
    understood: Understood = doing.prepared
    refuse_future(doing.today, "dated", dated)
    _refuse_language(language)
    row = get_evidence(evidence) if evidence else None
    if row is None:
        if not public and owner is None:
            raise ActionRefused(
                "a document that is not public is put in for a party; say which, so that it can be seen at all"
            )
        row = _file(
            doing,
            understood,
            owner,
            title=title,
            source=source,
            dated=dated,
            language=language,
            public=public,
            body=file,
        )
    _refuse_read(row)
    document = understood.document
    kept = Reading(
        evidence=row, text=understood.text,
        text_sha256=hashlib.sha256(understood.text.encode("utf-8", "surrogatepass")).hexdigest(),
        publisher=read_line("publisher", publisher, most=300, needed=False),
        published=dated or read_day(document.published) or row.dated, language=language or row.language or "",
        result=document.to_json(), notes=list(document.notes), reader=understood.reader[:80], party=owner,
        made_by=doing.viewer.public_id, made_at=doing.at,
    )  # fmt: skip
    _refuse_known(doing, kept)
    kept.save(force_insert=True)
    meeting, statements = propose(doing, row, document)
    return doing.done(
        row.ref, meeting=meeting, statements=statements, sentences=len(document.sentences), notes=list(document.notes),
    )  # fmt: skip


@read_in.before
def _understand(
    acting: Acting,
    *,
    evidence: str = "",
    file: bytes = b"",
    filename: str = "",
    party: str = "",
    item: int = 1,
    **given: object,
) -> Understood:
    """Read the text with no lock held."""
    with reading():
        owner = _owner(acting.viewer, evidence, party)
        require(acting.viewer, read_in.name, _target(acting.viewer, owner, evidence, today()))
        if bool(evidence) == bool(file):
            raise ActionRefused("say what is to be read: either evidence that is on file, or a file; one of the two")
        body, named = file, shown(filename) or "the file"
        if evidence:
            row = get_evidence(evidence)
            _refuse_read(row)
            if row.kind not in READ_KINDS or row.file is None:
                raise ActionRefused(
                    f"{row.ref} is a {row.kind} without a text to read; give the ref of a document or readout with its file"
                )
            body, named = bytes(row.file.body), row.ref
        known = known_parties()
    expect_text(body, named, int(settings.EVENHAND["largest_file"]))
    understood = understand(body, filename or named, known, item)
    if len(understood.text) > MOST_LETTERS:
        raise ActionRefused(f"the text has {len(understood.text):,} letters; at most {MOST_LETTERS:,} are read at once")
    return understood


def _owner(viewer: Viewer, evidence: str, party: str) -> Party | None:
    """Return the party for which a document is put in: the one named, its giver, or the only one that who acts speaks for."""
    if party:
        return get_party(party)
    if evidence:
        return get_evidence(evidence).given_by
    own = sorted(viewer.parties("focal-point", "donor"))
    if len(own) > 1 and not viewer.has("secretariat"):
        raise ActionRefused(f"you speak for {', '.join(own)}; say for which party the document is put in")
    return get_party(own[0]) if len(own) == 1 and not viewer.has("secretariat") else None


def _target(viewer: Viewer, owner: Party | None, evidence: str, day: date) -> Target:
    """Return what the right is asked about: the document's party; where it has none or is public already, any group's."""
    anybodys = owner is None or (evidence and get_evidence(evidence).public)
    if owner is not None and not (anybodys and viewer.has("secretariat")):
        return target_of(owner, day)
    return shared_list(viewer)


def _file(
    doing: Doing,
    understood: Understood,
    owner: Party | None,
    *,
    title: str,
    source: str,
    dated: date | None,
    language: str,
    public: bool,
    body: bytes,
) -> Evidence:
    """File a document as evidence: its bytes under their hash, its source, who gives it."""
    first = next((line.strip() for line in understood.text.splitlines() if line.strip()), "")
    given = owner if owner is not None and owner.key in doing.viewer.parties("focal-point", "donor") else None
    evidence = Evidence(
        ref=doing.ref("EV"), title=read_line("title", title, most=300) if title else _line(first), kind="readout",
        source=read_text("source", source, most=2000), dated=dated, language=language, public=public, given_by=given,
        made_at=doing.at,
    )  # fmt: skip
    if UNSAFE.match(evidence.source):
        raise ActionRefused(f"the source '{shown(evidence.source)}' is no address to follow; give one with https://")
    evidence.file = keep_file(body)
    evidence.save(force_insert=True)
    if owner is not None:
        EvidenceLink.objects.create(evidence=evidence, about=owner.key)
    return evidence


def _line(first: str) -> str:
    """Return the first line of a text as a title."""
    return shown(" ".join(first.split()), 200) or "A document without words"


def _refuse_language(language: str) -> None:
    if language and not LANGUAGE.fullmatch(language):
        raise ActionRefused(f"the language is '{shown(language)}'; write its code, such as fr or zh-Hant")


def _refuse_read(row: Evidence) -> None:
    if Reading.objects.filter(pk=row.pk).exists():
        raise ActionRefused(f"{row.ref} was read already; what was read in it stands in the register")


def _refuse_known(doing: Doing, row: Reading) -> None:
    """Refuse the same text by the same publisher again, where who acts may see that it is there."""
    same = seen_documents(doing.viewer).filter(text_sha256=row.text_sha256, publisher=row.publisher).exclude(pk=row.pk)
    known = same.values_list("pk", flat=True).first() if row.text else None
    if known:
        raise ActionRefused(
            f"just this text was read already, as {known}; where somebody else published it too, say who: publisher"
        )
