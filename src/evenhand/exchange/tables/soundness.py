"""The rules that span columns, rows and tables; each is one function and one kind of sentence.

Called by `read` with typed columns. Works on whole columns: a million rows pass in a few comparisons, and only what
breaks a rule is looked at row by row. The order of rows never matters.
"""

from __future__ import annotations

import polars as pl

from evenhand.exchange.tables.keys import SEPARATOR
from evenhand.exchange.tables.numbers import as_number
from evenhand.exchange.tables.sheet import KEPT_PROBLEMS, Findings, Sheet, Suggester, quoted

NAMES_FOR_EARMARKS = ("for", "not_for")
"""The columns of lots that name groups or recipients."""


def sort_by_key(frame: pl.DataFrame, sheet: Sheet, findings: Findings) -> pl.DataFrame:
    """Return the rows sorted by the table's key, having reported keys that occur twice."""
    keys = [name for name in sheet.table.unique if name in frame.columns]
    if len(keys) < len(sheet.table.unique) or not keys or frame.height < 2:  # one row is sorted
        return frame
    if _ascends(frame, keys):
        return frame
    # Polars sorts by two columns at twice the speed of one (it then compares encoded rows), so a lone key is given
    # company; as keys are unique, that changes nothing.
    company = [name for name in frame.columns if frame[name].dtype == pl.Int64][: 2 - len(keys)]
    ordered = frame.sort([*keys, *company])
    if not _ascends(ordered, keys):
        _report_twice(frame, keys, sheet, findings)
    return ordered


def _ascends(frame: pl.DataFrame, keys: list[str]) -> bool:
    """Return whether every row's key is greater than the one before: sorted, and none twice."""
    greater: pl.Series | None = None
    for name in reversed(keys):
        column = frame[name]
        before, after = column.head(frame.height - 1), column.slice(1)
        greater = after > before if greater is None else (after > before) | ((after == before) & greater)
    # A key that was refused is null; such a table is never used, so how it is sorted does not matter.
    return greater is not None and bool(greater.fill_null(value=False).all())


def _report_twice(frame: pl.DataFrame, keys: list[str], sheet: Sheet, findings: Findings) -> None:
    complete = pl.all_horizontal(pl.col(keys).is_not_null())
    numbered = frame.select(keys).with_row_index("index")
    firsts = numbered.select(pl.when(complete).then(pl.col("index").min().over(keys))).to_series()
    again = (firsts < numbered["index"]).fill_null(value=False)

    def say(i: int) -> str:
        before = sheet.row(firsts[i])
        if len(keys) == 1:
            return f"{keys[0]} is {quoted(frame[keys[0]][i])}, as in row {before} already; one row each"
        named = " and ".join(f"{key} {quoted(frame[key][i])}" for key in keys)
        return f"{named} stand together in row {before} already; leave one of the two rows out"

    findings.add_rows(sheet, keys[-1], again, say)


def check_not_empty(frame: pl.DataFrame, sheet: Sheet, findings: Findings) -> None:
    """Report a table that has its columns, but no rows."""
    # A table whose only rows were refused already has its sentence.
    if sheet.height or findings.concern(sheet.table):
        return
    if all(column.name in frame.columns for column in sheet.table.columns if column.required):
        findings.add(
            sheet.table.name, 0, "", f"{sheet.table.name} has no rows; it needs at least one below the heading"
        )


def check_tiers(needs: pl.DataFrame, sheet: Sheet, findings: Findings) -> None:
    """Report recipients whose tiers together are above the target."""
    tiers = [name for name in needs.columns if (column := sheet.table.column(name)) and column.numbered]
    if not tiers or "target" not in needs.columns:
        return
    # Sixteen tiers of the largest amount would overflow 64 bits.
    wide = pl.Decimal(38, 6) if any(needs[name].dtype.is_decimal() for name in tiers) else pl.Int128
    together = needs.select(pl.sum_horizontal(pl.col(tiers).cast(wide))).to_series()
    target = needs["target"]
    over = (together > (target.cast(wide) if target.dtype == pl.Int64 else target)).fill_null(value=False)
    last = tiers[-1]
    findings.add_rows(
        sheet, last, over,
        lambda i: f"the tiers together are {as_number(together[i])}, above the target of {as_number(target[i])};"
        " raise the target or lower a tier",
    )  # fmt: skip


def check_dates(lots: pl.DataFrame, sheet: Sheet, findings: Findings) -> None:
    """Report lots that arrive after they expire."""
    if "arrives" in lots.columns and "expires" in lots.columns:
        late = (lots["arrives"] > lots["expires"]).fill_null(value=False)
        findings.add_rows(
            sheet, "arrives", late,
            lambda i: f"arrives is {lots['arrives'][i]}, after it expires on {lots['expires'][i]}; correct one of the two",
        )  # fmt: skip


