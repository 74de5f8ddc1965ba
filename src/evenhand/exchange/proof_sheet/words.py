"""What the first sheet of a proof says, in plain words: the rule, what is shown, how to read it, what is not in it."""

from __future__ import annotations

from evenhand.exchange.proof_sheet.bounds import BoundedProof
from evenhand.exchange.proof_sheet.conditions import Proof
from evenhand.exchange.proof_sheet.levels import TOLERANCE, Exactness
from evenhand.fairness.rules import RULES

BEST = {
    "What is shown": (
        "That this plan is the best under the rule: nobody can be better off except at the cost of somebody who is no "
        "better off."
    ),
    "The waterline": (
        "Each lot has a waterline. Every lot is used only for recipients on its waterline, and nobody who could have had it "
        "stands below. A recipient's waterline is the highest among the lots open to it, or that of its own last pack "
        "where that is higher."
    ),
    "The conditions": (
        "1: a lot open to a recipient stands no higher than the recipient's waterline. 2: a lot that gives it something "
        "stands no lower. 3: a recipient with room is held to no more than its next pack. 4: a lot with packs left over "
        "has no waterline at all (it is unlimited)."
    ),
}
BOUNDED = {
    "What is shown": (
        "Packs differ in worth, or there are smallest shipments or a limit of lots. It is shown that no single pack can be "
        "moved to help, and that no plan whatever can lift the lowest level above the bound. It is not shown that this "
        "plan is the best."
    ),
    "The waterline": (
        "Each lot has a waterline. No recipient holds a pack of the lot from above it, and nobody who could take one more "
        "stands below it."
    ),
    "The bound": (
        "The best plan there would be if packs could be split, proved by the conditions 1-4 on the sheets Bound and "
        "Bound_lines."
    ),
}
HOW_TO_READ = (
    "Start here; a red FALSE on any sheet is a row where a check fails. Row 7 of Recipients, Lots and Plan is row 7 of "
    "recipients.csv, lots.csv and plan.csv. Click a cell to see its formula; change a number and watch the checks."
)
NOT_IN_HERE = "The files' hashes, and the reading of the groups' file, are checked by `evenhand check` only."
EXACT_CHECK = (
    "the exact check: `evenhand check plan/`, or `evenhand check --standalone > check.py`, `python check.py plan/`"
)


def words_of(proof: Proof) -> dict[str, str]:
    """Return what the first sheet says, by what it is about."""
    plan, rule = proof.plan, RULES[proof.plan.rule]
    floor = f"; the floor f is {plan.floor}" if plan.rule == "floor-then-weighted" else ""
    return {
        "The rule": f"{rule.name}: {rule.words} Its level: {rule.formula}{floor}.",
        "The round": f"{plan.date.isoformat()}; lots: {len(plan.lots):,}; recipients: {len(plan.recipients):,}.",
        **(BOUNDED if isinstance(proof, BoundedProof) else BEST),
        "How to read": HOW_TO_READ,
        "How it compares": _comparison(proof),
        "Not in here": NOT_IN_HERE,
    }


def _comparison(proof: Proof) -> str:
    nearly = f"compared as decimals, equal if they differ by less than {TOLERANCE:g}; whatever is closer is left to {EXACT_CHECK}"
    if proof.exactness is Exactness.NEARLY:
        return f"Levels and waterlines are {nearly}."
    unit = "" if proof.unit == 1 else f" of 1/{proof.unit} service units"
    words = f"Levels are fractions of whole numbers{unit}, compared exactly by multiplying crosswise"
    if proof.exactness is Exactness.HALVES:
        words += ", one factor in two halves so that no product passes what a spreadsheet counts exactly"
    return f"{words}. The levels of the bound are {nearly}." if isinstance(proof, BoundedProof) else f"{words}."
