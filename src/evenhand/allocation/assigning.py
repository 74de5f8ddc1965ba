"""Everybody to one place at the least cost: where who gets something is settled and only where from is open.

Called by the actions on medical evacuation, after a plan has said who gets a place. It decides nothing about who: everybody named
gets exactly one, or it refuses.
"""

from __future__ import annotations

from collections.abc import Mapping

from ortools.graph.python import min_cost_flow

from evenhand.errors import ActionRefused


def assign_cheapest(costs: Mapping[str, Mapping[str, int]], room: Mapping[str, int]) -> dict[str, str]:
    """Return for everybody the place they are given, so that the sum of the costs is the least there is.

    Parameters
    ----------
    costs
        Who → each place that would do → what it costs, a whole number, 0 or more.
    room
        Place → how many it takes.

    Raises
    ------
    ActionRefused
        There is not one for everybody.

    Examples
    --------
    >>> assign_cheapest({"ada": {"north": 1, "south": 5}, "ben": {"north": 2, "south": 9}}, {"north": 1, "south": 1})
    {'ada': 'south', 'ben': 'north'}
    """
    if not costs:
        return {}
    who, places = sorted(costs), sorted(room)
    number = {place: len(who) + index for index, place in enumerate(places)}
    source, sink = len(who) + len(places), len(who) + len(places) + 1
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs: dict[int, tuple[str, str]] = {}
    for index, one in enumerate(who):
        flow.add_arc_with_capacity_and_unit_cost(source, index, 1, 0)
        for place in sorted(costs[one]):
            arcs[flow.add_arc_with_capacity_and_unit_cost(index, number[place], 1, costs[one][place])] = one, place
    for place in places:
        flow.add_arc_with_capacity_and_unit_cost(number[place], sink, room[place], 0)
    flow.set_node_supply(source, len(who))
    flow.set_node_supply(sink, -len(who))
    if flow.solve() != flow.OPTIMAL:
        raise ActionRefused(f"there is no place for all {len(who)} at once; propose anew")
    return {one: place for arc, (one, place) in sorted(arcs.items()) if flow.flow(arc)}
