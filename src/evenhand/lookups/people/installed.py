"""Are the keys of the people register there, safe, and those that open it? For `evenhand check-setup` and `restore`.

It opens one field or two to see that they open, counts which keys the boxes name, and shows none.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Final

from django.db import DatabaseError

from evenhand.configuration import FILE, PREFIX, Configuration
from evenhand.database.checks import PEOPLE_KEYS, check_key_file
from evenhand.database.finding import Finding
from evenhand.errors import BoxRefused, OptionRefused
from evenhand.people.boxed import HOLDERS, LONE, held
from evenhand.people.epochs import newest_seal
from evenhand.people.keyring import PROGRAM, Keyring, file_of, read_keyring
from evenhand.people.models import Household, Person
from evenhand.people.sealing import Sealer

MOST_ROWS: Final = 200_000
"""Rows that are looked at for the keys that sealed them."""


def keys_file(configuration: Configuration) -> Path | None:
    """Return the file that the keys are in, None where they come from the environment or from a program."""
    return file_of(configuration["people_keys"], configuration.people_keys_file)


def look_at_keys(
    configuration: Configuration, away_from: Iterable[Path] = (), environment: Mapping[str, str] | None = None
) -> list[Finding]:
    """Return what is to be said about the keys of the people register.

    Parameters
    ----------
    away_from
        Folders that are copied elsewhere or served.
    environment
        Where settings come from, `os.environ` where not said.
    """
    said, file = configuration["people_keys"], keys_file(configuration)
    if file is not None:
        found = check_key_file(file, away_from, PEOPLE_KEYS)
    elif said.startswith(PROGRAM):
        found = Finding("ok", "the keys of the people register come from a program")
    else:
        found = _look_at_setting(os.environ if environment is None else environment)
    try:
        keys = read_keyring(said, configuration.people_keys_file)
    except OptionRefused as error:
        if found.level == "unsafe":  # it is missing, or others may read it
            return [found]
        return [
            Finding(
                "unsafe",
                f"the keys of the people register are none: {error}",
                PEOPLE_KEYS.without,
                PEOPLE_KEYS.where_from,
            )
        ]
    return [found, *_look_at_boxes(Sealer(keys)), *_look_at_ids(keys)]


def _look_at_setting(environment: Mapping[str, str]) -> Finding:
    if environment.get(f"{PREFIX}PEOPLE_KEYS"):
        return Finding("ok", "the keys of the people register come from the environment")
    return Finding(
        "unsafe",
        f"the keys of the people register stand in {FILE}",
        "it lies beside the database, and is copied with it.",
        "Put them into keys/people.keys, which only its owner reads, and take people_keys out.",
    )


def _look_at_boxes(lock: Sealer) -> Iterator[Finding]:
    """Open a field of two records of each kind, whichever have the first and the last ref: refs are random."""
    try:
        rows = [
            row
            for model in (Household, Person)
            for order in ("pk", "-pk")
            if (row := model.objects.exclude(boxes={}).order_by(order).first()) is not None
        ]
    except DatabaseError:  # `checks.look_at_database` says what is wrong
        return
    try:
        for row in rows:
            field, box = next(iter(row.boxes.items()))
            lock.open(row.ref, field, box)
    except BoxRefused as error:
        yield Finding(
            "unsafe",
            f"the keys of the people register do not open it: {error}",
            "nobody can read who is in it, and what is written now is sealed with other keys.",
            "Copy back the keys that sealed it, with all the older ones that stood among them.",
        )
    else:
        if rows:
            yield Finding("ok", "the keys of the people register open it")


def count_boxes(most: int = MOST_ROWS) -> tuple[Counter[str], int]:
    """Return how many boxes each key sealed, by its id, in at most so many rows of all tables together; and how many rows were seen."""
    found: Counter[str] = Counter()
    seen = 0
    rows = chain.from_iterable(held(model).iterator(chunk_size=2000) for model in (*HOLDERS, *LONE))
    for _, boxes in islice(rows, most):
        seen += 1
        found.update(box.partition(".")[0] for box in ([boxes] if isinstance(boxes, str) else boxes.values()))
    return found, seen


def _look_at_ids(keys: Keyring) -> Iterator[Finding]:
    """Say which older keys are still needed, which seal nothing any more, and which are needed and not there."""
    try:
        found, seen = count_boxes()
        newest = newest_seal()
    except DatabaseError:
        return
    counts = ", ".join(f"seal.{name} sealed {number:,}" for name, number in sorted(found.items()))
    what = f"fields of the people register by key: {counts or 'nothing is sealed yet'}"
    if seen >= MOST_ROWS:
        what += f" (in the first {seen:,} rows)"
    lost = sorted(found.keys() - keys.seal.keys())
    if lost:
        yield Finding(
            "unsafe",
            f"the people register needs {_named(lost)}, not among its keys; {what}",
            "nobody can read what they sealed.",
            "Copy them back from where the keys are kept.",
        )
        return
    if newest and newest not in keys.seal:
        yield Finding(
            "unsafe",
            f"the people register was sealed anew with seal.{newest}, not among its keys",
            "nothing can be written into it with older keys.",
            "Copy back the newest keys.",
        )
        return
    older = [name for name in keys.seal if name != keys.seals]
    needed, idle = [name for name in older if found[name]], [name for name in older if not found[name]]
    if needed:
        yield Finding(
            "warning",
            f"older keys are still needed: {_named(needed)}; {what}",
            "whoever took one of them can open what it sealed.",
            "Seal everything anew: evenhand people rekey.",
        )
    elif idle and seen < MOST_ROWS:
        yield Finding("ok", f"older keys are needed for older backups alone: {_named(idle)}; {what}")
    else:
        yield Finding("ok", what)


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"seal.{name}" for name in names)
