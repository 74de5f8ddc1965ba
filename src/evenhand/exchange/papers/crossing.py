"""The manifest of a patient's transfer, for a checkpoint: who crosses, how the patient travels, lines to sign. One page.

Called by commands and pages, with what `evenhand.lookups.people.manifests` put on record as read. It says nothing of an illness,
and its code is a ref alone.
"""

from __future__ import annotations

from evenhand.exchange.papers.parts import BOTTOM, MARGIN, WIDTH, day, draw_facts
from evenhand.exchange.papers.sheet import A4, Sheet, apart
from evenhand.exchange.papers.travellers import TransferManifest, Traveller
from evenhand.wording import say

NAMES, BORN, HOW = 96.0, 28.0, 34.0
"""Widths of the columns, in mm; what is left is for a tick."""

QR = 26.0


def write_crossing(manifest: TransferManifest, *, language: str = "en", fonts: str = "") -> bytes:
    """Return the manifest as PDF, A4; the same manifest makes the same bytes.

    Parameters
    ----------
    manifest
        What stands on it.
    language
        The reader's: it sets the direction. The words come from `evenhand.wording.say`.
    fonts
        The folder of fonts, "" for the system's.

    Raises
    ------
    OptionRefused
        No font has some of its letters.
    """
    title = say("Manifest of a transfer")
    sheet = Sheet(A4, title=f"{title} {manifest.ref}", made_at=manifest.made_at, language=language, fonts=fonts)
    sheet.add_page()
    y = MARGIN + sheet.write(MARGIN, MARGIN, WIDTH - QR - 6, title, size=20, bold=True, most=2) + 1
    sheet.write(MARGIN, y, WIDTH - QR - 6, manifest.ref, size=15, bold=True)
    sheet.qr(MARGIN + WIDTH - QR, MARGIN - 2, QR, manifest.ref)
    sheet.rule(MARGIN, MARGIN + QR, WIDTH, heavy=True)
    y = draw_facts(sheet, MARGIN + QR + 3, _facts(manifest))
    y = _draw_travellers(sheet, y + 2, manifest)
    _draw_signing(sheet, y + 8)
    told = say("{count} persons. Whoever holds this paper uses it for this way alone, and destroys it afterwards.")
    sheet.rule(MARGIN, BOTTOM + 5, WIDTH)
    sheet.write(MARGIN, BOTTOM + 6.5, WIDTH, told.format(count=1 + len(manifest.companions)), size=8, soft=True)
    return sheet.bytes()


def _facts(manifest: TransferManifest) -> list[tuple[str, str]]:
    return [
        (say("From"), apart(manifest.origin)),
        (say("To"), apart(manifest.destination)),
        (say("Leaves on"), day(manifest.leaves_on)),
        (say("Crossing at"), apart(manifest.checkpoint)),
        (say("Seen across by"), apart(manifest.intermediary)),
    ]


def _draw_travellers(sheet: Sheet, y: float, manifest: TransferManifest) -> float:
    """Draw the patient and the companions, a row each; return where the rest begins."""
    columns = ((say("Name"), NAMES), (say("Year of birth"), BORN), (say("Travels"), HOW))
    x, high = MARGIN, 0.0
    for heading, wide in columns:
        high = max(high, sheet.write(x, y, wide - 2, heading, size=8, bold=True))
        x += wide
    sheet.rule(MARGIN, y + high + 1, WIDTH, heavy=True)
    y += high + 2.5
    for one in (manifest.patient, *manifest.companions):
        top = sheet.write(MARGIN, y, NAMES - 2, _name(one), size=11, most=3)
        told = say("patient") if one is manifest.patient else say("companion")
        top += sheet.write(MARGIN, y + top, NAMES - 2, f"{told}, {apart(one.ref)}", size=7.5, soft=True)
        sheet.write(MARGIN + NAMES, y, BORN - 2, apart(one.fields.get("birth_year", "")), size=11)
        sheet.write(MARGIN + NAMES + BORN, y, HOW - 2, _travels(one.fitness), size=11)
        sheet.box(MARGIN + WIDTH - 8, y, 5, 5)
        y += max(top, 6) + 3
        sheet.rule(MARGIN, y - 1.5, WIDTH)
    return y


def _name(one: Traveller) -> str:
    return " ".join(filter(None, (one.fields.get("given_name", ""), one.fields.get("family_name", "")))) or "\u2014"


def _travels(fitness: str) -> str:
    told = {
        "walking": say("on foot"),
        "seated": say("seated"),
        "lying": say("lying"),
        "escort": say("with a health worker"),
        "ventilated": say("with a breathing machine"),
    }
    return told.get(fitness, fitness)


def _draw_signing(sheet: Sheet, y: float) -> None:
    third = WIDTH / 3
    for place, who in enumerate((say("Handed over"), say("Seen across by"), say("Received"))):
        x = MARGIN + place * third
        sheet.write(x, y, third - 6, who, size=10, bold=True)
        for row, what in enumerate((say("Name"), say("Signature"), say("Day and time"))):
            below = y + 13 + row * 11
            sheet.rule(x, below, third - 6, heavy=True)
            sheet.write(x, below + 0.5, third - 6, what, size=7, soft=True)
