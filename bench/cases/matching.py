"""One person, one record: how right on public sets beside peers, how fast and how large at a million records."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.process import ROOT, JobFailed, run_command
from bench.table import Row, gibibytes, met, seconds, times

LINKAGE = ROOT.parent / "shared" / "data" / "linkage"
TARGETS = {"febrl1": 0.99, "febrl2": 0.95, "febrl3": 0.95, "fake_1000": 0.94}
PEERS = Path(os.environ.get("EVENHAND_BENCH_PEERS", ROOT / ".venv" / "peers" / "bin" / "python"))
"""A Python with recordlinkage and dedupe: recordlinkage 0.16 takes no pandas from 3.0 on, so they live apart from ours."""
RECORDS = 1_000_000
MOST_TIMES, MOST_GROWTH, MOST_BYTES, MOST_WAIT = 4.0, 5.0, 6 * 2**30, 0.1
KEYS = (
    "phone", "given_name+family_name+substr(birth_date,1,4)", "given_name+family_name+substr(birth_date,6)",
    "given_name+family_name+place", "given_name+family_name+father_name", "birth_date+given_name", "birth_date+family_name",
    "birth_date+place", "birth_date+father_name", "given_name+place+substr(birth_date,1,4)",
    "family_name+place+substr(birth_date,1,4)", "given_name+father_name+substr(birth_date,1,4)",
    "given_name+father_name+place",
)  # fmt: skip
"""Our recipes for the columns of a made register, over the columns as they are written."""


def accuracy(quick: bool) -> list[Row]:
    """Measure F1 of clusters at the one threshold, beside the peers' best."""
    return [_known(name) for name in (list(TARGETS)[:1] if quick else TARGETS)]


def at_scale(quick: bool) -> list[Row]:
    """Measure candidates, scores and clusters of a made register beside DuckDB's own join, and the wait on entry."""
    sizes = [RECORDS // 40, RECORDS // 10] if quick else [RECORDS // 4, RECORDS]
    runs = [_made(records) for records in sizes]
    (small, _), (large, peer) = runs
    ratio, growth = large["seconds"] / peer["seconds"], large["seconds"] / small["seconds"]
    size = f"{sizes[1]:,} made persons, 10% second records"
    wait = _ours("entry", str(sizes[1]))
    return [
        Row(
            f"{size}: candidates, scores and clusters, against DuckDB reading, hashing and joining on the keys",
            seconds(large["seconds"]),
            seconds(peer["seconds"]),
            times(ratio),
            f"<= {MOST_TIMES:.0f}x",
            "" if quick else met(ratio <= MOST_TIMES),
            f"{large['candidates']:,} pairs weighed, DuckDB joined {peer['pairs']:,}; F1 {large['f1']:.4f}; "
            f"reading and preparing took {seconds(large['prepare_seconds'])} more; the model was learned beforehand",
        ),
        Row(
            f"{size}: peak memory", gibibytes(large["peak_bytes"]), "", "", f"<= {gibibytes(MOST_BYTES)}",
            "" if quick else met(large["peak_bytes"] <= MOST_BYTES), "tables, Python and packages included",
        ),
        Row(
            f"growth: {sizes[1]:,} persons against {sizes[0]:,}", seconds(large["seconds"]),
            f"{seconds(small['seconds'])} (ours)", times(growth), f"<= {MOST_GROWTH:.0f}x",
            "" if quick else met(growth <= MOST_GROWTH), "",
        ),
        Row(
            f"on entry, {sizes[1]:,} persons: is this person here already?", f"p95 {seconds(wait['p95'])}", "", "",
            f"p95 <= {seconds(MOST_WAIT)}", "" if quick else met(wait["p95"] <= MOST_WAIT),
            f"median {seconds(wait['median'])}, worst {seconds(wait['worst'])}; index in memory",
        ),
    ]  # fmt: skip


def _known(name: str) -> Row:
    case = f"{name}: F1 of clusters at the one threshold, beside recordlinkage's and dedupe's best"
    if not LINKAGE.is_dir():
        return Row(case, "", "", "", f">= {TARGETS[name]}", "", "../shared/data/linkage is not on this machine")
    ours = _ours("known", name, str(LINKAGE))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "persons.csv"
        _write(name, file)
        peers = {peer: _peer(peer, file) for peer in ("recordlinkage", "dedupe")}
    return Row(
        case,
        f"{ours['f1']:.4f}",
        ", ".join(f"{peer} {found}" for peer, found in peers.items()),
        "",
        f">= {TARGETS[name]}",
        met(ours["f1"] >= TARGETS[name]),
        f"threshold {ours['threshold']}, the same everywhere; precision {ours['precision']:.4f}, recall {ours['recall']:.4f}; "
        f"learned and matched in {seconds(ours['seconds'])}; the peers at the best threshold that the truth shows, dedupe taught with true pairs",
    )


def _write(name: str, file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bench.persons import read_known;"
        " known = read_known(sys.argv[1], Path(sys.argv[2]));"
        " known.persons.join(known.truth, on='record').write_csv(sys.argv[3])"
    )
    run_command([sys.executable, "-c", code, name, str(LINKAGE), str(file)])


def _peer(peer: str, file: Path) -> str:
    """Return a peer's best F1, or why there is none."""
    if not PEERS.exists():
        return "not installed"
    script = ROOT / "bench" / "peers" / f"match_{peer}.py"
    try:
        return f"{_json([str(PEERS), str(script), str(file)], stop_after=240)['f1']:.4f}"
    except JobFailed as failure:
        return f"not measured ({failure})"


def _made(records: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return ours and DuckDB's on the same made register."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "persons.csv"
        code = "import sys; from bench.persons import make_persons; make_persons(int(sys.argv[1])).persons.write_csv(sys.argv[2])"
        run_command([sys.executable, "-c", code, str(records), str(file)])
        ours = _ours("made", str(records), str(file))
        peer = _json([sys.executable, "-m", "bench.peers.join_duckdb", str(file), ",".join(_in_brackets(KEYS))])
    return ours, peer


def _in_brackets(keys: Sequence[str]) -> list[str]:
    """Return keys without the comma that parts them from each other inside a part."""
    return [key.replace(",", ";") for key in keys]


def _ours(*arguments: str) -> dict[str, Any]:
    return _json([sys.executable, "-m", "bench.match_persons", *arguments])


def _json(command: Sequence[str], stop_after: float | None = None) -> dict[str, Any]:
    said = run_command(command, stop_after=stop_after).answer["output"].strip().splitlines()[-1]
    return dict(json.loads(said))
