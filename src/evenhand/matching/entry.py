"""Is this person here already? Asked while a registrar waits: a register of a million records answers within 100 ms.

The index is a DuckDB file (or memory): the prepared columns, the keys of `blocking` sorted so that few blocks of the file
are touched, and how common each value is. A new record is prepared like every other, the records that share one of its
keys are weighed with the same saved model, and the likely ones come back with reasons. Called by the people register
and by notebooks; it proposes and never decides, and holds personal data, so whoever makes one keeps it like the register.
"""
# ruff: noqa: S608 - names and conditions in queries are this package's own, and values are parameters

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl

from evenhand.errors import FileUnreadable
from evenhand.matching.blocking import BROAD, texts
from evenhand.matching.level_sql import both_sides, columns_used, level_of_each
from evenhand.matching.match import with_columns_of
from evenhand.matching.model import Model, model_from_json
from evenhand.matching.preparing import Prepared, prepare
from evenhand.matching.reasons import held, sentence, shares, weight_of
from evenhand.matching.scoring import DOUBTFUL

FORMAT = 1
LARGEST_KEY = 200
"""A key that more records share tells nothing and is not kept."""
SMALL = 20_000
"""Up to so many records, one name or one day of birth alone is a key too."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold one record that may be the same person: the chance, its weight in bits, and why."""

    record: str
    chance: float
    weight: float
    reasons: str


