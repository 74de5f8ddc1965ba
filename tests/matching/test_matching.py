"""From a table to pairs, reasons and groups: the laws, the promises, and how right it is on sets whose truth is known."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from bench.persons import Truth, make_persons, pairwise, read_known
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import FileUnreadable, OptionRefused
from evenhand.matching import THRESHOLD, Model, match, prepare, read_model, train
from evenhand.matching.engines import DuckEngine
from evenhand.matching.reasons import tell
from evenhand.matching.scoring import score

TARGETS = {"febrl1": 0.99, "febrl2": 0.95, "febrl3": 0.95, "fake_1000": 0.94}


@pytest.fixture(scope="module")
def made() -> Truth:
    """A register of 1,500 records, 150 of them second ones."""
    return make_persons(1_500, seed=5)


@pytest.fixture(scope="module")
def model(made: Truth) -> Model:
    return train(prepare(made.persons))


def test_the_same_table_gives_the_same_model_and_groups_in_any_order(made: Truth, model: Model) -> None:
    shuffled = made.persons.sample(fraction=1.0, shuffle=True, seed=3)
    assert train(prepare(shuffled)).as_json() == model.as_json()
    one, other = match(made.persons, model=model), match(shuffled, model=model)
    assert one.pairs.equals(other.pairs)
    assert one.clusters.equals(other.clusters)


def test_every_record_comes_out_once_and_together_means_one_group(made: Truth, model: Model) -> None:
    found = match(made.persons, model=model)
    assert found.clusters["record"].to_list() == sorted(made.persons["record"])
    group_of = dict(found.clusters.select("record", "cluster").iter_rows())
    for a, b, together in found.pairs.select("record_a", "record_b", "together").iter_rows():
        assert (group_of[a] == group_of[b]) == together
    assert pairwise(*found.clusters.join(made.truth, on="record").select("cluster", "person"))[0] >= 0.95


def test_reasons_add_up_to_the_weight_that_splink_summed(made: Truth, model: Model) -> None:
    prepared = prepare(made.persons)
    told = tell(score(prepared, model, DuckEngine()).shown, prepared, model)
    summed = told.select(pl.sum_horizontal("^weight_.*$") + model.prior)[:, 0]
    assert summed.to_list() == pytest.approx(told["weight"].to_list(), abs=1e-9)
    assert all("(" in reasons for reasons in told["reasons"])


def test_exchanging_two_records_changes_no_weight(made: Truth, model: Model) -> None:
    # Record ids decide which of two records stands on the left.
    renamed = made.persons.with_columns(record=(9_999_999 - pl.col("record").cast(pl.Int64)).cast(pl.String))
    one, other = match(made.persons, model=model).pairs, match(renamed, model=model).pairs
    assert one["weight"].sort().to_list() == pytest.approx(other["weight"].sort().to_list(), abs=1e-9)
    assert sorted(one["reasons"]) == sorted(other["reasons"])


@settings(max_examples=6, deadline=None)
@given(st.floats(0.2, 0.99), st.floats(0.2, 0.99))
def test_a_higher_threshold_only_splits_groups_of_a_table(model: Model, made: Truth, one: float, other: float) -> None:
    loose = match(made.persons, model=model, threshold=min(one, other)).clusters
    strict = match(made.persons, model=model, threshold=max(one, other)).clusters
    inside = strict.join(loose, on="record", suffix="_loose")
    assert inside.group_by("cluster").agg(pl.col("cluster_loose").n_unique())["cluster_loose"].max() == 1


SPELLED = pl.DataFrame(
    {
        "record": ["a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2"],
        "given_name": ["محمد", "Mohammed", "Hassan", "Karimi", "Мухаммед", "Muhammad", "Layla", "Leila"],
        "family_name": ["الحسن", "Al-Hassan", "Karimi", "Hassan", "Алиев", "Aliyev", "Nasser", "Naser"],
        "birth_date": ["1990-03-02", "1990-03-02", "1971-05-06", "1971-05-06", "1985-11-30", "1985", "2001-04-03", "2001-03-04"],
        "father_name": ["علي", "Ali", None, "Reza", "Руслан", "Ruslan", "Omar", "Omer"],
    }
)  # fmt: skip


def test_scripts_exchanged_names_years_alone_and_exchanged_days_are_found(made: Truth, model: Model) -> None:
    everybody = pl.concat([made.persons.drop("sex", "place", "phone"), SPELLED], how="diagonal")
    group_of = dict(match(everybody).clusters.select("record", "cluster").iter_rows())
    assert [group_of[f"{one}1"] == group_of[f"{one}2"] for one in "abcd"] == [True] * 4
    assert len({group_of[f"{one}1"] for one in "abcd"}) == 4


def test_brothers_of_one_house_are_two_people(made: Truth) -> None:
    brothers = pl.DataFrame(
        {
            "record": ["t1", "t2"],
            "given_name": ["Bilal", "Tamim"],
            "family_name": ["Karzai", "Karzai"],
            "father_name": ["Omar", "Omar"],
            "sex": ["m", "m"],
            "birth_date": ["2015-07-09", "2017-02-21"],
            "place": ["Herat", "Herat"],
        }
    )
    found = match(pl.concat([made.persons, brothers], how="diagonal"))
    group_of = dict(found.clusters.select("record", "cluster").iter_rows())
    assert group_of["t1"] != group_of["t2"]


@pytest.mark.parametrize(
    "rows",
    [
        {"record": ["a"], "given_name": ["Ada"]},
        {"record": ["a", "b"], "given_name": ["Ada", "Ada"]},
        {"record": ["a", "b"], "given_name": [None, None]},
        {"record": ["a", "b", "c"], "birth_date": ["1990", "x", None]},
        {"record": ["a", "b", "c"], "household": ["1", "1", "2"], "sex": ["f", "f", "m"]},
    ],
    ids=["one", "two", "nobody", "births alone", "households"],
)
def test_tables_too_small_to_learn_from_are_answered(rows: dict[str, list[str | None]]) -> None:
    found = match(pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String)))
    assert found.clusters["record"].to_list() == rows["record"]


def test_a_model_reads_back_the_same_and_gives_the_same(made: Truth, model: Model, tmp_path: Path) -> None:
    model.write(tmp_path / "model.json")
    again = read_model(tmp_path / "model.json")
    assert again == model
    assert model.threshold == THRESHOLD
    assert match(made.persons, model=again).clusters.equals(match(made.persons, model=model).clusters)
    names = {*made.persons["given_name"].drop_nulls(), *made.persons["family_name"].drop_nulls()}
    text = model.as_json()
    assert not [name for name in names if f'"{name}"' in text]


@pytest.mark.parametrize("spoil", ["", "[]", "{}", '{"format": 99}', "\x00", '{"format": 1, "settings": {}}'])
def test_what_is_no_model_is_refused(spoil: str, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(spoil)
    with pytest.raises(FileUnreadable, match=r"model\.json"):
        read_model(tmp_path / "model.json")
    with pytest.raises(FileUnreadable, match="cannot be read"):
        read_model(tmp_path / "absent.json")


def test_a_model_for_other_columns_is_refused_and_for_fewer_columns_works(made: Truth, model: Model) -> None:
    with pytest.raises(OptionRefused, match="the table has none of them"):
        match(pl.DataFrame({"record": ["a", "b"], "email": ["x@y.z", "x@y.z"]}), model=model)
    found = match(made.persons.drop("phone", "father_name"), model=model)
    assert found.clusters.height == made.persons.height


@pytest.mark.parametrize("threshold", [0.0, 1.0, -3.0, 0.99999])
def test_a_threshold_that_is_no_chance_is_refused(threshold: float, made: Truth, model: Model) -> None:
    with pytest.raises(OptionRefused, match="it is a chance"):
        match(made.persons, model=model, threshold=threshold)


def test_what_was_found_is_written_as_files(made: Truth, model: Model, tmp_path: Path) -> None:
    found = match(made.persons, model=model)
    found.write(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "clusters.csv", "model.json", "pairs.csv", "problems.csv",
    ]  # fmt: skip
    assert (
        pl.read_csv(tmp_path / "out" / "clusters.csv", infer_schema=False)["record"].to_list()
        == found.clusters["record"].to_list()
    )
    assert json.loads((tmp_path / "out" / "model.json").read_text())["format"] == 1
    (tmp_path / "file").write_text("")
    with pytest.raises(FileUnreadable, match="cannot be written"):
        found.write(tmp_path / "file")


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_groups_are_right_on_public_sets_at_the_one_threshold(name: str, shared: Path) -> None:
    known = read_known(name, shared / "data" / "linkage")
    found = match(known.persons).clusters.join(known.truth, on="record")
    assert pairwise(found["cluster"], found["person"])[0] >= TARGETS[name]
