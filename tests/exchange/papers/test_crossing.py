"""The manifest of a transfer: who crosses and how, in every script, the same bytes again; nothing of an illness."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from evenhand.exchange.papers import sheet
from evenhand.exchange.papers.crossing import write_crossing
from evenhand.exchange.papers.fonts import find_fonts
from evenhand.exchange.papers.travellers import TransferManifest, Traveller

PAPER = TransferManifest(
    ref="TR-04T9NCJDM4", way="out", origin="TCD-moissala", destination="KEN-hospital", leaves_on=date(2026, 3, 9),
    checkpoint="gate-north", intermediary="ICRC", made_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
    patient=Traveller("PN-1", {"given_name": "Zenaba", "family_name": "Mahamat Saleh", "birth_year": "1988"}, "seated"),
    companions=(Traveller("PN-2", {"given_name": "زينبة", "family_name": "محمد صالح"}), Traveller("PN-3", {})),
)  # fmt: skip


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is drawn, as it was drawn."""
    told: list[str] = []
    write = sheet.Sheet.write

    def note(self: sheet.Sheet, x: float, y: float, width: float, text: str, **how: object) -> float:
        told.append(text.replace(sheet.APART, ""))
        return write(self, x, y, width, text, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(sheet.Sheet, "write", note)
    return told


def expect_fonts() -> None:
    if not find_fonts(""):
        pytest.skip("no font with Arabic letters is installed")


def test_it_says_who_crosses_where_and_how(drawn: list[str]) -> None:
    expect_fonts()
    write_crossing(PAPER)
    for text in (
        "Manifest of a transfer", "TR-04T9NCJDM4", "TCD-moissala", "KEN-hospital", "2026-03-09", "gate-north", "ICRC",
        "Zenaba Mahamat Saleh", "1988", "seated", "زينبة محمد صالح", "patient, PN-1", "companion, PN-2", "\u2014",
        "Handed over", "Received",
    ):  # fmt: skip
        assert text in drawn, text
    assert any(text.startswith("3 persons.") for text in drawn)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_one_page_and_the_same_bytes_again(language: str) -> None:
    expect_fonts()
    body = write_crossing(PAPER, language=language)
    assert body.startswith(b"%PDF-")
    assert body.count(b"/Type /Page\n") == 1
    assert b"Zenaba" not in body.partition(b"stream")[0]
    assert write_crossing(PAPER, language=language) == body
