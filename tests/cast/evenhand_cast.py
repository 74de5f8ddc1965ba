"""The fixed cast of the server's tests: a group of states, their people, what is needed and given.

NAM: Chad (TCD, with the village clinic TCD-moissala below its district TCD-mandoul), Kenya (KEN), Lebanon (LBN), Azerbaijan (AZE, chair), Uganda (UGA). EU: France
(FRA) only. India (IND, in NAM) and UNICEF give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import pytest

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = NOW.date()


def let_it_be(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it be a day for whoever reads.

    The clock that `today` looks at is turned, never the function itself: a module first imported meanwhile would keep
    a function put in its place for all tests that follow.
    """

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.combine(day, NOW.time(), tz)

    monkeypatch.setattr("evenhand.lookups.reach.datetime", Clock)


PARTIES = (
    # key, name, kind, parent
    ("TCD", "Chad", "state", None),
    ("TCD-mandoul", "Mandoul district", "organisation", "TCD"),
    ("TCD-moissala", "Moissala village clinic", "facility", "TCD-mandoul"),
    ("KEN", "Kenya", "state", None),
    ("LBN", "Lebanon", "state", None),
    ("AZE", "Azerbaijan", "state", None),
    ("UGA", "Uganda", "state", None),
    ("IND", "India", "state", None),
    ("FRA", "France", "state", None),
    ("UNICEF", "United Nations Children's Fund", "organisation", None),
)
GROUPS = {"NAM": ("TCD", "KEN", "LBN", "AZE", "UGA", "IND"), "EU": ("FRA",)}
RESOURCES = (
    # key, kind, base unit, packs, family, per person, requires
    ("measles-vaccination", "goods", "person", {}, None, "1", ""),
    ("vaccine-measles", "goods", "dose", {"vial": 10, "box": 100}, "measles-vaccination", "2", ""),
    ("vaccine-cold", "goods", "dose", {"vial": 5, "tray": 50}, "measles-vaccination", "1", "ultra-cold"),
    ("mask-surgical", "goods", "piece", {"box": 50, "carton": 2000}, None, "1", ""),
    ("USD", "money", "cent", {"USD": 100}, None, "1", ""),
    ("team-medical", "capacity", "team", {}, None, "1", ""),
    ("house", "structure", "house", {}, None, "1", ""),
    ("dialysis", "service", "session", {}, None, "1", ""),
)
USERS = (
    # name, role, party, group
    ("focal-tcd", "focal-point", "TCD", ""),
    ("focal-ken", "focal-point", "KEN", ""),
    ("focal-lbn", "focal-point", "LBN", ""),
    ("focal-fra", "focal-point", "FRA", ""),
    ("nurse-moissala", "focal-point", "TCD-moissala", ""),
    ("donor-ind", "donor", "IND", ""),
    ("donor-unicef", "donor", "UNICEF", ""),
    ("task-force", "secretariat", "", "NAM"),
    ("task-force-2", "secretariat", "", "NAM"),
    ("task-force-eu", "secretariat", "", "EU"),
    ("board-aze", "board", "AZE", "NAM"),
    ("board-uga", "board", "UGA", "NAM"),
    ("board-ken", "board", "KEN", "NAM"),
    ("auditor", "auditor", "", ""),
    ("operator", "operator", "", ""),
    ("registrar-tcd", "registrar", "TCD", ""),
)


@dataclass(frozen=True)
class Cast:
    """Hold the viewers by name, and make the `Acting` of each."""

    viewers: dict[str, Any]

    def __call__(self, name: str, *, reason: str = "", request: str = "", at: datetime | None = None) -> Any:
        """Return who acts: cast("focal-tcd", reason="waybill 1182"). "public" is nobody."""
        from evenhand.access.viewers import PUBLIC
        from evenhand.actions.action import Acting

        viewer = PUBLIC if name == "public" else self.viewers[name]
        return Acting(viewer, reason=reason, request=request, origin="test", at=at or NOW)


def make_cast() -> Cast:
    """Write the cast into the current database and return it."""
    from evenhand.access.models import RoleHeld, User
    from evenhand.access.viewers import viewer_of
    from evenhand.records.models import Group, Membership, Party, Resource

    for key, name, kind, parent in PARTIES:
        Party.objects.create(key=key, name=name, kind=kind, parent_id=parent)
    for key, members in GROUPS.items():
        Group.objects.create(key=key, name=key)
        for party in members:
            Membership.objects.create(group_id=key, party_id=party, since="2020")
    for key, kind, base, packs, family, per_person, requires in RESOURCES:
        Resource.objects.create(
            key=key, name=key, kind=kind, base_unit=base, packs=packs, family_id=family, per_person=per_person,
            requires=requires,
        )  # fmt: skip
    viewers = {}
    for name, role, party, group in USERS:
        user = User.objects.create_user(name, public_id=f"u-{name}"[:32], made_at=NOW)
        RoleHeld.objects.create(user=user, role=role, party=party, group=group, since=date(2026, 1, 1))
        viewers[name] = viewer_of(user, on=TODAY)
    return Cast(viewers)


def find_cast() -> Cast:
    """Return the cast that stands in the current database already, as another process needs it."""
    from evenhand.access.models import User
    from evenhand.access.viewers import viewer_of

    return Cast({user.name: viewer_of(user, on=TODAY) for user in User.objects.all()})


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast in this test's database, rolled back after it."""
    return make_cast()


@pytest.fixture
def approved_need(cast: Cast) -> Callable[..., str]:
    """Make approved needs: approved_need("TCD", "vaccine-measles", "1000") returns the ref."""

    def make(party: str, resource: str, quantity: str, **given: Any) -> str:
        from evenhand.actions.needs import approve_need, draft_need, submit_need

        who = cast("focal-" + party.lower())
        ref = draft_need(who, party=party, resource=resource, quantity=quantity, why="an outbreak", **given).ref
        submit_need(cast("focal-" + party.lower()), need=ref)
        approve_need(cast("task-force"), need=ref)
        return ref

    return make
