"""However a text repeats itself, reading it takes a time in proportion to its length: nobody holds a server up with a paste."""

from __future__ import annotations

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
