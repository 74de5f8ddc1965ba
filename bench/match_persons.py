"""Ours, in a process of its own: match a table of persons, or ask for new records one at a time.

    python -m bench.match_persons known NAME FOLDER      F1 on a public set at the one threshold
    python -m bench.match_persons made RECORDS FILE      match a made register; FILE is where its CSV is
    python -m bench.match_persons entry RECORDS          index it, and ask for new records

Prints one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from bench.persons import make_persons, pairwise, read_known
from evenhand.matching import match, prepare, train
from evenhand.matching.clusters import group
from evenhand.matching.engines import DuckEngine
from evenhand.matching.entry import Index
from evenhand.matching.scoring import in_bits, score

LEARNED_FROM = 100_000
ASKED = 300


def known(name: str, folder: str) -> dict[str, Any]:
    """Learn and match a public set."""
    given = read_known(name, Path(folder))
    begun = perf_counter()
    found = match(given.persons)
    seconds = perf_counter() - begun
    both = found.clusters.join(given.truth, on="record")
    f1, precision, recall = pairwise(both["cluster"], both["person"])
    return {"f1": f1, "precision": precision, "recall": recall, "seconds": seconds, "threshold": found.model.threshold}


def made(records: str, file: str) -> dict[str, Any]:
    """Match a made register with a model learned beforehand from a smaller one of its kind."""
    model = train(prepare(make_persons(min(int(records), LEARNED_FROM), seed=2).persons))
    begun = perf_counter()
    prepared = prepare(pl.read_csv(file, infer_schema=False))
    ready = perf_counter()
    scored = score(prepared, model, DuckEngine())
    group(scored.inside.iter_rows(), in_bits(model.threshold))
    grouped = perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found = match(prepared, model=model)
    both = found.clusters.join(make_persons(int(records)).truth, on="record")
    return {
        "prepare_seconds": ready - begun,
        "seconds": grouped - ready,
        "peak_bytes": peak,
        "candidates": scored.candidates,
        "f1": pairwise(both["cluster"], both["person"])[0],
    }


def entry(records: str) -> dict[str, Any]:
    """Ask an index for new records, half of them known in another spelling."""
    register = make_persons(int(records))
    model = train(prepare(make_persons(min(int(records), LEARNED_FROM), seed=2).persons))
    index = Index.build(prepare(register.persons), model)
    asked = pl.concat(
        [register.persons.sample(ASKED // 2, seed=3), make_persons(10_000, seed=8).persons.sample(ASKED // 2, seed=3)]
    )
    times = []
    for person in asked.drop("record").to_dicts():
        begun = perf_counter()
        index.find(person)
        times.append(perf_counter() - begun)
    times.sort()
    return {"median": times[len(times) // 2], "p95": times[ceil(0.95 * len(times)) - 1], "worst": times[-1]}


if __name__ == "__main__":
    jobs: dict[str, Callable[..., dict[str, Any]]] = {"known": known, "made": made, "entry": entry}
    print(json.dumps(jobs[sys.argv[1]](*sys.argv[2:])))