class Index:
    """Answer for one record at a time whether the register may hold the person already."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        try:
            said = dict(connection.execute("SELECT name, said FROM about").fetchall())
        except duckdb.Error:
            raise FileUnreadable("the file is no index of persons; build it again") from None
        if said["format"] != str(FORMAT):
            raise FileUnreadable(f"the index has format {said['format']}; this version reads {FORMAT}; build it again")
        self.model: Model = model_from_json(said["model"], "the index")
        self._held = [row[0] for row in connection.execute("SELECT column_name FROM (DESCRIBE persons)").fetchall()]
        self._columns = columns_used(self.model)
        self._levels = self.model.levels()
        self._rare = [column for column, levels in self._levels.items() if any(level.frequent for level in levels)]

    @classmethod
    def build(cls, prepared: Prepared, model: Model, path: Path | None = None) -> Index:
        """Return an index of a prepared table, in a new file or in memory.

        Raises
        ------
        FileUnreadable
            The file exists already or cannot be written.
        """
        if path is not None and path.exists():
            raise FileUnreadable(f"{path} exists already; give another name, or remove it first")
        prepared = with_columns_of(prepared, model)
        try:
            connection = duckdb.connect(":memory:" if path is None else str(path))
        except duckdb.Error as error:
            raise FileUnreadable(f"{path} cannot be written: {str(error).partition(chr(10))[0]}") from None
        connection.execute("CREATE TABLE about (name TEXT, said TEXT)")
        connection.execute("INSERT INTO about VALUES ('format', ?), ('model', ?)", [str(FORMAT), model.as_json()])
        _lend(connection, "CREATE TABLE persons AS SELECT * FROM arriving ORDER BY row", prepared.frame)
        recipes = [recipe for recipe in model.recipes if prepared.frame.height <= SMALL or recipe not in BROAD]
        keyed = prepared.frame.select("row", *texts(model.recipes))
        kept = [name for name, recipe in zip(keyed.columns[1:], model.recipes, strict=True) if recipe in recipes]
        each = " UNION ALL ".join(
            f"SELECT md5_number_lower('{name}' || {name}) AS key, row FROM arriving WHERE {name} IS NOT NULL"
            for name in kept
        )
        _lend(
            connection,
            f"CREATE TABLE keys AS SELECT key, row FROM ({each}) QUALIFY count(*) OVER (PARTITION BY key) <= {LARGEST_KEY} ORDER BY key, row",
            keyed,
        )
        connection.execute("CREATE TABLE shares (tag TEXT, share DOUBLE)")
        for column, table in shares(prepared, model).items():
            _lend(connection, f"INSERT INTO shares SELECT '{column}|' || value, share FROM arriving", table)
        connection.execute("CREATE INDEX share_of ON shares (tag)")
        connection.execute("CREATE INDEX key_of ON keys (key)")
        connection.execute("CREATE INDEX row_of ON persons (row)")
        connection.execute("CHECKPOINT")
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> Index:
        """Return the index of a file that `build` wrote.

        Raises
        ------
        FileUnreadable
            The file is missing, is no index, or is of another format.
        """
        if not path.exists():
            raise FileUnreadable(f"{path} does not exist; build an index first")
        try:
            return cls(duckdb.connect(str(path)))
        except duckdb.Error:
            raise FileUnreadable(f"{path} is no index of persons; build it again") from None

    def __len__(self) -> int:
        """Return how many records the index holds."""
        return int(self._one("SELECT count(*) FROM persons"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def find(self, person: Mapping[str, Any], *, most: int = 10, least: float = DOUBTFUL) -> tuple[Candidate, ...]:
        """Return the records that may be this person, the likeliest first.

        Parameters
        ----------
        person
            Columns of `columns.PERSONS`; `record` may be left out, and is never its own candidate.
        most
            How many to return at most.
        least
            The chance from which on a record is returned.
        """
        new = self._prepared(person)
        keys = [
            f"{name}{key}"
            for name, key in new.frame.select(texts(self.model.recipes)).row(0, named=True).items()
            if key
        ]
        if not keys:
            return ()
        rows = self._rows(keys)
        if not rows:
            return ()
        found = self._weighed(new, rows)
        own = new.frame["record"][0]
        likely = [one for one in found if one.chance >= least and one.record != own]
        return tuple(sorted(likely, key=lambda one: (-one.weight, one.record))[:most])

    def add(self, person: Mapping[str, Any]) -> None:
        """Put one new record into the index, so that the next person at the desk can be found in it too."""
        new = self._prepared(person)
        row = int(self._one("SELECT coalesce(max(row), -1) + 1 FROM persons"))
        frame = new.frame.with_columns(pl.lit(row, dtype=pl.Int64).alias("row"))
        keys = [
            f"{name}{key}" for name, key in frame.select(texts(self.model.recipes)).row(0, named=True).items() if key
        ]
        self._connection.begin()
        with ExitStack() as undo:
            undo.callback(self._roll_back)
            _lend(self._connection, "INSERT INTO persons BY NAME SELECT * FROM arriving", frame)
            if keys:
                marks = ", ".join("(md5_number_lower(?), ?)" for _ in keys)
                self._connection.execute(
                    f"INSERT INTO keys VALUES {marks}", [part for key in keys for part in (key, row)]
                )
            self._connection.commit()
            undo.pop_all()

    def _roll_back(self) -> None:
        with suppress(duckdb.Error):
            self._connection.rollback()

    def _prepared(self, person: Mapping[str, Any]) -> Prepared:
        cells = {"record": "", **{name: None if cell is None else str(cell) for name, cell in person.items()}}
        cells["record"] = cells["record"] or "\u2013"  # a new record may have no id yet
        prepared = prepare(pl.DataFrame({name: [cell] for name, cell in cells.items()}), any_columns=True)
        frame = prepared.frame.with_columns(
            pl.lit(None, dtype=pl.String).alias(name) for name in self._held if name not in prepared.frame.columns
        )
        return Prepared(frame.select(self._held), prepared.problems)

    def _rows(self, keys: list[str]) -> list[int]:
        hashed = self._connection.execute(
            f"SELECT {', '.join('md5_number_lower(?)' for _ in keys)}",
            keys,
        ).fetchall()[0]
        wanted = ", ".join(str(key) for key in hashed)
        found = self._connection.execute(f"SELECT DISTINCT row FROM keys WHERE key IN ({wanted})").fetchall()
        return sorted(row for (row,) in found)

    def _weighed(self, new: Prepared, rows: list[int]) -> list[Candidate]:
        values = {name: new.frame[name][0] for name in self._columns}
        of_new = ", ".join(f"CAST(? AS TEXT) AS {name}" for name in self._columns)
        told = self._connection.execute(
            f"SELECT record, {level_of_each(self.model)} FROM (SELECT l.record, {both_sides(self._columns)}"
            f" FROM (SELECT * FROM persons WHERE row IN ({', '.join(map(str, rows))})) AS l CROSS JOIN (SELECT {of_new}) AS r)",
            [values[name] for name in self._columns],
        ).fetchall()
        rarity = self._rarity(new)
        candidates = []
        for record, *places in told:
            shown = {
                column: levels[place] for (column, levels), place in zip(self._levels.items(), places, strict=True)
            }
            weights = {column: weight_of(level, rarity.get(column)) for column, level in shown.items()}
            weight = held(self.model.prior + sum(weights.values()), weights)
            reasons = [(level.words, weights[column]) for column, level in shown.items() if not level.null]
            candidates.append(Candidate(record, 1 / (1 + 2.0**-weight), weight, sentence(reasons)))
        return candidates

    def _rarity(self, new: Prepared) -> dict[str, float]:
        """Return how common each value of a new record is in the register."""
        tags = {f"{column}|{new.frame[column][0]}": column for column in self._rare if new.frame[column][0] is not None}
        if not tags:
            return {}
        marks = ", ".join("?" for _ in tags)
        found = self._connection.execute(f"SELECT tag, share FROM shares WHERE tag IN ({marks})", list(tags)).fetchall()
        return {tags[tag]: float(share) for tag, share in found}

    def _one(self, query: str) -> Any:
        found = self._connection.execute(query).fetchone()
        return None if found is None else found[0]


def _lend(connection: duckdb.DuckDBPyConnection, statement: str, frame: pl.DataFrame) -> None:
    """Run a statement in which `arriving` is this table."""
    connection.register("arriving", frame.to_arrow())
    try:
        connection.execute(statement)
    finally:
        connection.unregister("arriving")
