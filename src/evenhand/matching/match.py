"""One person, one record: from a table of persons to the pairs and groups that a person should look at.

The front of this folder. It proposes and says why; it never changes a record and never decides. Called by the command,
by notebooks, and by the people register with a table of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from evenhand.errors import FileUnreadable, OptionRefused
from evenhand.matching.clusters import group
from evenhand.matching.engines import DuckEngine, Engine
from evenhand.matching.model import Model
from evenhand.matching.preparing import Prepared, prepare
from evenhand.matching.reasons import tell
from evenhand.matching.scoring import DOUBTFUL, in_bits, score
from evenhand.matching.training import train

LEAST_THRESHOLD, MOST_THRESHOLD = 0.01, 0.9999


@dataclass(frozen=True, slots=True)
class Matches:
    """Hold what was found.

    Attributes
    ----------
    pairs
        record_a, record_b, chance (that both are one person), weight (bits), together (whether they came into one
        group), reasons; the likeliest first.
    clusters
        record, cluster (the first record of the group), size; a row for every record of the table.
    problems
        row, record, column, value, sentence: what could not be read and was left out of the comparison.
    model
        What was learned, or was given.
    candidates
        How many pairs were weighed.
    """

    pairs: pl.DataFrame
    clusters: pl.DataFrame
    problems: pl.DataFrame
    model: Model
    candidates: int

    @property
    def groups(self) -> int:
        """Return how many groups of two or more records there are."""
        return self.clusters.filter(pl.col("size") > 1)["cluster"].n_unique()

    def write(self, folder: Path) -> None:
        """Write pairs.csv, clusters.csv, problems.csv and model.json into a folder.

        Raises
        ------
        FileUnreadable
            The folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.pairs.write_csv(folder / "pairs.csv", float_precision=6)
            self.clusters.write_csv(folder / "clusters.csv")
            self.problems.write_csv(folder / "problems.csv")
            self.model.write(folder / "model.json")
        except OSError as error:
            raise FileUnreadable(f"{folder} cannot be written: {error.strerror}") from None


def match(
    persons: Any,
    *,
    model: Model | None = None,
    threshold: float | None = None,
    engine: Engine | None = None,
) -> Matches:
    """Find the records that may be one person.

    Parameters
    ----------
    persons
        A dataframe of any make that Narwhals reads, with columns of `columns.PERSONS`; or what `prepare`
        returned.
    model
        A model learned before; by default it is learned from this table.
    threshold
        The chance from which on records are put together; the model's by default.
    engine
        Where it runs; DuckDB in this process by default.

    Raises
    ------
    InputRefused
        The rows cannot be told apart (`prepare`).
    OptionRefused
        The threshold is no chance, or the model compares columns that this table does not have.

    Examples
    --------
    >>> table = pl.DataFrame(
    ...     {
    ...         "record": ["a", "b", "c"],
    ...         "given_name": ["محمد", "Mohammed", "Rosa"],
    ...         "family_name": ["حسن", "Hassan", "Diaz"],
    ...         "birth_date": ["1990-03-02", "1990-03-02", "1971-11-30"],
    ...         "phone": ["+962 7 9012 3456", "0790123456", None],
    ...     }
    ... )
    >>> found = match(table)
    >>> found.clusters["cluster"].to_list()
    ['a', 'a', 'c']
    """
    prepared = persons if isinstance(persons, Prepared) else prepare(persons)
    learned = train(prepared) if model is None else model
    if threshold is not None:
        if not LEAST_THRESHOLD <= threshold <= MOST_THRESHOLD:
            raise OptionRefused(
                f"a threshold of {threshold:g} is outside {LEAST_THRESHOLD:g} to {MOST_THRESHOLD:g}; "
                f"it is a chance, {learned.threshold:g} by default"
            )
        learned = replace(learned, threshold=threshold)
    prepared = with_columns_of(prepared, learned)
    scored = score(prepared, learned, engine or DuckEngine())
    told = tell(
        pl.concat([scored.inside, scored.shown]).unique(["row_l", "row_r"]).sort("row_l", "row_r"), prepared, learned
    )
    groups = group(told.select("row_l", "row_r", "held").iter_rows(), in_bits(learned.threshold))
    shown = told.filter(pl.col("held") >= min(in_bits(learned.threshold), in_bits(DOUBTFUL)))
    return Matches(
        _pairs(shown, prepared, groups),
        _clusters(prepared, groups),
        prepared.problems,
        learned,
        scored.candidates,
    )


def with_columns_of(prepared: Prepared, model: Model) -> Prepared:
    """Return the table with every column that the model compares, unknown where the table says nothing of it.

    Raises
    ------
    OptionRefused
        The table has none of them.
    """
    needed = {*model.columns, *(part for recipe in model.recipes for part in recipe)} - {"both_sounds", "year", "day"}
    needed |= {f"{name}_sound" for name in ("given", "family", "father", "mother") if name in needed}
    needed |= {"email_user"} if "email" in needed else set()
    if model.columns and not set(model.columns) & set(prepared.frame.columns):
        raise OptionRefused(f"the model compares {', '.join(model.columns)}; the table has none of them")
    missing = sorted(needed - set(prepared.frame.columns))
    return replace(
        prepared, frame=prepared.frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)
    )


def _pairs(told: pl.DataFrame, prepared: Prepared, groups: dict[int, int]) -> pl.DataFrame:
    records = prepared.frame["record"]
    together = [groups.get(a, -1) == groups.get(b, -2) for a, b in told.select("row_l", "row_r").iter_rows()]
    return told.select(
        record_a=records.gather(told["row_l"]) if told.height else pl.lit(None, dtype=pl.String),
        record_b=records.gather(told["row_r"]) if told.height else pl.lit(None, dtype=pl.String),
        chance=1 / (1 + (-pl.col("held") * pl.lit(2.0).log()).exp()),
        weight=pl.col("held"),
        together=pl.Series(together, dtype=pl.Boolean),
        reasons=pl.col("reasons"),
    ).sort("weight", "record_a", "record_b", descending=[True, False, False])


def _clusters(prepared: Prepared, groups: dict[int, int]) -> pl.DataFrame:
    records = prepared.frame["record"]
    first = pl.Series([groups.get(row, row) for row in range(len(records))], dtype=pl.Int64)
    return pl.DataFrame({"record": records, "cluster": records.gather(first)}).with_columns(
        size=pl.len().over("cluster").cast(pl.Int64)
    )
