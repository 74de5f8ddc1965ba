"""A receipt done: line by line, each once however often it is sent; what was done is said, and what was not, with its line.

Called by the page of a receipt, for a browser and for the worker that sends what was kept on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.core.files import File
from django.utils.translation import gettext as _

from evenhand.access.viewers import Viewer
from evenhand.actions.action import Acting, Done
from evenhand.actions.evidence import attach_evidence
from evenhand.actions.receipts import receive_consignment
from evenhand.errors import EvenhandError
from evenhand.lookups.consignments import Consignment
from evenhand.lookups.reach import today
from evenhand.web.languages.formats import amount
from evenhand.web.languages.sentences import in_plain_text
from evenhand.web.languages.speaking import names_here
from evenhand.web.languages.vocabulary import unit as unit_word
from evenhand.web.receipts.form import Asked, LineForm, actions_of, find_problems, line_forms, lines_said, pack_size

TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
LONGEST_NOTE: Final = 2000
MOST_ID: Final = 36


@dataclass(slots=True)
class Receipt:
    """Hold what came of a form that was sent.

    Attributes
    ----------
    said
        What is recorded, a sentence a line.
    problems
        Field's id → what is wrong, the first of each.
    lines
        The lines that are still open, as they were typed.
    """

    said: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    lines: list[LineForm] = field(default_factory=list)


def receive(
    viewer: Viewer, found: Consignment, given: Mapping[str, str], photo: File[bytes] | None, origin: str
) -> Receipt:
    """Do what a form says.

    A line that is open is checked against what is on its way. One that is not is handed to the action as it is: it answers
    what was sent before with the first answer, and tells whoever comes too late what somebody else has recorded.
    """
    receipt = Receipt(lines=line_forms(found, given))
    _check_whole(receipt, given)
    find_problems(receipt.lines, given.get("note", ""))
    _gather(receipt)
    if receipt.problems:
        return receipt
    still = {one.number: one for one in receipt.lines}
    known = {one.number: one for one in found.lines}
    numbers = [one for one in lines_said(given) if one in known]
    if not numbers:
        receipt.problems.append(("main", _("The form says nothing about any line of this consignment. Open it anew.")))
    done: list[Done] = []
    for number in numbers:
        line = known[number]
        own = still.get(number)
        unit = own.unit if own else line.unit if pack_size(line) > 1 else line.base_unit
        done += _do_line(receipt, viewer, actions_of(found.ref, number, given, (unit, line.base_unit)), line, origin)
    if photo is not None and done:
        _attach(receipt, viewer, found, photo, given, origin)
    return receipt


def day_of(given: Mapping[str, str]) -> date:
    """Return the day a form gives, today where it gives none. Raises ValueError."""
    text = given.get("on", "").strip()
    return date.fromisoformat(text) if text else today()


def _check_whole(receipt: Receipt, given: Mapping[str, str]) -> None:
    """Check what is said of the receipt as a whole: the day, the note, the form's own id."""
    try:
        if day_of(given) > today():
            receipt.problems.append(("on", _("This day has not come yet. Give the day on which it arrived.")))
    except ValueError:
        receipt.problems.append(("on", _("This is no date. Write it as year-month-day, such as 2026-03-02.")))
    note = given.get("note", "")
    if len(note) > LONGEST_NOTE:
        receipt.problems.append(("note", _("The note is too long. Keep it below 2,000 letters.")))
    if any(letter in TURNING or (ord(letter) < 32 and letter not in "\r\n\t") for letter in note):
        receipt.problems.append(("note", _("The note holds an unseen character. Type it anew.")))
    if not 8 <= len(given.get("request_id", "")) <= MOST_ID or not given.get("request_id", "").isascii():
        receipt.problems.append(("main", _("This form has lost its number. Open the page anew, and send that.")))


def _gather(receipt: Receipt) -> None:
    for one in receipt.lines:
        called = names_here().name_of("resource", one.line.resource, one.line.resource_name).text
        for name, said in one.problems.items():
            where = f"{name}-{one.number}" if name != "is" else f"is-{one.number}-good"
            sentence = _("Line {number}, {what}: {said}").format(number=one.number, what=called, said=said)
            receipt.problems.append((where, sentence))


def _do_line(receipt: Receipt, viewer: Viewer, asked: list[Asked], line: Any, origin: str) -> list[Done]:
    """Do what one line asks for, and say what is recorded, or what refused it."""
    done: list[Done] = []
    called = names_here().name_of("resource", line.resource, line.resource_name).text
    for one in asked:
        acting = Acting(viewer, request=one.request, origin=origin)
        given = {name: value for name, value in one.given.items() if value != ""}
        if "on" in given:
            given["on"] = date.fromisoformat(given["on"])
        try:
            done.append(receive_consignment(acting, **given))
        except EvenhandError as error:
            where = f"is-{line.number}-good"
            sentence = _("Line {number}, {what}: {said}").format(
                number=line.number, what=called, said=in_plain_text(error.sentence)
            )
            receipt.problems.append((where, sentence))
            break
    if done:
        counts = {name: sum(int(one.facts[name]) for one in done) for name in ("good", "damaged", "missing")}
        known = {
            "number": line.number, "what": called, "good": amount(counts["good"]), "damaged": amount(counts["damaged"]),
            "missing": amount(counts["missing"]), "unit": unit_word(line.base_unit, counts["good"]),
        }  # fmt: skip
        if counts["damaged"] or counts["missing"]:
            said = _("Line {number}, {what}: {good} {unit} good, {damaged} damaged, {missing} missing.").format(**known)
        else:
            said = _("Line {number}, {what}: {good} {unit}, all good.").format(**known)
        receipt.said.append(said)
    return done


def _attach(
    receipt: Receipt, viewer: Viewer, found: Consignment, photo: File[bytes], given: Mapping[str, str], origin: str
) -> None:
    """Keep a photo as evidence about the consignment; what is wrong with it undoes no receipt."""
    acting = Acting(viewer, request=f"photo-{given['request_id']}"[:MOST_ID], origin=origin)
    try:
        evidence = attach_evidence(
            acting, about=found.ref, title=f"Photo on receipt of {found.ref}", kind="photo", dated=day_of(given),
            file=photo.read(), filename=(photo.name or "")[:100],
        )  # fmt: skip
    except EvenhandError as error:
        receipt.problems.append(
            ("photo", _("The photo was not kept: {said}").format(said=in_plain_text(error.sentence)))
        )
    else:
        receipt.said.append(_("The photo is kept as {ref}.").format(ref=evidence.ref))
