"""The cheapest places for everybody: never dearer than any other way, never more in a place than it takes."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.allocation.assigning import assign_cheapest
from evenhand.errors import ActionRefused

PLACES = ("north", "south", "west")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(PLACES), st.integers(0, 9), min_size=1), min_size=1, max_size=5),
    st.fixed_dictionaries({place: st.integers(0, 3) for place in PLACES}),
)
def test_no_other_way_is_cheaper(rows: list[dict[str, int]], room: dict[str, int]) -> None:
    costs = {f"p{number}": row for number, row in enumerate(rows)}
    ways = [
        sum(costs[who][place] for who, place in zip(costs, way, strict=True))
        for way in product(*(list(row) for row in costs.values()))
        if all(way.count(place) <= room[place] for place in PLACES)
    ]
    if not ways:
        with pytest.raises(ActionRefused, match="no place for all"):
            assign_cheapest(costs, room)
        return
    chosen = assign_cheapest(costs, room)
    assert chosen.keys() == costs.keys()
    assert all(list(chosen.values()).count(place) <= room[place] for place in PLACES)
    assert sum(costs[who][place] for who, place in chosen.items()) == min(ways)
    assert assign_cheapest(dict(reversed(costs.items())), room) == chosen


def test_nobody_needs_no_place() -> None:
    assert assign_cheapest({}, {"north": 0}) == {}
