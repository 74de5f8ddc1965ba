"""Every right × every role × where its holder stands: against a table that a person can review.

The table is tests/access/golden/matrix.txt; `--update-golden` writes it anew from `access.rights`, to be read before it is
committed. A role that stands in no line of a right has nothing of it.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from evenhand_cast import TODAY, Cast, let_it_be

import evenhand
from evenhand.access.models import RoleHeld, User
from evenhand.access.rights import RIGHTS, may, require
from evenhand.access.roles import ROLES
from evenhand.access.viewers import ANYTHING, PUBLIC, Binding, Target, Viewer, viewer_of
from evenhand.actions.catalogue import ACTIONS
from evenhand.errors import NotAllowed
from evenhand.lookups import reach
from evenhand.records.models import Group, Party
from evenhand.records.tree import target_of

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden" / "matrix.txt"
BOUND = {
    "party": Binding("", party="TCD-mandoul"),
    "group": Binding("", party="AZE", group="NAM"),
    "nothing": Binding(""),
}
PLACES = ("its own", "below it", "above it", "same group", "other group", "no group", "the group", "another", "a list")
"""Where the target stands, seen from a role held for TCD-mandoul, or for NAM."""


def targets() -> dict[str, Target]:
    def of(key: str) -> Target:
        return target_of(Party.objects.get(pk=key), TODAY)

    return dict(
        zip(
            PLACES,
            (
                of("TCD-mandoul"), of("TCD-moissala"), of("TCD"), of("KEN"), of("FRA"), of("UNICEF"),
                Target(groups=("NAM",)), Target(groups=("EU",)), ANYTHING,
            ),
            strict=True,
        )
    )  # fmt: skip


def holder(role: str) -> Viewer:
    bound_to = next(one.bound_to for one in ROLES if one.name == role)
    return Viewer("u-x", "x", (dataclasses.replace(BOUND[bound_to], role=role),))


def written() -> str:
    lines = [
        "Rights, the roles that have them, and over what: x where the holder may.",
        "A party's role is held for TCD-mandoul (TCD above it, TCD-moissala below it); a group's for NAM.",
        "same group: KEN. other group: FRA, of EU. no group: UNICEF. the group: NAM itself. another: EU itself.",
        "a list: what belongs to no party and no group.",
        "",
        f"{'right':23}{'role':13}" + " ".join(PLACES),
    ]
    where = targets()
    for right in RIGHTS:
        for role in ROLES:
            cells = [may(holder(role.name), right, target) for target in where.values()]
            if any(cells):
                marks = " ".join(
                    ("x" if cell else ".").ljust(len(place)) for cell, place in zip(cells, PLACES, strict=True)
                )
                lines.append(f"{right:23}{role.name:13}{marks}".rstrip())
    return "\n".join(lines) + "\n"


def test_the_matrix_is_as_reviewed(cast: Cast, update_golden: bool) -> None:
    if update_golden:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(written(), encoding="utf-8")
    assert written() == GOLDEN.read_text(encoding="utf-8")


def test_a_role_that_no_right_names_has_nothing_of_it(cast: Cast) -> None:
    for right, roles in RIGHTS.items():
        for role in ROLES:
            if role.name not in roles:
                assert not any(may(holder(role.name), right, target) for target in targets().values()), (
                    right,
                    role.name,
                )


def test_the_public_has_no_right_at_all(cast: Cast) -> None:
    assert [right for right in RIGHTS for target in targets().values() if may(PUBLIC, right, target)] == []


def test_a_right_that_nobody_declared_is_nobodys(cast: Cast) -> None:
    for viewer in cast.viewers.values():
        assert not any(may(viewer, "round rig", target) for target in targets().values())
    with pytest.raises(NotAllowed, match="that takes the role nobody"):
        require(cast.viewers["operator"], "round rig", ANYTHING)


def test_a_role_nobody_declared_reaches_nothing(cast: Cast) -> None:
    for binding in (Binding("emperor"), Binding("emperor", party="TCD"), Binding("emperor", group="NAM")):
        viewer = Viewer("u-x", "x", (binding,))
        assert not any(may(viewer, right, target) for right in RIGHTS for target in targets().values())


@pytest.mark.parametrize("role", [role.name for role in ROLES if role.bound_to != "nothing"])
def test_a_role_that_was_bound_to_nothing_by_mistake_reaches_nothing(cast: Cast, role: str) -> None:
    viewer = Viewer("u-x", "x", (Binding(role),))
    assert not any(may(viewer, right, target) for right in RIGHTS for target in targets().values())
    assert all(reach.reach_of(viewer, right) == reach.Reach() for right in RIGHTS)


def test_a_user_without_roles_is_no_more_than_the_public(cast: Cast) -> None:
    user = User.objects.create_user("newcomer", public_id="u-newcomer", made_at="2026-03-02T10:00:00Z")
    assert viewer_of(user, on=TODAY).roles == ()


def test_a_user_that_is_switched_off_is_refused(cast: Cast) -> None:
    user = User.objects.get(name="focal-tcd")
    user.is_active = False
    user.save()
    with pytest.raises(NotAllowed, match="switched off"):
        viewer_of(user, on=TODAY)


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),  # ended yesterday
        (TODAY + timedelta(days=1), None, False),  # begins tomorrow
    ],
)
def test_a_role_is_held_from_its_first_day_to_its_last(cast: Cast, since: date, until: date | None, held: bool) -> None:
    user = User.objects.get(name="operator")
    RoleHeld.objects.create(user=user, role="focal-point", party="KEN", since=since, until=until)
    kenya = target_of(Party.objects.get(pk="KEN"), TODAY)
    assert may(viewer_of(user, on=TODAY), "need draft", kenya) is held


def test_a_member_that_left_its_group_is_out_of_its_secretariats_reach(cast: Cast) -> None:
    kenya = Party.objects.get(pk="KEN")
    assert may(cast.viewers["task-force"], "need approve", target_of(kenya, TODAY))
    kenya.memberships.update(until=(TODAY - timedelta(days=1)).isoformat())
    assert not may(cast.viewers["task-force"], "need approve", target_of(kenya, TODAY))


def test_a_lookups_reach_is_what_the_rights_say_row_by_row(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one statement of `lookups.reach` and the predicates of `access.rights` must never part."""
    let_it_be(monkeypatch, TODAY)
    over = {party.key: target_of(party, TODAY) for party in Party.objects.all()}
    groups = {key: Target(groups=(key,)) for key in Group.objects.values_list("pk", flat=True)}
    for name, viewer in {**cast.viewers, "public": PUBLIC}.items():
        for right in [*RIGHTS, "round rig"]:
            found = reach.reach_of(viewer, right)
            reached = set(Party.objects.filter(found.over("key")).values_list("pk", flat=True))
            assert reached == {key for key, target in over.items() if may(viewer, right, target)}, (name, right)
            reached = set(Group.objects.filter(found.over_group("key")).values_list("pk", flat=True))
            assert reached == {key for key, target in groups.items() if may(viewer, right, target)}, (name, right)


