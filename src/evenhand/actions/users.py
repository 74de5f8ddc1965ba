"""Actions on users: add one; grant and revoke a role; switch off and on; a new password; a lost second step.

Names, e-mail addresses and passwords are personal: they stay in the user's row. The audit line and the answer say the
user's public id, which tells nobody who it is.
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Annotated

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from evenhand.access.models import RoleHeld, User
from evenhand.access.rights import require
from evenhand.access.roles import ROLE_NAMES, ROLES, Role
from evenhand.access.viewers import ANYTHING
from evenhand.actions.action import PRIVATE, Acting, Doing, Done, action
from evenhand.actions.finding import get_group, get_party
from evenhand.actions.typed import read_choice, read_line, shown
from evenhand.errors import ActionRefused, NameUnknown
from evenhand.records.models import Party
from evenhand.records.tree import groups_of

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
PUBLIC_ID = re.compile(r"u-[0-9a-f]{16}")
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")

ALONE = ("auditor", "operator")
"""Roles that nobody holds beside another: who checks does not write, who keeps the users does not decide."""

UserName = Annotated[str, "the user's name or public id", PRIVATE]
RoleName = Annotated[str, f"the role: {', '.join(ROLE_NAMES)}"]
ForParty = Annotated[str, "the key of the party it is held for; for a board, the party represented"]
ForGroup = Annotated[str, "the key of the group it is held in, for the secretariat and the board"]


@action("user add", seen=False)
def add_user(
    doing: Doing,
    *,
    name: Annotated[str, "the name to sign in with, such as focal-tcd", PRIVATE],
    password: Annotated[str, "a password of at least 12 characters; without one nobody signs in as it", PRIVATE] = "",
    email: Annotated[str, "the e-mail address", PRIVATE] = "",
    full_name: Annotated[str, "the name in full", PRIVATE] = "",
    language: Annotated[str, "the language of pages and messages: ar, en, es, fr, ru or zh"] = "en",
) -> Done:
    """Add a user, who may do nothing until a role is granted."""
    doing.require(ANYTHING)
    user = _described(name, email, full_name)
    user.language = read_choice("language", language, LANGUAGES)
    if User.objects.filter(name__iexact=user.name).exists():
        raise ActionRefused(f"there is a user '{user.name}' already; choose another name")
    if PUBLIC_ID.fullmatch(user.name):
        raise ActionRefused(f"'{user.name}' looks like the public id of a user; choose another name")
    # Made from the action's id, as every ref is, so that a repeated action names the same; it tells nobody who it is.
    user.public_id = f"u-{hashlib.sha256(doing.id.encode()).hexdigest()[:16]}"
    user.password = doing.prepared
    user.made_at = doing.at
    user.save(force_insert=True)
    return doing.done(user.public_id, can_sign_in=bool(password))


@add_user.before
def _hash_password(
    acting: Acting, *, name: str, password: str = "", email: str = "", full_name: str = "", language: str = "en"
) -> str:
    """Check and hash the password while no lock is held: hashing takes long on purpose."""
    require(acting.viewer, "user add", ANYTHING)
    if not password:
        return make_password(None)
    return _hashed(password, _described(name, email, full_name))


@action("user grant", seen=False)
def grant_role(doing: Doing, *, user: UserName, role: RoleName, party: ForParty = "", group: ForGroup = "") -> Done:
    """Grant a user a role, from today."""
    doing.require(ANYTHING)
    row, wanted = _find_user(user), _find_role(role)
    if not row.is_active:
        raise ActionRefused(f"the user {row.public_id} is switched off and is granted nothing")
    _refuse_unbound(doing, wanted, party, group)
    now = RoleHeld.objects.filter(Q(until=None) | Q(until__gte=doing.today), user=row)
    for held in now:
        if (held.role, held.party, held.group) == (role, party, group):
            raise ActionRefused(f"the user {row.public_id} holds '{held}' already, since {held.since}")
        if held.role != role and (role in ALONE or held.role in ALONE):
            alone = role if role in ALONE else held.role
            raise ActionRefused(
                f"the user {row.public_id} is {held.role}; nobody is {alone} and something else. Add another user for it, "
                "or revoke the one role first"
            )
    RoleHeld.objects.create(user=row, role=role, party=party, group=group, since=doing.today)
    doing.for_party = party
    return doing.done(row.public_id, role=role, party=party, group=group)


@action("user revoke", seen=False)
def revoke_role(doing: Doing, *, user: UserName, role: RoleName, party: ForParty = "", group: ForGroup = "") -> Done:
    """Revoke a role of a user, at once."""
    doing.require(ANYTHING)
    row, wanted = _find_user(user), _find_role(role)
    open_roles = RoleHeld.objects.filter(Q(until=None) | Q(until__gte=doing.today), user=row)
    held = open_roles.filter(role=role, party=party, group=group).first()
    if held is None:
        has = ", ".join(f"{one.role} {' '.join(filter(None, (one.party, one.group)))}".strip() for one in open_roles)
        raise ActionRefused(f"the user {row.public_id} does not hold that role; it holds {has or 'none'}")
    if wanted.name == "operator" and not _others_operate(held):
        raise ActionRefused(
            f"the user {row.public_id} is the last operator; grant another user the role operator first, or nobody "
            "could let anybody in"
        )
    held.until = doing.today - timedelta(days=1)  # the last day of a role is one on which it is held
    held.save(update_fields=["until"])
    doing.for_party = party
    return doing.done(row.public_id, role=role, party=party, group=group)


@action("user switch off", seen=False)
def switch_off_user(doing: Doing, *, user: UserName) -> Done:
    """Switch a user off, at once: it can neither sign in nor act; what it did stays as it is."""
    doing.require(ANYTHING)
    row = _find_user(user)
    if not row.is_active:
        raise ActionRefused(f"the user {row.public_id} is switched off already")
    held = RoleHeld.objects.filter(user=row, role="operator", until=None).first()
    if held is not None and not _others_operate(held):
        raise ActionRefused(
            f"the user {row.public_id} is the last operator; grant another user the role operator first"
        )
    row.is_active = False
    row.save(update_fields=["is_active"])
    return doing.done(row.public_id)


@action("user switch on", seen=False)
def switch_on_user(doing: Doing, *, user: UserName) -> Done:
    """Switch a user on again, with the roles it holds."""
    doing.require(ANYTHING)
    row = _find_user(user)
    if row.is_active:
        raise ActionRefused(f"the user {row.public_id} is switched on already")
    row.is_active = True
    row.save(update_fields=["is_active"])
    return doing.done(row.public_id)


@action("user password", seen=False)
def set_password(
    doing: Doing,
    *,
    user: UserName,
    password: Annotated[str, "the new password, of at least 12 characters", PRIVATE],
) -> Done:
    """Give a user a new password; the old one opens nothing any more."""
    doing.require(ANYTHING)
    row = _find_user(user)
    row.password = doing.prepared
    row.save(update_fields=["password"])
    return doing.done(row.public_id, can_sign_in=True)


@set_password.before
def _hash_new_password(acting: Acting, *, user: str, password: str) -> str:
    """Check and hash the password while no lock is held."""
    require(acting.viewer, "user password", ANYTHING)
    row = _find_user(user)
    return _hashed(password, row)


@action("user second step", seen=False)
def remove_second_step(doing: Doing, *, user: UserName) -> Done:
    """Remove a user's lost second step, its recovery codes too, and end its sessions: it sets up another at its next sign-in.

    Whoever asks for this may be a thief with the password, so it takes a reason: how one made sure who asks.
    """
    doing.require(ANYTHING)
    row = _find_user(user)
    if not doing.reason.strip():
        raise ActionRefused("removing a second step needs a reason; say how you made sure that it is the user who asks")
    steps = Authenticator.objects.filter(user_id=row.pk)
    if not steps.exists():
        raise ActionRefused(f"the user {row.public_id} has no second step; it sets one up when it signs in")
    removed = steps.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    steps.delete()
    sessions = list(UserSession.objects.filter(user_id=row.pk))
    for one in sessions:
        one.end()
    return doing.done(row.public_id, second_steps=removed, sessions_ended=len(sessions))


def _hashed(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ActionRefused(f"the password will not do: {' '.join(error.messages)}") from None
    return make_password(password)


def _described(name: str, email: str, full_name: str) -> User:
    if not NAME.fullmatch(name):
        raise ActionRefused(
            f"'{shown(name)}' is not a name to sign in with; use letters without accents, digits and . _ @ + -, at most 64"
        )
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise ActionRefused(
                f"'{shown(email)}' is not an e-mail address; write such as name@health.gov.td"
            ) from None
    return User(
        name=name,
        email=read_line("e-mail address", email, most=254, needed=False),
        full_name=read_line("name in full", full_name, most=200, needed=False),
    )


def _find_user(text: str) -> User:
    """Return the user of a name or public id; only operators ask, so the nearest name may be told."""
    row = User.objects.filter(Q(name=text) | Q(public_id=text)).first()
    if row is None:
        raise NameUnknown("user", shown(text), list(User.objects.values_list("name", flat=True)[:5000]))
    return row


def _find_role(name: str) -> Role:
    read_choice("role", name, ROLE_NAMES)
    return next(role for role in ROLES if role.name == name)


def _refuse_unbound(doing: Doing, role: Role, party: str, group: str) -> None:
    """Refuse a role that is bound to less or more than it should be: bound to nothing, it would reach everything."""
    wants = {
        "party": role.bound_to == "party" or role.name == "board",
        "group": role.bound_to == "group",
    }
    for what, given in (("party", party), ("group", group)):
        if wants[what] and not given:
            raise ActionRefused(f"the role {role.name} is held for one {what}; say which {what}")
        if given and not wants[what]:
            raise ActionRefused(f"the role {role.name} is not held for a {what}; leave the {what} '{shown(given)}' out")
    if group:
        get_group(group)
    if party:
        row: Party = get_party(party)
        if row.retired_on is not None:
            raise ActionRefused(f"{row.key} was retired on {row.retired_on}; nobody acts for it")
        if group and group not in groups_of((row.key,), doing.today):
            raise ActionRefused(f"{row.key} is not a member of {group} today; only a member sits on its board")


def _others_operate(held: RoleHeld) -> bool:
    others = RoleHeld.objects.filter(role="operator", until=None, user__is_active=True).exclude(pk=held.pk)
    return others.exclude(user=held.user_id).exists()
