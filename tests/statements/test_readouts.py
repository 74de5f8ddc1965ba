"""The annotated readouts beside the project: the scores that the reader must not fall below."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.statements.document import Text
from evenhand.statements.reader import read_text
from evenhand.statements.scoring import Count, read_gold, score_documents

LEAST = {
    "meeting": 0.93,
    "participants": 0.97,
    "participant fields": 0.95,
    "speakers": 0.97,
    "acts": 0.92,
    "claims": 0.92,
}


@pytest.fixture(scope="module")
def counts(shared: Path) -> dict[str, Count]:
    folder = shared / "readouts"
    if not (folder / "gold.jsonl").is_file():
        pytest.skip("the annotated readouts (../shared/readouts) are not on this machine")
    gold = read_gold(folder / "gold.jsonl")
    read = [read_text(Text(one["file"], (folder / one["file"]).read_text(encoding="utf-8"))).to_json() for one in gold]
    return score_documents(zip(gold, read, strict=True)).counts


@pytest.mark.parametrize("measure", LEAST)
def test_the_annotated_readouts_are_read_as_well_as_before(counts: dict[str, Count], measure: str) -> None:
    assert counts[measure].f1 >= LEAST[measure]


@pytest.mark.parametrize(
    ("field", "least"), [("quantity and unit", 0.95), ("giver", 0.9), ("receiver", 0.9), ("speaker", 0.95)]
)
def test_claims_that_are_found_say_the_right_thing(counts: dict[str, Count], field: str, least: float) -> None:
    assert counts[f"claims found: {field}"].precision >= least
