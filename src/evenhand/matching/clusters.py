"""From scored pairs to groups of records, so that one wrong pair does not chain two people together.

Records joined by any path of likely pairs would make one group of two families as soon as one pair between them is
wrong. So each such group is built up again from single records: the two parts that are most alike on average over all
their pairs are joined first, for as long as the average reaches the threshold (average linkage; Sokal and Michener
1958). A pair counts between `LEAST` and `MOST`, so that no single pair outvotes all others, and as `UNSEEN` where it
was never compared. Average linkage has no inversions, so a higher threshold only ever splits groups, never joins any.
Called by `match` after either engine; the same pairs give the same groups.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping

from evenhand.errors import OptionRefused

LEAST, MOST = -2.0, 16.0
"""What a pair counts at least and at most, in bits: a pair that speaks against counts one to four."""
UNSEEN = -1.0
"""What two records of one part count that share no key: rather two people than one."""

Pair = tuple[int, int]


def group(pairs: Iterable[tuple[int, int, float]], threshold: float) -> dict[int, int]:
    """Return the group of every record that is not alone, named by its smallest record.

    Parameters
    ----------
    pairs
        Two records and their weight in bits; each pair once, weights below the threshold included.
    threshold
        The weight from which on two records, or on average two groups, are one person.

    Examples
    --------
    >>> group([(0, 1, 9.0), (1, 2, 9.0), (0, 2, 5.0), (2, 3, 1.0), (1, 3, -9.0), (0, 3, -9.0)], 0.0)
    {0: 0, 1: 0, 2: 0}
    """
    if threshold > MOST:
        raise OptionRefused(f"a threshold of {threshold:g} bits is above {MOST:g}, more than any pair may count")
    weights = {(min(a, b), max(a, b)): weight for a, b, weight in pairs}
    parts = join(pair for pair, weight in weights.items() if weight >= threshold)
    inside: dict[int, dict[Pair, float]] = defaultdict(dict)
    for (a, b), weight in weights.items():
        if a in parts and b in parts and parts[a] == parts[b]:
            inside[parts[a]][a, b] = min(max(weight, LEAST), MOST)
    members: dict[int, list[int]] = defaultdict(list)
    for record, part in parts.items():
        members[part].append(record)
    groups: dict[int, int] = {}
    for part in sorted(members):
        for together in _built_up(sorted(members[part]), inside[part], threshold):
            if len(together) > 1:
                groups |= dict.fromkeys(together, together[0])
    return dict(sorted(groups.items()))


def join(pairs: Iterable[Pair]) -> dict[int, int]:
    """Return for each record that stands in a pair the smallest record that pairs lead to."""
    above: dict[int, int] = {}

    def top(record: int) -> int:
        above.setdefault(record, record)
        while above[record] != record:
            above[record] = above[above[record]]
            record = above[record]
        return record

    for a, b in pairs:
        low, high = sorted((top(a), top(b)))
        above[high] = low
    return {record: top(record) for record in list(above)}


def _built_up(records: list[int], weights: Mapping[Pair, float], threshold: float) -> list[list[int]]:
    """Return the records of one part in groups, each sorted; ties go to the smallest records."""
    groups = {record: [record] for record in records}
    sums: dict[int, dict[int, tuple[float, int]]] = {record: {} for record in records}
    for (a, b), weight in weights.items():
        sums[a][b] = sums[b][a] = (weight, 1)

    def average(a: int, b: int) -> float:
        total, seen = sums[a].get(b, (0.0, 0))
        pairs = len(groups[a]) * len(groups[b])
        return (total + UNSEEN * (pairs - seen)) / pairs

    waiting = [(-average(a, b), a, b) for a, b in weights if a in groups and b in groups]
    heapq.heapify(waiting)
    while waiting:
        less, a, b = heapq.heappop(waiting)
        if a not in groups or b not in groups or average(a, b) != -less:
            continue
        if -less < threshold:
            break
        joined = sorted(groups[a] + groups[b])
        neighbours = {
            c: _sum(sums[a].get(c), sums[b].get(c)) for c in sums[a].keys() | sums[b].keys() if c not in (a, b)
        }
        del groups[b], sums[b]
        groups[a] = joined
        sums[a] = neighbours
        for c, total in neighbours.items():
            sums[c].pop(b, None)
            sums[c][a] = total
            heapq.heappush(waiting, (-average(*sorted((a, c))), min(a, c), max(a, c)))
    return list(groups.values())


def _sum(one: tuple[float, int] | None, other: tuple[float, int] | None) -> tuple[float, int]:
    first, second = one or (0.0, 0), other or (0.0, 0)
    return first[0] + second[0], first[1] + second[1]
