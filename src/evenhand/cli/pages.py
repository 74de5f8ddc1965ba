"""What people read of one record: what it is in a sentence, the facts that matter, its lines, what to do next.

JSON holds every field whatever stands here; a kind of record without a page of its own shows its fields. Called by
`evenhand.cli.looking`. Rounds are in `evenhand.cli.round_page`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evenhand.cli.answer import Heading, Listing, Passage
from evenhand.cli.readings import (
    DIFFERENCES,
    ENTRIES,
    LINES,
    SHARES,
    Column,
    carried,
    in_units,
    packs_of,
    roles_of,
    spot,
    still_open,
    unit_of,
)


@dataclass(frozen=True, slots=True)
class Page:
    """Hold what people read of one record; `raw` is what a pipe gets instead, where the record is itself a file."""

    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    listings: Sequence[Listing] = ()
    passages: Sequence[Passage] = ()
    closing: Sequence[str] = ()
    raw: str = ""


def said(value: Any) -> str:
    """Return a value in words: grouped by thousands, yes or no, days as in ISO 8601.

    Examples
    --------
    >>> said(1200000), said(True), said(None), said(("cold-chain", "ultra-cold")), said({"offered": 1000})
    ('1,200,000', 'yes', '', 'cold-chain, ultra-cold', 'offered 1,000')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        value = int(value) if value.denominator == 1 else Decimal(value.numerator) / value.denominator
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float | Decimal):
        return f"{value:,.6f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return ", ".join(f"{key.replace('_', ' ')} {said(one)}" for key, one in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(said, value))
    return str(value)


def make_listing(
    name: str, title: str, columns: Sequence[Column], rows: Sequence[Any], *, more: int = 0, records: Any = ()
) -> Listing:
    """Return rows as a listing; a column in which no row has anything is left out."""
    table = [[_cell(column.of(row)) for column in columns] for row in rows]
    used = [place for place in range(len(columns)) if any(cells[place] not in ("", None) for cells in table)]
    headings = tuple(
        Heading(f"c{place}" if not columns[place].head else columns[place].head, columns[place].kind,
                label=columns[place].head or " ", spare=columns[place].spare)
        for place in used
    )  # fmt: skip
    return Listing(
        name, title, headings, tuple(tuple(cells[place] for place in used) for cells in table), more, tuple(records)
    )


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping | list | tuple):
        return said(value)
    return value


def need_page(row: Any) -> Page:
    """Return a need's page."""
    amount = f"{said(in_units(row, row.quantity))} {unit_of(row)}"
    facts = {
        "what for": row.why,
        "where": row.place,
        "needed by": row.by_when,
        "priority": row.priority,
        "valid until": row.valid_until,
        "typed as": "" if row.kind == "money" or row.unit == row.base_unit else f"{row.typed} {row.unit}",
        "held already": said(in_units(row, row.held)) if row.held else "",
        "most it can take": row.capacity,
        "most it can use a week": row.per_week,
        "weight": "" if row.weight == "1" else f"{row.weight}, says {row.weight_source}",
        "groups in order": row.tiers,
        "programme": row.programme,
        "corrects": row.replaces,
        "corrected by": row.replaced_by,
        "drafted": row.made_at,
        "approved": row.approved_at,
    }
    after = {
        "draft": f"Only {row.party} sees it. Next: evenhand need submit {row.ref}",
        "submitted": f"The secretariat checks it. Next: evenhand need approve {row.ref}",
        "approved": f"It lapses after {row.valid_until} unless it is renewed: evenhand need renew {row.ref}",
        "lapsed": f"It no longer counts. If it still stands: evenhand need renew {row.ref}",
    }.get(row.state, "")
    return Page(
        f"{row.ref} ({row.state}): {row.party_name} ({row.party}) needs {amount} of {row.resource_name} ({row.resource}).",
        facts,
        closing=(after,) if after else (),
    )


