"""Papers say what they were given, in every language, in the same bytes; what no font can show is refused with advice."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from evenhand.errors import OptionRefused
from evenhand.exchange.papers import sheet
from evenhand.exchange.papers.contents import Line, Loss, Paper, Side, Signed
from evenhand.exchange.papers.fonts import find_fonts, fonts_for
from evenhand.exchange.papers.labels import MOST, boxes_of, write_labels
from evenhand.exchange.papers.manifest import write_manifest
from evenhand.exchange.papers.receipt import write_receipt
from evenhand.wording import speaking

LINE = Line(
    1, Side("vaccine-measles", "Measles vaccine"), Side("IND", "India"), "OF-0NC4NPXFQA", 600, "dose", "6", "box", 100,
    date(2027, 3, 1), "B71X", sent=600, good=550, damaged=50, losses=(Loss("damaged", 50, "wet or mouldy"),),
)  # fmt: skip
PAPER = Paper(
    "CN-04T9NCJDM4", "https://book.example.org/c/CN-04T9NCJDM4", Side("UNICEF", "UNICEF"), Side("TCD", "Chad"),
    datetime(2026, 3, 2, tzinfo=UTC), (LINE, replace(LINE, number=2, losses=())), "Sahel Transit", "WB-118", due=date(2026, 3, 9),
    signed=Signed(566, "8m873+D2o=", datetime(2026, 3, 2, tzinfo=UTC)),
)  # fmt: skip
NAMES = {
    "en": "Measles vaccine", "fr": "Vaccin contre la rougeole", "es": "Vacuna contra el sarampión",
    "ru": "Вакцина против кори", "ar": "لقاح الحصبة", "zh": "麻疹疫苗",
}  # fmt: skip
WRITERS = {
    "manifest": write_manifest,
    "receipt": write_receipt,
    "labels": lambda paper, **how: write_labels(paper, boxes=boxes_of(paper), **how),
}


def text_of(body: bytes, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext of poppler is not here, so what the PDF says cannot be read back")
    file = tmp_path / "paper.pdf"
    file.write_bytes(body)
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout


def named(language: str) -> Paper:
    return replace(PAPER, lines=(replace(LINE, resource=Side("vaccine-measles", NAMES[language])),))


def expect_fonts(language: str) -> None:
    letters = {ord(letter) for letter in NAMES[language] if not letter.isspace()}
    if not letters <= set().union(*(font.letters for font in find_fonts())):
        pytest.skip(f"no font here has the letters of {language}")


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


@pytest.mark.parametrize("paper", WRITERS)
@pytest.mark.parametrize("language", NAMES)
def test_a_paper_is_made_in_every_language_and_again_in_the_same_bytes(paper: str, language: str) -> None:
    expect_fonts(language)
    body = WRITERS[paper](named(language), language=language)
    assert body.startswith(b"%PDF-")
    assert b"%%EOF" in body[-16:]
    assert len(body) < 150_000
    assert WRITERS[paper](named(language), language=language) == body


def test_a_manifest_says_what_travels_from_whom_to_whom(drawn: list[str]) -> None:
    write_manifest(PAPER)
    for text in ("CN-04T9NCJDM4", "UNICEF (UNICEF)", "Chad (TCD)", "Sahel Transit", "WB-118", "2026-03-09", "Measles vaccine",
                 "6 box", "= 600 dose", "2027-03-01", "B71X", "Handed over", "Received", "CN-04T9NCJDM4, page 1 of 1"):  # fmt: skip
        assert text in drawn, text
    assert "Printed under checkpoint 566 of the stock book, 2026-03-02: 8m873+D2o=" in drawn


def test_the_text_of_a_manifest_can_be_copied_out_of_it(tmp_path: Path) -> None:
    text = text_of(write_manifest(PAPER), tmp_path)
    assert "Measles vaccine" in text
    assert "CN-04T9NCJDM4" in text


def test_a_weight_stands_there_only_where_somebody_knows_one(drawn: list[str]) -> None:
    from decimal import Decimal

    write_manifest(PAPER)
    assert "Weight, kg" not in drawn
    write_manifest(replace(PAPER, lines=(replace(LINE, weight_kg=Decimal("41.50")),)))
    assert {"Weight, kg", "41.50"} <= set(drawn)


def test_a_long_manifest_runs_over_pages_that_say_so(drawn: list[str]) -> None:
    write_manifest(replace(PAPER, lines=tuple(replace(LINE, number=number) for number in range(1, 61))))
    feet = [text for text in drawn if ", page " in text]
    last = int(feet[-1].rpartition(" ")[2])
    assert last > 2
    assert feet[-last:] == [f"CN-04T9NCJDM4, page {page} of {last}" for page in range(1, last + 1)]


def test_a_receipt_says_every_loss_with_its_cause(drawn: list[str]) -> None:
    write_receipt(PAPER)
    assert "Line 1: 50 dose damaged: wet or mouldy" in drawn
    write_receipt(replace(PAPER, lines=(replace(LINE, damaged=0, good=600, losses=()),)))
    assert "Everything that was sent arrived in good order." in drawn


def test_the_words_are_those_of_the_reader(drawn: list[str]) -> None:
    with speaking(lambda text: f"<{text}>"):
        write_manifest(PAPER, language="fr")
    assert "<Consignment manifest>" in drawn
    assert "<Carrier>" in drawn


def test_every_box_has_a_label_that_says_which_of_how_many(drawn: list[str]) -> None:
    write_labels(PAPER, boxes={1: 2, 2: 9})
    assert [text for text in drawn if re.fullmatch(r"\d+ of 11", text)] == [
        f"{number} of 11" for number in range(1, 12)
    ]
    assert drawn.count("CN-04T9NCJDM4") == 11


@pytest.mark.parametrize(("layout", "pages"), [("sheet", 2), ("page", 11)])
def test_labels_stand_eight_on_a_sheet_or_one_on_a_page(layout: str, pages: int) -> None:
    body = write_labels(PAPER, boxes={1: 2, 2: 9}, layout=layout)
    assert len(re.findall(rb"/Type /Page\b(?!s)", body)) == pages


@pytest.mark.parametrize(
    ("typed", "unit", "size", "boxes"), [("6", "box", 100, 6), ("600", "dose", 100, 6), ("650", "dose", 100, 7), ("3", "dose", 1, 3)]
)  # fmt: skip
def test_a_line_travels_in_its_packs_where_nobody_says_otherwise(typed: str, unit: str, size: int, boxes: int) -> None:
    quantity = int(typed) * (100 if unit == "box" else 1)
    assert boxes_of(
        replace(PAPER, lines=(replace(LINE, typed=typed, unit=unit, pack_size=size, quantity=quantity),))
    ) == {1: boxes}


@pytest.mark.parametrize(
    ("boxes", "refusal"),
    [
        ({3: 1}, "CN-04T9NCJDM4 has no line 3; it has 1, 2"), ({1: 0}, "travels in 0 boxes; say how many, 1 or more"),
        ({1: MOST + 1}, "that would be 2,001 labels"), ({}, "that would be 0 labels"),
    ],
)  # fmt: skip
def test_labels_that_nobody_wants_are_refused(boxes: dict[int, int], refusal: str) -> None:
    with pytest.raises(OptionRefused, match=refusal):
        write_labels(PAPER, boxes=boxes)


def test_a_layout_that_does_not_exist_is_refused() -> None:
    with pytest.raises(OptionRefused, match=r"say sheet \(eight on A4\) or page \(one on A6\)"):
        write_labels(PAPER, boxes={1: 1}, layout="roll")


@pytest.mark.parametrize(
    "name", ["a\u202eb", "a\x00b", "\u2067Chad\u2069", "<b>Chad</b>", "x" * 500, "Chad 📦", "(Chad\\) Tj"]
)
@pytest.mark.parametrize("paper", WRITERS)
def test_hostile_names_make_a_paper_all_the_same(name: str, paper: str) -> None:
    hostile = replace(
        PAPER, origin=Side("X", name), carrier=name, waybill=name, lines=(replace(LINE, resource=Side("R", name)),)
    )
    assert WRITERS[paper](hostile).startswith(b"%PDF-")


def test_signs_that_turn_the_direction_are_left_out_of_names() -> None:
    assert fonts_for("Chad\u202e\u2067 dahC", ())[0] == "Chad dahC"


def test_without_fonts_western_letters_are_printed_and_others_refused_with_advice(tmp_path: Path) -> None:
    folder = str(tmp_path)  # a folder without fonts
    assert write_manifest(replace(PAPER, carrier="Société générale – São Tomé"), fonts=folder).startswith(b"%PDF-")
    with pytest.raises(
        OptionRefused, match=r"no font here has the letters Ч а д of 'Чад .*'; install Noto Sans"
    ) as refused:
        write_manifest(replace(PAPER, destination=Side("TCD", "Чад")), fonts=folder)
    assert "setting fonts" in str(refused.value)
    assert "print the page" in str(refused.value)


def test_a_folder_of_fonts_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match="which is no folder; leave it empty"):
        write_manifest(PAPER, fonts=str(tmp_path / "none"))


def test_a_file_that_is_no_font_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "NotoSans-Regular.ttf").write_bytes(b"no font")
    with pytest.raises(OptionRefused, match=r"NotoSans-Regular\.ttf cannot be read"):
        write_manifest(PAPER, fonts=str(tmp_path))


def test_the_code_of_a_paper_leads_to_its_address() -> None:
    import segno
    from PIL import Image

    picture = Image.open(io.BytesIO(sheet._qr_picture(PAPER.address))).convert("1")
    wanted = segno.make(PAPER.address, error="m", micro=False).matrix
    read = [
        [picture.getpixel(((x + 2) * 8 + 4, (y + 2) * 8 + 4)) == 0 for x in range(len(wanted))]
        for y in range(len(wanted))
    ]
    assert read == [[bool(cell) for cell in row] for row in wanted]
