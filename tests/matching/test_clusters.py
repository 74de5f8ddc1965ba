"""Groups from pairs: a wrong pair chains nobody, and the laws of any grouping."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import OptionRefused
from evenhand.matching.clusters import MOST, group

RECORDS = 9
PAIRS = st.dictionaries(
    st.tuples(st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-20, 30, allow_nan=False).map(lambda weight: round(weight, 2)),
    max_size=30,
)


def sets(groups: dict[int, int]) -> set[frozenset[int]]:
    return {frozenset(record for record in groups if groups[record] == first) for first in groups.values()}


def test_one_wrong_pair_does_not_chain_two_families() -> None:
    one, other = (0, 1, 2), (3, 4, 5)
    pairs = [(a, b, 12.0) for family in (one, other) for a in family for b in family if a < b]
    against = [(a, b, -9.0) for a in one for b in other if (a, b) != (2, 3)]
    assert sets(group([*pairs, *against, (2, 3, 4.0)], 0.0)) == {frozenset(one), frozenset(other)}


def test_records_that_no_pair_joins_are_in_no_group() -> None:
    assert group([(0, 1, -3.0)], 0.0) == {}
    assert group([], 0.0) == {}


def test_a_threshold_that_no_pair_can_reach_is_refused() -> None:
    with pytest.raises(OptionRefused, match="more than any pair may count"):
        group([(0, 1, 99.0)], MOST + 1)


@settings(max_examples=200, deadline=None)
@given(PAIRS, st.randoms(use_true_random=False), st.floats(-5, 15))
def test_neither_the_order_of_pairs_nor_their_direction_matters(pairs, random, threshold) -> None:  # type: ignore[no-untyped-def]
    rows = [(a, b, weight) for (a, b), weight in pairs.items()]
    turned = [(b, a, weight) if random.random() < 0.5 else (a, b, weight) for a, b, weight in rows]
    random.shuffle(turned)
    assert group(turned, threshold) == group(rows, threshold)


@settings(max_examples=200, deadline=None)
@given(PAIRS, st.floats(-5, 15), st.floats(0, 5))
def test_a_higher_threshold_only_splits(pairs, threshold, more) -> None:  # type: ignore[no-untyped-def]
    rows = [(a, b, weight) for (a, b), weight in pairs.items()]
    loose, strict = sets(group(rows, threshold)), sets(group(rows, min(threshold + more, MOST)))
    assert all(any(part <= whole for whole in loose) for part in strict)


@settings(max_examples=200, deadline=None)
@given(PAIRS, st.floats(-5, 15))
def test_groups_are_whole_and_lie_inside_what_pairs_join(pairs, threshold) -> None:  # type: ignore[no-untyped-def]
    rows = [(a, b, weight) for (a, b), weight in pairs.items()]
    groups = group(rows, threshold)
    assert all(groups[first] == first and first <= record for record, first in groups.items())
    linked = {frozenset((a, b)) for a, b, weight in rows if weight >= threshold}
    for part in sets(groups):
        assert len(part) > 1
        reached, waiting = set(), [min(part)]
        while waiting:
            record = waiting.pop()
            reached.add(record)
            waiting += [other for other in part - reached if frozenset((record, other)) in linked]
        assert reached == part