def check_recipients_known(
    frame: pl.DataFrame, ordered: pl.DataFrame, known: pl.Series, sheet: Sheet, findings: Findings
) -> None:
    """Report recipients of a table that needs does not hold.

    Parameters
    ----------
    frame, ordered
        The table in the order of its sheet, and sorted.
    known
        The recipients in needs, sorted.
    """
    named = ordered["recipient"].drop_nulls()
    if len(known) == len(named) and (known == named).all():
        return
    if pl.concat([known, named]).n_unique() == known.n_unique():
        return
    given = frame["recipient"]
    strange = given.is_not_null() & ~given.is_in(known.implode())
    near = Suggester(known)
    findings.add_rows(
        sheet, "recipient", strange, lambda i: f"no recipient {quoted(given[i])} in needs{near(given[i])}"
    )


def check_groups_apart(groups: pl.DataFrame, known: pl.Series, sheet: Sheet, findings: Findings) -> None:
    """Report groups that have the name of a recipient: an earmark for it would be ambiguous."""
    names = groups["group"].drop_nulls().unique()
    both = names.filter(is_among(names, known))
    if both.is_empty():
        return
    first = groups["group"].is_in(both.implode()) & groups["group"].is_first_distinct()
    findings.add_rows(
        sheet, "group", first.fill_null(value=False),
        lambda i: f"{quoted(groups['group'][i])} is the name of a group and of a recipient; rename the group",
    )  # fmt: skip


def check_earmarks(
    lots: pl.DataFrame, known: pl.Series, groups: pl.Series | None, sheet: Sheet, findings: Findings
) -> None:
    """Report names in `for` and `not_for` that are neither a group nor a recipient.

    Parameters
    ----------
    lots
        In the order of its sheet.
    known, groups
        The recipients in needs; the groups in the table of groups, None where none was given.
    """
    group_names = groups.drop_nulls().unique() if groups is not None else pl.Series([], dtype=pl.String)
    near: Suggester | None = None
    for column in NAMES_FOR_EARMARKS:
        if column not in lots.columns:
            continue
        named = lots.select(pl.int_range(pl.len()).alias("index"), pl.col(column).str.split(SEPARATOR)).explode(column)
        names = named[column].drop_nulls().unique()
        names = names.filter(~names.is_in(group_names.implode()))
        if names.is_empty():
            continue
        strange = names.filter(~is_among(names, known))
        if strange.is_empty():
            continue
        near = near or Suggester(pl.concat([group_names, known]))
        without = "" if groups is not None else "; if it is a group, give the table of groups too"
        wrong = named.filter(pl.col(column).is_in(strange.implode()))
        for index, name in wrong.head(KEPT_PROBLEMS).iter_rows():
            text = f"no group or recipient {quoted(name)}{near(name) or without}"
            findings.add(sheet.table.name, sheet.row(index), column, text)
        findings.total += max(0, wrong.height - KEPT_PROBLEMS)


def check_what_arrived(actual: pl.DataFrame, known_lots: pl.Series, sheet: Sheet, findings: Findings) -> None:
    """Report lots that are not known, and rows without a quantity that means anything."""
    columns = set(actual.columns)
    if "lot" in columns:
        given = actual["lot"]
        near = Suggester(known_lots)
        strange = given.is_not_null() & ~given.is_in(known_lots.implode())
        findings.add_rows(sheet, "lot", strange, lambda i: f"no lot {quoted(given[i])} in lots{near(given[i])}")
    quantities = [name for name in ("packs", "units") if name in columns]
    if not quantities:
        findings.add(sheet.table.name, 0, "", "there is neither a column packs nor a column units; give one of them")
        return
    if "packs" in columns and "lot" not in columns:
        findings.add(sheet.table.name, 0, "packs", "packs of which lot? give a column lot, or units instead of packs")
        return
    neither = actual.select(pl.all_horizontal(pl.col(quantities).is_null())).to_series()
    if not findings.concern(sheet.table):
        missing = "packs and units are missing" if len(quantities) > 1 else f"{quantities[0]} is missing"
        findings.add_rows(sheet, quantities[0], neither, lambda _: f"{missing}; write a number, 0 or more")
    if "packs" in columns and "units" not in columns:
        nameless = actual["lot"].is_null() & actual["packs"].is_not_null()
        findings.add_rows(sheet, "lot", nameless, lambda _: "lot is missing; packs need the lot they came from")


def is_among(names: pl.Series, known: pl.Series) -> pl.Series:
    """Return which of a few names are among many known ones."""
    # The few are made into the hash table and the many run past it: ten times faster than the other way round.
    return names.is_in(known.filter(known.is_in(names.implode())).implode())
