"""Peer: DuckDB alone reads a table of persons, hashes its blocking keys, and joins it with itself on each of them.

    python -m bench.peers.join_duckdb PERSONS.csv KEYS      KEYS: columns of a key joined by '+', keys by ','

The keys are ours over the columns as DuckDB reads them; the pairs, each once, are made into a table. Prints JSON.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

import duckdb


def main(path: str, keys: str) -> None:
    """Read, hash, join; print seconds and pairs."""
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    parts = [key.replace(";", ",").split("+") for key in keys.split(",")]
    names = [f"key_{place}" for place in range(len(parts))]
    begun = perf_counter()
    connection.execute(
        "CREATE TABLE persons AS SELECT row_number() OVER () AS row, * FROM read_csv(?, all_varchar = true)", [path]
    )
    # A key with an unknown part is NULL and joins nothing; hash(NULL) alone would be a number.
    hashed = ", ".join(
        f"CASE WHEN {' || '.join(key)} IS NOT NULL THEN hash({', '.join(key)}) END AS {name}"
        for name, key in zip(names, parts, strict=True)
    )
    connection.execute(f"CREATE TABLE keyed AS SELECT row, {hashed} FROM persons")
    each = " UNION ".join(
        f"SELECT l.row AS one, r.row AS other FROM keyed AS l JOIN keyed AS r ON l.{name} = r.{name} AND l.row < r.row"
        for name in names
    )
    connection.execute(f"CREATE TABLE pairs AS {each}")
    seconds = perf_counter() - begun
    pairs = connection.execute("SELECT count(*) FROM pairs").fetchall()[0][0]
    print(json.dumps({"seconds": seconds, "pairs": pairs}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
