"""Peer, run by a Python of its own: dedupe, taught with true pairs, at the best of its thresholds.

    python match_dedupe.py PERSONS.csv      columns of our own, and `person`, the truth

Prints JSON: the best F1 over pairs in clusters, and its threshold. It is told 300 true and 300 false pairs, which ours is not.
"""

from __future__ import annotations

import io
import json
import random
import sys
from collections import Counter
from itertools import combinations

import dedupe
import pandas as pd

TOLD = 300


def f1(clusters: dict[str, int], person: dict[str, str]) -> float:
    """Return F1 over pairs."""

    def pairs(labels: list[object]) -> int:
        return sum(many * (many - 1) // 2 for many in Counter(labels).values())

    records = list(person)
    right = pairs([(clusters[record], person[record]) for record in records])
    return 2 * right / (pairs([clusters[record] for record in records]) + pairs([person[record] for record in records]))


def main(path: str) -> None:
    """Teach, and try thresholds."""
    random.seed(1)
    table = pd.read_csv(path, dtype=str).set_index("record")
    person = table.pop("person").to_dict()
    columns = [name for name in table.columns if table[name].notna().any()]
    data = {
        record: {name: (None if pd.isna(cell) else cell) for name, cell in row.items()}
        for record, row in table[columns].to_dict("index").items()
    }
    by_person: dict[str, list[str]] = {}
    for record, who in person.items():
        by_person.setdefault(who, []).append(record)
    true = [pair for records in by_person.values() for pair in combinations(records, 2)]
    records = list(person)
    false = [
        (one, other)
        for one, other in (random.sample(records, 2) for _ in range(2 * TOLD))
        if person[one] != person[other]
    ]
    told = {
        "match": [[data[one], data[other]] for one, other in random.sample(true, min(TOLD, len(true)))],
        "distinct": [[data[one], data[other]] for one, other in false[:TOLD]],
    }
    matcher = dedupe.Dedupe([dedupe.variables.String(name, has_missing=True) for name in columns], num_cores=1)
    matcher.prepare_training(data, training_file=io.StringIO(json.dumps(told)), sample_size=3_000)
    matcher.train(recall=0.99)
    best, chosen = 0.0, 0.0
    for threshold in (0.1, 0.3, 0.5, 0.7, 0.9):
        clusters = {
            record: number for number, (group, _) in enumerate(matcher.partition(data, threshold)) for record in group
        }
        found = f1(clusters, person)
        if found > best:
            best, chosen = found, threshold
    print(json.dumps({"f1": best, "threshold": chosen}))


if __name__ == "__main__":
    main(sys.argv[1])
