"""Frozen tables and the plans made from them: what is frozen reads back the same; what the engine gives is possible."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import ActionRefused, InputRefused
from evenhand.rounds import planning
from evenhand.rounds.feasible import why_not_feasible
from evenhand.rounds.planning import (
    RoundTerms,
    check_stored,
    digest_of,
    freeze_rows,
    opened_plan,
    read_lines,
    solve_frozen,
    write_lines,
)

TERMS = RoundTerms("equal-coverage", "0.2", date(2026, 3, 2), None)
NEEDS: list[dict[str, Any]] = [
    {"recipient": "KEN", "name": "Kenya", "target": "300", "held": "0"},
    {"recipient": "TCD", "name": "Chad", "target": "500", "held": "0"},
]
LOTS: list[dict[str, Any]] = [{"lot": "OF-1", "packs": "8", "pack_size": "100", "per_person": "2"}]

amounts = st.integers(1, 10**9).map(lambda micro: f"{micro // 10**6}.{micro % 10**6:06d}")
rounds = st.tuples(
    st.lists(st.tuples(amounts, st.integers(0, 50), st.sampled_from(["", "cold"])), min_size=1, max_size=6),
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 3), st.sampled_from(["", "cold"]), st.sampled_from(["", "P0"])),
        min_size=1,
        max_size=4,
    ),
)


def rows(drawn: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    needs = [
        {"recipient": f"P{k}", "name": f"Party {k}", "target": target, "held": str(held), "handles": handles}
        for k, (target, held, handles) in enumerate(drawn[0])
    ]
    lots = [
        {"lot": f"OF-{k}", "packs": str(packs), "pack_size": str(size), "requires": requires, "not_for": barred}
        for k, (packs, size, requires, barred) in enumerate(drawn[1])
    ]
    return needs, lots


@settings(max_examples=40, deadline=None)
@given(rounds)
def test_what_is_frozen_freezes_to_the_same_bytes_in_any_order(drawn: Any) -> None:
    needs, lots = rows(drawn)
    frozen = freeze_rows(needs, lots, [])
    assert freeze_rows(needs[::-1], lots[::-1], []) == frozen
    assert len(digest_of(frozen)) == 64


@settings(max_examples=25, deadline=None)
@given(rounds)
def test_the_engines_own_plan_is_possible_and_holds(drawn: Any) -> None:
    frozen = freeze_rows(*rows(drawn), [])
    made = solve_frozen(frozen, TERMS)
    lines = check_stored(made.folder, frozen, TERMS)
    assert [list(line) for line in lines] == made.lines
    with opened_plan(made.folder) as plan:
        assert why_not_feasible(lines, plan.outcome.problem) == []
        assert set(made.explanations) == set(plan.outcome.problem.recipients.to_list())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text("AB1-", min_size=1), st.text("CD2.", min_size=1), st.integers(1, 99))))
def test_lines_read_back_as_they_were_written(lines: list[tuple[str, str, int]]) -> None:
    assert read_lines(write_lines(lines)) == sorted(lines)


def test_a_large_round_is_explained_in_short_or_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = freeze_rows(NEEDS, LOTS, [])
    assert "What would raise it" in solve_frozen(frozen, TERMS).explanations["TCD"]
    monkeypatch.setattr(planning, "FULLY_EXPLAINED", 1)
    short = solve_frozen(frozen, TERMS).explanations["TCD"]
    assert "What would raise it" not in short
    assert "What it gets" in short
    monkeypatch.setattr(planning, "EXPLAINED", 1)
    assert solve_frozen(frozen, TERMS).explanations == {}


def test_a_plan_under_other_terms_is_refused() -> None:
    frozen = freeze_rows(NEEDS, LOTS, [])
    folder = solve_frozen(frozen, TERMS).folder
    for terms, what in (
        (RoundTerms("equal-coverage", "0.2", date(2026, 3, 3), None), "date"),
        (RoundTerms("equal-coverage", "0.2", date(2026, 3, 2), 1), "max_lots"),
        (RoundTerms("tiers", "0.2", date(2026, 3, 2), None), "rule"),
    ):
        with pytest.raises(ActionRefused, match=f"was made with {what}"):
            check_stored(folder, frozen, terms)


def test_a_plan_with_another_floor_is_refused() -> None:
    frozen = freeze_rows(NEEDS, LOTS, [])
    folder = solve_frozen(frozen, RoundTerms("floor-then-weighted", "0.25", TERMS.day, None)).folder
    assert check_stored(folder, frozen, RoundTerms("floor-then-weighted", "1/4", TERMS.day, None))
    with pytest.raises(ActionRefused, match="was made with floor 1/4, and the round says"):
        check_stored(folder, frozen, RoundTerms("floor-then-weighted", "0.2", TERMS.day, None))


def test_tables_that_the_engine_cannot_use_are_refused_with_all_that_is_wrong() -> None:
    with pytest.raises(InputRefused, match="2 problems"):
        freeze_rows([NEEDS[0] | {"target": "0"}], [LOTS[0] | {"packs": "-1"}], [])
