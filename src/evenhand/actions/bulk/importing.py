"""Imports: a dry run that says what a file would do, and the action that does it.

`dry_run` changes nothing; `import_file` applies the same in one action, or refuses all of it with every problem at once.
Both read and weigh by the same code. Called by the commands and pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from django.conf import settings
from django.db import transaction

from evenhand.access.models import ActionLine
from evenhand.actions.action import Acting, Doing, Done, action
from evenhand.actions.bulk.by_action import (
    COMPANIONS,
    missing_companions,
    register_companions,
    weigh_memberships,
    weigh_resources,
)
from evenhand.actions.bulk.entries import weigh_entries
from evenhand.actions.bulk.evidence import keep_sent
from evenhand.actions.bulk.known import Known
from evenhand.actions.bulk.needs import weigh_needs
from evenhand.actions.bulk.offers import weigh_offers
from evenhand.actions.bulk.parties import weigh_parties
from evenhand.actions.bulk.places import weigh_places
from evenhand.actions.bulk.problems import Problems
from evenhand.actions.bulk.sending import Sent
from evenhand.actions.bulk.weighing import Outcome, Weighing
from evenhand.actions.evidence import keep_file
from evenhand.database.writing import reading, writing
from evenhand.errors import ActionRefused, InputRefused, Problem
from evenhand.exchange.imports import ImportedTable, Question

WEIGH: Mapping[str, Callable[[Weighing], Outcome]] = {
    "parties": weigh_parties, "places": weigh_places, "needs": weigh_needs, "offers": weigh_offers,
    "entries": weigh_entries, "resources": weigh_resources, "memberships": weigh_memberships,
}  # fmt: skip
BY_ACTION = ("resources", "memberships")
SHOWN_GROUPS = 8


@dataclass(frozen=True, slots=True)
class DryRun:
    """Say what a file would do to the records, and what stands in its way.

    Attributes
    ----------
    added, changed, same
        Rows that would make a record, change one, or are there already.
    companions
        Register → the keys that would be registered along with the rows.
    problems, total
        What is wrong, the first thousand by row, and how much of it there is.
    questions
        What only a person can say, such as whether 03/04/2021 is in April.
    identical
        Rows that repeat another in every cell, group by group; a person decides about them.
    applied
        When this very file was applied before; nothing would change.
    request
        The id of the action that would apply it.
    """

    register: str
    name: str
    rows: int
    added: int = 0
    changed: int = 0
    same: int = 0
    companions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    total: int = 0
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    identical: tuple[tuple[int, ...], ...] = ()
    undecided: bool = False
    applied: datetime | None = None
    request: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Say whether it could be applied as it stands."""
        return not (self.problems or self.questions or self.undecided)


def dry_run(acting: Acting, sent: Sent) -> DryRun:
    """Return what a file would do, and change nothing.

    Raises
    ------
    NotAllowed
        Who asks may not import this: the same right as to apply it.
    FileUnreadable, NameUnknown, OptionRefused
        The file, or what was said about it, cannot be used at all.
    """
    _refuse_large(sent)
    table = sent.read()
    at = (acting.at or datetime.now(UTC)).astimezone(UTC)
    doing = Doing(sent.request, "import records", acting.viewer, acting.reason, acting.origin, at)
    before = ActionLine.objects.filter(pk=sent.request, by=acting.viewer.public_id).values_list("at", flat=True).first()
    found = DryRun(
        sent.register, table.name, table.frame.height, notes=table.notes, questions=table.questions, problems=table.problems,
        total=table.total, identical=table.identical, request=sent.request, applied=before,
        undecided=bool(table.identical) and sent.identical != "keep",
    )  # fmt: skip
    if before is not None:
        return replace(found, same=table.frame.height, undecided=False)
    if not table.sound:
        return found
    with reading():
        missing = missing_companions(table.companions)
    if not (missing or sent.register in BY_ACTION or "need" in table.frame.columns):
        with reading():
            weighing, outcome = _weigh(doing, sent, table, missing)
    else:
        # What is done by single actions is done, looked at, and taken back.
        with writing():
            point = transaction.savepoint()
            weighing, outcome = _weigh(doing, sent, table, missing)
            if "need" in table.frame.columns and not weighing.problems.total and outcome.write is not None:
                outcome.write()
            transaction.savepoint_rollback(point)
    return replace(
        found, added=outcome.added, changed=outcome.changed, same=outcome.same, facts=outcome.facts,
        companions={register: tuple(frame["key"].to_list()) for register, frame in missing.items()},
        problems=weighing.problems.sorted(), total=weighing.problems.total, notes=(*table.notes, *outcome.notes),
    )  # fmt: skip


def import_file(acting: Acting, sent: Sent) -> Done:
    """Apply a file: all of it, in one action, under an id that the file itself gives; sent twice, it changes nothing.

    Raises
    ------
    InputRefused
        With every problem and open question; nothing was changed.
    ActionRefused
        Rows repeat others in every cell and nobody has decided about them.
    """
    reason = acting.reason
    if sent.identical == "keep":
        reason = "; ".join(filter(None, (reason, "rows that repeat another in every cell are kept as they stand")))
    one = replace(acting, request=sent.request, reason=reason)
    act = import_entries if sent.register == "entries" else import_records
    given = {name: getattr(sent, name) for name in sent.__dataclass_fields__}
    if sent.register == "entries":
        del given["register"], given["approved"]
    return act(one, **given)


