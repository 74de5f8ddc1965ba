"""However a text repeats itself, reading it takes a time in proportion to its length: nobody holds a server up with a paste."""

from __future__ import annotations

import random
import time

import pytest

from evenhand.statements.document import Text
from evenhand.statements.reader import read_text

UNITS = (
    "Alpha ", "Chad ", "the President of Chad ", '"said" ', "and ", "12 ", "the ", "Minister of the ", "Chad, ", "(", "said ",
    "Minister of Health ", "$5 million ", "Alpha beta ", "World Health Organization ", "A. ", "\n", "Mr. X ",
    "sent 5 tonnes of rice to Mali ", "that he said that ", "“", "x" * 50, "https://a.example/?q=",
    "tents, blankets and food ", "the need for the agency to send ", "donated and delivered ", "the tents sent by ", "aid of the ", "received ",
    "between 5 and ", "appeal for aid in Mali and ", "Chad, Mali and ", "including aid for Mali ", "he did it and said ", "Biden, Jr., ", "'A b. ",
    "Ida Bah, who said ",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_what_repeats_without_end_is_read_soon(unit: str) -> None:
    """60,000 letters, for which anything that grows with the square of the length would take minutes."""
    text = f"President Ali Musa of Chad said: {(unit * 60_000)[:60_000]}."
    begun = time.process_time()
    document = read_text(Text("hostile.txt", text))
    assert time.process_time() - begun < 5
    assert all(0 <= one.start < one.end <= len(text) for one in (*document.sentences, *document.claims))


ATOMS = (
    "A-", "A/", "A.", "A ", "AB ", "Ab-", "A'", " ", "\t", ", ", "20 ", "May ", "(A)", "(A", "- ", "-- ", "A, ", "a ", "x", "1", "1,", "1.",
    "$1 ", '"', "' ", "of A ", "de A ", "A and ", "said ", "Mr. A ", "the ", "A (B) ", ". ", "…", "\n", "A\n", "–", "A–B ", "st ", "20 May ",
    "2024 ", "/ ", "//", "A.A.", "1 million ", "one ", "twenty-", "and ", "by A ",
)  # fmt: skip
HEADS = ("", "KUALA ", "Chad, ", "(WIRE) ", '"', "5 May 2020 ", "The President said ")
TAILS = (" x", " (ABC) m th", ": A", "-- the president said that he gave 5 boxes.", '" he said.', " 20")


@pytest.mark.parametrize("seed", range(4))
def test_a_line_of_capitals_and_marks_is_read_at_once(seed: int) -> None:
    """Where a pattern can cut a line up in many ways, a few hundred letters are enough to hold a server for hours."""
    dice = random.Random(seed)
    for _ in range(1_000):
        unit = "".join(dice.sample(ATOMS, dice.choice((1, 1, 2))))
        text = dice.choice(HEADS) + unit * (dice.choice((60, 199, 400)) // len(unit)) + dice.choice(TAILS)
        begun = time.process_time()
        read_text(Text("hostile.txt", text))
        assert time.process_time() - begun < 1, text


@pytest.mark.parametrize("text", [
    "Twenty \n Chad " + "x" * 210 + " today 20 (ABC) m th", "(WIRE) " + "A/" * 100 + '" he said.', "The President said " + ". " * 200 + '" he said.',
])  # fmt: skip
def test_what_once_was_read_for_ever_is_read_at_once(text: str) -> None:
    begun = time.process_time()
    read_text(Text("hostile.txt", text))
    assert time.process_time() - begun < 1
