"""Open data: every table that everybody may see, read whole, and all of them as one package, kept until something changes.

Called by the pages, the API and `evenhand export --open`. Whoever asks gets what the public gets, so that one copy serves
everybody: never a draft, the conditions of an offer, the papers of a consignment, or who acted.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import IO, Annotated, Any

from django.conf import settings
from django.db.models import F, QuerySet

from evenhand.access.viewers import PUBLIC, Viewer
from evenhand.database.writing import reading
from evenhand.errors import NameUnknown, OptionRefused
from evenhand.exchange.open_data.about import About, licence_of
from evenhand.exchange.open_data.columns import OpenTable, Row
from evenhand.exchange.open_data.package import FORMATS, write_package
from evenhand.exchange.open_data.tables import PUBLIC_TABLES, STAGES
from evenhand.lookups.checkpoints import find_latest_checkpoint, list_checkpoints
from evenhand.lookups.consignments import Consignment, list_consignments
from evenhand.lookups.evidence import list_evidence
from evenhand.lookups.figures import list_figures
from evenhand.lookups.needs import list_needs
from evenhand.lookups.offers import Offer, list_offers
from evenhand.lookups.parties import list_parties
from evenhand.lookups.places import list_places
from evenhand.lookups.programmes import list_programmes
from evenhand.lookups.reach import today
from evenhand.lookups.resources import list_resources
from evenhand.lookups.rounds import RoundInFull, get_round, list_rounds
from evenhand.lookups.version import read_version
from evenhand.records import models as records
from evenhand.stockbook import models as stockbook
from evenhand.stockbook.checkpoints import read_head

AT_ONCE = 10_000
EVERY = 2**31
"""More checkpoints than there can be."""

FOLDER = "open-data"
"""Below the data folder: the packages of the newest version."""

LONG = 10.0
"""Seconds: a package that took longer to make is handed out again although something has changed since."""

AGAIN = 60.0
"""For so many times as long as it took: one of a minute for an hour. It says of which day and version it is."""

_MAKING = threading.Lock()


@dataclass(frozen=True, slots=True)
class PublicRows:
    """Hold the declaration of a public table and its rows, to be read once."""

    table: OpenTable
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True)
class BulkWritten:
    """Say what a package of open data holds, and whether it lay ready.

    Attributes
    ----------
    about
        Its day, version and the state of the book.
    size
        Bytes.
    ready
        It had been made before, and nothing has changed since.
    """

    about: About
    size: int
    ready: bool


@dataclass(frozen=True, slots=True)
class _Made:
    """Hold the package that this process made last: what it is of, how long it took, and when it was done."""

    file: Path
    about: About
    took: float
    done: float

    def serves(self, day: date) -> bool:
        """Say whether it does although something has changed: it is of that day, and making it again would take long."""
        recent = self.took > LONG and monotonic() - self.done < AGAIN * self.took
        return recent and self.about.day == day and self.file.is_file()


_LAST: dict[tuple[Path, str], _Made] = {}
"""Folder with format and address → its last package."""


def list_public_tables(viewer: Viewer) -> list[OpenTable]:
    """Return the declaration of every public table."""
    return list(PUBLIC_TABLES.values())


def read_public_table(viewer: Viewer, name: Annotated[str, "the table's name, such as needs"]) -> PublicRows:
    """Return a public table whole, as everybody may see it.

    Raises
    ------
    NameUnknown
        There is no such table.
    """
    if name not in PUBLIC_TABLES:
        raise NameUnknown("public table", name, list(PUBLIC_TABLES))
    return PublicRows(PUBLIC_TABLES[name], ROWS[name](_Reading()))


def read_about(viewer: Viewer, title: str, *, address: str = "") -> About:
    """Return what is said of data that leaves now: licence, day, version, the state of the stock book.

    Raises
    ------
    OptionRefused
        The setting `data_licence` names no licence.
    """
    head = read_head()
    return About(
        title,
        licence_of(settings.EVENHAND["data_licence"]),
        today(),
        version=read_version(viewer),
        entries=head.size,
        root=_base64(head.root()) if head.size else "",
        address=address,
        publisher=settings.EVENHAND["name"],
    )


def write_bulk(
    viewer: Viewer, out: IO[bytes], *, format: Annotated[str, "parquet or csv"] = "parquet", address: str = ""
) -> BulkWritten:
    """Write all open data as one ZIP; see `make_bulk`."""
    file, written = _bulk(viewer, format, address)
    with file.open("rb") as made:
        shutil.copyfileobj(made, out, 2**20)
    return written


def make_bulk(viewer: Viewer, *, format: Annotated[str, "parquet or csv"] = "parquet", address: str = "") -> Path:
    """Return the file that holds all open data: the one that was made before, where nothing has changed since that day.

    Raises
    ------
    OptionRefused
        There is no such format, or the data folder cannot be written.
    """
    return _bulk(viewer, format, address)[0]


def _bulk(viewer: Viewer, format: str, address: str) -> tuple[Path, BulkWritten]:
    if format not in FORMATS:
        raise OptionRefused(f"there is no format '{format}' for a package of open data; say parquet or csv")
    # One at a time in a process: others who ask meanwhile find it made. Two processes may both make it; one is kept.
    with _MAKING, reading():
        about = read_about(viewer, "Needs, offers, allocations and deliveries", address=address)
        folder = Path(settings.EVENHAND.folder) / FOLDER
        file = folder / f"{_key(about)}-{format}.zip"
        if file.is_file():
            return file, BulkWritten(about, file.stat().st_size, ready=True)
        last = _LAST.get((folder, f"{format} {address}"))
        if last is not None and last.serves(about.day):
            return last.file, BulkWritten(last.about, last.file.stat().st_size, ready=True)
        begun = monotonic()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor, half = tempfile.mkstemp(prefix=".", suffix=".half", dir=folder)
            try:
                with os.fdopen(descriptor, "w+b") as made:
                    checkpoint = find_latest_checkpoint(PUBLIC)
                    note = checkpoint.note if checkpoint else ""
                    once = _Reading()
                    tables = ((PUBLIC_TABLES[name], read(once)) for name, read in ROWS.items())
                    write_package(made, tables, about, checkpoint=note, format=format)
                Path(half).replace(file)
            finally:
                Path(half).unlink(missing_ok=True)
            _forget(folder, file)
            _LAST[folder, f"{format} {address}"] = _Made(file, about, monotonic() - begun, monotonic())
        except OSError as error:
            raise OptionRefused(
                f"the open data cannot be written to {folder}: {error.strerror}; make room, or let the server write there"
            ) from error
        return file, BulkWritten(about, file.stat().st_size, ready=False)


def _key(about: About) -> str:
    """Return what the file is named by: all that its bytes depend on, so that a copied folder cannot bring another's."""
    told = repr(sorted(about.told().items())).encode()
    return f"{about.version}-{about.day.isoformat()}-{hashlib.sha256(told).hexdigest()[:12]}"


