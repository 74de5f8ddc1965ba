"""Users are added, and hold roles bound to exactly what each role is for; nothing personal leaves their row."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from action_grid import refused, snapshot
from django.test import override_settings
from evenhand_cast import NOW, TODAY, Cast

from evenhand.access.models import ActionLine, RoleHeld, User
from evenhand.access.roles import ROLES
from evenhand.access.viewers import Target, Viewer, viewer_of
from evenhand.actions.groups import leave_group
from evenhand.actions.users import (
    add_user,
    grant_role,
    remove_second_step,
    revoke_role,
    set_password,
    switch_off_user,
    switch_on_user,
)
from evenhand.errors import ActionRefused, NameUnknown, NotAllowed, RepeatDiffers
from evenhand.records.models import Party

pytestmark = pytest.mark.django_db
PASSWORD = "seven grey herons at dawn"
PERSON: dict[str, Any] = {
    "name": "amina.k", "password": PASSWORD, "email": "amina@health.example", "full_name": "Amina Kanembou", "language": "fr",
}  # fmt: skip


def viewer(name: str, days: int = 0) -> Viewer:
    return viewer_of(User.objects.get(name=name), on=TODAY + timedelta(days=days))


def grant(cast: Cast, user: str, role: str, party: str = "", group: str = "") -> Any:
    return grant_role(cast("operator"), user=user, role=role, party=party, group=group)


def revoke(cast: Cast, user: str, role: str, party: str = "", group: str = "", who: str = "operator") -> Any:
    return revoke_role(cast(who), user=user, role=role, party=party, group=group)


@pytest.fixture
def amina(cast: Cast) -> Cast:
    add_user(cast("operator"), name="amina.k")
    return cast


def test_a_user_can_sign_in_and_do_nothing_until_a_role_is_granted(cast: Cast) -> None:
    done = add_user(cast("operator"), **PERSON)
    user = User.objects.get(name="amina.k")
    assert user.check_password(PASSWORD)
    assert (done.ref, user.full_name, user.language, done.facts) == (
        user.public_id,
        "Amina Kanembou",
        "fr",
        {"can_sign_in": True},
    )
    assert viewer("amina.k").roles == ()


def test_without_a_password_nobody_can_sign_in(cast: Cast) -> None:
    assert add_user(cast("operator"), name="amina.k").facts == {"can_sign_in": False}
    assert not User.objects.get(name="amina.k").has_usable_password()


def test_public_ids_tell_nobody_who_it_is(cast: Cast) -> None:
    refs = {add_user(cast("operator"), name=f"amina{number}").ref for number in range(20)}
    assert len(refs) == 20
    assert all(len(ref) == 18 and ref.startswith("u-") and "amina" not in ref for ref in refs)


def test_nothing_personal_reaches_the_audit_line_or_the_answer(cast: Cast) -> None:
    added = add_user(cast("operator", request="r-1"), **PERSON)
    granted = grant(cast, "amina.k", "focal-point", "TCD")
    revoked = revoke(cast, "amina.k", "focal-point", "TCD")
    everything = json.dumps(
        [list(ActionLine.objects.values_list()), [str(done) for done in (added, granted, revoked)]], default=str
    )
    for personal in ("amina", "Kanembou", PASSWORD, "health.example"):
        assert personal not in everything
    line = ActionLine.objects.get(name="user grant")
    assert (line.about, line.for_party, line.given) == (
        added.ref,
        "TCD",
        {"role": "focal-point", "party": "TCD", "group": ""},
    )


def test_the_line_does_not_let_anybody_try_passwords_against_it(cast: Cast) -> None:
    """Its digest is keyed with the installation's secret: without that, the right password looks like a wrong one."""
    add_user(cast("operator", request="r-1"), **PERSON)
    with override_settings(SECRET_KEY="another installation"), refused(RepeatDiffers):
        add_user(cast("operator", request="r-1"), **PERSON)


@pytest.mark.parametrize(
    "different", [{"name": "amina.b"}, {"password": PASSWORD + "!"}, {"email": ""}, {"full_name": "A. K."}]
)
def test_the_same_id_for_another_person_is_refused_without_saying_whom(cast: Cast, different: dict[str, str]) -> None:
    add_user(cast("operator", request="r-1"), **PERSON)
    with refused(RepeatDiffers, "with another email or full_name or name or password"):
        add_user(cast("operator", request="r-1"), **PERSON | different)
    assert add_user(cast("operator", request="r-1"), **PERSON).repeated


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short one", "at least 12 characters"),
        ("qwerty123456", "too common"),
        ("123456789012345", "entirely numeric"),
        ("amina.k.2026", "too similar"),
        ("aminakanembou", "too similar"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused_and_not_repeated(cast: Cast, password: str, sentence: str) -> None:
    with refused(ActionRefused, sentence) as caught:
        add_user(cast("operator"), **PERSON | {"password": password})
    assert password not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "'' is not a name to sign in with"),
        ({"name": "amina kanembou"}, "is not a name to sign in with"),
        ({"name": "аmina"}, "without accents"),  # the first letter is Cyrillic
        ({"name": "Focal-TCD"}, "there is a user 'Focal-TCD' already"),
        ({"name": "u-0123456789abcdef"}, "looks like the public id"),
        ({"name": "a" * 65}, "at most 64"),
        ({"email": "amina"}, "'amina' is not an e-mail address"),
        ({"email": "a@b.example\nBcc: x@y.example"}, "is not an e-mail address"),
        ({"full_name": "Amina\u202e"}, "an unseen character"),
        ({"language": "english"}, "there is no language 'english'"),
    ],
)
def test_a_user_that_cannot_be_told_from_another_is_refused(cast: Cast, wrong: dict[str, str], sentence: str) -> None:
    with refused(ActionRefused, sentence):
        add_user(cast("operator"), **{"name": "amina.k", "email": "", "full_name": ""} | wrong)