def test_every_right_is_asked_for_by_an_action_or_a_lookup() -> None:
    source = Path(evenhand.__file__).parent
    text = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("actions", "lookups")
        for file in (source / folder).rglob("*.py")
    )
    asked = set(re.findall(r'"((?:see|export|import|key|round|need|offer|stock|money|people)[a-z ]+)"', text)) | set(
        ACTIONS
    )
    assert [right for right in RIGHTS if right not in asked] == []


def test_no_right_names_a_role_that_does_not_exist() -> None:
    assert {role for roles in RIGHTS.values() for role in roles} <= {role.name for role in ROLES}


def test_the_page_of_rights_is_the_table_itself(project: Path, update_golden: bool) -> None:
    page = project / "docs" / "reference" / "rights.md"
    held_for = {"party": "a party", "group": "a group", "nothing": "the installation"}
    roles = [f"| {role.name} | {held_for[role.bound_to]} | {role.meaning} |" for role in ROLES]
    rights = [f"| {right} | {', '.join(names)} |" for right, names in RIGHTS.items()]
    table = "\n".join(
        ["## Roles", "", "| role | is held for | what it does |", "|---|---|---|", *roles, "",
         "## Rights", "", "| right | roles that have it |", "|---|---|", *rights, ""]
    )  # fmt: skip
    text = page.read_text(encoding="utf-8")
    if update_golden:
        page.write_text(text[: text.index("## Roles")] + table, encoding="utf-8")
    assert page.read_text(encoding="utf-8").endswith(table), "write it anew: pytest tests/access --update-golden"
