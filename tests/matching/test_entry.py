"""Asked while a registrar waits: the same answer as the great comparison, and nothing else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from bench.persons import Truth, make_persons

from evenhand.errors import FileUnreadable
from evenhand.matching import Model, match, prepare, train
from evenhand.matching.entry import Index


@pytest.fixture(scope="module")
def made() -> Truth:
    return make_persons(2_000, seed=9)


@pytest.fixture(scope="module")
def model(made: Truth) -> Model:
    return train(prepare(made.persons))


@pytest.fixture(scope="module")
def index(made: Truth, model: Model) -> Index:
    return Index.build(prepare(made.persons), model)


def test_what_matching_puts_together_is_found_on_entry_with_the_same_weight(
    made: Truth, model: Model, index: Index
) -> None:
    pairs = match(made.persons, model=model).pairs.filter(pl.col("chance") >= 0.9)
    rows = {row["record"]: row for row in made.persons.to_dicts()}
    assert pairs.height > 100
    found = 0
    for a, b, weight, reasons in pairs.select("record_a", "record_b", "weight", "reasons").head(60).iter_rows():
        candidates = {one.record: one for one in index.find(rows[a], most=50)}
        found += b in candidates
        if b in candidates:
            assert candidates[b].weight == pytest.approx(weight, abs=1e-6)
            assert candidates[b].reasons == reasons
    assert found == 60


def test_a_record_is_never_its_own_candidate_and_a_stranger_finds_nobody(made: Truth, index: Index) -> None:
    own = made.persons.row(0, named=True)
    assert own["record"] not in [one.record for one in index.find(own)]
    assert index.find({"given_name": "Xqzwv", "family_name": "Wvzqx", "birth_date": "1999-09-09"}) == ()
    assert index.find({}) == ()
    assert index.find({"given_name": "---", "birth_date": "1990-02-31"}) == ()


def test_a_record_just_added_is_found_by_the_next_desk_in_another_script(made: Truth, model: Model) -> None:
    with Index.build(prepare(made.persons), model) as index:
        index.add(
            {
                "record": "new-1",
                "given_name": "Мухаммед",
                "family_name": "Алиев",
                "birth_date": "1985-11-30",
                "sex": "m",
            }
        )
        found = index.find({"given_name": "Muhammad", "family_name": "Aliyev", "birth_date": "1985-11-30", "sex": "M"})
        assert [one.record for one in found] == ["new-1"]
        assert "given name sounds alike" in found[0].reasons
        assert len(index) == made.persons.height + 1


def test_an_index_is_kept_in_a_file_and_answers_the_same(
    made: Truth, model: Model, index: Index, tmp_path: Path
) -> None:
    path = tmp_path / "persons.duckdb"
    Index.build(prepare(made.persons), model, path).close()
    with Index.open(path) as again:
        for row in made.persons.sample(20, seed=1).to_dicts():
            assert again.find(row) == index.find(row)
    with pytest.raises(FileUnreadable, match="exists already"):
        Index.build(prepare(made.persons), model, path)


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no index")
    with pytest.raises(FileUnreadable, match="no index of persons"):
        Index.open(tmp_path / "text")
    with pytest.raises(FileUnreadable, match="does not exist"):
        Index.open(tmp_path / "absent")


def test_hostile_cells_are_only_text(index: Index) -> None:
    before = len(index)
    for text in ("'; DROP TABLE persons; --", "\x00", "x" * 10_000, "{}", "%s", "\u202e"):
        index.find({"record": text, "given_name": text, "family_name": text, "phone": text, "birth_date": text})
    assert len(index) == before
