"""Laws of every plan: nothing is lost, order and names do not matter, more supply never hurts the worst-off."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evenhand
from evenhand.errors import OptionRefused
from rounds import DAY, FLOOR, Round

seeds = st.integers(0, 10**9)


def allocate(small: Round, **changes: object) -> evenhand.Plan:
    tables = small.tables()
    options = {"rule": small.rule, "floor": FLOOR, "date": DAY, "max_lots": small.max_lots, "seconds": 0} | changes
    return evenhand.allocate(*tables, **options)  # type: ignore[arg-type]  # options by name


@given(seeds, st.booleans())
def test_nothing_is_created_lost_or_given_beyond_capacity(seed: int, mixed: bool) -> None:
    small = Round(seed, mixed=mixed)
    plan = allocate(small)
    for lot, packs, given_packs, left, _ in plan.lots.iter_rows():
        assert given_packs + left == packs
        assert plan.lines.filter(pl.col("lot") == lot)["packs"].sum() == given_packs
    worth = {lot["lot"]: small.worth(lot) for lot in small.lots}
    for row in small.needs:
        own = plan.lines.filter(pl.col("recipient") == row["recipient"])
        got = sum((worth[lot] * packs for lot, packs in own.select("lot", "packs").iter_rows()), Fraction(0))
        assert got <= small.capacity(row)
        for lot in small.lots:
            taken = own.filter(pl.col("lot") == lot["lot"])["packs"].sum()
            assert taken <= small.most(row, lot)
            assert taken == 0 or taken >= lot["min_packs"]


@given(seeds, st.booleans(), st.booleans())
def test_the_order_of_rows_changes_nothing(seed: int, mixed: bool, divisible: bool) -> None:
    small = Round(seed, mixed=mixed)
    if divisible:
        small.max_lots = None
        small.lots = [lot | {"min_packs": 1} for lot in small.lots]
    plan = allocate(small, divisible=divisible)
    small.needs.reverse()
    small.lots.reverse()
    small.groups.reverse()
    again = allocate(small, divisible=divisible)
    assert plan.lines.equals(again.lines)
    assert plan.certificate == again.certificate


@given(seeds)
def test_other_names_give_everybody_the_same_level(seed: int) -> None:
    small = Round(seed)
    levels = small.levels_of(allocate(small).lines)
    new = {f"r{i}": f"x{9 - i}" for i in range(4)} | {f"l{s}": f"k{9 - s}" for s in range(3)}
    for row in (*small.needs, *small.lots, *small.groups):
        for column in ("recipient", "lot"):
            if column in row:
                row[column] = new[row[column]]
        for column in ("for", "not_for"):
            if column in row:
                row[column] = ";".join(new.get(name, name) for name in row[column].split(";"))
    assert small.levels_of(allocate(small).lines) == levels


@given(seeds, st.integers(2, 50))
def test_ten_times_everything_is_the_same_plan(seed: int, times: int) -> None:
    small = Round(seed)
    plan = allocate(small)
    for row in small.needs:
        for column in ("target", "held", "capacity", "tier_1", "tier_2", "per_week"):
            row[column] = None if row[column] is None else row[column] * times
    for lot in small.lots:
        lot["pack_size"] *= times
    again = allocate(small)
    assert plan.lines.select("lot", "recipient", "packs").equals(again.lines.select("lot", "recipient", "packs"))
    assert plan.recipients["level"].equals(again.recipients["level"])


@given(seeds, st.integers(0, 2))
def test_one_more_pack_never_lowers_the_worst_off(seed: int, lot: int) -> None:
    small = Round(seed)
    before = small.levels_of(allocate(small).lines)
    small.lots[lot % len(small.lots)]["packs"] += 1
    assert small.levels_of(allocate(small).lines) >= before


@given(seeds, st.booleans())
def test_the_same_tables_give_the_same_bytes_and_read_back_the_same(seed: int, mixed: bool) -> None:
    import tempfile

    small = Round(seed, mixed=mixed)
    with tempfile.TemporaryDirectory() as folder:
        first, second, third = (Path(folder) / name for name in ("first", "second", "third"))
        allocate(small).write(first)
        allocate(small).write(second)
        evenhand.read_plan(first).write(third)
        for path in sorted(p for p in first.rglob("*") if p.is_file()):
            name = path.relative_to(first)
            assert path.read_bytes() == (second / name).read_bytes() == (third / name).read_bytes()


@given(seeds, st.sampled_from(["whole", "divisible", "mixed"]))
def test_the_checker_that_shares_no_code_agrees(seed: int, kind: str) -> None:
    small = Round(seed, mixed=kind == "mixed")
    if kind == "divisible":
        small.max_lots = None
    verdict = evenhand.check(allocate(small, divisible=kind == "divisible"))
    assert verdict.holds, str(verdict)


def test_a_smallest_shipment_of_divisible_goods_is_refused() -> None:
    with pytest.raises(OptionRefused, match="lot L has a smallest shipment of 3 packs, and divisible goods have none"):
        evenhand.allocate(
            [{"recipient": "A", "target": 3}], [{"lot": "L", "packs": 5, "min_packs": 3}], divisible=True, date=DAY
        )


def test_divisible_goods_end_on_one_level_exactly() -> None:
    needs = [{"recipient": "A", "target": 3}, {"recipient": "B", "target": 4}]
    plan = evenhand.allocate(needs, [{"lot": "grain", "packs": 5}], divisible=True, date=DAY)
    assert plan.lines["packs"].to_list() == ["15/7", "20/7"]
    assert plan.certificate["waterlines"] == {"grain": ["5/7"]}


def test_a_lot_that_expired_before_the_round_goes_to_nobody_and_a_note_says_so() -> None:
    needs = [{"recipient": "A", "target": 3}]
    plan = evenhand.allocate(needs, [{"lot": "old", "packs": 5, "expires": "2025-12-31"}], date=DAY)
    assert plan.lines.height == 0
    assert plan.recipients["limited_by"].to_list() == ["no lot: expired"]
    assert any("old can be used by nobody" in note for note in plan.notes)


def test_a_total_beyond_weekly_use_is_noted_since_the_limit_holds_lot_by_lot() -> None:
    needs = [{"recipient": "A", "target": 300, "per_week": 10}]
    lots = [{"lot": name, "packs": 20, "expires": "2026-01-15"} for name in ("L1", "L2")]
    plan = evenhand.allocate(needs, lots, date=DAY)
    assert plan.lines["packs"].to_list() == [20, 20]
    assert any("A may not use everything before it expires" in note for note in plan.notes)


def test_very_large_and_very_fine_numbers_stay_exact() -> None:
    needs = [
        {"recipient": "A", "target": "999999999999.999999", "weight": "0.000003"},
        {"recipient": "B", "target": "0.000001", "weight": "999999"},
        {"recipient": "C", "target": "123456789.123456", "weight": "7.000001"},
    ]
    lots = [{"lot": "L", "packs": 999_999_999_999, "pack_size": "0.999999", "per_person": "7"}]
    for rule in ("equal-coverage", "need-weighted", "floor-then-weighted"):
        verdict = evenhand.check(evenhand.allocate(needs, lots, rule=rule, date=DAY))
        assert verdict.holds, str(verdict)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"seconds": -1}, "seconds is -1; it must be 0 or more"),
        ({"floor": "2"}, "floor is 2; it must be above 0 and at most 1, with at most six decimals, such as 0.2"),
        ({"floor": "much"}, "floor is 'much'; write a share such as 0.2"),
        ({"date": "02/03/2021"}, "date is '02/03/2021'; write it as year-month-day, such as 2021-03-02"),
        ({"max_lots": 0}, "max-lots is 0; a recipient must be allowed at least 1 lot"),
        ({"max_lots": 2, "divisible": True}, "max-lots limits whole packs; leave it out for divisible goods"),
    ],
)
def test_an_option_outside_its_range_is_refused_with_the_range(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(OptionRefused) as refusal:
        evenhand.allocate([{"recipient": "A", "target": 3}], [{"lot": "L", "packs": 1}], **options)  # type: ignore[arg-type]  # wrong on purpose
    assert refusal.value.sentence == sentence


def test_hundreds_of_levels_with_large_denominators_stay_exact() -> None:
    needs = [
        {"recipient": f"R{i:03}", "target": 10_007 + 97 * i, "per_week": 1 + i % 89, "weight": 1 + i % 7}
        for i in range(300)
    ]
    lots = [{"lot": f"L{s}", "packs": 4_001 + s, "pack_size": 1 + s, "expires": f"2026-02-{10 + s}"} for s in range(6)]
    for options in ({"divisible": True}, {"seconds": 0}, {"seconds": 0, "max_lots": 2}):
        plan = evenhand.allocate(needs, lots, rule="need-weighted", date=DAY, **options)  # type: ignore[arg-type]  # options by name
        verdict = evenhand.check(plan)
        assert verdict.holds, str(verdict)
        assert 0 < plan.measures.share_of_target_met < 1