def _forget(folder: Path, newest: Path) -> None:
    """Remove the packages of earlier versions, and what a killed process left; whoever reads one holds it open."""
    kept = newest.name.rpartition("-")[0]
    for old in folder.glob("*.zip"):
        if not old.name.startswith(kept):
            old.unlink(missing_ok=True)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _tuples(rows: QuerySet[Any], *fields: str) -> Iterator[tuple[Any, ...]]:
    """Return rows a chunk at a time, without an object for each."""
    yield from rows.values_list(*fields).iterator(AT_ONCE)


def _memberships(_: _Reading) -> Iterator[Row]:
    rows = records.Membership.objects.order_by("group", "party", "status", "since", "pk")
    return _tuples(rows, "group", "party", "status", "since", "until", "source")


def _offices(_: _Reading) -> Iterator[Row]:
    rows = records.Office.objects.order_by("group", "party", "office", "since", "pk")
    return _tuples(rows, "group", "party", "office", "since", "until", "source")


def _groups(_: _Reading) -> Iterator[Row]:
    return _tuples(records.Group.objects.order_by("key"), "key", "name", "kind", "founded", "source")


def _offers(_: _Reading) -> Iterator[Row]:
    return (_offer(one) for one in list_offers(PUBLIC))


def _offer(one: Offer) -> Mapping[str, Any]:
    """Return an offer with a column for each stage: 0 where it counts and nothing stands there, empty where it never could."""
    stages = {stage.replace("-", "_"): units for stage, units in one.stages.items()}
    stages["withdrawn_units"] = stages.pop("withdrawn", 0)
    own = {column.key: getattr(one, column.key) for column in OWN_OF_OFFERS}
    return own | {column.key: stages.get(column.key, 0) for column in STAGES}


OWN_OF_OFFERS = tuple(column for column in PUBLIC_TABLES["offers"].columns if column not in STAGES)