File = Annotated[bytes, "the file: CSV, XLSX or Parquet"]
Filename = Annotated[str, "the file's name, to speak of it"]
Layout = Annotated[str, "the shipped layout that puts its headings into ours, such as ocha-deliveries"]
Mapping_ = Annotated[bytes, "a layout of your own, as a TOML file"]
Sheet = Annotated[str, "the sheet of a workbook"]
Constants = Annotated[str, "columns that hold one value in every row, such as party=AFG;unit=dose"]
Days = Annotated[str, "how 03/04/2021 is meant: day-first or month-first; asked where the file leaves it open"]
Decimals = Annotated[str, "what stands before decimals: '.' or ','; asked where the file leaves it open"]
Identical = Annotated[str, "rows that repeat another in every cell: keep them, or refuse the file"]
Public = Annotated[bool, "everybody may see the file"]


@action("import records")
def import_records(
    doing: Doing,
    *,
    register: Annotated[str, "what the rows are: needs, offers, parties, places, resources or memberships"],
    file: File,
    filename: Filename = "",
    layout: Layout = "",
    mapping: Mapping_ = b"",
    sheet: Sheet = "",
    constants: Constants = "",
    days: Days = "",
    decimal: Decimals = "",
    identical: Identical = "",
    approved: Annotated[bool, "of needs: they count at once; for who may approve them"] = False,
    public: Public = False,
) -> Done:
    """Import a file of needs, offers, parties, places, resources or memberships: all of it, or nothing."""
    if register == "entries":
        raise ActionRefused("entries are imported by an action of their own: import entries")
    sent = Sent(register, file, filename, layout, mapping, sheet, constants, days, decimal, identical, approved, public)
    return _apply(doing, sent)


@action("import entries")
def import_entries(
    doing: Doing,
    *,
    file: File,
    filename: Filename = "",
    layout: Layout = "",
    mapping: Mapping_ = b"",
    sheet: Sheet = "",
    constants: Constants = "",
    days: Days = "",
    decimal: Decimals = "",
    identical: Identical = "",
    public: Public = False,
) -> Done:
    """Import facts that have already happened, such as deliveries, with the moves before them: all of it, or nothing."""
    sent = Sent("entries", file, filename, layout, mapping, sheet, constants, days, decimal, identical, False, public)
    return _apply(doing, sent)


@import_records.before
def _read_records(acting: Acting, /, **given: Any) -> ImportedTable:
    sent = Sent(**given)
    _refuse_large(sent)
    return sent.read()


@import_entries.before
def _read_entries(acting: Acting, /, **given: Any) -> ImportedTable:
    sent = Sent(register="entries", **given)
    _refuse_large(sent)
    return sent.read()


def _apply(doing: Doing, sent: Sent) -> Done:
    """Weigh a file that was read, and write what it does; nothing where anything is wrong."""
    table: ImportedTable = doing.prepared
    refusal = table.refusal()
    if refusal is not None:
        raise refusal
    _refuse_undecided(sent, table)
    missing = missing_companions(table.companions)
    weighing, outcome = _weigh(doing, sent, table, missing)
    _refuse(weighing)
    if outcome.write is not None:
        outcome.write()
    _refuse(weighing)
    # The rows are written: their columns make room for the file.
    outcome.write = None
    keep_file(sent.file)
    ref = keep_sent(weighing)
    came = {register: frame.height for register, frame in missing.items()}
    return doing.done(
        ref, rows=table.frame.height, added=outcome.added, changed=outcome.changed, same=outcome.same,
        **{f"{register}_along": count for register, count in came.items()},
        **{name: value for name, value in outcome.facts.items() if value},
        kept_identical=sum(map(len, table.identical)),
    )  # fmt: skip


def _weigh(doing: Doing, sent: Sent, table: ImportedTable, missing: Mapping[str, Any]) -> tuple[Weighing, Outcome]:
    weighing = Weighing(sent, table, doing, Known(doing.today), Problems(table.label or sent.name, table.rows))
    register_companions(weighing, {register: missing[register] for register in COMPANIONS if register in missing})
    weighing.known = Known(doing.today)
    return weighing, WEIGH[sent.register](weighing)


def _refuse(weighing: Weighing) -> None:
    refusal = weighing.problems.refusal()
    if refusal is not None:
        raise refusal


def _refuse_undecided(sent: Sent, table: ImportedTable) -> None:
    if not table.identical or sent.identical == "keep":
        return
    groups = [" and ".join(map(str, group)) for group in table.identical[:SHOWN_GROUPS]]
    more = f" and {len(table.identical) - SHOWN_GROUPS} more" if len(table.identical) > SHOWN_GROUPS else ""
    raise InputRefused([
        Problem(
            table.label or sent.name, 0, "",
            f"rows {'; '.join(groups)}{more} are equal in every cell. They may be the same thing twice, or two things: "
            "take one away, or say --identical keep to take them as they stand",
        )
    ])  # fmt: skip


def _refuse_large(sent: Sent) -> None:
    most = int(settings.EVENHAND["largest_file"])
    if len(sent.file) > most * 2**20:
        raise ActionRefused(
            f"{sent.name} has {len(sent.file) / 2**20:,.1f} MiB; at most {most} MiB are taken (setting largest_file)"
        )
