"""`evenhand import`: a dry run of a file first, and with --apply all of it at once, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import ActingUser, AsJson, Reason
from evenhand.cli.session import acting_as, start
from evenhand.errors import FileUnreadable, NameUnknown, OptionRefused, Problem
from evenhand.supply.registers import REGISTERS

if TYPE_CHECKING:
    from evenhand.actions.action import Done
    from evenhand.actions.bulk.importing import DryRun
    from evenhand.actions.bulk.sending import Sent

ARCHIVE = "archive"
KINDS = (*REGISTERS, ARCHIVE)
SHOWN = 20
PROBLEMS = (Heading("row"), Heading("column"), Heading("problem"))
GROUPS = (Heading("rows"),)


def import_(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"What it holds: {', '.join(KINDS)}.")],
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="CSV, XLSX or Parquet; for an archive, the folder that `export` wrote."),
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this, only say what it would do.")] = False,
    layout: Annotated[
        str,
        typer.Option(metavar="NAME", help="A shipped layout for somebody else's headings, or a TOML file of yours."),
    ] = "",
    sheet: Annotated[str, typer.Option(metavar="NAME", help="The sheet of a workbook.")] = "",
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="COLUMN=VALUE", help="One value for every row, such as party=AFG; may be repeated."
        ),
    ] = None,
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How 03/04/2021 is meant, where the file leaves it open."),
    ] = None,
    decimal: Annotated[str, typer.Option(metavar="MARK", help="What stands before decimals, '.' or ','.")] = "",
    identical: Annotated[
        str,
        typer.Option(
            metavar="keep|refuse", help="Rows that repeat another in every cell: keep them as they stand, or not."
        ),
    ] = "",
    approved: Annotated[
        bool, typer.Option("--approved", help="Needs count at once; for who may approve them.")
    ] = False,
    public: Annotated[bool, typer.Option("--public", help="Everybody may see the file itself.")] = False,
    problems: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write every problem into this file.", show_default=False)
    ] = None,
    acting: ActingUser = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> Answer:
    """Say what a file would add, change or leave; with --apply, do all of it in one action, or nothing.

    A file sent twice changes nothing. The file itself is kept as evidence. `evenhand template` makes a workbook to fill in.
    """
    if kind not in KINDS:
        raise NameUnknown("kind of import", kind, KINDS)
    start()
    who = acting_as(acting, reason=reason)
    if kind == ARCHIVE:
        return _import_archive(who, file, apply=apply)
    days = "" if day_first is None else "day-first" if day_first else "month-first"
    sent = _sent(kind, file, layout, sheet=sheet, constants=";".join(set_ or ()), days=days, decimal=decimal,
                 identical=identical, approved=approved, public=public)  # fmt: skip
    from evenhand.actions.bulk.importing import dry_run, import_file

    if apply:
        return _describe_done(kind, file, import_file(who, sent))
    return _describe(dry_run(who, sent), file, problems)


def _sent(kind: str, file: Path, layout: str, **said: Any) -> Sent:
    from evenhand.actions.bulk.sending import Sent

    mapping = b""
    if layout.endswith(".toml"):
        mapping, layout = _read(Path(layout)), ""
    return Sent(kind, _read(file), filename=file.name, layout=layout, mapping=mapping, **said)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}") from error


def _import_archive(who: Any, folder: Path, *, apply: bool) -> Answer:
    from evenhand.actions.bulk.archives import import_archive

    if not apply:
        raise OptionRefused(
            f"an archive is taken in whole, or not at all: look at it with evenhand audit {folder}, then say --apply"
        )
    done = import_archive(who, folder)
    facts = {
        key.replace("_", " "): f"{value:,}" if isinstance(value, int) else str(value)
        for key, value in done.facts.items()
    }
    return Answer(
        "import",
        f"The archive {folder} is taken in.",
        facts,
        dict(done.facts),
        closing=("Check it with: evenhand audit",),
    )


def _describe_done(kind: str, file: Path, done: Done) -> Answer:
    facts = {key.replace("_", " "): _said(value) for key, value in done.facts.items() if value}
    headline = f"Applied: {file.name}, {done.facts.get('added', 0):,} {kind} added."
    if done.repeated:
        headline = f"{file.name} was applied before, as action {done.action}; nothing was changed."
    return Answer("import", headline, facts | {"kept as evidence": done.ref},
                  {"action": done.action, "evidence": done.ref, "repeated": done.repeated} | dict(done.facts))  # fmt: skip


def _describe(run: DryRun, file: Path, problems: Path | None) -> Answer:
    """Return what a dry run found, and what to do next."""
    if run.applied is not None:
        when = run.applied.strftime("%Y-%m-%d %H:%M")
        return Answer(
            "import", f"{run.name} was applied on {when} UTC; applying it again changes nothing.", {}, _result(run)
        )
    listings = []
    if run.problems:
        rows = tuple((one.row or "", one.column, one.text) for one in run.problems[:SHOWN])
        listings.append(Listing("problems", "Problems", PROBLEMS, rows, more=run.total - len(rows)))
    if run.questions:
        listings.append(
            Listing("questions", "Questions", (Heading("question"),), tuple((one.text,) for one in run.questions))
        )
    if run.identical:
        groups = tuple((" and ".join(map(str, group)),) for group in run.identical[:SHOWN])
        listings.append(
            Listing("identical", "Rows equal in every cell", GROUPS, groups, more=len(run.identical) - len(groups))
        )
    closing = _next(run, file)
    if problems is not None:
        _write_problems(problems, run.problems)
        closing.append(f"{len(run.problems):,} problems are in {problems}.")
    facts = {
        "rows": f"{run.rows:,}",
        "would be added": f"{run.added:,}",
        "changed": f"{run.changed:,}",
        "stay as they are": f"{run.same:,}",
    }
    facts |= {f"{register} that come along": _few(keys) for register, keys in run.companions.items()}
    facts |= {key: _said(value) for key, value in run.facts.items() if value}
    headline = (
        f"Dry run of {run.name}: sound; nothing was changed."
        if run.sound
        else f"Dry run of {run.name}: it cannot be applied as it is."
    )
    return Answer("import", headline, facts, _result(run), listings=tuple(listings), closing=tuple(closing), notes=run.notes,
                  exit_code=0 if run.sound else 2)  # fmt: skip


def _next(run: DryRun, file: Path) -> list[str]:
    if run.sound:
        return [f"Apply it: the same command with --apply  ({file.name}, {run.rows:,} rows)."]
    steps = [f"Answer with: --{_option(one.option)}" for one in run.questions]
    if run.undecided:
        steps.append("Rows that repeat another: take one away, or say --identical keep to take them as they stand.")
    return list(dict.fromkeys(steps))


def _option(name: str) -> str:
    return "day-first or --month-first" if name == "day_first" else "decimal . or --decimal ,"


def _result(run: DryRun) -> dict[str, Any]:
    return {
        "register": run.register, "rows": run.rows, "added": run.added, "changed": run.changed, "same": run.same,
        "sound": run.sound, "problems_in_all": run.total, "request": run.request, "applied_before": run.applied is not None,
        "companions": {register: list(keys) for register, keys in run.companions.items()}, **run.facts,
    }  # fmt: skip


def _write_problems(file: Path, problems: tuple[Problem, ...]) -> None:
    """Write problems as a table that a spreadsheet opens, every cell of it text."""
    import polars as pl

    from evenhand.exchange.archive.cells import guard

    frame = pl.DataFrame(
        [(one.table, one.row, one.column, one.text) for one in problems],
        schema={"file": pl.String, "row": pl.Int64, "column": pl.String, "problem": pl.String}, orient="row",
    )  # fmt: skip
    try:
        file.write_text(
            frame.with_columns(guard(pl.col(name)).alias(name) for name in ("file", "column", "problem")).write_csv(),
            encoding="utf-8",
        )
    except OSError as error:
        raise OptionRefused(f"{file} cannot be written: {error.strerror}") from error


def _few(keys: tuple[str, ...]) -> str:
    return ", ".join(keys[:8]) + (f" and {len(keys) - 8:,} more" if len(keys) > 8 else "")


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_said(one)}" for key, one in value.items())
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
