"""Whether lines could be carried out at all: what stands against them that no decision can change.

Called for overrides. It says nothing about fairness; the certificates' checker judges plans of the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from evenhand.allocation.eligibility import REASONS
from evenhand.allocation.problem import Problem
from evenhand.rounds.planning import Line

WORDS = {
    "earmark": "its earmark does not allow that",
    "handles": "that recipient cannot handle what it requires",
    "expired": "it expires before it could be used",
    "shelf life": "that recipient could not use even one pack before it expires",
}


def why_not_feasible(lines: Sequence[Line], problem: Problem) -> list[str]:
    """Return a sentence for each way in which lines exceed what there is or what a recipient may have, can use or take."""
    lots = {key: place for place, key in enumerate(problem.lots.to_list())}
    recipients = {key: place for place, key in enumerate(problem.recipients.to_list())}
    eligible = problem.eligibility
    given: dict[int, int] = defaultdict(int)
    got: dict[int, int] = defaultdict(int)
    kinds: dict[int, int] = defaultdict(int)
    reasons: list[str] = []
    for lot, recipient, packs in lines:
        s, i = lots[lot], recipients[recipient]
        given[s] += packs
        got[i] += packs * problem.worth[s]
        kinds[i] += 1
        row = int(eligible.class_of[i])
        closed = REASONS[int(eligible.reasons[row, s])]
        if closed != "open":
            reasons.append(f"{lot} cannot go to {recipient}: {WORDS[closed]}")
        elif eligible.caps is not None and packs > int(eligible.caps[row, s]):
            cap = int(eligible.caps[row, s])
            reasons.append(f"{recipient} can use at most {cap:,} packs of {lot} before it expires, not {packs:,}")
        if packs < int(problem.least[s]):
            reasons.append(
                f"{lot} is sent in at least {int(problem.least[s]):,} packs, not {packs:,} as to {recipient}"
            )
    for s, packs in given.items():
        if packs > int(problem.packs[s]):
            reasons.append(f"{problem.lots[s]} has {int(problem.packs[s]):,} packs, not {packs:,}")
    for i, units in got.items():
        if units > int(problem.capacity[i]):
            most, asked = int(problem.capacity[i]) / problem.scale, units / problem.scale
            reasons.append(
                f"{problem.recipients[i]} needs and can take at most {most:,g} service units, not {asked:,g}"
            )
    if problem.terms.max_lots is not None:
        reasons += [
            f"{problem.recipients[i]} may get at most {problem.terms.max_lots} lots, not {count}"
            for i, count in kinds.items()
            if count > problem.terms.max_lots
        ]
    return reasons