class _Reading:
    """Hold what several tables are made from, read once for a package."""

    @cached_property
    def rounds(self) -> list[RoundInFull]:
        """Return every public round in full."""
        return [get_round(PUBLIC, one.ref) for one in list_rounds(PUBLIC)]

    @cached_property
    def consignments(self) -> list[Consignment]:
        """Return every consignment, its papers left out."""
        return list_consignments(PUBLIC)


def _plans(read: _Reading) -> Iterator[Row]:
    for found in read.rounds:
        for one in found.proposals:
            yield (
                found.ref, one.number, one.override, one.party, one.reason, one.claim, one.certificate_sha256, one.made_at,
            )  # fmt: skip


def _plan_lines(read: _Reading) -> Iterator[Row]:
    for found in read.rounds:
        sizes = {lot.offer: lot.pack_size for lot in found.lots}
        for plan in found.proposals:
            for offer, recipient, packs in sorted(plan.lines):
                size = sizes.get(offer, 1)
                yield found.ref, plan.number, offer, recipient, packs, size, packs * size


def _objections(read: _Reading) -> Iterator[Row]:
    return (one for found in read.rounds for one in found.objections)


def _votes(read: _Reading) -> Iterator[Row]:
    for found in read.rounds:
        for one in found.votes:
            yield found.ref, one.proposal, one.party, one.approves, one.reason, one.folder_sha256, one.made_at


def _recusals(read: _Reading) -> Iterator[Row]:
    for found in read.rounds:
        for one in found.recusals:
            yield found.ref, one.party, one.reason, one.made_at


def _with_consignment(read: _Reading, parts: Callable[[Consignment], Iterable[Any]], name: str) -> Iterator[Row]:
    """Return the records inside each consignment, each with the consignment's ref before it."""
    keys = [column.key for column in PUBLIC_TABLES[name].columns][1:]
    for one in read.consignments:
        for part in parts(one):
            yield (one.ref, *(getattr(part, key) for key in keys))


def _lines(read: _Reading) -> Iterator[Row]:
    return _with_consignment(read, lambda one: one.lines, "consignment-lines")


def _differences(read: _Reading) -> Iterator[Row]:
    return _with_consignment(read, lambda one: one.differences, "differences")


def _entries(_: _Reading) -> Iterator[Row]:
    rows = stockbook.Entry.objects.order_by("seq").annotate(donor=F("source__offer__donor"), cause=F("remark__cause"))
    fields = (
        "seq", "entry", "action", "verb", "source", "target", "donor", "resource", "quantity", "typed", "unit", "value",
        "currency", "valued_on", "happened", "recorded", "concerns", "reverses", "cause", "leaf",
    )  # fmt: skip
    for *cells, leaf in _tuples(rows, *fields):
        yield (*cells, bytes(leaf).hex())


def _balances(_: _Reading) -> Iterator[Row]:
    rows = stockbook.Account.objects.exclude(stage="outside").exclude(balance=0).order_by("key")
    return _tuples(
        rows, "key", "stage", "offer", "offer__donor", "holder", "resource", "balance", "resource__base_unit"
    )  # fmt: skip


def _checkpoints(_: _Reading) -> Iterable[Row]:
    return list_checkpoints(PUBLIC, most=EVERY)[::-1]


def _figures(by: str) -> Callable[[_Reading], Iterable[Row]]:
    return lambda _: list_figures(PUBLIC, by=by)


ROWS: Mapping[str, Callable[[_Reading], Iterable[Row]]] = {
    "parties": lambda _: list_parties(PUBLIC),
    "places": lambda _: list_places(PUBLIC),
    "groups": _groups,
    "memberships": _memberships,
    "offices": _offices,
    "resources": lambda _: list_resources(PUBLIC),
    "programmes": lambda _: list_programmes(PUBLIC),
    "needs": lambda _: list_needs(PUBLIC),
    "offers": _offers,
    "rounds": lambda _: list_rounds(PUBLIC),
    "plans": _plans,
    "plan-lines": _plan_lines,
    "objections": _objections,
    "votes": _votes,
    "recusals": _recusals,
    "consignments": lambda read: read.consignments,
    "consignment-lines": _lines,
    "differences": _differences,
    "entries": _entries,
    "balances": _balances,
    "checkpoints": _checkpoints,
    "evidence": lambda _: list_evidence(PUBLIC),
    "figures-by-member": _figures("recipient"),
    "figures-by-resource": _figures("resource"),
    "promises": _figures("donor"),
}
"""Name of a public table → its rows, each in the order of the table's columns or with their names."""
