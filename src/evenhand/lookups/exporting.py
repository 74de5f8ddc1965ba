"""Everything that there is, as files: records, the stock book, its checkpoints, in one snapshot of the database.

Whoever may export everything gets all of it but the people who act; everybody else what they may see, with the columns that
are for some alone left empty. Called by `evenhand export`; the folder it writes is what `evenhand import archive` and
`evenhand audit` read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import F, Q, QuerySet

from evenhand.access.models import ActionLine
from evenhand.access.rights import may
from evenhand.access.viewers import ANYTHING, Viewer
from evenhand.database.writing import reading
from evenhand.exchange.archive import write_archive
from evenhand.ledger.checkpoint import check_note, parse_note
from evenhand.lookups.documents import seen_documents, seen_meetings, seen_statements
from evenhand.lookups.evidence import seen_evidence
from evenhand.lookups.exported_tables import FILES, TABLES, Exported, Filing, write_frame
from evenhand.lookups.merges import seen_merges
from evenhand.lookups.names import seen_translations
from evenhand.lookups.needs import seen_needs
from evenhand.lookups.officials import seen_officials
from evenhand.lookups.rounds import seen_objections, seen_rounds
from evenhand.lookups.statements import seen_links
from evenhand.records import models as records
from evenhand.rounds import models as rounds
from evenhand.said import models as said
from evenhand.stockbook.checkpoints import known_keys, read_head
from evenhand.stockbook.leaves import read_leaves, read_lines
from evenhand.stockbook.models import Account, Checkpoint

OF_AN_INSTALLATION = ("install", "import archive")
"""Actions about an installation and not about its records: they stay with it, so that an export of an import is the same."""

LONGEST_LIST = 5_000
"""Names in a drop-down list of a template; a longer one helps nobody."""


@dataclass(frozen=True, slots=True)
class ExportWritten:
    """Say what an export holds.

    Attributes
    ----------
    whole
        Everything there is but users; else what the viewer may see.
    """

    folder: Path
    whole: bool
    entries: int
    root: bytes
    checkpoints: int
    tables: Mapping[str, int]


def write_export(
    viewer: Viewer, folder: str | PathLike[str], *, made_at: datetime, format: str = "csv"
) -> ExportWritten:
    """Write the export folder: all of it, from one snapshot, or nothing.

    Parameters
    ----------
    folder
        Where to; it must not exist, or be empty.
    format
        Of the records' tables: "csv", "xlsx" or "parquet". Entries, leaves and balances are always text.

    Raises
    ------
    FileUnreadable
        The folder cannot be written.
    OptionRefused
        There is no such format, or XLSX cannot hold a table.
    """
    whole = may(viewer, "export everything", ANYTHING)
    with reading():
        tables = _tables(viewer, whole=whole)
        head = read_head()
        notes = {size: note.encode() for size, note in Checkpoint.objects.order_by("size").values_list("size", "note")}
        path = write_archive(
            folder,
            entries=(line for line, _ in read_lines()),
            leaves=read_leaves(),
            balances=_balances(),
            checkpoints=notes,
            keys=_keys_of(notes),
            tables=tables,
            root=head.root(),
            made_at=made_at,
            format=format,
        )
    return ExportWritten(
        path, whole, head.size, head.root(), len(notes), {name: frame.height for name, frame in tables.items()}
    )


def _tables(viewer: Viewer, *, whole: bool) -> dict[str, pl.DataFrame]:
    filing = Filing()
    found = {}
    for table in TABLES:
        rows = _everything(table) if whole else _seen(table, viewer)
        if rows is not None:
            found[table.name] = write_frame(table, rows, filing, hiding=not whole)
    return found | {FILES: filing.table()}


def _everything(table: Exported) -> QuerySet[Any]:
    rows = table.model._default_manager.all()
    return rows.exclude(name__in=OF_AN_INSTALLATION) if table.model is ActionLine else rows


def _seen(table: Exported, viewer: Viewer) -> QuerySet[Any] | None:
    """Return the rows of a table that a viewer may see; None for a table that is for auditors alone."""
    own = {
        records.Need: seen_needs, records.Evidence: seen_evidence, rounds.Round: seen_rounds, rounds.Objection: seen_objections,
        records.Translation: seen_translations,
    }.get(table.model)  # fmt: skip
    if own is not None:
        return own(viewer)
    rows = table.model._default_manager.all()
    seen = seen_rounds(viewer).values("pk")
    if table.model is rounds.Proposal:
        votes = rounds.Vote.objects.filter(round__in=seen).values("proposal")
        talked = Q(pk__in=seen_objections(viewer).values("proposal")) | Q(pk__in=votes)
        return rows.filter(Q(round__in=seen, number=F("round__published")) | talked)
    of_said = _seen_said(table, viewer)
    if of_said is not None:
        return of_said
    if "round" in (one.name for one in table.fields):
        return rows.filter(round__in=seen)
    if table.model is records.EvidenceLink:
        return _seen_links(viewer)
    if table.model is records.StoredFile:
        return rows.filter(pk__in=seen_evidence(viewer).filter(file__isnull=False).values("file"))
    return None if table.model is ActionLine else rows


def _seen_links(viewer: Viewer) -> QuerySet[records.EvidenceLink]:
    """Return what the evidence that a viewer may see is about, as far as the viewer may see that too."""
    links = records.EvidenceLink.objects.filter(evidence__in=seen_evidence(viewer).values("pk"))
    hidden: tuple[QuerySet[Any], ...] = (
        records.Need.objects.exclude(pk__in=seen_needs(viewer).values("pk")),
        rounds.Round.objects.exclude(pk__in=seen_rounds(viewer).values("pk")),
        rounds.Objection.objects.exclude(pk__in=seen_objections(viewer).values("pk")),
    )
    for rows in hidden:
        links = links.exclude(about__in=rows.values("pk"))
    return links


def _seen_said(table: Exported, viewer: Viewer) -> QuerySet[Any] | None:
    """Return the rows of a table of what was said, as far as the viewer may see them; None for another table."""
    statements, meetings = seen_statements(viewer), seen_meetings(viewer)
    own = {said.Statement: statements, said.Meeting: meetings, said.Official: seen_officials(viewer)}
    if table.model in own:
        return own[table.model]
    if table.model is said.Merge:
        return seen_merges(viewer)
    rows = table.model._default_manager.all()
    documents = seen_documents(viewer).values("pk")
    if table.model is said.StatementLink:
        return seen_links(viewer).filter(statement__in=statements.values("pk"))
    if table.model is said.Thread:
        return rows.filter(pk__in=statements.filter(state="accepted").values("thread"))
    if table.model in (said.Reading, said.Spoken):
        return rows.filter(evidence__in=documents)
    if table.model in (said.MeetingDocument, said.Participant):
        seen = rows.filter(meeting__in=meetings.values("pk"))
        return seen.filter(evidence__in=documents) if table.model is said.MeetingDocument else seen
    if table.model in (said.Reply, said.Statement.receivers.through):
        return rows.filter(statement__in=statements.values("pk"))
    return None


def _balances() -> Iterator[tuple[str, int]]:
    yield from Account.objects.values_list("key", "balance").iterator(5_000)


def _keys_of(notes: Mapping[int, bytes]) -> list[str]:
    """Return the known verifier keys that signed one of the checkpoints."""
    signed = [parse_note(note.decode()) for note in notes.values()]
    return sorted(key.text() for key in known_keys() if any(check_note(note, [key]) for note in signed))


def list_names(viewer: Viewer) -> dict[str, dict[str, str]]:
    """Return what drop-down lists of a template offer: the keys and names of each public list, the shortest levels first."""
    parties = records.Party.objects.filter(retired_on=None)
    if parties.count() > LONGEST_LIST:
        parties = parties.exclude(kind__in=("facility", "team"))
    places = records.Place.objects.order_by("level", "key")
    resources = records.Resource.objects.order_by("key")
    return {
        "parties": dict(parties.order_by("key").values_list("key", "name")[:LONGEST_LIST]),
        "places": dict(places.values_list("key", "name")[:LONGEST_LIST]),
        "resources": dict(resources.values_list("key", "name")[:LONGEST_LIST]),
        "groups": dict(records.Group.objects.order_by("key").values_list("key", "name")),
        "programmes": dict(records.Programme.objects.order_by("ref").values_list("ref", "title")[:LONGEST_LIST]),
    }
