"""Evenhand: scarce supplies shared out fairly, with a proof that anyone can check.

    plan = evenhand.allocate("needs.csv", "lots.csv", groups="groups.csv", rule="equal-coverage")
    plan.recipients, plan.lines, plan.lots, plan.certificate, plan.measures
    print(plan.explain("TCD"))
    plan.write("plan/")
    evenhand.check("plan/")

Importing this loads neither dataframes nor a solver: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evenhand.certificates import Verdict
    from evenhand.errors import EvenhandError, InputRefused
    from evenhand.fairness.measures import Measures, measure
    from evenhand.fairness.rules import RULES
    from evenhand.plan import Plan, allocate, check, read_plan
    from evenhand.reasons.comparison import Comparison
    from evenhand.reasons.explain import Explanation

__version__ = "0.1.0"

_HOMES = {
    "allocate": "evenhand.plan",
    "check": "evenhand.plan",
    "read_plan": "evenhand.plan",
    "Plan": "evenhand.plan",
    "Verdict": "evenhand.certificates",
    "Explanation": "evenhand.reasons.explain",
    "Comparison": "evenhand.reasons.comparison",
    "Measures": "evenhand.fairness.measures",
    "measure": "evenhand.fairness.measures",
    "RULES": "evenhand.fairness.rules",
    "EvenhandError": "evenhand.errors",
    "InputRefused": "evenhand.errors",
}

__all__ = [
    "RULES",
    "Comparison",
    "EvenhandError",
    "Explanation",
    "InputRefused",
    "Measures",
    "Plan",
    "Verdict",
    "allocate",
    "check",
    "measure",
    "read_plan",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'evenhand' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
