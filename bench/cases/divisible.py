"""Divisible goods: against cvxpy-leximin, and against linear programs solved level by level."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from statistics import median
from typing import Any

from bench.process import Measured, Pairs, TimeOver, beside, run_job
from bench.table import Row, met, seconds, times

SAME = 1e-6
"""Two levels are called the same where they differ by no more: floating-point solvers are no exacter."""

CVXPY_FASTER = 1000.0
CVXPY_SECONDS = 600.0
"""When the peer is stopped."""

PROGRAMS = (
    {"recipients": 200, "lots": 20, "classes": 60, "faster": 5.0, "repeats": 7, "times": 3},
    {"recipients": 5000, "lots": 100, "classes": 500, "faster": 50.0, "repeats": 3, "times": 1},
)
FLOWS = {
    "recipient": "a flow for every eligible pair, as usually written",
    "class": "a flow for every class: our idea lent to the peer",
}


def against_cvxpy_leximin(quick: bool) -> list[Row]:
    """Measure 40 x 5, and 80 x 5 where the peer goes wrong; an exact enumeration judges both."""
    if quick:
        return [_cvxpy_row(10, promised=False)]
    return [_cvxpy_row(40, promised=True), _where_it_fails(80)]


def against_linear_programs(quick: bool) -> list[Row]:
    """Measure 200 x 20 in 60 classes and 5,000 x 100 in 500 classes, the peer written in two ways."""
    return [_programs_row(dict(size), by, quick) for size in (PROGRAMS[:1] if quick else PROGRAMS) for by in FLOWS]


def _cvxpy_row(recipients: int, *, promised: bool) -> Row:
    problem = _pairs_problem(recipients)
    peer = run_job("bench.peers.leximin_cvxpy", problem, stop_after=CVXPY_SECONDS)
    ours, judged = _ours(problem), run_job("bench.exact", problem).answer["levels"]
    pairs = Pairs(ours, [peer] * len(ours))
    right = all(run.answer["levels"] == judged for run in ours)
    return Row(
        f"{recipients} x 5 divisible, all levels, against cvxpy-leximin (ordered outcomes)",
        seconds(pairs.ours_seconds) + pairs.hindrance,
        seconds(pairs.peer_seconds),
        f"{times(pairs.faster)} faster",
        f">= {CVXPY_FASTER:,.0f}x faster",
        met(right and pairs.faster >= CVXPY_FASTER) if promised else "",
        f"{_right(right)}; peer: {_verdict(peer, judged)}; one run of the peer",
    )


def _where_it_fails(recipients: int) -> Row:
    """Measure a size at which the peer gives no right answer by either method."""
    problem = _pairs_problem(recipients)
    ours, judged = _ours(problem), run_job("bench.exact", problem).answer["levels"]
    right = all(run.answer["levels"] == judged for run in ours)
    said, spent, peer_right = [], [], False
    for method in ("ordered_outcomes", "saturation"):
        try:
            peer = run_job("bench.peers.leximin_cvxpy", problem, method=method, stop_after=CVXPY_SECONDS)
        except TimeOver as over:
            said.append(f"{method}: {over}")
            spent.append(f"> {CVXPY_SECONDS:,.0f} s")
            continue
        said.append(f"{method}: {_verdict(peer, judged)}")
        spent.append(seconds(peer.seconds))
        peer_right |= peer.answer["levels"] is not None and _worst(peer.answer["levels"], judged) <= SAME
    return Row(
        f"{recipients} x 5 divisible, all levels, against cvxpy-leximin (ordered outcomes; saturation)",
        seconds(median(run.seconds for run in ours)),
        "; ".join(spent),
        "",
        "right where it is wrong or fails",
        met(right and not peer_right),
        f"{_right(right)}; peer, " + "; ".join(said),
    )


def _pairs_problem(recipients: int) -> dict[str, Any]:
    return {"make": "divisible_pairs", "recipients": recipients, "lots": 5, "seed": 1}


def _ours(problem: Mapping[str, Any]) -> list[Measured]:
    return [run_job("bench.ours", problem, times=5, divisible=True, answer={"levels": "exact"}) for _ in range(5)]


def _right(right: bool) -> str:
    return f"ours {'equals' if right else 'DIFFERS FROM'} the exact optimum in every level, as fractions"


def _verdict(peer: Measured, judged: list[str]) -> str:
    """Say what a peer of floating-point numbers did."""
    levels = peer.answer["levels"]
    if levels is None:
        return f"failed with {peer.answer['failure'].splitlines()[0]}"
    worst = _worst(levels, judged)
    off = sum(abs(a - float(Fraction(b))) > SAME for a, b in zip(sorted(levels), _sorted(judged), strict=True))
    return f"right to {worst:.0e}" if worst <= SAME else f"wrong in {off} of {len(levels)} levels, by up to {worst:.1e}"


def _sorted(levels: list[str]) -> list[Fraction]:
    return sorted(Fraction(level) for level in levels)


def _worst(levels: list[float], judged: list[str]) -> float:
    """Return the largest difference of the sorted levels."""
    return max(abs(a - float(b)) for a, b in zip(sorted(levels), _sorted(judged), strict=True))


def _programs_row(size: Mapping[str, Any], by: str, quick: bool) -> Row:
    problem = {"make": "divisible_classes", "seed": 1} | {k: size[k] for k in ("recipients", "lots", "classes")}
    once = by == "recipient" and size["recipients"] > 1000  # minutes a run
    pairs = beside(
        lambda: run_job("bench.ours", problem, times=3, divisible=True, answer={"levels": "near"}),
        lambda: run_job("bench.peers.levels_linprog", problem, times=size["times"], by=by),
        1 if once else 2 if quick else size["repeats"],
    )
    ours, peer = pairs.ours[0].answer, pairs.peer[0].answer
    apart = max(abs(a - b) for a, b in zip(ours["levels"], peer["levels"], strict=True))
    return Row(
        f"{size['recipients']:,} x {size['lots']} divisible, {size['classes']} classes, against linear programs level by "
        f"level (HiGHS through SciPy), {FLOWS[by]}",
        seconds(pairs.ours_seconds) + pairs.hindrance,
        seconds(pairs.peer_seconds),
        f"{times(pairs.faster)} faster",
        f">= {size['faster']:.0f}x faster",
        met(pairs.faster >= size["faster"] and apart <= SAME),
        f"{peer['programs']} programs; levels {'the same' if apart <= SAME else 'DIFFERENT'} (largest difference "
        f"{apart:.0e}){'; one run of the peer' if once else ''}",
    )
