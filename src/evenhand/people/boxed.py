"""Which tables of the register hold boxes, for whoever looks at all of them: sealing anew, and telling which keys are still needed."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import F, Model

from evenhand.people.models import (
    Correction,
    EvacuationNeed,
    HospitalReferral,
    Household,
    MatchProposal,
    Person,
    Reason,
)

HOLDERS: Final[tuple[type[Model], ...]] = (Household, Person, EvacuationNeed, HospitalReferral, MatchProposal)
"""Those with `boxes`, field → box, sealed under the row's own key."""

LONE: Final[tuple[type[Model], ...]] = (Correction, Reason)
"""Those with one `box`, sealed under the `record` that it speaks of."""


def held(model: type[Model]) -> Any:
    """Return the rows of a table that hold anything, each as its key and its boxes: field → box, or the one box."""
    rows: Any = model._default_manager.order_by("pk")
    if model in LONE:
        return rows.exclude(box="").values_list("pk", F("box"))
    return rows.exclude(boxes={}).values_list("pk", F("boxes"))
