"""`evenhand people match`: which records of a table may be one person, and why. Works without a server."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import AsJson, Everything
from evenhand.cli.screen import rows_that_fit
from evenhand.errors import InputRefused, OptionRefused, Problem

if TYPE_CHECKING:
    import polars as pl

    from evenhand.exchange.tables.sheet import Sheet
    from evenhand.matching import Matches

PAIRS = (
    Heading("record_a", "key", label="record"),
    Heading("record_b", "key", label="and"),
    Heading("chance", "share"),
    Heading("together", "key", spare=True),
    Heading("reasons"),
)
NOTES_SHOWN = 20


def match(
    persons: Annotated[
        Path, typer.Argument(metavar="PERSONS", help="CSV, Excel or Parquet, a row for each record of a person.")
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            "--model", metavar="FILE", help="A model learned before, instead of learning one from this table."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="Write pairs, clusters, problems and the model there."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            metavar="CHANCE",
            help="The chance from which on records are put together.",
            show_default="0.5",
        ),
    ] = None,
    everything: Everything = False,
    as_json: AsJson = False,
) -> Answer:
    """Find records that may be one person, each pair with its reasons; nothing is merged and nothing is decided.

    Names in any script, typing errors, exchanged names, years of birth alone, missing cells. What cannot be read is
    said, left out of the comparison, and its record kept. The columns that can be compared are listed in the documentation.
    """
    if find_spec("splink") is None:
        raise OptionRefused("matching needs a few more packages; install them with: pip install 'evenhand[people]'")
    from evenhand.matching import match as find_matches
    from evenhand.matching import prepare, read_model

    learned = None if model is None else read_model(model)
    frame, rows, notes = _read(persons)
    prepared = prepare(frame, rows=rows)
    found = find_matches(prepared, model=learned, threshold=threshold)
    closing = []
    if out is not None:
        found.write(out)
        closing.append(f"pairs.csv, clusters.csv, problems.csv and model.json: {out}")
    notes += _problems(found, "problems.csv lists all of them" if out is not None else "--out writes all of them")
    limit = rows_that_fit(everything=everything, as_json=as_json)
    rows_shown = found.pairs.select("record_a", "record_b", "chance", "together", "reasons").head(
        found.pairs.height if limit is None else limit
    )
    counts = {
        "records": found.clusters.height,
        "candidates": found.candidates,
        "pairs": found.pairs.height,
        "clusters": found.groups,
        "problems": found.problems.height,
    }
    shown = tuple(
        (a, b, chance, "yes" if together else "no", why) for a, b, chance, together, why in rows_shown.iter_rows()
    )
    return Answer(
        "people match",
        f"Compared {_many(counts['records'], 'record')}: {_many(counts['pairs'], 'pair')} may be one person, "
        f"in {_many(counts['clusters'], 'group')}.",
        {"weighed": f"{counts['candidates']:,}", "put together from": f"a chance of {found.model.threshold:g}"},
        counts | {"threshold": found.model.threshold},
        listings=(
            Listing("matches", "Pairs, the likeliest first", PAIRS, shown, more=found.pairs.height - len(shown)),
        ),
        closing=closing,
        notes=notes,
    )


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _read(path: Path) -> tuple[pl.DataFrame, pl.Series, list[str]]:
    """Return a file's known columns as text, the number of each row in the file, and what to say of it."""
    import polars as pl

    from evenhand.exchange.tables.headings import match_headings
    from evenhand.exchange.tables.layout import drop_blank_rows
    from evenhand.exchange.tables.open_source import open_source
    from evenhand.exchange.tables.sheet import Findings
    from evenhand.matching.columns import PERSONS

    findings = Findings()
    sheet = open_source(path, PERSONS, findings)
    if sheet is None:
        raise findings.refusal() or InputRefused([Problem("persons", 0, "", f"{path} holds no table")])
    sheet = _renamed(drop_blank_rows(sheet))
    headed = match_headings(sheet, findings)
    if (refusal := findings.refusal()) is not None:
        raise refusal
    if sheet.height == 0:
        raise InputRefused([Problem("persons", 0, "", "the table has no row below its heading")])
    columns = [raw.cast(pl.String, strict=False).rename(name) for name, (_, raw) in headed.known.items()]
    rows = sheet.rows if sheet.rows is not None else pl.int_range(sheet.height, eager=True) + sheet.first_row
    return pl.DataFrame(columns), rows, list(findings.notes)


def _renamed(sheet: Sheet) -> Sheet:
    """Return the sheet with the headings that other registers write under our names, where ours are absent."""
    from dataclasses import replace

    from evenhand.exchange.tables.headings import column_name
    from evenhand.matching.columns import ALSO

    taken = {column_name(heading, sheet.table) for heading in sheet.headings}
    headings = []
    for heading in sheet.headings:
        ours = ALSO.get(re.sub(r"[\s\-]+", "_", heading.strip().casefold()), "")
        if ours and ours not in taken:
            taken.add(ours)
            headings.append(ours)
        else:
            headings.append(heading)
    return replace(sheet, headings=tuple(headings))


def _problems(found: Matches, rest: str) -> list[str]:
    """Return what could not be read as sentences, the first of them only."""
    problems = found.problems
    told = [
        f"persons, row {row}, column {column}: '{value}' {sentence}" if value else f"persons, row {row}: {sentence}"
        for row, column, value, sentence in problems.select("row", "column", "value", "sentence")
        .head(NOTES_SHOWN)
        .iter_rows()
    ]
    if problems.height > NOTES_SHOWN:
        told.append(f"... and {problems.height - NOTES_SHOWN:,} more; {rest}")
    return told