def test_who_may_not_add_users_learns_nothing_by_trying(cast: Cast) -> None:
    for name in ("focal-tcd", "nobody-yet"):
        with refused(NotAllowed, "task-force may not 'user add'"):
            add_user(cast("task-force"), name=name, password="short")
        with refused(NotAllowed, "task-force may not 'user grant'"):
            grant_role(cast("task-force"), user=name, role="board", party="TCD", group="NAM")


BOUND = {
    "focal-point": ("TCD", ""), "donor": ("TCD", ""), "donor-reader": ("TCD", ""), "secretariat": ("", "NAM"), "board": ("TCD", "NAM"),
    "auditor": ("", ""), "registrar": ("TCD", ""), "case-worker": ("TCD", ""), "operator": ("", ""),
}  # fmt: skip
"""What each role is held for, as DESIGN section 1 has it."""


@pytest.mark.parametrize("role", [role.name for role in ROLES])
@pytest.mark.parametrize("party", ["", "TCD"])
@pytest.mark.parametrize("group", ["", "NAM"])
def test_a_role_is_bound_to_what_it_is_for_and_to_nothing_else(amina: Cast, role: str, party: str, group: str) -> None:
    """Bound to less, a role would reach everything."""
    if BOUND[role] == (party, group):
        grant(amina, "amina.k", role, party, group)
        assert [(one.role, one.party, one.group) for one in viewer("amina.k").roles] == [(role, party, group)]
    else:
        with refused(ActionRefused, f"the role {role} is "):
            grant(amina, "amina.k", role, party, group)


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        (("amina.x", "donor", "TCD", ""), NameUnknown, "did you mean 'amina.k'?"),
        (("amina.k", "focalpoint", "TCD", ""), ActionRefused, "did you mean 'focal-point'?"),
        (("amina.k", "donor", "TDC", ""), NameUnknown, "did you mean 'TCD'?"),
        (("amina.k", "secretariat", "", "NAN"), NameUnknown, "did you mean 'NAM'?"),
        (("amina.k", "board", "FRA", "NAM"), ActionRefused, "FRA is not a member of NAM today"),
        (
            ("focal-tcd", "focal-point", "TCD", ""),
            ActionRefused,
            "holds 'focal-point of TCD' already, since 2026-01-01",
        ),
        (("auditor", "donor", "TCD", ""), ActionRefused, "is auditor; nobody is auditor and something else"),
        (("focal-tcd", "auditor", "", ""), ActionRefused, "is focal-point; nobody is auditor and something else"),
        (("operator", "board", "TCD", "NAM"), ActionRefused, "is operator; nobody is operator and something else"),
        (("auditor", "operator", "", ""), ActionRefused, "nobody is operator and something else"),
    ],
)
def test_a_role_that_should_not_be_held_is_refused(
    amina: Cast, given: tuple[str, str, str, str], error: type[ActionRefused], sentence: str
) -> None:
    with refused(error, sentence):
        grant(amina, *given)


def test_a_user_can_be_named_by_its_public_id(amina: Cast) -> None:
    grant(amina, User.objects.get(name="amina.k").public_id, "donor", "TCD")
    assert viewer("amina.k").roles[0].party == "TCD"


def test_a_user_holds_several_roles_that_go_together(amina: Cast) -> None:
    for role, party in (("focal-point", "TCD"), ("donor", "TCD"), ("focal-point", "KEN")):
        grant(amina, "amina.k", role, party)
    assert len(viewer("amina.k").roles) == 3


def test_nobody_acts_for_who_is_retired_or_switched_off(amina: Cast) -> None:
    Party.objects.filter(pk="LBN").update(retired_on=TODAY)
    with refused(ActionRefused, "nobody acts for it"):
        grant(amina, "amina.k", "donor", "LBN")
    User.objects.filter(name="amina.k").update(is_active=False)
    with refused(ActionRefused, "is switched off"):
        grant(amina, "amina.k", "donor", "TCD")


def test_a_board_member_of_a_party_that_leaves_is_not_granted_again(amina: Cast) -> None:
    leave_group(amina("task-force"), group="NAM", party="KEN", until="2026-03-01")
    with refused(ActionRefused, "KEN is not a member of NAM today"):
        grant(amina, "amina.k", "board", "KEN", "NAM")


