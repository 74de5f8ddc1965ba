"""A round small enough for a sheet of paper, taken as far as a test wants it.

Doses of measles vaccine, two a person, in boxes of 100 (a box serves 50). TCD needs 1,000 doses (500 persons), KEN 600
(300 persons); India offers 8 boxes (400 persons). Served equally, everybody reaches 400 / 800 = one half: TCD gets 250
persons = 5 boxes, KEN 150 = 3 boxes, and nothing is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evenhand_cast import NOW, TODAY, Cast

STEPS = ("open", "frozen", "proposed", "published", "decided", "posted")


@dataclass
class Rounds:
    """Make needs, offers and rounds with the cast's people."""

    cast: Cast

    def need(self, party: str, quantity: str, resource: str = "vaccine-measles", **given: Any) -> str:
        """Make an approved need."""
        from evenhand.actions.needs import approve_need, draft_need, submit_need

        who, at = f"focal-{party.lower()}", given.pop("at", None)
        ref = draft_need(
            self.cast(who, at=at), party=party, resource=resource, quantity=quantity, why="an outbreak", **given
        ).ref
        submit_need(self.cast(who, at=at), need=ref)
        approve_need(self.cast("task-force", at=at), need=ref)
        return ref

    def offer(
        self, quantity: str = "8 box", resource: str = "vaccine-measles", donor: str = "IND", **given: Any
    ) -> str:
        """Make an offer that counts."""
        from evenhand.actions.offers import make_offer

        given = {"firmness": "commitment"} | given
        who = {"IND": "donor-ind", "UNICEF": "donor-unicef"}[donor]
        return make_offer(self.cast(who), donor=donor, resource=resource, quantity=quantity, **given).ref

    def usual(self) -> tuple[str, str, str]:
        """Make the two needs and the offer of the sheet of paper."""
        return self.need("TCD", "1000"), self.need("KEN", "600"), self.offer()

    def at(self, step: str, *, made: bool = False, when: datetime | None = None, **given: Any) -> str:
        """Take a round as far as a step; `made` says that needs and offers are there already."""
        from evenhand.actions.rounds.deciding import decide_round
        from evenhand.actions.rounds.freezing import freeze_round
        from evenhand.actions.rounds.opening import open_round
        from evenhand.actions.rounds.posting import post_round
        from evenhand.actions.rounds.proposing import propose_round, publish_round

        if not made:
            self.usual()
        asked = {"title": "Measles, first round", "group": "NAM", "resource": "vaccine-measles"} | given
        ref = open_round(self.cast("task-force", at=when), **asked).ref
        acts = (
            lambda: freeze_round(self.cast("task-force", at=when), round=ref),
            lambda: propose_round(self.cast("task-force", at=when), round=ref),
            lambda: publish_round(self.cast("task-force", at=when), round=ref),
            lambda: [decide_round(self.cast(who, at=when), round=ref) for who in ("board-aze", "board-uga")],
            lambda: post_round(self.cast("task-force", at=when), round=ref),
        )
        for act in acts[: STEPS.index(step)]:
            act()
        return ref


def balances(stage: str) -> dict[str, int]:
    """Return (offer/holder) → base units of one stage, zeros left out."""
    from evenhand.stockbook.models import Account

    rows = Account.objects.filter(stage=stage).exclude(balance=0).values_list("key", "balance")
    return {key.partition("/")[2]: balance for key, balance in rows}


def add_board(cast: Cast, name: str, party: str, group: str = "NAM", *also: str) -> None:
    """Add somebody to a board, with further roles in the group."""
    from evenhand.access.models import RoleHeld, User
    from evenhand.access.viewers import viewer_of

    user = User.objects.create_user(name, public_id=f"u-{name}", made_at=NOW)
    RoleHeld.objects.create(user=user, role="board", party=party, group=group, since=TODAY)
    for role in also:
        RoleHeld.objects.create(user=user, role=role, group=group, since=TODAY)
    cast.viewers[name] = viewer_of(user, on=TODAY)
