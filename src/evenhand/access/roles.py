"""The roles of DESIGN section 1, declared once as data.

A user holds a role for one party (and everything below it in the tree of parties) or for one group (and the parties
that are its members that day). Holds no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Role:
    """Declare one role: its name, what it is for, and what it is bound to."""

    name: str
    meaning: str
    bound_to: Literal["party", "group", "nothing"]


ROLES: tuple[Role, ...] = (
    Role("focal-point", "enters and renews a member's needs, confirms receipts, objects to a plan", "party"),
    Role("donor", "offers goods, money, teams, services, and follows its own gift to the last hand", "party"),
    Role("donor-reader", "follows a donor's gift to the last hand, reads its papers, changes nothing", "party"),
    Role("secretariat", "checks what is entered, opens a round, proposes a plan, arranges consignments", "group"),
    Role("board", "decides a round, two together, neither of whom proposed it", "group"),
    Role("auditor", "reads everything except people, verifies the stock book, changes nothing", "nothing"),
    Role("registrar", "registers households and records services in one place", "party"),
    Role("case-worker", "follows a person's case in one place and for one purpose", "party"),
    Role("operator", "keeps the installation: users, seed lists, backups; decides and records nothing else", "nothing"),
)
ROLE_NAMES = tuple(role.name for role in ROLES)
