"""The server in a process of its own: a new database, durable as an installation's, one job on it, what it took.

    python -m bench.stock_book JOB sqlite|postgresql NUMBER

The last line printed is a JSON object. PostgreSQL is a server of the job's own, as initdb makes it: fsync on. The servers of
the tests and their cast are borrowed from tests/.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "tests" / folder) for folder in ("database", "cast", "faults")]

OFFERS = 200
WRITERS = 32
BLOCK = b"\0" * 4096
STRETCH_SECONDS = 0.25
CHUNK = 100_000
"""Entries posted at once where a book is filled."""


@contextmanager
def installation(vendor: str) -> Iterator[Path]:
    """Make a new, migrated installation and point Django at it; return its folder."""
    with TemporaryDirectory() as folder:
        os.environ["EVENHAND_DATA"] = folder
        server = None
        if vendor == "postgresql":
            server = start_server()
            os.environ["EVENHAND_DATABASE"] = server.url("evenhand")
            os.environ["EVENHAND_PEOPLE_DATABASE"] = server.url("people")
        os.environ["DJANGO_SETTINGS_MODULE"] = "evenhand.server.settings"
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        try:
            for database in ("default", "people"):
                call_command("migrate", database=database, verbosity=0)
            yield server.folder if server else Path(folder)
        finally:
            connections.close_all()
            if server is not None:
                server.remove()


def start_server() -> Any:
    """Start a PostgreSQL of the job's own, with the empty databases `evenhand` and `people`."""
    import psycopg
    from postgresql_server import PostgresqlServer

    server = PostgresqlServer()
    server.start()
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as session:
        session.execute("CREATE DATABASE evenhand")
        session.execute("CREATE DATABASE people")
    return server


def beside_the_disk(folder: Path, do: Callable[[int], Any], number: int) -> dict[str, Any]:
    """Do something so many times, and sync a block by turns, in short stretches: the disk does not go at one speed.

    Return the median of both rates, and of their ratio stretch by stretch.
    """
    file = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY, 0o600)

    def sync(one: int) -> None:
        os.pwrite(file, BLOCK, len(BLOCK) * (one % 1000))
        os.fsync(file)

    for _ in range(20):  # warm
        do(0)
    syncs, done, pairs = 0, 0, []
    while done < number:
        syncs, disk = _rate(sync, syncs)
        done, ours = _rate(do, done)
        pairs.append((ours, disk))
    os.close(file)
    ratios = [ours / disk for ours, disk in pairs]
    rates, disks = zip(*pairs, strict=True)
    return {"rate": median(rates), "syncs": median(disks), "ratio": median(ratios), "stretches": len(pairs)}


def _rate(do: Callable[[int], Any], done: int) -> tuple[int, float]:
    """Do something for one stretch; return how often it was done in all by then, and how often a second."""
    begun, before = perf_counter(), done
    while (spent := perf_counter() - begun) < STRETCH_SECONDS:
        done += 1
        do(done)
    return done, (done - before) / spent


def _fill_offers() -> None:
    """Put offers with plenty into the book."""
    from evenhand_cast import NOW, TODAY, make_cast

    from evenhand.database.writing import run_written
    from evenhand.records.models import Offer
    from evenhand.stockbook.posting import post

    make_cast()
    given = {"donor_id": "IND", "resource_id": "vaccine-measles", "quantity": 10**12, "typed": "1", "unit": "dose"}
    made = {"firmness": "pledge", "said_on": TODAY, "made_at": NOW}
    Offer.objects.bulk_create([Offer(ref=_offer(number), **made, **given) for number in range(OFFERS)])
    entering = [_posting(number, "offer", 10**12) for number in range(OFFERS)]
    run_written(lambda: post(entering, action="filling", by="u-donor-ind", recorded=NOW))


def _offer(number: int) -> str:
    return f"OF-{number % OFFERS:010d}"


def _posting(number: int, verb: str = "withdraw", quantity: int = 1) -> Any:
    from evenhand.ledger.entries import AccountKey
    from evenhand.stockbook.posting import Posting

    stages = {"offer": ("outside", "offered"), "withdraw": ("offered", "withdrawn")}[verb]
    source, target = (AccountKey(stage, _offer(number)) for stage in stages)
    day = datetime(2026, 3, 2, tzinfo=UTC).date()
    return Posting(
        f"{verb}-{number}", verb, source, target, "vaccine-measles", quantity, day, typed=str(quantity), unit="dose",
        value="2.15", currency="USD", valued_on="2026-03-01", concerns=_offer(number),
    )  # fmt: skip


def single(folder: Path, number: int) -> dict[str, Any]:
    """Post one entry with its leaf in a transaction of its own, again and again."""
    from evenhand.database.writing import run_written
    from evenhand.stockbook.posting import post

    _fill_offers()
    now = datetime.now(UTC)

    def do(one: int) -> None:
        run_written(lambda: post([_posting(one)], action=f"a-{one}", by="u-donor-ind", recorded=now))

    return beside_the_disk(folder, do, number)


def action(folder: Path, number: int) -> dict[str, Any]:
    """Do a whole action again and again: rights, lookups, an entry with its leaf, the audit line."""
    from evenhand_cast import make_cast
    from writers import make_stock

    stock = make_stock(make_cast(), offers=8, quantity=10**9)
    return beside_the_disk(folder, lambda one: stock.distribute(f"r{one}", one), number)


