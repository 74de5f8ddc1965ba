"""Peer, run by a Python of its own: recordlinkage at the best threshold that anybody who knows the truth could choose.

    python match_recordlinkage.py PERSONS.csv      columns of our own, and `person`, the truth

Prints JSON: the best F1 over pairs in clusters, and its threshold. Blocks on each name, birth, place and what else
there is; compares by Jaro-Winkler; weighs by the sum, by the mean of what is known, and by its ECM classifier; joins what
reaches a threshold; tries every threshold of all three.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

import pandas as pd
import recordlinkage

ALIKE = 0.85
"""From this likeness on, a column agrees for the classifier."""


def clusters_of(records: list[str], pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return the first record that each leads to."""
    above = {record: record for record in records}

    def top(record: str) -> str:
        while above[record] != record:
            above[record] = above[above[record]]
            record = above[record]
        return record

    for one, other in pairs:
        above[top(one)] = top(other)
    return {record: top(record) for record in records}


def f1(clusters: dict[str, str], person: dict[str, str]) -> float:
    """Return F1 over pairs."""

    def pairs(labels: list[object]) -> int:
        return sum(many * (many - 1) // 2 for many in Counter(labels).values())

    records = list(person)
    right = pairs([(clusters[record], person[record]) for record in records])
    return 2 * right / (pairs([clusters[record] for record in records]) + pairs([person[record] for record in records]))


def main(path: str) -> None:
    """Compare, and try every threshold."""
    table = pd.read_csv(path, dtype=str).set_index("record")
    person = table.pop("person").to_dict()
    columns = [name for name in table.columns if table[name].notna().any()]
    index = recordlinkage.Index()
    for name in columns:
        if name != "region":
            index.block(name)
    pairs = index.index(table)
    compare = recordlinkage.Compare()
    for name in columns:
        if name == "region":
            compare.exact(name, name, label=name)
        else:
            compare.string(name, name, method="jarowinkler", label=name)
    features = compare.compute(pairs, table)
    known = pd.DataFrame(
        {
            name: table[name].loc[pairs.get_level_values(0)].notna().to_numpy()
            & table[name].loc[pairs.get_level_values(1)].notna().to_numpy()
            for name in columns
        },
        index=pairs,
    )
    binary = (features >= ALIKE).astype(int)
    learned = recordlinkage.ECMClassifier(binarize=None)
    learned.fit(binary)
    ways = {
        "sum": features.sum(axis=1) / len(columns),
        "mean of what is known": features.where(known).mean(axis=1),
        "ECM": learned.prob(binary),
    }
    best, chosen = 0.0, ""
    for way, scores in ways.items():
        for step in range(20, 100):
            kept = scores[scores >= step / 100]
            found = f1(clusters_of(list(person), list(kept.index)), person)
            if found > best:
                best, chosen = found, f"{way} {step / 100}"
    print(json.dumps({"f1": best, "threshold": chosen}))


if __name__ == "__main__":
    main(sys.argv[1])