def offer_page(row: Any) -> Page:
    """Return an offer's page: the donor's claim, how far it counts, what became of it."""
    amount = f"{said(in_units(row, row.quantity))} {unit_of(row)}"
    worth = f"{row.unit_value} {row.currency} a {row.base_unit}" if row.unit_value else ""
    stages = {stage: in_units(row, units) for stage, units in row.stages.items() if units and stage != "outside"}
    facts = {
        "firmness": row.firmness + ("" if row.counted else " (not firm enough to count in any total)"),
        "said on": row.said_on,
        "typed as": "" if row.kind == "money" or row.unit == row.base_unit else f"{row.typed} {row.unit}",
        "shared out in": "" if row.kind == "money" or row.pack_size == 1 else f"packs of {row.pack_size:,}",
        "fewest packs": row.min_packs if row.min_packs > 1 else "",
        "to be had from": row.window_from,
        "to be had until": row.window_until,
        "expires": row.expires,
        "meant for": row.meant_for,
        "not for": row.not_for,
        "conditions": row.conditions,
        "worth": worth + (f", on {row.valued_on}" if worth and row.valued_on else ""),
        "programme": row.programme,
        "still open": still_open(row),
        "now": stages,
    }
    after = f"To follow every unit of it: evenhand offer trace {row.ref}"
    if not row.counted and row.state != "withdrawn":
        after = f"To make it firmer: evenhand offer firm {row.ref} --firmness commitment"
    return Page(
        f"{row.ref} ({row.state}): {row.donor_name} ({row.donor}) offers {amount} of {row.resource_name} ({row.resource}).",
        facts,
        closing=(after,),
    )


def path_page(row: Any) -> Page:
    """Return the path of an offer's units, to the last hand."""
    stages = {stage: units for stage, units in row.stages.items() if units}
    return Page(
        f"{row.entered:,} base units of {row.offer}, given by {row.donor} ({row.resource}), are in the book.",
        {"now": stages},
        (
            make_listing("shares", "What each party got of it", SHARES, row.shares),
            make_listing("history", "Every entry", ENTRIES, row.history),
        ),
    )


def consignment_page(row: Any) -> Page:
    """Return a consignment's page: how far it is, line by line, and what did not arrive in good order."""
    facts = {
        "left": row.dispatched_on,
        "to leave": "" if row.dispatched_on else row.leaves_on,
        "due": row.due_on,
        "last received": row.last_received_on,
        "carrier": row.carrier,
        "waybill": row.waybill,
        "code": row.code,
        "programme": row.programme,
    }
    after = {
        "planned": f"Next: evenhand consignment dispatch {row.ref}",
        "sent": f"When it arrives, {row.destination} says what came: evenhand consignment receive {row.ref}",
        "part received": f"When the rest arrives: evenhand consignment receive {row.ref} --line N",
    }.get(row.state, "")
    return Page(
        f"{row.ref} ({row.state}): a {row.kind} from {row.origin} to {row.destination}, {carried(row)}.",
        facts,
        (
            make_listing("lines", "Lines, in base units", LINES, row.lines),
            make_listing("differences", "What did not arrive in good order", DIFFERENCES, row.differences),
        ),
        closing=(after,) if after else (),
    )


def entry_page(row: Any) -> Page:
    """Return an entry's page."""
    facts = {
        "number": row.seq,
        "move": row.verb,
        "from": row.source,
        "to": row.target,
        "typed as": f"{row.typed} {row.unit}",
        "value": f"{row.value} {row.currency} on {row.valued_on}" if row.value else "",
        "happened": row.happened,
        "recorded": row.recorded,
        "about": row.concerns,
        "donor": row.donor,
        "cause": row.cause,
        "note": row.note,
        "takes back": row.reverses,
        "taken back by": row.reversed_by,
        "written by": row.by,
        "action": row.action,
    }
    back = (
        "" if row.reversed_by or row.reverses else f"To take it back: evenhand stock reverse {row.entry} --reason TEXT"
    )
    return Page(
        f"Entry {row.entry}: {row.quantity:,} base units of {row.resource} from {spot(row.source)} to {spot(row.target)}.",
        facts,
        closing=(back,) if back else (),
    )


