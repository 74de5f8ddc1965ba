"""For whom a board member speaks. Used by deciding, overriding and recusing. Reads only."""

from __future__ import annotations

from evenhand.access.viewers import Viewer
from evenhand.errors import ActionRefused


def party_of_board(viewer: Viewer, group: str) -> str:
    """Return the one party for which somebody sits on a group's board.

    Raises
    ------
    ActionRefused
        For none, or for several: then nobody could say whose vote it is.
    """
    parties = sorted({one.party for one in viewer.roles if one.role == "board" and one.group == group})
    if len(parties) == 1 and parties[0]:
        return parties[0]
    named = " and ".join(filter(None, parties)) or "no party"
    raise ActionRefused(
        f"{viewer.name} sits on the board of {group} for {named}; a board member speaks for exactly one party, which an "
        "operator sets with the role"
    )