def waiting(folder: Path, number: int) -> dict[str, Any]:
    """Let 32 processes do whole actions without pause for so many seconds; say how long each waits for the others."""
    from evenhand_cast import make_cast
    from writers import all_killed, make_stock, p99, start_writers

    stock = make_stock(make_cast(), offers=8, quantity=10**9)
    _Installed.close()
    started: list[Any] = []
    with all_killed(started):
        started += start_writers(_Installed(), stock, WRITERS, seconds=number)
        errors = sum(writer.wait() != 0 for writer in started)
    done = sum(len(writer.acknowledged) for writer in started)
    return {"rate": done / number, "p99": max(map(p99, started)), "errors": errors}


class _Installed:
    """Be the ground on which a forked writer stands: the installation, by a connection of the writer's own."""

    @contextmanager
    def here(self) -> Iterator[None]:
        """Write to the installation, and leave nothing open."""
        self.close()
        yield
        self.close()

    @staticmethod
    def close() -> None:
        """Close what is open, so that no process inherits it."""
        from django.db import connection

        connection.close()


def bulk(folder: Path, number: int) -> dict[str, Any]:
    """Post many entries in one transaction, durable at the end."""
    from evenhand.database.writing import run_written
    from evenhand.stockbook.posting import post

    _fill_offers()
    postings = [_posting(one) for one in range(1, number + 1)]
    begun = perf_counter()
    run_written(lambda: post(postings, action="bulk", by="u-donor-ind", recorded=datetime.now(UTC)))
    return {"rate": number / (perf_counter() - begun)}


def loop_over_the_orm(folder: Path, number: int) -> dict[str, Any]:
    """Write the same entries as one would without `post`: a transaction each, the ORM for the entry and the two balances.

    No triggers, no leaf's place in a tree, no check of the id: less work than ours, one entry at a time.
    """
    from django.db import connection, transaction
    from django.db.models import F

    from evenhand.ledger.merkle import leaf_hash
    from evenhand.stockbook.models import Account, Entry

    _fill_offers()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'stockbook%%'", [])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE stockbook_entry DISABLE TRIGGER USER")
    for row in Account.objects.filter(stage="offered"):
        Account.objects.create(
            key=f"withdrawn/{row.offer_id}", stage="withdrawn", offer_id=row.offer_id, resource_id=row.resource_id
        )
    begun = perf_counter()
    for one in range(1, number + 1):
        it = _posting(one)
        with transaction.atomic():
            Account.objects.filter(pk=str(it.source)).update(balance=F("balance") - it.quantity)
            Account.objects.filter(pk=str(it.target)).update(balance=F("balance") + it.quantity)
            Entry.objects.create(
                seq=OFFERS + one, entry=it.entry, action="loop", by="u-donor-ind", verb=it.verb, source_id=str(it.source),
                target_id=str(it.target), resource_id=it.resource, quantity=it.quantity, typed=it.typed, unit=it.unit,
                value=it.value, currency=it.currency, valued_on=it.valued_on, happened=it.happened.isoformat(),
                recorded="2026-03-02T10:00:00.000000Z", concerns=it.concerns, reverses="", leaf=leaf_hash(it.entry.encode()),
            )  # fmt: skip
    return {"rate": number / (perf_counter() - begun)}


def audit(folder: Path, number: int) -> dict[str, Any]:
    """Fill the book, then audit it as `evenhand audit` does."""
    from evenhand.database.writing import run_written
    from evenhand.stockbook.auditing import audit_book
    from evenhand.stockbook.posting import post

    _fill_offers()
    now = datetime.now(UTC)
    filled = perf_counter()
    for first in range(OFFERS, number, CHUNK):
        postings = [_posting(one) for one in range(first, min(number, first + CHUNK))]
        run_written(lambda part=postings: post(part, action="bulk", by="u-donor-ind", recorded=now))
    begun, used = perf_counter(), process_time()
    verdict = audit_book(pages=False)
    seconds, processor = perf_counter() - begun, process_time() - used
    assert verdict.holds, str(verdict)
    assert verdict.entries == number
    pages = perf_counter()
    assert audit_book().holds
    return {
        "seconds": seconds, "processor_seconds": processor, "with_pages": perf_counter() - pages,
        "filled": (number - OFFERS) / (begun - filled),
    }  # fmt: skip


def imported(folder: Path, number: int) -> dict[str, Any]:
    """Read, check and apply a CSV file of parties: one action, the file kept as evidence."""
    from evenhand_cast import make_cast

    from evenhand.actions.bulk.importing import import_file
    from evenhand.actions.bulk.sending import Sent

    cast = make_cast()
    rows = ["key,name,kind,parent\n"]
    rows += [f"F{one:07d},Health centre {one},facility,{('TCD', 'KEN', 'LBN')[one % 3]}\n" for one in range(number)]
    body = "".join(rows).encode()
    begun = perf_counter()
    done = import_file(cast("operator"), Sent(register="parties", file=body, filename="parties.csv"))
    seconds = perf_counter() - begun
    return {"seconds": seconds, "facts": {key: str(value)[:60] for key, value in dict(done.facts).items()}}


JOBS = {one.__name__: one for one in (single, action, waiting, bulk, loop_over_the_orm, audit, imported)}


def main(arguments: Sequence[str]) -> None:
    """Run one job and print what it took."""
    job, vendor, number = arguments
    with installation(vendor) as folder:
        said = JOBS[job](folder, int(number))
    said["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1:])