def evidence_page(row: Any) -> Page:
    """Return the page of a piece of evidence; its file is fetched apart."""
    facts = {
        "about": row.about,
        "source": row.source,
        "dated": row.dated,
        "language": row.language,
        "confidence": row.confidence,
        "given by": row.given_by,
        "public": row.public,
        "SHA-256": row.sha256,
        "bytes": row.size or "",
        "attached": row.made_at,
    }
    after = (f"Its file: evenhand evidence file {row.ref} -o FILE",) if row.sha256 else ()
    return Page(f"{row.ref}: {row.title} ({row.kind}).", facts, closing=after)


def party_page(row: Any) -> Page:
    """Return a party's page."""
    facts = {
        "kind": row.kind,
        "below": row.parent,
        "place": row.place,
        "handles": row.handles or "nothing that takes special care",
        "codes": row.codes,
        "at": f"{row.latitude}, {row.longitude}" if row.latitude is not None else "",
        "retired": row.retired_on,
    }
    after = f"To say what it can handle: evenhand party change {row.key} --handles 'cold-chain' --reason TEXT"
    return Page(f"{row.name} ({row.key}).", facts, closing=() if row.handles or row.retired_on else (after,))


def resource_page(row: Any) -> Page:
    """Return a resource's page."""
    facts = {
        "in French": row.name_fr,
        "kind": row.kind,
        "family": row.family,
        "counted in": row.base_unit,
        "packs": packs_of(row),
        "parts": row.parts,
        "for one person": "" if row.kind == "money" else f"{row.per_person} {row.base_unit}",
        "requires": row.requires,
        "codes": row.codes,
        "note": row.note,
    }
    return Page(f"{row.name} ({row.key}).", facts)


def user_page(row: Any) -> Page:
    """Return a user's page."""
    facts = {
        "in full": row.full_name,
        "e-mail": row.email,
        "language": row.language,
        "roles": roles_of(row) or "none yet, so it may do nothing",
        "public id": row.public_id,
        "added": row.made_at,
    }
    return Page(f"{row.name} ({'active' if row.active else 'switched off'}).", facts)


def checkpoint_page(row: Any) -> Page:
    """Return a checkpoint's page, with the note that others can countersign: `evenhand checkpoint show 12 > note.txt`."""
    facts = {
        "made": row.made_at,
        "why": row.why,
        "signed by": row.signed_by,
        "checked": row.checked or "none of them, because no key known here has signed it",
        "root": row.root,
    }
    return Page(
        f"A checkpoint over the first {row.size:,} entries of the stock book.",
        facts,
        passages=(Passage("The note, as it is signed", row.note),),
        raw=row.note,
    )


def proof_page(row: Any) -> Page:
    """Return the proof that one checkpoint is the beginning of another: the hashes, and how to check them."""
    facts = {"older root": row.old_root, "newer root": row.new_root}
    hashes = "\n".join(row.hashes) or "None is needed: both say the same."
    return Page(
        f"The first {row.old_size:,} of the {row.new_size:,} entries are those that were signed before.",
        facts,
        passages=(Passage("The proof, hash by hash", hashes), Passage("How to check it", f"{row.how_to_check}.")),
    )


PAGES: dict[str, Callable[[Any], Page]] = {
    "need show": need_page,
    "offer show": offer_page,
    "offer trace": path_page,
    "consignment show": consignment_page,
    "stock entry": entry_page,
    "evidence show": evidence_page,
    "party show": party_page,
    "resource show": resource_page,
    "user show": user_page,
    "checkpoint show": checkpoint_page,
    "checkpoint prove": proof_page,
}
"""Command → the page it shows."""
