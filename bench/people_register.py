"""The people register in a process of its own: a new installation, one job on it, what it took.

    python -m bench.people_register JOB sqlite|postgresql NUMBER

The last line printed is a JSON object. Servers, cast and registration are borrowed from tests/.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep
from typing import Any

from bench.stock_book import installation

SIZE = 4
"""Members of each household."""

REGISTRARS = 10
PLENTY = 10**9


def rekey(folder: Path, number: int) -> dict[str, Any]:
    """Seal so many persons anew with a new key, beside opening and sealing the same fields with the cipher alone."""
    from evenhand.actions.people.rekeying import rekey_register
    from evenhand.people.models import Person
    from evenhand.people.opening import sealer

    register = _register()
    _fill(register, number // SIZE)
    keys = _new_keys()
    begun = perf_counter()
    done = rekey_register(register("operator"))
    took = perf_counter() - begun
    lock = sealer()
    boxes = list(Person.objects.values_list("ref", "boxes"))
    begun = perf_counter()
    for ref, held in boxes:
        for field, value in lock.open_all(ref, held).items():
            lock.seal(ref, field, value)
    alone = perf_counter() - begun
    return {"seconds": took, "alone": alone, "fields": done.facts["fields"], "seal": keys.seals}


def table(folder: Path, number: int) -> dict[str, Any]:
    """Let ten registrars scan 500 cards a minute at one table, some of them twice; say how long each waited."""
    register = _register()
    homes = _fill(register, 60 * number)
    stand = _table(register)
    cards = [stand.card(home) for home in homes]
    pipes = []
    for registrar in range(REGISTRARS):
        reader, writer = os.pipe()
        from django.db import connections

        connections.close_all()
        if os.fork() == 0:
            try:
                os.write(writer, json.dumps(_scan_for(stand, cards, registrar, number)).encode() + b"\n")
            finally:
                os._exit(0)
        os.close(writer)
        pipes.append(reader)
    answers = [json.loads(_all_of(pipe)) for pipe in pipes]
    waits = sorted(one for answer in answers for one in answer["waits"])
    given = sum(answer["given"] for answer in answers)
    from evenhand.people.models import Gift
    from evenhand.stockbook.models import Entry

    booked = Entry.objects.filter(verb="distribute").count()
    cuts = quantiles(waits, n=100)
    return {
        "scans": len(waits), "p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "errors": sum(one["errors"] for one in answers),
        "given": given, "gifts": Gift.objects.count(), "booked": booked, "rate": len(waits) / number,
    }  # fmt: skip


def _scan_for(stand: Any, cards: list[str], registrar: int, minutes_of_seconds: int) -> dict[str, Any]:
    """Scan one card every 1.2 seconds, a tenth of them one that somebody may have scanned before."""
    lot, every = random.Random(registrar), 60 * REGISTRARS / 500
    waits, given, errors = [], 0, 0
    mine = cards[registrar::REGISTRARS]
    begun = perf_counter() + registrar * every / REGISTRARS
    for turn in range(int(minutes_of_seconds / every)):
        sleep(max(0.0, begun + turn * every - perf_counter()))
        card = lot.choice(cards) if lot.random() < 0.1 else mine[turn]
        before = perf_counter()
        try:
            given += stand.scan(card, f"r{registrar}-{turn}", f"tablet-{registrar}").facts["outcome"] == "given"
        except Exception:  # counted, and the table goes on
            errors += 1
        waits.append(perf_counter() - before)
    return {"waits": waits, "given": given, "errors": errors}


def merge(folder: Path, number: int) -> dict[str, Any]:
    """Send so many scans that were made without a line, by two devices each, in a random order, some of them twice."""
    from evenhand.people.models import Gift, Scan
    from evenhand.stockbook.models import Entry

    register = _register()
    homes = _fill(register, number // 2)
    stand, lot = _table(register), random.Random(1)
    from evenhand_cast import NOW

    scans = [
        (stand.card(home), f"{device}-{index}", f"tablet-{device}", NOW - timedelta(seconds=lot.randrange(9000)))
        for index, home in enumerate(homes)
        for device in range(2)
    ]
    sent = [*scans, *lot.sample(scans, len(scans) // 10)]
    lot.shuffle(sent)
    begun = perf_counter()
    for card, scan, device, at in sent:
        stand.scan(card, scan, device, at=at, handed_out=True)
    took = perf_counter() - begun
    first = {}
    for card, scan, _, at in scans:
        first[card] = min(first.get(card, (at, scan)), (at, scan))
    right = {scan for _, scan in first.values()}
    return {
        "seconds": took, "sent": len(sent), "lost": len(scans) - Scan.objects.count(),
        "doubled": Entry.objects.filter(verb="distribute").count() - len(homes),
        "wrong": len(right ^ set(Gift.objects.values_list("scan", flat=True))),
    }  # fmt: skip


def _register() -> Any:
    from evenhand_register import make_register

    return make_register()


def _table(register: Any) -> Any:
    from evenhand_register import open_table, put_in_stock

    put_in_stock(register.cast, PLENTY)
    return open_table(register, "2 piece per person; 1 piece per household")


def _fill(register: Any, households: int) -> list[str]:
    """Register so many households of four, straight into the tables; return their refs."""
    from evenhand_cast import NOW

    from evenhand.database.writing import run_written
    from evenhand.people.models import Household, Person
    from evenhand.people.opening import sealer

    lock = sealer()
    homes = [f"HH-{number:010d}" for number in range(households)]
    made = {"made_at": NOW}

    def write() -> None:
        Household.objects.bulk_create(
            [Household(ref=ref, registration_id=register.registration, site="TCD-moissala", **made) for ref in homes],
            batch_size=1000,
        )
        Person.objects.bulk_create(
            [
                Person(ref=ref, household_id=home, is_head=not one, boxes=_boxes(lock, ref, one), **made)
                for number, home in enumerate(homes)
                for one in range(SIZE)
                for ref in [f"PN-{number * SIZE + one:010d}"]
            ],
            batch_size=1000,
        )

    run_written(write, using="people")
    return homes


def _boxes(lock: Any, ref: str, one: int) -> dict[str, str]:
    values = {
        "given_name": f"Name{ref[-6:]}", "family_name": "Mahamat Saleh", "birth_year": str(1970 + one * 10), "sex": "female",
        "relation": "child" if one else "head", "phone": f"+235 66 {ref[-6:]}",
    }  # fmt: skip
    return {field: lock.seal(ref, field, value) for field, value in values.items()}


def _new_keys() -> Any:
    from django.conf import settings

    from evenhand.people.keyring import Keyring, read_keyring

    file = settings.EVENHAND.people_keys_file
    old = read_keyring("", file)
    keys = Keyring({"2": secrets.token_bytes(32), **old.seal}, old.index, old.card)
    file.write_text(keys.text(), encoding="ascii")
    os.utime(file, ns=(file.stat().st_mtime_ns + 10**9,) * 2)
    return keys


def _all_of(pipe: int) -> bytes:
    text = b""
    while more := os.read(pipe, 1 << 16):
        text += more
    return text


JOBS: dict[str, Callable[[Path, int], dict[str, Any]]] = {"rekey": rekey, "table": table, "merge": merge}

if __name__ == "__main__":
    job, vendor, number = sys.argv[1:]
    with installation(vendor) as folder:
        print(json.dumps(JOBS[job](folder, int(number))))
