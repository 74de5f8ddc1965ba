"""Why a recipient gets what it gets, in sentences: every number is the plan's own, every remedy a round solved again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.allocation.eligibility import CAPABILITY, EARMARK, EXPIRED, OPEN, TOO_SLOW
from evenhand.allocation.outcome import Outcome
from evenhand.allocation.problem import Terms, build_problem
from evenhand.allocation.solve import solve
from evenhand.errors import NameUnknown
from evenhand.exchange.tables import read_tables
from evenhand.plan import read_date
from evenhand.reasons.explain import Explanation, explain_recipient
from evenhand.reasons.remedies import MOST, earmark_costs
from evenhand.reasons.wording import exact, percent

DAY = read_date("2021-03-01")
MALI = {"recipient": "MLI", "name": "Mali", "target": 200}
CHAD = {"recipient": "TCD", "name": "Chad", "target": 100}
NIGER = {"recipient": "NER", "name": "Niger", "target": 200}

Rows = list[dict[str, Any]]


def share_out(needs: Rows, lots: Rows, groups: Rows | None = None, **terms: Any) -> Outcome:
    """Solve a round given as rows; a column that one row has is empty in the others."""
    filled = [
        [{c: row.get(c) for c in dict.fromkeys(k for r in rows for k in r)} for row in rows] for rows in (needs, lots)
    ]
    tables = read_tables(*filled, groups)
    return solve(
        build_problem(tables, Terms(terms.pop("rule", "equal-coverage"), Fraction(1, 5), DAY, **terms)), seconds=0
    )


def part(explanation: Explanation, title: str) -> str:
    return next((p.text for p in explanation.parts if p.title == title), "")


def test_the_whole_explanation_of_a_small_round_reads_so() -> None:
    # 60 packs for 100 and 200: the same share of both is 60 / 300 = 20 %. The last pack went to one that stood at 39 / 200.
    assert str(explain_recipient(share_out([CHAD, MALI], [{"lot": "A", "packs": 60}]), "TCD")) == (
        "Chad (TCD)\n\n"
        "What it needed\n"
        "Its target is 100 service units. It held nothing.\n\n"
        "What it gets\n"
        "20 packs of lot A. That lifts it from 0.0% to 20.0% of its target.\n\n"
        "Its waterline\n"
        "Its waterline is 19.5%, the highest level at which a pack of a lot open to it was still given. "
        "It ends level with one other (Mali).\n\n"
        "What stopped it\n"
        "The waterline. At 20.0% it stands level with one other. "
        "One more pack for it would have to come from a recipient that stands no higher.\n\n"
        "Who stands lower\n"
        "Nobody stands lower by more than a pack.\n\n"
        "What would raise it\n"
        "With 1 more pack of lot A, it would get 1 more pack and reach 21.0% instead of 20.0%. Nobody would get less."
    )


ULTRA = {"handles": "ultra-cold"}
LIMITS = {
    "waterline": (
        [CHAD, MALI],
        [{"lot": "A", "packs": 60}],
        (
            "The waterline. At 20.0% it stands level with one other. "
            "One more pack for it would have to come from a recipient that stands no higher."
        ),
        "With 1 more pack of lot A, it would get 1 more pack and reach 21.0% instead of 20.0%. Nobody would get less.",
    ),
    "above the waterline": (
        [CHAD | {"held": 80}, MALI],
        [{"lot": "A", "packs": 60}],
        "It already stands above the waterline: at 80.0%, when no pack open to it went to a recipient above 29.5%.",
        "Nothing would change for it with 1 more pack of lot A.",
    ),
    "target met": (
        [CHAD | {"held": 120}, MALI],
        [{"lot": "A", "packs": 60}],
        "Nothing: it has all it needs, 120.0% of its target.",
        "Nothing needs to: it has all it needs.",
    ),
    "capacity": (
        [CHAD | {"capacity": 5}, MALI],
        [{"lot": "A", "packs": 60}],
        "Its capacity. It can take no more than 5 service units now, and gets as much.",
        (
            "If it could take all that it is short of (100), it would get 15 more packs and reach 20.0% instead of 5.0%. "
            "Mali would get 15 less."
        ),
    ),
    "less than a pack": (
        [CHAD | {"target": 130}, MALI],
        [{"lot": "A", "packs": 6, "pack_size": 100, "per_person": 2}],
        "The size of a pack. What it can still take, 30 service units, is less than one pack.",
        "Smaller packs: it could take 30 more, less than one pack holds.",
    ),
    "earmark": (  # B lifts Mali and Niger to 300 / 400; A is Chad's, 60 / 100; without the earmark 360 packs make 72 %
        [CHAD, MALI, NIGER],
        [{"lot": "A", "packs": 60}, {"lot": "B", "packs": 300, "for": "MLI;NER", "donor": "Japan"}],
        (
            "An earmark. Lot B was shared out at a higher level, and is meant for others. "
            "Of the lots open to it, one more pack would have to come from a recipient that stands no higher."
        ),
        (
            "Without the earmark of lot B (meant for Mali and Niger), it would get 12 more packs and reach 72.0% instead of 60.0%. "
            "Two others would get 12 less together, Mali the most (6).\n"
            "With 1 more pack of lot A, it would get 1 more pack and reach 61.0% instead of 60.0%. Nobody would get less."
        ),
    ),
    "handles: ultra-cold": (
        [CHAD, MALI | ULTRA, NIGER | ULTRA],
        [{"lot": "A", "packs": 60}, {"lot": "B", "packs": 300, "requires": "ultra-cold"}],
        (
            "A capability. Lot B was shared out at a higher level, and requires ultra-cold, which it cannot handle. "
            "Of the lots open to it, one more pack would have to come from a recipient that stands no higher."
        ),
        (
            "If it could handle ultra-cold, it would get 12 more packs and reach 72.0% instead of 60.0%. "
            "Two others would get 12 less together, Mali the most (6).\n"
            "With 1 more pack of lot A, it would get 1 more pack and reach 61.0% instead of 60.0%. Nobody would get less."
        ),
    ),
    "shelf life": (  # 5 a week for two weeks
        [CHAD | {"per_week": 5}, MALI],
        [{"lot": "A", "packs": 60, "expires": "2021-03-15"}],
        "Shelf life. It could use no more of lot A before it expires, at 5 service units a week.",
        (
            "If it could use twice as much a week (10), it would get 10 more packs and reach 20.0% instead of 10.0%. "
            "Mali would get 10 less."
        ),
    ),
    "no lot: handles: ultra-cold": (
        [CHAD, MALI | ULTRA],
        [{"lot": "B", "packs": 150, "requires": "ultra-cold"}],
        "No lot is open to it. Every lot with packs is closed to it; some require ultra-cold, which it cannot handle.",
        "If it could handle ultra-cold, it would get 50 more packs and reach 50.0% instead of 0.0%. Mali would get 50 less.",
    ),
    "no lot: earmark": (
        [CHAD, MALI],
        [{"lot": "B", "packs": 150, "not_for": "TCD"}],
        "No lot is open to it. Every lot with packs is earmarked for others.",
        (
            "Without the earmark of lot B (not meant for Chad), it would get 50 more packs and reach 50.0% instead of 0.0%. "
            "Mali would get 50 less."
        ),
    ),
    "no lot: shelf life": (
        [CHAD | {"per_week": 0}, MALI],
        [{"lot": "A", "packs": 60, "expires": "2021-03-15"}],
        "No lot is open to it. Every lot with packs is closed to it; of some it could not use one pack before they expire.",
        (
            "If it could use any amount a week, it would get 20 more packs and reach 20.0% instead of 0.0%. "
            "Mali would get 20 less."
        ),
    ),
    "no lot: expired": (
        [CHAD, MALI],
        [{"lot": "A", "packs": 60, "expires": "2021-01-15"}],
        "No lot is open to it. Every lot with packs is closed to it; some expire before anybody could use them.",
        "Lots that can be used before they expire.",
    ),
    "no lot: none has packs": (
        [CHAD, MALI],
        [{"lot": "A", "packs": 0}],
        "No lot is open to it. No lot in this round has packs.",
        "Packs: there are none in this round.",
    ),
}
"""What limits Chad: needs, lots, the sentence on what stopped it, and what would raise it."""


@pytest.mark.parametrize("limit", LIMITS)
def test_each_limit_has_its_sentence_and_its_remedy(limit: str) -> None:
    needs, lots, stopped, raised = LIMITS[limit]
    explanation = explain_recipient(share_out(needs, lots), "TCD")
    assert explanation.limited_by == limit
    assert part(explanation, "What stopped it") == stopped
    assert part(explanation, "What would raise it") == raised


def test_a_gift_is_told_with_what_it_is_and_who_gives_it() -> None:
    vaccine = {"pack_size": 100, "per_person": 2, "resource": "vaccine A"}
    lots = [
        {"lot": "A", "packs": 24, "donor": "France", **vaccine},
        {"lot": "B", "packs": 6, "donor": "Japan", **vaccine},
    ]
    explanation = explain_recipient(share_out([CHAD | {"target": 3000, "held": 300}], lots), "TCD")
    assert part(explanation, "What it needed") == (
        "Its target is 3,000 service units. It held 300, 10.0% of the target, and was short of 2,700."
    )
    assert part(explanation, "What it gets") == (
        "30 packs, worth 1,500 service units, from two lots: 24 packs of vaccine A (2,400 units) from France, lot A; "
        "6 packs of vaccine A (600 units) from Japan, lot B. That lifts it from 10.0% to 60.0% of its target."
    )
    assert [(g.lot, g.packs, g.units, g.service_units) for g in explanation.lots] == [
        ("A", 24, 2400, 1200),
        ("B", 6, 600, 300),
    ]


def test_packs_left_over_are_said_to_be() -> None:
    explanation = explain_recipient(share_out([CHAD, MALI], [{"lot": "A", "packs": 400}]), "TCD")
    assert part(explanation, "Its waterline") == "It is held to none: lot A, open to it, has packs left over."
    assert (explanation.waterline, explanation.packs_left_over, explanation.limited_by) == (None, True, "target met")


def test_closed_lots_are_grouped_by_reason_and_a_lot_closed_twice_is_named_twice() -> None:
    lots = [
        {"lot": "A", "packs": 60},
        {"lot": "B", "packs": 10, "for": "Sahel;MLI", "requires": "ultra-cold"},
        {"lot": "C", "packs": 10, "for": "Sahel;MLI"},
        {"lot": "D", "packs": 10, "requires": "ultra-cold"},
        {"lot": "E", "packs": 10, "expires": "2021-02-01"},
    ]
    groups = [{"recipient": "MLI", "group": "Sahel"}]
    explanation = explain_recipient(share_out([CHAD, MALI | ULTRA], lots, groups), "TCD")
    assert part(explanation, "What it may not have") == (
        "By their earmarks: lots B and C, meant for Sahel and Mali. "
        "Lots B and D: they require ultra-cold, which it cannot handle. "
        "Lot E: it expires before anybody could use it."
    )
    assert [(c.lot, c.reasons, c.missing) for c in explanation.closed] == [
        ("B", ("earmark", "handles"), ("ultra-cold",)),
        ("C", ("earmark",), ()),
        ("D", ("handles",), ("ultra-cold",)),
        ("E", ("expired",), ()),
    ]


def test_whoever_stands_lower_is_told_with_the_reason_it_could_not_have_the_packs() -> None:
    kenya = {"recipient": "KEN", "name": "Kenya", "target": 100, "capacity": 2}
    togo = {"recipient": "TGO", "name": "Togo", "target": 100, "handles": None}
    lots = [{"lot": "A", "packs": 60, "requires": "ultra-cold", "not_for": "MLI"}]
    needs = [CHAD | ULTRA, MALI | ULTRA, kenya | ULTRA, togo]
    explanation = explain_recipient(share_out(needs, lots), "TCD")
    assert part(explanation, "Who stands lower") == (
        "Three recipients stand lower (Mali, Togo and Kenya), the lowest at 0.0%. None of them could have used its packs, "
        "not even through exchanges: one is left out by the earmarks, one cannot handle them and one can take no more."
    )


def test_what_did_not_stop_it_names_the_conditions_that_did_not_bind() -> None:
    lots = [
        {"lot": "A", "packs": 60, "expires": "2021-03-15"},
        {"lot": "B", "packs": 10, "for": "TCD;MLI", "requires": "ultra-cold"},
    ]
    needs = [CHAD | ULTRA | {"per_week": 40, "capacity": 90}, MALI | ULTRA]
    explanation = explain_recipient(share_out(needs, lots), "TCD")
    received, of_a = explanation.received, sum(g.service_units for g in explanation.lots if g.lot == "A")
    assert part(explanation, "What did not stop it") == (
        "Not what it can handle: it has what the lots require (ultra-cold). Not an earmark: none leaves it out. "
        f"Not the pace: at 40 a week it could use 80 of lot A before it expires, and gets {exact(of_a)} of it. "
        f"Not its capacity: it could take {exact(90 - received)} more."
    )


def test_proportion_to_targets_alone_forgets_what_anybody_held() -> None:
    # 60 packs for 100 and 200, 50 held by Chad: alone by targets Chad gets 60 * 100 / 300 = 20, here (110 / 300 - 0.5) < 0: none
    explanation = explain_recipient(share_out([CHAD | {"held": 50}, MALI], [{"lot": "A", "packs": 60}]), "TCD")
    assert part(explanation, "Under another rule") == (
        "Shared in proportion to targets alone, whatever anybody held, it would get 20 service units and reach 70.0% of its "
        "target instead of 50.0%."
    )


def test_tiers_are_told_as_groups() -> None:
    needs = [CHAD | {"tier_1": 10}, MALI | {"tier_1": 20}]
    explanation = explain_recipient(share_out(needs, [{"lot": "A", "packs": 57}], rule="tiers"), "TCD")
    assert part(explanation, "What it gets") == (
        "19 packs of lot A. That lifts it from 0.0% to 19.0% of its target; "
        "in groups, that is the first group in full and 10.0% of the rest."
    )
    assert (
        "Under the rule equal-coverage (every recipient up to the same share of its target), it would get the same."
        in str(explanation)
    )


def test_weights_are_told_with_the_level() -> None:
    needs = [CHAD | {"weight": 2}, MALI | {"weight": 1}]
    explanation = explain_recipient(share_out(needs, [{"lot": "A", "packs": 60}], rule="need-weighted"), "TCD")
    assert part(explanation, "What it gets") == (
        "30 packs of lot A. That lifts it from 0.0% to 30.0% of its target; "
        "its level, that share divided by its weight of 2, is 15.0%."
    )


def test_divisible_goods_are_told_in_parts_of_packs() -> None:
    explanation = explain_recipient(
        share_out([CHAD, MALI], [{"lot": "A", "packs": 7, "pack_size": 10}], divisible=True), "TCD"
    )
    assert part(explanation, "What it gets") == (
        "2.333333 packs, worth 23.333333 service units, from lot A. That lifts it from 0.0% to 23.3% of its target."
    )
    assert explanation.received == Fraction(70, 3)
    assert "Anything more for it would have to come from a recipient that stands no higher." in str(explanation)


def test_a_plan_that_is_not_proved_best_claims_no_more_than_that_no_single_pack_helps() -> None:
    lots = [{"lot": "A", "packs": 7, "pack_size": 10}, {"lot": "B", "packs": 9, "pack_size": 3}]
    explanation = explain_recipient(share_out([CHAD, MALI], lots), "TCD")
    assert "no single pack could be moved to help" in part(explanation, "What stopped it")
    assert "exchanges" not in str(explanation)
    assert "not proved best" in part(explanation, "What would raise it")


def test_a_limit_on_lots_is_said_to_stop_it_and_not_the_waterline() -> None:
    needs = [MALI, CHAD | {"target": 300, "held": 10}]
    lots = [{"lot": "A", "packs": 5}, {"lot": "B", "packs": 50, "pack_size": 2}, {"lot": "C", "packs": 50}]
    explanation = explain_recipient(share_out(needs, lots, max_lots=1), "TCD")
    assert "a recipient may get no more than one lot." in part(explanation, "What stopped it")
    assert {r.kind for r in explanation.remedies} >= {"lot limit"}


def test_a_shipment_too_large_for_it_is_closed_to_it() -> None:
    needs = [MALI, CHAD | {"target": 15, "held": 10}]
    explanation = explain_recipient(
        share_out(needs, [{"lot": "A", "packs": 5}, {"lot": "B", "packs": 50, "min_packs": 10}]), "TCD"
    )
    assert [(c.lot, c.reasons) for c in explanation.closed] == [("B", ("minimum shipment",))]
    assert (
        part(explanation, "What it may not have")
        == "Lot B: the smallest shipment is more than it can take or use in time."
    )


def test_an_unknown_key_is_refused_with_the_nearest_that_exists() -> None:
    with pytest.raises(NameUnknown, match="no recipient 'TDC'; did you mean 'TCD'"):
        explain_recipient(share_out([CHAD, MALI], [{"lot": "A", "packs": 60}]), "TDC")


def test_many_earmarks_are_tried_only_up_to_a_bound_and_the_rest_is_counted() -> None:
    others = [{"recipient": f"R{k}", "target": 100} for k in range(20)]
    lots = [{"lot": "A", "packs": 60}, *({"lot": f"L{k:02}", "packs": 40 + k, "for": f"R{k}"} for k in range(20))]
    explanation = explain_recipient(share_out([CHAD, *others], lots), "TCD")
    assert len(explanation.remedies) == MOST  # of 22: each of 20 earmarks, all of them, more of lot A
    assert "Twelve further changes were not worked out." in str(explanation)


def test_the_cost_of_an_earmark_is_the_plan_without_it_recipient_by_recipient() -> None:
    needs, lots = LIMITS["earmark"][:2]
    costs = earmark_costs(share_out(needs, lots))
    assert costs.rows() == [
        ("MLI;NER", "", "B", "TCD", "Chad", 12.0),
        ("MLI;NER", "", "B", "MLI", "Mali", -6.0),
        ("MLI;NER", "", "B", "NER", "Niger", -6.0),
    ]


# ---- laws over random small rounds ----

CAPABILITIES = ("", "cold", "licence", "cold;licence")


@st.composite
def rounds(draw: st.DrawFn) -> Outcome:
    names = [f"R{k}" for k in range(draw(st.integers(1, 5)))]
    small = st.integers(0, 30)
    needs = [
        {
            "recipient": name,
            "target": draw(st.integers(1, 40)),
            "held": draw(small),
            "capacity": draw(st.none() | small),
            "weight": draw(st.sampled_from([1, 2, 0.5])),
            "handles": draw(st.sampled_from(CAPABILITIES)),
            "per_week": draw(st.none() | st.integers(0, 10)),
        }
        for name in names
    ]
    for need in needs:
        need["tier_1"] = draw(st.integers(0, need["target"]))
    groups = [{"recipient": name, "group": "G"} for name in names if draw(st.booleans())]
    some = st.sampled_from(["", names[0], ";".join(names[:2]), *(["G"] if groups else [])])
    plain = draw(st.booleans())
    lots = [
        {
            "lot": f"L{k}",
            "packs": draw(small),
            "pack_size": 1 if plain else draw(st.sampled_from([1, 2, 7])),
            "min_packs": 1 if plain else draw(st.integers(1, 4)),
            "for": draw(some),
            "not_for": draw(st.just("") | some),
            "requires": draw(st.sampled_from(CAPABILITIES)),
            "expires": draw(st.sampled_from([None, "2021-01-01", "2021-03-11", "2021-06-01"])),
        }
        for k in range(draw(st.integers(1, 4)))
    ]
    divisible = draw(st.booleans()) and draw(st.booleans())
    if divisible:
        lots = [lot | {"min_packs": 1} for lot in lots]
    max_lots = None if plain or divisible else draw(st.none() | st.integers(1, 2))
    rule = draw(st.sampled_from(["equal-coverage", "need-weighted", "tiers", "floor-then-weighted"]))
    return share_out(needs, lots, groups or None, rule=rule, divisible=divisible, max_lots=max_lots)


laws = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@laws
@given(rounds())
def test_every_recipient_of_every_round_is_explained_with_the_plans_own_numbers(outcome: Outcome) -> None:
    problem = outcome.problem
    unit = problem.scale * outcome.lines.per
    levels = outcome.levels()
    for row, key in enumerate(problem.recipients.to_list()):
        explanation = explain_recipient(outcome, key)
        received = Fraction(int(outcome.received[row]), unit)
        assert explanation.received == received == sum((g.service_units for g in explanation.lots), Fraction(0))
        assert explanation.level == levels.at(row)
        assert explanation.limited_by == outcome.limits[row]
        assert exact(explanation.target) in part(explanation, "What it needed")
        gets = part(explanation, "What it gets")
        if received:
            assert exact(received) in gets
            assert all(f"lot {g.lot}" in gets and exact(g.packs) in gets for g in explanation.lots)
        else:
            assert gets.startswith("Nothing in this round.")
        assert all(p.text and p.text == p.text.strip() and "  " not in p.text for p in explanation.parts)
        assert len(explanation.remedies) <= MOST
        text = str(explanation).casefold()
        assert not any(word in text for word in ("leximin", "dual", "class", "none has", "nan", "fraction", "  "))


@laws
@given(rounds())
def test_the_same_plan_is_explained_in_the_same_words(outcome: Outcome) -> None:
    key = outcome.problem.recipients[-1]
    assert explain_recipient(outcome, key) == explain_recipient(outcome, key)


@laws
@given(rounds())
def test_lots_are_closed_exactly_where_the_engine_closed_them(outcome: Outcome) -> None:
    problem = outcome.problem
    words = {EARMARK: "earmark", CAPABILITY: "handles", EXPIRED: "expired", TOO_SLOW: "shelf life"}
    for row, key in enumerate(problem.recipients.to_list()):
        reasons = problem.eligibility.reasons[problem.eligibility.class_of[row]]
        closed = {c.lot: c.reasons for c in explain_recipient(outcome, key).closed}
        for lot in np.flatnonzero(problem.packs > 0).tolist():
            said = set(closed.get(problem.lots[lot], ())) - {"capacity", "minimum shipment"}
            assert (reasons[lot] == OPEN) == (not said)
            if reasons[lot] != OPEN:
                assert words[int(reasons[lot])] in said


@laws
@given(rounds())
def test_nobody_who_stands_lower_could_have_had_its_packs(outcome: Outcome) -> None:
    levels = outcome.levels()
    for row, key in enumerate(outcome.problem.recipients.to_list()):
        explanation = explain_recipient(outcome, key)
        lower = [k for k in range(len(levels.num)) if levels.at(k) < levels.at(row)]
        assert explanation.stand_lower <= len(lower)
        if not explanation.received:
            assert explanation.stand_lower == len(lower)
        elif explanation.stand_lower:
            assert "could not have used the packs" in str(
                explanation
            ) or "None of them could have used its packs" in str(explanation)


@laws
@given(rounds())
def test_a_remedy_does_what_editing_the_tables_by_hand_does(outcome: Outcome) -> None:
    problem = outcome.problem
    base = outcome if outcome.bound is None else solve(problem, seconds=0)
    row = 0
    for remedy in explain_recipient(outcome, problem.recipients[row]).remedies:
        if not remedy.edits:
            continue
        needs, lots = problem.tables.needs.to_dicts(), problem.tables.lots.to_dicts()
        for edit in remedy.edits:
            place, _, value = edit.partition("=")
            table, key, column = place.split(".")
            rows, name = (needs, "recipient") if table == "needs" else (lots, "lot")
            (target,) = [r for r in rows if r[name] == key]
            number = column not in ("handles", "for", "not_for")
            target[column] = Fraction(value) if number and value else value or None
            if number and value:
                target[column] = int(target[column]) if target[column].denominator == 1 else float(target[column])
        tables = read_tables(needs, lots, problem.tables.groups)
        again = solve(build_problem(tables, replace(problem.terms)), seconds=0)
        units = [o.problem.scale * o.lines.per for o in (base, again)]
        gain = Fraction(int(again.received[row]), units[1]) - Fraction(int(base.received[row]), units[0])
        assert (remedy.gain, remedy.level) == (gain, again.levels().at(row))


@given(st.fractions(0, 2))
def test_a_share_is_never_rounded_to_all_or_nothing(share: Fraction) -> None:
    assert (
        (percent(share) in ("0.0%", "100.0%")) == (share in (0, 1))
        or share < Fraction(1, 10**10)
        or abs(share - 1) < Fraction(1, 10**10)
    )


def test_a_recipient_at_its_pace_is_held_to_its_own_last_pack() -> None:
    explanation = explain_recipient(share_out(*LIMITS["shelf life"][:2]), "TCD")
    assert part(explanation, "Its waterline") == (
        "Its waterline is 9.0%, the level at which it got its own last pack: it has as much as it can use of every lot open to it."
    )
    assert explanation.waterline == Fraction(9, 100)


def test_a_recipient_lifted_by_a_lot_it_can_use_no_more_of_stands_above_the_rest() -> None:
    # B is Chad's alone but for its pace, 5 a week for two weeks: 10 packs. A lifts Mali to 10 / 200 only.
    lots = [{"lot": "A", "packs": 10}, {"lot": "B", "packs": 60, "for": "TCD", "expires": "2021-03-15"}]
    explanation = explain_recipient(share_out([CHAD | {"per_week": 5}, MALI], lots), "TCD")
    assert part(explanation, "What stopped it") == (
        "Shelf life. It could use no more of lot B before it expires, at 5 service units a week. "
        "The other lots open to it went to recipients that stand lower."
    )
