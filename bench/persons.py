"""Tables of persons whose truth is known: made by seed, and the public ones under ../shared/data/linkage.

Called by the case of matching and by its tests. A made register: names drawn by Zipf's law from made syllables, one in
twenty born on 1 January, four in ten without a telephone. The second records of persons: letters changed or left out,
names exchanged, births known by year alone or with day and month exchanged, cells left empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

CONSONANTS, VOWELS = tuple("bcdfghjklmnprstvyz"), tuple("aeiou")
FEBRL = {
    "rec_id": "record", "given_name": "given_name", "surname": "family_name", "date_of_birth": "birth_date",
    "suburb": "place", "postcode": "postcode", "state": "region", "soc_sec_id": "document",
}  # fmt: skip
FAKE = {
    "unique_id": "record", "first_name": "given_name", "surname": "family_name", "dob": "birth_date",
    "city": "place", "email": "email",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """Hold a table to be matched, and who each record is: record, person."""

    persons: pl.DataFrame
    truth: pl.DataFrame


def read_known(name: str, folder: Path) -> Truth:
    """Return one of the public sets: febrl1, febrl2, febrl3, fake_1000."""
    if name == "fake_1000":
        read = pl.read_csv(folder / "splink_fake_1000.csv", infer_schema=False)
        person = pl.col("cluster")
    else:
        read = pl.read_csv(folder / f"febrl_dataset{name.removeprefix('febrl')}.csv.gz", infer_schema=False)
        read = read.rename({column: column.strip() for column in read.columns}).with_columns(pl.all().str.strip_chars())
        person = pl.col("rec_id").str.extract(r"^rec-(\d+)-")
    maps = FAKE if name == "fake_1000" else FEBRL
    persons = read.select(pl.col(theirs).alias(ours) for theirs, ours in maps.items())
    if maps is FEBRL:
        parts = ["street_number", "address_1", "address_2"]
        address = read.select(address=pl.concat_str(parts, separator=" ", ignore_nulls=True))["address"]
        persons = persons.with_columns(address)
    return Truth(persons, read.select(pl.col(next(iter(maps))).alias("record"), person.alias("person")))


def make_persons(records: int, seed: int = 1, again: float = 0.1) -> Truth:
    """Return a made register in which this share of the records are second records of somebody."""
    random = np.random.default_rng(seed)
    people = records - int(records * again)
    given, family, place = _words(8_000, 4, 11), _words(40_000, 5, 12), _words(2_000, 5, 13)
    days = np.datetime64("1940-01-01") + random.integers(0, 365 * 80, people)
    births = days.astype(str)
    births = np.where(random.random(people) < 0.05, np.char.add(births.astype("U4"), "-01-01"), births)
    phones = np.char.add("07", random.integers(10**7, 10**8, people).astype(str))
    first = pl.DataFrame(
        {
            "given_name": given[_zipf(random, len(given), people)],
            "family_name": family[_zipf(random, len(family), people)],
            "father_name": given[_zipf(random, len(given), people)],
            "sex": np.where(random.random(people) < 0.5, "f", "m"),
            "birth_date": births,
            "place": place[_zipf(random, len(place), people)],
            "phone": np.where(random.random(people) < 0.4, "", phones),
        }
    ).with_row_index("person")
    second = _spoiled(first[random.choice(people, records - people, replace=False)], random)
    both = pl.concat([first, second]).with_columns(
        record=pl.Series(random.permutation(records)).cast(pl.String).str.zfill(7)
    )
    both = both.sort("record").with_columns(pl.exclude("record", "person").replace("", None))
    return Truth(both.drop("person"), both.select("record", pl.col("person").cast(pl.String)))


def pairwise(clusters: pl.Series, persons: pl.Series) -> tuple[float, float, float]:
    """Return F1, precision and recall over the pairs that clusters put together."""

    def pairs(*columns: pl.Series) -> int:
        sizes = pl.DataFrame(dict(enumerate_columns(columns))).group_by(pl.all()).len()["len"].cast(pl.Int64)
        return int((sizes * (sizes - 1) // 2).sum())

    right, made, wanted = pairs(clusters, persons), pairs(clusters), pairs(persons)
    return 2 * right / max(made + wanted, 1), right / max(made, 1), right / max(wanted, 1)


def enumerate_columns(columns: tuple[pl.Series, ...]) -> list[tuple[str, pl.Series]]:
    """Return columns with names that differ."""
    return [(f"column_{place}", column) for place, column in enumerate(columns)]


def _words(many: int, longest: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    random = np.random.default_rng(seed)
    words: set[str] = set()
    while len(words) < many:
        syllables = [random.choice(CONSONANTS) + random.choice(VOWELS) for _ in range(random.integers(2, longest))]
        words.add("".join(syllables) + (random.choice(CONSONANTS) if random.random() < 0.6 else ""))
    return np.array(sorted(words))


def _zipf(random: np.random.Generator, many: int, drawn: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    weights = 1 / np.arange(1, many + 1) ** 0.8
    return random.choice(many, size=drawn, p=weights / weights.sum())


def _spoiled(rows: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    many = rows.height

    def typed(column: str) -> list[str]:
        chance, at = random.random(many), random.random(many)
        letters = random.choice([*CONSONANTS, *VOWELS], many)
        words = []
        for word, likely, share, letter in zip(rows[column], chance, at, letters, strict=True):
            place = int(share * len(word))
            changed = word[:place] + (letter if likely < 0.15 else "") + word[place + 1 :]
            words.append(changed if likely < 0.25 else word)
        return words

    def emptied(cells: list[str], share: float) -> list[str]:
        return ["" if gone else cell for cell, gone in zip(cells, random.random(many) < share, strict=True)]

    given, family, exchanged = typed("given_name"), typed("family_name"), random.random(many) < 0.03
    births = []
    for birth, likely, digit in zip(rows["birth_date"], random.random(many), random.integers(1, 9, many), strict=True):
        if likely < 0.10:
            births.append(birth[:4])
        elif likely < 0.15:
            births.append("")
        elif likely < 0.18 and int(birth[8:]) < 13:
            births.append(f"{birth[:4]}-{birth[8:]}-{birth[5:7]}")
        elif likely < 0.25 and birth[8] != "3":
            births.append(f"{birth[:9]}{digit}")
        else:
            births.append(birth)
    return rows.with_columns(
        given_name=pl.Series([b if swap else a for a, b, swap in zip(given, family, exchanged, strict=True)]),
        family_name=pl.Series([a if swap else b for a, b, swap in zip(given, family, exchanged, strict=True)]),
        father_name=pl.Series(emptied(typed("father_name"), 0.2)),
        birth_date=pl.Series(births),
        phone=pl.Series(emptied(rows["phone"].to_list(), 0.5)),
        place=pl.Series(emptied(rows["place"].to_list(), 0.2)),
    )
