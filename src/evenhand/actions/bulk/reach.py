"""Whether who imports may do so for every party that the rows name: the single actions' rights, asked once a party.

Used by every register's check. A party below another is reached through it, so that a hundred thousand clinics of one
ministry are one question.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from evenhand.access.rights import may, require
from evenhand.access.viewers import Viewer
from evenhand.actions.bulk.known import Known
from evenhand.errors import NotAllowed


class Reach:
    """Say for which parties a viewer has one of some rights.

    Parameters
    ----------
    rights
        One of them is enough; the first is the one that a refusal names.
    """

    def __init__(self, viewer: Viewer, known: Known, rights: Sequence[str]) -> None:
        self.viewer, self.known, self.rights = viewer, known, tuple(rights)
        self._named = {binding.party for binding in viewer.roles if binding.party}
        self._answers: dict[str, bool] = {}

    def covers(self, party: str) -> bool:
        """Say whether one of the rights is held over a party."""
        answer = self._answers.get(party)
        if answer is None:
            above = self.known.parents.get(party)
            if above is not None and party not in self._named and party not in self.known.groups_by_party:
                answer = self.covers(above)
            else:
                target = self.known.target(party)
                answer = any(may(self.viewer, right, target) for right in self.rights)
            self._answers[party] = answer
        return answer

    def require_all(self, parties: pl.Series, name: str, rows: pl.Series) -> None:
        """Refuse, at the first row, a party over which none of the rights is held.

        Raises
        ------
        NotAllowed
            With the roles that would do, the party and its row.
        """
        named = parties.drop_nulls().unique(maintain_order=True).to_list()
        for party in named:
            if not self.covers(party):
                row = rows[int((parties == party).fill_null(value=False).arg_true()[0])]
                self._refuse(party, f"{name}, row {row}: ")

    def _refuse(self, party: str, where: str) -> None:
        try:
            require(self.viewer, self.rights[0], self.known.target(party))
        except NotAllowed as refused:
            raise NotAllowed(where + refused.sentence) from None
        raise AssertionError(party)  # pragma: no cover - `covers` and `require` ask the same
