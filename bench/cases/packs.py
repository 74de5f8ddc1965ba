"""Whole packs of different worth, smallest shipments, at most two lots: the first level before CP-SAT closes it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from bench.process import Measured, Pairs, run_job
from bench.table import Row, met, seconds, times

SIZES = ((142, 10), (142, 20))
SEEDS = 10
OFF = 0.001
FASTER = 20.0
MOST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Round:
    """Hold one seed's three runs."""

    ours: Measured
    greedy: Measured
    peer: Measured

    def off(self, run: Measured) -> float:
        """Return how far below the proved optimum a lowest level lies, as a share of it.

        CP-SAT knows levels in whole millionths, so ours may stand above its optimum by less than one: that is 0.
        """
        best = float(self.peer.answer["bound"])
        return max(0.0, 1.0 - float(run.answer["lowest"]) / best) if best else 0.0


def first_level(quick: bool) -> list[Row]:
    """Measure both sizes."""
    return [row for recipients, lots in SIZES for row in _rows(recipients, lots, 2 if quick else SEEDS)]


def _rows(recipients: int, lots: int, seeds: int) -> list[Row]:
    rounds = [_round(recipients, lots, seed) for seed in range(1, seeds + 1)]
    peers = [run.peer for run in rounds]
    ours, greedy = Pairs([r.ours for r in rounds], peers), Pairs([r.greedy for r in rounds], peers)
    proved = sum(run.answer["status"] == "OPTIMAL" for run in peers)
    case = f"{recipients} x {lots}, packs 100-2,400, minimum 1/4/10 packs, 2 lots each, first level"
    span = f"{seconds(min(p.seconds for p in peers))} to {seconds(max(p.seconds for p in peers))}"
    off = [r.off(r.ours) for r in rounds]
    greedy_off = [r.off(r.greedy) for r in rounds]
    return [
        Row(
            f"{case}, against CP-SAT alone (2 workers)",
            seconds(ours.ours_seconds) + ours.hindrance,
            seconds(ours.peer_seconds),
            f"{times(ours.faster)} faster",
            f">= {FASTER:.0f}x faster, within {100 * OFF:.1f} %",
            met(ours.faster >= FASTER and max(off) <= OFF and proved == seeds),
            f"{seeds} seeds; below the proved optimum by {_percent(median(off))} at the median, {_percent(max(off))} at "
            f"worst; CP-SAT proved {proved} of {seeds} in {span}; our time includes bound, certificate and check",
        ),
        Row(
            f"{case}: a plain greedy in place of ours",
            seconds(greedy.ours_seconds) + greedy.hindrance,
            seconds(greedy.peer_seconds),
            f"{times(greedy.faster)} faster",
            "",
            "",
            f"below the proved optimum by {_percent(median(greedy_off))} at the median, {_percent(max(greedy_off))} at "
            "worst; proves nothing",
        ),
    ]


def _round(recipients: int, lots: int, seed: int) -> Round:
    problem = {"make": "mixed_packs", "recipients": recipients, "lots": lots, "seed": seed}
    return Round(
        run_job("bench.ours", problem, times=3, max_lots=2, seconds=0),
        run_job("bench.peers.greedy", problem, max_lots=2),
        run_job("bench.peers.lowest_level_cpsat", problem, max_lots=2, most_seconds=MOST_SECONDS),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3f} %"
