"""Why units were damaged, missing or returned: a short list of codes, declared once as data.

Read by the actions that take a cause, and by the commands' help and the pages. The list is Evenhand's own; what it cannot
say goes into a note. Holds no behaviour.
"""

from __future__ import annotations

CAUSES: dict[str, str] = {
    "broken": "broken, crushed or leaking",
    "wet": "wet or mouldy",
    "cold-chain-broken": "too warm or too cold on the way or in store",
    "contaminated": "dirty, infested or mixed with something else",
    "out-of-date": "past its last day of use when it was found",
    "wrong-item": "not what the papers say",
    "theft": "stolen or taken by force",
    "customs": "held or taken by an authority",
    "left-behind": "never loaded, or left on the way",
    "miscount": "counted wrongly at either end",
    "recall": "called back by its maker or an authority",
    "not-needed": "no longer needed",
    "ended": "a deployment or a loan that has come to its end",
    "refund": "money given back",
    "other": "something else, which a note must say",
}
"""Code → what it means."""

OTHER = "other"
"""The one cause that says nothing without a note."""
