"""The tables of an export: which there are, in which order, and how a row of each is written and read back.

Used by `lookups.exporting` on the way out and by `actions.bulk.archives` on the way in, so that the two can never disagree.
No running number of the database leaves it: a row is named by its key, its ref, or what it belongs to.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import models

from evenhand.access.models import ActionLine
from evenhand.errors import FileUnreadable
from evenhand.records import models as records
from evenhand.rounds import models as rounds
from evenhand.said import models as said
from evenhand.stockbook import models as stockbook

AT_ONCE = 5_000
CHUNK = 12_000
"""Bytes of a file in one row of the table of files: as base64 they fit a cell of a workbook."""

LONGEST_CELL = 16_000
"""Characters; a longer text stands in the table of files and its cell holds the hash."""

POINTER = re.compile(r"sha256:[0-9a-f]{64}")
FILES = "files"
FILES_SCHEMA = {"sha256": pl.String, "part": pl.Int64, "body": pl.String}


@dataclass(frozen=True, slots=True)
class Exported:
    """Declare one table of an export.

    Attributes
    ----------
    order
        The columns by which rows are sorted and told apart.
    through
        Field → the lookup that names what it refers to without a running number.
    files
        Fields of bytes, kept in the table of files; the cell holds their hash.
    hidden
        Fields that stay empty for whoever may not export everything.
    """

    name: str
    model: type[models.Model]
    order: tuple[str, ...]
    through: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def fields(self) -> list[models.Field[Any, Any]]:
        """Return the fields that are written, in order: all but running numbers."""
        return [one for one in self.model._meta.concrete_fields if not isinstance(one, models.AutoField)]

    @property
    def schema(self) -> dict[str, Any]:
        """Return the columns of the table with their types."""
        return {one.name: _dtype(one, one.name in self.through) for one in self.fields}


TABLES: tuple[Exported, ...] = (
    Exported("places", records.Place, ("key",)),
    Exported("parties", records.Party, ("key",)),
    Exported("groups", records.Group, ("key",)),
    Exported("memberships", records.Membership, ("group", "party", "since", "status")),
    Exported("offices", records.Office, ("group", "office", "since", "party")),
    Exported("resources", records.Resource, ("key",)),
    Exported("codes", records.Code, ("of", "scheme", "code")),
    Exported("programmes", records.Programme, ("ref",)),
    Exported("needs", records.Need, ("ref",)),
    Exported("offers", records.Offer, ("ref",), hidden=("conditions",)),
    Exported("kept-files", records.StoredFile, ("sha256",), files=("body",)),
    Exported("evidence", records.Evidence, ("ref",)),
    Exported("evidence-links", records.EvidenceLink, ("evidence", "about")),
    Exported("rounds", rounds.Round, ("ref",), hidden=("opened_by",)),
    Exported("round-needs", rounds.RoundNeed, ("round", "need")),
    Exported("round-lots", rounds.RoundLot, ("round", "offer")),
    Exported("frozen-tables", rounds.FrozenTable, ("round", "name"), files=("body",)),
    Exported("proposals", rounds.Proposal, ("round", "number"), files=("folder",), hidden=("by",)),
    Exported(
        "objections", rounds.Objection, ("ref",), through={"proposal": "proposal__number"}, hidden=("by", "answered_by")
    ),
    Exported("recusals", rounds.Recusal, ("round", "party"), hidden=("by",)),
    Exported("votes", rounds.Vote, ("round", "proposal", "party"), through={"proposal": "proposal__number"},
             hidden=("by",)),
    Exported("consignments", stockbook.Consignment, ("ref",), hidden=("carrier", "waybill", "code")),
    Exported("consignment-lines", stockbook.ConsignmentLine, ("consignment", "number"), hidden=("mark",)),
    Exported("entry-notes", stockbook.EntryNote, ("entry",), hidden=("note",)),
    Exported("checkpoints", stockbook.Checkpoint, ("size",), files=("root", "peaks")),
    Exported("documents-read", said.Reading, ("evidence",), hidden=("result", "made_by")),
    Exported("officials", said.Official, ("ref",)),
    Exported("meetings", said.Meeting, ("ref",), hidden=("decided_by",)),
    Exported("meeting-documents", said.MeetingDocument, ("meeting", "evidence")),
    Exported("participants", said.Participant, ("meeting", "official")),
    Exported("sentences", said.Spoken, ("key",)),
    Exported("statement-threads", said.Thread, ("ref",)),
    Exported("statements", said.Statement, ("ref",), hidden=("decided_by",)),
    Exported("statement-receivers", said.Statement.receivers.through, ("statement", "party")),
    Exported("statement-links", said.StatementLink, ("statement", "about")),
    Exported("merges", said.Merge, ("made_at", "action"), hidden=("moved", "made_by", "split_by")),
    Exported("replies", said.Reply, ("ref",), hidden=("by",)),
    Exported("translations", records.Translation, ("of", "key", "field", "language")),
    Exported("actions", ActionLine, ("at", "id")),
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}


def _dtype(field: models.Field[Any, Any], number: bool) -> Any:
    if number:
        return pl.Int64
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    kinds: tuple[tuple[Any, Any], ...] = (
        (models.DateTimeField, pl.Datetime("us", "UTC")), (models.DateField, pl.Date), (models.BooleanField, pl.Boolean),
        (models.FloatField, pl.Float64), (models.IntegerField, pl.Int64),
    )  # fmt: skip
    return next((dtype for kind, dtype in kinds if isinstance(field, kind)), pl.String)


class Filing:
    """Gather what no cell can hold (files, long texts), once each, under their hash."""

    def __init__(self) -> None:
        self._bodies: dict[str, list[str]] = {}

    def put(self, body: bytes) -> str:
        """Keep bytes and return what stands for them in a cell."""
        digest = hashlib.sha256(body).hexdigest()
        if digest not in self._bodies:
            pieces = [body[start : start + CHUNK] for start in range(0, len(body), CHUNK)] or [b""]
            self._bodies[digest] = [base64.b64encode(piece).decode("ascii") for piece in pieces]
        return f"sha256:{digest}"

    def put_text(self, text: str) -> str:
        """Return a text as a cell can hold it."""
        return self.put(text.encode()) if len(text) > LONGEST_CELL or POINTER.fullmatch(text) else text

    def table(self) -> pl.DataFrame:
        """Return the table of files."""
        rows = [
            (digest, part, body) for digest in sorted(self._bodies) for part, body in enumerate(self._bodies[digest], 1)
        ]
        return pl.DataFrame(rows, schema=FILES_SCHEMA, orient="row")


class Filed:
    """Give back what `Filing` kept."""

    def __init__(self, table: pl.DataFrame) -> None:
        self._parts: dict[str, list[str]] = {}
        for digest, _, body in table.sort("sha256", "part").rows():
            self._parts.setdefault(digest, []).append(body or "")

    def get(self, cell: str) -> bytes:
        """Return the bytes that a cell stands for.

        Raises
        ------
        FileUnreadable
            There are none, or they are not those of the hash.
        """
        digest = cell.removeprefix("sha256:")
        try:
            body = b"".join(base64.b64decode(part, validate=True) for part in self._parts[digest])
        except (KeyError, ValueError) as error:
            raise FileUnreadable(f"the export's table {FILES} lacks what {cell[:20]}... stands for") from error
        if hashlib.sha256(body).hexdigest() != digest:
            raise FileUnreadable(f"the export's table {FILES} does not hold what {cell[:20]}... stands for")
        return body

    def get_text(self, cell: str) -> str:
        """Return the text that a cell holds or stands for."""
        return self.get(cell).decode() if POINTER.fullmatch(cell) else cell


def write_frame(table: Exported, rows: models.QuerySet[Any], filing: Filing, *, hiding: bool) -> pl.DataFrame:
    """Return rows as the table that is exported, sorted, with the hidden columns empty where that is asked."""
    fields = table.fields
    names = [table.through.get(one.name, one.attname) for one in fields]
    schema, parts = table.schema, []
    writers = [_writer(table, one, filing, hiding) for one in fields]
    read = rows.order_by().values_list(*names)
    for chunk in _chunks(read.iterator(AT_ONCE)):
        plain = [[write(cell) if write else cell for write, cell in zip(writers, row, strict=True)] for row in chunk]
        parts.append(pl.DataFrame(plain, schema=schema, orient="row"))
    # Sorted here, because databases sort text in orders of their own.
    return pl.concat(parts).sort(table.order) if parts else pl.DataFrame(schema=schema)


def _writer(table: Exported, field: models.Field[Any, Any], filing: Filing, hiding: bool) -> Any:
    if hiding and field.name in table.hidden:
        return lambda _: ""
    if field.name in table.files:
        return lambda body: filing.put(bytes(body))
    if isinstance(field, models.JSONField):
        return lambda value: filing.put_text(
            json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        )
    if isinstance(field, models.DecimalField):
        return lambda amount: None if amount is None else format(amount.normalize(), "f")
    if isinstance(field, models.CharField | models.TextField):
        return lambda text: None if text is None else filing.put_text(text)
    return None


def read_rows(table: Exported, frame: pl.DataFrame, filed: Filed) -> Iterator[dict[str, Any]]:
    """Return the rows of an exported table as the model's fields, JSON and files as they were.

    Raises
    ------
    FileUnreadable
        It has other columns than this Evenhand exports.
    """
    if set(frame.columns) != set(table.schema):
        raise FileUnreadable(
            f"the export's table {table.name} has other columns than this Evenhand writes; use the release that made it"
        )
    readers = {one.name: _reader(table, one, filed) for one in table.fields}
    for row in frame.iter_rows(named=True):
        yield {
            name: cell if cell is None or readers[name] is None else readers[name](cell) for name, cell in row.items()
        }


def _reader(table: Exported, field: models.Field[Any, Any], filed: Filed) -> Any:
    if field.name in table.files:
        return filed.get
    if isinstance(field, models.JSONField):
        return lambda cell: _json(table.name, filed.get_text(cell))
    return filed.get_text if isinstance(field, models.CharField | models.TextField) else None


def _json(table: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileUnreadable(f"the export's table {table} holds what is no JSON") from error


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    waiting: list[Sequence[Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
