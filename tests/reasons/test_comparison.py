"""Comparisons: who gains, who loses, by hand on small rounds, and what holds for every round."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import evenhand
from evenhand.errors import InputRefused, NameUnknown
from evenhand.fairness.measures import MEASURES
from evenhand.reasons.comparison import compare_with_actual

# Chad needs 100, Mali 200, and there are 60 packs of one service unit each. Equal coverage is 60/300 = 0.2: Chad gets 20,
# Mali 40.
NEEDS = [{"recipient": "TCD", "name": "Chad", "target": 100}, {"recipient": "MLI", "name": "Mali", "target": 200}]
LOTS = [{"lot": "A", "packs": 60}]

Plan = evenhand.Plan


@pytest.fixture
def plan() -> Plan:
    return evenhand.allocate(NEEDS, LOTS, date="2021-03-01")


def measured(comparison: evenhand.Comparison, title: str) -> tuple[float, float]:
    return next((left, right) for name, left, right, _ in comparison.measures if name == title)


# ── a plan beside another ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_what_if_shows_only_what_changed(plan: Plan) -> None:
    # Mali already holds 40: 100 units for targets of 300, so that both stand near 1/3: Chad gets 33 and Mali 26, to 66, and
    # one pack is left. Both stand at 0.33; it lifts Chad by 1/100, Mali by 1/200 only, so it is Chad's.
    comparison = plan.what_if(["needs.MLI.held=40"])
    assert comparison.title == "What if needs.MLI.held were 40"
    assert (comparison.left, comparison.right) == ("plan", "what if")
    assert comparison.changes.columns == [
        "recipient",
        "name",
        "received_left",
        "received_right",
        "difference",
        "level_left",
        "level_right",
    ]
    assert comparison.changes.rows() == [
        ("TCD", "Chad", 20, 34, 14, 0.2, 0.34),
        ("MLI", "Mali", 40, 26, -14, 0.2, 0.33),
    ]
    assert comparison.sentences == (
        "Compared with the plan, 1 recipient gets more, 1 less and 0 the same.",
        "Chad (TCD) gets 14 service units more, the largest gain; Mali (MLI) gets 14 service units less, the largest loss.",
        "The lowest level rises from 0.200000 (Mali and Chad) to 0.330000 (Mali).",
        "Both hand out 60 service units in all.",
        "What is held differs for 1 recipient: MLI.",
        "Each side's levels are counted from its own needs.",
    )
    assert measured(comparison, "Lowest level") == (0.2, 0.33)
    assert measured(comparison, "Share of target met") == pytest.approx((60 / 300, 100 / 300))


def test_every_measure_stands_side_by_side_with_what_is_fairer(plan: Plan) -> None:
    comparison = plan.what_if(["lots.A.packs=30"])
    assert [(row[0], row[3]) for row in comparison.measures] == [(m.title, m.better) for m in MEASURES]
    assert [row[1] for row in comparison.measures] == [getattr(plan.measures, m.name) for m in MEASURES]


def test_the_largest_difference_comes_first_whether_gain_or_loss() -> None:
    needs = [{"recipient": key, "target": 100} for key in "ABCD"]
    lots = [{"lot": key, "packs": packs, "for": key} for key, packs in zip("ABCD", (10, 20, 30, 40), strict=True)]
    plan = evenhand.allocate(needs, lots)
    other = plan.what_if(["lots.A.packs=15", "lots.B.packs=10", "lots.C.packs=31", "needs.D.held=1"])
    assert other.changes.select("recipient", "difference").rows() == [("B", -10), ("A", 5), ("C", 1), ("D", 0)]


def test_packs_left_over_are_told(plan: Plan) -> None:
    more = plan.what_if(["lots.A.packs=310"])
    assert "More is left over: 10 packs of A." in more.sentences
    assert "The what if hands out 240 service units more than the plan: 300, not 60." in more.sentences
    assert "Packs differ for 1 lot: A." in more.sentences
    without = plan.what_if(["lots.A.packs=301"]).sentences
    assert "More is left over: 1 pack of A." in without


def test_a_plan_for_other_recipients_and_lots_is_compared_all_the_same(plan: Plan) -> None:
    needs = [NEEDS[0] | {"target": 60}, {"recipient": "NER", "name": "Niger", "target": 60}]
    other = evenhand.allocate(needs, [{"lot": "B", "packs": 60}], date="2021-03-01")
    comparison = plan.compare(other)
    assert comparison.changes.rows() == [
        ("MLI", "Mali", 40, None, -40, 0.2, None),
        ("NER", "Niger", None, 30, 30, None, 0.5),
        ("TCD", "Chad", 20, 30, 10, 0.2, 0.5),
    ]
    assert comparison.sentences[4:] == (
        "Recipients only in this plan: MLI.",
        "Recipients only in the other plan: NER.",
        "Lots only in this plan: A.",
        "Lots only in the other plan: B.",
        "Targets differ for 1 recipient: TCD.",
        "Each side's levels are counted from its own needs.",
    )


def test_levels_are_counted_by_one_rule_on_both_sides() -> None:
    # With weights 1 and 2, Mali's level counts half; 60 packs: Chad 60*100/500 = 12, Mali 48.
    needs = [NEEDS[0] | {"weight": 1}, NEEDS[1] | {"weight": 2}]
    equal = evenhand.allocate(needs, LOTS, date="2021-03-01")
    weighted = evenhand.allocate(needs, LOTS, rule="need-weighted", date="2021-03-01")
    comparison = equal.compare(weighted)
    assert comparison.changes.rows() == [
        ("TCD", "Chad", 20, 12, -8, 0.2, 0.12),
        ("MLI", "Mali", 40, 48, 8, 0.2, 0.24),
    ]
    assert (
        "Levels are counted by the rule of this plan, equal-coverage; the other plan was made by need-weighted."
        in comparison.sentences
    )
    back = weighted.compare(equal)
    assert back.changes.select("recipient", "level_left", "level_right").rows() == [
        ("TCD", 0.12, 0.2),
        ("MLI", 0.12, 0.1),
    ]


def test_floors_that_differ_are_told() -> None:
    plans = [
        evenhand.allocate(NEEDS, LOTS, rule="floor-then-weighted", floor=floor, date="2021-03-01")
        for floor in ("0.1", "0.3")
    ]
    told = plans[0].compare(plans[1]).sentences
    assert "Levels are counted with the floor of this plan, 1/10; that of the other plan is 3/10." in told


def test_claims_that_differ_are_told(plan: Plan) -> None:
    # A smallest shipment of 30 leaves 30 each; what may be claimed of the plan is then less.
    comparison = plan.what_if(["lots.A.min_packs=30"])
    assert comparison.changes["received_right"].to_list() == [30, 30]
    assert comparison.sentences[-1] == "The plan is proved best; the what if is bounded."


def test_amounts_that_are_not_whole_are_shown_to_six_decimals() -> None:
    plan = evenhand.allocate(NEEDS, LOTS, divisible=True, date="2021-03-01")
    comparison = plan.what_if(["lots.A.packs=50"])
    rows = comparison.changes.select("recipient", "received_right", "difference").rows()
    assert [(key, str(got), str(apart)) for key, got, apart in rows] == [
        ("MLI", "33.333333", "-6.666667"),
        ("TCD", "16.666667", "-3.333333"),
    ]
    assert "Mali (MLI) gets 6.666667 service units less, the largest loss." in comparison.sentences


def test_a_written_plan_compares_like_the_one_in_memory(plan: Plan, tmp_path: Path) -> None:
    other = evenhand.allocate(NEEDS, [{"lot": "A", "packs": 90}], date="2021-03-01")
    other.write(tmp_path / "other")
    assert str(plan.compare(tmp_path / "other")) == str(plan.compare(other))


def test_the_text_of_a_comparison_reads_well(plan: Plan) -> None:
    assert str(plan.what_if(["lots.A.packs=30"])) == (
        "What if lots.A.packs were 30\n"
        "\n"
        "Compared with the plan, 0 recipients get more, 2 less and 0 the same.\n"
        "Mali (MLI) gets 20 service units less, the largest loss.\n"
        "The lowest level falls from 0.200000 (Mali and Chad) to 0.100000 (Mali and Chad).\n"
        "The what if hands out 30 service units less than the plan: 30, not 60.\n"
        "Packs differ for 1 lot: A.\n"
        "\n"
        "                         plan   what if  fairer\n"
        "Lowest level         0.200000  0.100000  higher\n"
        "Gini                 0.000000  0.000000  lower\n"
        "Theil                0.000000  0.000000  lower\n"
        "Jain                 1.000000  1.000000  higher\n"
        "Hoover               0.000000  0.000000  lower\n"
        "Share of target met  0.200000  0.100000  higher\n"
        "\n"
        "recipient  name  received: plan  received: what if  difference  level: plan  level: what if\n"
        "MLI        Mali              40                 20         -20     0.200000        0.100000\n"
        "TCD        Chad              20                 10         -10     0.200000        0.100000"
    )


def test_a_long_text_counts_what_it_leaves_out() -> None:
    needs = [{"recipient": f"R{k:02}", "target": 100} for k in range(25)]
    plan = evenhand.allocate(needs, [{"lot": "A", "packs": 100}])
    text = str(plan.what_if(["lots.A.packs=50"]))
    assert text.endswith("\n... and 5 more")
    assert "The lowest level falls from 0.040000 (25 recipients) to 0.020000 (25 recipients)." in text


# ── a plan beside what happened ─────────────────────────────────────────────────────────────────────────────────────


def test_packs_and_units_of_a_lot_become_service_units_exactly() -> None:
    # A pack holds 5 doses at 3 doses a person: 5/3 of a service unit. Mali got 6 packs = 10, Chad 7 doses = 7/3.
    plan = evenhand.allocate(NEEDS, [{"lot": "A", "packs": 60, "pack_size": 5, "per_person": 3}], date="2021-03-01")
    happened = [{"lot": "A", "recipient": "MLI", "packs": 6}, {"lot": "A", "recipient": "TCD", "units": 7}]
    changes = plan.compare(happened).changes
    assert {key: str(got) for key, got in changes.select("recipient", "received_right").iter_rows()} == {
        "MLI": "10.000000",
        "TCD": "2.333333",
    }
    assert changes.filter(recipient="TCD")["level_right"].item() == 0.023333


def test_who_really_got_more_and_less_is_told(plan: Plan) -> None:
    comparison = plan.compare([{"recipient": "TCD", "units": 50}])
    assert comparison.title == "The plan beside what happened"
    assert (comparison.left, comparison.right) == ("plan", "actual")
    assert comparison.changes.rows() == [
        ("MLI", "Mali", 40, 0, -40, 0.2, 0.0),
        ("TCD", "Chad", 20, 50, 30, 0.2, 0.5),
    ]
    assert comparison.sentences == (
        "Compared with the plan, 1 recipient gets more, 1 less and 0 the same.",
        "Chad (TCD) gets 30 service units more, the largest gain; Mali (MLI) gets 40 service units less, the largest loss.",
        "The lowest level falls from 0.200000 (Mali and Chad) to 0.000000 (Mali).",
        "The table hands out 10 service units less than the plan: 50, not 60.",
        "The table names no lots, so its units are taken for service units.",
    )


def test_what_was_held_counts_on_both_sides() -> None:
    needs = [NEEDS[0] | {"held": 30}, NEEDS[1] | {"held": 0}]
    plan = evenhand.allocate(needs, LOTS, date="2021-03-01")  # Chad stands at 0.3 from the start, so Mali gets all 60
    comparison = plan.compare([{"recipient": "TCD", "units": 10}])
    assert comparison.changes.rows() == [
        ("MLI", "Mali", 60, 0, -60, 0.3, 0.0),
        ("TCD", "Chad", 0, 10, 10, 0.3, 0.4),
    ]
    assert measured(comparison, "Share of target met") == pytest.approx((90 / 300, 40 / 300))


def test_rows_of_one_recipient_are_added_up(plan: Plan) -> None:
    rows = [{"lot": "A", "recipient": "TCD", "packs": 5}, {"lot": "A", "recipient": "TCD", "packs": 15}]
    comparison = plan.compare([*rows, {"lot": None, "recipient": "MLI", "packs": None, "units": 40}])
    assert comparison.changes.is_empty()
    assert comparison.sentences[-1] == ("1 row of the table names no lot, so its units are taken for service units.")


def test_what_a_plan_may_not_do_is_told_of_the_table() -> None:
    needs = [
        {"recipient": "TCD", "target": 100, "per_week": 1, "handles": None},
        {"recipient": "MLI", "target": 100, "per_week": None, "handles": "cold"},
        {"recipient": "NER", "target": 100, "per_week": None, "handles": None},
    ]
    lots = [
        {"lot": "cold", "packs": 5, "requires": "cold"},
        {"lot": "late", "packs": 5, "expires": "2021-01-01"},
        {"lot": "marked", "packs": 5, "for": "MLI"},
        {"lot": "soon", "packs": 5, "expires": "2021-03-02"},
    ]
    plan = evenhand.allocate(needs, lots, date="2021-03-01")
    happened = [
        {"lot": "cold", "recipient": "TCD", "packs": 1},
        {"lot": "late", "recipient": "MLI", "packs": 1},
        {"lot": "marked", "recipient": "NER", "packs": 200},
        {"lot": "marked", "recipient": "TCD", "packs": 1},
        {"lot": "marked", "recipient": "MLI", "packs": 1},
        {"lot": "soon", "recipient": "TCD", "packs": 1},
        {"lot": "cold", "recipient": "NER", "packs": 0},
    ]
    assert plan.compare(happened).sentences[4:] == (
        "The table hands out more of 1 lot than there is (marked: 202 of 5 packs).",
        "2 lines go to recipients that the lot's earmark does not name (marked to NER, marked to TCD).",
        "1 line goes to a recipient that cannot handle what the lot requires, by the table of needs (cold to TCD).",
        "1 line goes to a recipient although the lot expires before it can be used, by the table of lots (late to MLI).",
        "1 line goes to a recipient that could not use a pack before the lot expires, by the table of needs (soon to TCD).",
        "1 recipient gets more than it can take, by the table of needs: NER.",
    )


def test_packs_and_units_that_do_not_fit_are_told_and_units_count() -> None:
    plan = evenhand.allocate(NEEDS, [{"lot": "A", "packs": 60, "pack_size": 100, "per_person": 2}], date="2021-03-01")
    rows = [
        {"lot": "A", "recipient": "TCD", "packs": 1, "units": 100},
        {"lot": "A", "recipient": "MLI", "packs": 1, "units": 90},
    ]
    comparison = plan.compare(rows)
    assert "In 1 row of the table packs and units do not fit together; units are counted." in comparison.sentences
    assert dict(comparison.changes.select("recipient", "received_right").iter_rows()) == {"TCD": 50, "MLI": 45}


def test_unknown_recipients_and_lots_are_refused_in_a_table(plan: Plan) -> None:
    with pytest.raises(InputRefused, match="did you mean 'TCD'"):
        plan.compare([{"recipient": "TDC", "units": 1}])
    with pytest.raises(InputRefused, match="no lot 'B' in lots"):
        plan.compare([{"lot": "B", "recipient": "TCD", "packs": 1}])


def test_unknown_recipients_of_a_frame_are_left_out_and_told(plan: Plan) -> None:
    frame = pl.DataFrame({"recipient": ["TCD", "XXX", "XXX"], "units": [20, 5, 6]})
    comparison = compare_with_actual(plan.outcome, frame, notes=["a note"])
    assert "2 rows of the table are not counted, for recipients that are not in needs: XXX." in comparison.sentences
    assert comparison.sentences[-1] == "a note"
    with pytest.raises(NameUnknown, match="no lot 'B'"):
        compare_with_actual(plan.outcome, pl.DataFrame({"lot": ["B"], "recipient": ["TCD"], "units": [1]}))


def test_amounts_beyond_64_bits_are_compared_exactly() -> None:
    plan = evenhand.allocate(NEEDS, [{"lot": "A", "packs": 60, "per_person": 0.000001}], date="2021-03-01")
    rows = [{"lot": "A", "recipient": "TCD", "units": 10**12}] * 20
    changes = plan.compare(rows).changes
    assert Fraction(changes.filter(recipient="TCD")["received_right"].item()) == 20 * 10**18


# ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def rounds(draw: st.DrawFn) -> Plan:
    """Small rounds with earmarks, held and odd packs of one worth; whole packs or divisible."""
    size = draw(st.integers(1, 4))
    needs = [
        {
            "recipient": f"R{k}",
            "target": draw(st.integers(1, 40)),
            "held": draw(st.integers(0, 10)),
            "weight": draw(st.integers(1, 3)),
        }
        for k in range(size)
    ]
    pack, each = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    lots = [
        {
            "lot": f"L{k}",
            "packs": draw(st.integers(0, 12)),
            "pack_size": pack,
            "per_person": each,
            "for": draw(st.sampled_from([None, "R0", "g"])),
        }
        for k in range(draw(st.integers(1, 3)))
    ]
    groups = [{"recipient": f"R{k}", "group": "g"} for k in range(0, size, 2)]
    rule = draw(st.sampled_from(["equal-coverage", "need-weighted"]))
    divisible = draw(st.booleans())
    return evenhand.allocate(needs, lots, groups, rule=rule, date="2021-03-01", divisible=divisible)


@settings(max_examples=60)
@given(rounds())
def test_a_plan_beside_itself_changes_nothing(plan: Plan) -> None:
    for comparison in (plan.compare(plan), plan.what_if()):
        assert comparison.changes.is_empty()
        assert all(left == right for _, left, right, _ in comparison.measures)
        assert comparison.sentences[0].startswith("Everybody gets the same")
        assert len(comparison.sentences) == 3


@settings(max_examples=60)
@given(plan=rounds(), columns=st.sampled_from([("packs",), ("units",), ("packs", "units")]))
def test_a_plan_beside_its_own_lines_changes_nothing(plan: Plan, columns: tuple[str, ...]) -> None:
    assume(not plan.lines.is_empty())  # a table without rows is refused
    comparison = plan.compare(plan.lines.select("lot", "recipient", *columns))
    assert comparison.changes.is_empty()
    assert comparison.sentences[0] == "Everybody gets the same as in the plan."
    assert all(note.endswith("rounded") for note in comparison.sentences[3:])  # fractions of packs, as said on reading
    for _, left, right, _ in comparison.measures:
        assert left == pytest.approx(right)


@settings(max_examples=30)
@given(plan=rounds())
def test_a_plan_beside_its_own_file_changes_nothing(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    assume(not plan.lines.is_empty())
    folder = tmp_path_factory.mktemp("round") / "plan"
    plan.write(folder)
    assert plan.compare(folder / "plan.csv").changes.is_empty()
    assert plan.compare(folder).changes.is_empty()


@settings(max_examples=60)
@given(plan=rounds(), more=st.integers(1, 20))
def test_more_supply_never_lowers_the_lowest_level(plan: Plan, more: int) -> None:
    packs = plan.outcome.problem.packs.tolist()
    comparison = plan.what_if([f"lots.L0.packs={packs[0] + more}"])
    left, right = measured(comparison, "Lowest level")
    assert right >= left


@settings(max_examples=60)
@given(plan=rounds(), packs=st.integers(0, 20))
def test_differences_add_up_and_turn_around(plan: Plan, packs: int) -> None:
    other = evenhand.allocate(
        plan.outcome.problem.tables.needs,
        plan.outcome.problem.tables.lots.with_columns(packs=pl.lit(packs)),
        plan.outcome.problem.tables.groups,
        date="2021-03-01",
    )
    there, back = plan.compare(other), other.compare(plan)
    changes = there.changes
    assert changes["difference"].to_list() == (changes["received_right"] - changes["received_left"]).to_list()
    turned = {key: -apart for key, apart in back.changes.select("recipient", "difference").iter_rows()}
    told = dict(changes.select("recipient", "difference").iter_rows())
    assert {key: apart for key, apart in told.items() if apart} == {
        key: apart for key, apart in turned.items() if apart
    }