def test_a_revoked_role_is_gone_at_once_and_its_row_stays(cast: Cast) -> None:
    revoke(cast, "focal-tcd", "focal-point", "TCD")
    assert viewer("focal-tcd").roles == ()
    assert viewer("focal-tcd", days=-2).roles != ()
    assert RoleHeld.objects.get(user__name="focal-tcd").until == TODAY - timedelta(days=1)
    with refused(ActionRefused, "does not hold that role; it holds none"):
        revoke(cast, "focal-tcd", "focal-point", "TCD")
    grant(cast, "focal-tcd", "focal-point", "TCD")
    assert viewer("focal-tcd").roles != ()


def test_revoking_what_is_not_held_says_what_is(cast: Cast) -> None:
    with refused(ActionRefused, "it holds board AZE NAM"):
        revoke(cast, "board-aze", "board", "KEN", "NAM")


def test_the_last_operator_stays(cast: Cast) -> None:
    with refused(ActionRefused, "is the last operator"):
        revoke(cast, "operator", "operator")
    add_user(cast("operator"), name="second")
    grant(cast, "second", "operator")
    User.objects.filter(name="second").update(is_active=False)
    with refused(ActionRefused, "is the last operator"):
        revoke(cast, "operator", "operator")
    User.objects.filter(name="second").update(is_active=True)
    revoke(cast, "operator", "operator")
    assert RoleHeld.objects.filter(role="operator", until=None).count() == 1


def test_an_operator_that_was_revoked_is_no_operator_for_the_next_request(cast: Cast) -> None:
    add_user(cast("operator"), name="second")
    grant(cast, "second", "operator")
    revoke(cast, "operator", "operator")
    before = snapshot()
    stale = viewer_of(User.objects.get(name="operator"), on=NOW.date())
    assert (stale.roles, snapshot()) == ((), before)


def test_a_user_switched_off_can_do_nothing_until_switched_on(cast: Cast) -> None:
    switch_off_user(cast("operator"), user="focal-tcd")
    row = User.objects.get(name="focal-tcd")
    with pytest.raises(NotAllowed, match="switched off"):
        viewer_of(row, on=TODAY)
    with pytest.raises(ActionRefused, match="switched off already"):
        switch_off_user(cast("operator"), user="focal-tcd")
    switch_on_user(cast("operator"), user="focal-tcd")
    assert viewer_of(User.objects.get(name="focal-tcd"), on=TODAY).holds("focal-point", Target(("TCD",)))


def test_the_last_operator_is_not_switched_off(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match="last operator"):
        switch_off_user(cast("operator"), user="operator")


def test_a_new_password_replaces_the_old_and_stands_in_no_line(cast: Cast) -> None:
    done = set_password(cast("operator"), user="focal-tcd", password="a long secret phrase")
    assert User.objects.get(name="focal-tcd").check_password("a long secret phrase")
    assert "secret" not in str(ActionLine.objects.get(pk=done.action).given)
    with pytest.raises(ActionRefused, match="too short"):
        set_password(cast("operator"), user="focal-tcd", password="short")


def with_second_step(name: str) -> User:
    from allauth.mfa.models import Authenticator

    user = User.objects.get(name=name)
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


def signed_in_session(user: User) -> str:
    """Begin a session of a user; return its key."""
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session["of"] = user.name
    session.save()
    assert session.session_key
    UserSession.objects.create(user=user, session_key=session.session_key, ip="127.0.0.1", user_agent="a telephone")
    return session.session_key


def test_a_lost_second_step_is_removed_with_its_codes_and_every_session_of_that_user_ends(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator
    from django.contrib.sessions.models import Session

    task_force, other = with_second_step("task-force"), with_second_step("task-force-2")
    keys = [signed_in_session(task_force), signed_in_session(task_force), signed_in_session(other)]
    done = remove_second_step(cast("operator", reason="called back"), user="task-force")
    assert (done.ref, done.facts) == (task_force.public_id, {"second_steps": 2, "sessions_ended": 2})
    assert set(Authenticator.objects.values_list("user__name", flat=True)) == {"task-force-2"}
    assert set(Session.objects.filter(pk__in=keys).values_list("pk", flat=True)) == {keys[2]}
    assert "task-force" not in str(ActionLine.objects.get(pk=done.action).given)


def test_removing_a_second_step_takes_a_reason_and_one_to_remove(cast: Cast) -> None:
    with_second_step("task-force")
    with refused(ActionRefused, "say how you made sure that it is the user who asks"):
        remove_second_step(cast("operator", reason="  "), user="task-force")
    with refused(ActionRefused, "has no second step; it sets one up when it signs in"):
        remove_second_step(cast("operator", reason="called back"), user="auditor")


def test_a_second_step_is_removed_once_however_often_it_is_asked_under_one_id(cast: Cast) -> None:
    with_second_step("task-force")
    once = remove_second_step(cast("operator", reason="called back", request="r-1"), user="task-force")
    with_second_step("task-force")
    again = remove_second_step(cast("operator", reason="called back", request="r-1"), user="task-force")
    assert (again.repeated, again.facts) == (True, once.facts)
    from allauth.mfa.models import Authenticator

    assert Authenticator.objects.filter(user__name="task-force").count() == 3
