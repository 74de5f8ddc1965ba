"""Actions on evidence: attach a document, receipt, photo, table or link to what it is about.

A file is kept once, under the hash of its bytes. What kind of file it is, its bytes say and never its name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date
from typing import Annotated

from django.conf import settings

from evenhand.access.rights import may, shared_list
from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_consignment, get_need, get_offer, get_programme, get_round
from evenhand.actions.typed import read_choice, read_line, read_text, refuse_future, shown
from evenhand.errors import ActionRefused, NameUnknown
from evenhand.records.file_kinds import IMAGES, KEPT, TABLES, media_type
from evenhand.records.models import Evidence, EvidenceLink, Offer, Party, Programme, Resource, StoredFile
from evenhand.records.tree import target_of
from evenhand.stockbook.models import Consignment, Entry

MOST_LINKS = 50
REF = re.compile(r"(ND|OF|RD|CN|PG)-[0-9A-Z]{10}")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+|https?://localhost[^\s]*")
UNSAFE = re.compile(r"\s*(javascript|data|vbscript|file|blob):", re.IGNORECASE)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@action("evidence attach")
def attach_evidence(
    doing: Doing,
    *,
    about: Annotated[str, "what it is about: refs, entries, keys of parties or resources, separated by ';'"],
    title: Annotated[str, "what it is, in a line"],
    kind: Annotated[str, "document, readout, receipt, photo, table or link"],
    source: Annotated[str, "where it comes from: who issued it, or its address"] = "",
    dated: Annotated[date | None, "the day it bears"] = None,
    language: Annotated[str, "the language it is in, such as fr"] = "",
    confidence: Annotated[str, "how far it can be trusted: low, medium or high"] = "",
    public: Annotated[bool, "everybody may see it"] = False,
    file: Annotated[bytes, "the file itself"] = b"",
    filename: Annotated[str, "the file's name, to speak of it"] = "",
) -> Done:
    """Attach evidence to needs, offers, rounds, consignments, entries, parties, resources or programmes."""
    names = list(dict.fromkeys(filter(None, (part.strip() for part in about.split(";")))))
    if not 0 < len(names) <= MOST_LINKS:
        raise ActionRefused(f"it is about {len(names)} things; name what it is about, at most {MOST_LINKS}")
    givers = [_require_one(doing, name) for name in names]
    evidence = Evidence(
        ref=doing.ref("EV"), title=read_line("title", title, most=300),
        kind=read_choice("kind of evidence", kind, Evidence.KINDS), source=read_text("source", source, most=2000),
        dated=dated, language=language, public=public, given_by_id=next(filter(None, givers), None),
        confidence=read_choice("confidence", confidence, Evidence.CONFIDENCE) if confidence else "", made_at=doing.at,
    )  # fmt: skip
    refuse_future(doing.today, "dated", dated)
    if language and not LANGUAGE.fullmatch(language):
        raise ActionRefused(f"the language is '{shown(language)}'; write its code, such as fr or zh-Hant")
    if UNSAFE.match(evidence.source):
        raise ActionRefused(f"the source '{shown(evidence.source)}' is no address to follow; give one with https://")
    _refuse_unlike(evidence, file, shown(filename) or "the file")
    evidence.file = keep_file(file) if file else None
    evidence.save(force_insert=True)
    EvidenceLink.objects.bulk_create(EvidenceLink(evidence=evidence, about=name) for name in names)
    return doing.done(
        evidence.ref,
        about=names,
        sha256=evidence.file_id or "",
        size=len(file),
        media_type=media_type(file) if file else "",
    )


def keep_file(body: bytes) -> StoredFile:
    """Keep a file's bytes once, under their SHA-256; as part of an action.

    Raises
    ------
    ActionRefused
        It is larger than the setting `largest_file` allows.
    """
    most = int(settings.EVENHAND["largest_file"])
    if len(body) > most * 2**20:
        raise ActionRefused(
            f"the file has {len(body) / 2**20:,.1f} MiB; at most {most} MiB are kept (setting largest_file)"
        )
    digest = hashlib.sha256(body).hexdigest()
    kept = StoredFile.objects.defer("body").filter(pk=digest).first()
    return kept or StoredFile.objects.create(sha256=digest, size=len(body), body=body)


def _refuse_unlike(evidence: Evidence, file: bytes, named: str) -> None:
    """Refuse evidence that holds nothing, or a file that is not what it is said to be."""
    if evidence.kind == "link" and (file or not ADDRESS.fullmatch(evidence.source)):
        raise ActionRefused(
            "a link is an address and no file: give a source that begins with https://, or another kind"
        )
    if not file:
        if not evidence.source:
            raise ActionRefused("evidence needs a file, or a source where it can be found; give one of them")
        if evidence.kind == "photo":
            raise ActionRefused("a photo is a file; attach it, or make it a link to where it can be seen")
        return
    found = media_type(file)
    if not found:
        raise ActionRefused(f"{named} is, by what it holds, no kind of file that is kept. Those are {KEPT}")
    if evidence.kind == "photo" and found not in IMAGES:
        raise ActionRefused(
            f"{named} is {found}, by what it holds, and no photo; say another kind, or attach the image"
        )
    if evidence.kind == "table" and found not in TABLES:
        raise ActionRefused(
            f"{named} is {found}, by what it holds, and no table; say another kind, or attach the table"
        )


def _require_one(doing: Doing, name: str) -> str | None:
    """Ask for the right over one thing that evidence is about, on either side where it has two; return who gives it.

    That is the party for which who acts holds a role, and nobody where it is the secretariat.
    """
    sides = _sides(doing, name)
    target = next((side for side in sides if may(doing.viewer, doing.name, side)), sides[-1])
    doing.require(target)
    own = doing.viewer.parties("focal-point", "donor")
    return next((key for key in target.parties if key in own), None)


def _sides(doing: Doing, name: str) -> list[Target]:
    """Return what a right over a thing is asked about: the parties or groups it belongs to."""

    def party(row: Party) -> Target:
        return target_of(row, doing.today)

    if REF.fullmatch(name):
        by_prefix: dict[str, Callable[[], list[Target]]] = {
            "ND": lambda: [party(get_need(name).party)],
            "OF": lambda: [party(get_offer(name).donor)],
            "RD": lambda: [Target(groups=(get_round(name).group_id,))],
            "CN": lambda: _of_consignment(get_consignment(name), party),
            "PG": lambda: _of_programme(get_programme(name), party) or [shared_list(doing.viewer)],
        }
        return by_prefix[name[:2]]()
    row = Party.objects.filter(pk=name).first()
    if row is not None:
        return [party(row)]
    if Resource.objects.filter(pk=name).exists():
        return [shared_list(doing.viewer)]
    entry = Entry.objects.filter(entry=name).select_related("source", "target").first()
    if entry is not None:
        holders = {entry.source.offer_id: True, entry.source.holder: True, entry.target.holder: True}
        donor = Offer.objects.get(pk=entry.source.offer_id).donor
        return [
            *(party(one) for one in Party.objects.filter(pk__in=holders).order_by("pk")),
            *_carrying(entry, party),
            party(donor),
        ]
    known = [*Party.objects.values_list("key", flat=True)[:5000], *Resource.objects.values_list("key", flat=True)]
    raise NameUnknown("need, offer, round, consignment, programme, party, resource or entry", shown(name), known)


def _of_consignment(row: Consignment, party: Callable[[Party], Target]) -> list[Target]:
    return [party(row.origin), party(row.destination)]


def _of_programme(row: Programme, party: Callable[[Party], Target]) -> list[Target]:
    led = [party(row.lead)] if row.lead else []
    return led + ([Target(groups=(row.group_id,))] if row.group_id else [])


def _carrying(entry: Entry, party: Callable[[Party], Target]) -> list[Target]:
    found = Consignment.objects.filter(pk__in=(entry.source.holder, entry.target.holder)).first()
    return _of_consignment(found, party) if found else []
