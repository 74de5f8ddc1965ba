"""Actions on keys of programs: make one, revoke one.

A key acts as its user, within its scopes and never beyond what the user's roles allow that day. The key itself is made
before the action and shown once; the action is given its hash alone, so that neither the audit line nor the database ever
holds what opens the door. Called by the API, the commands and the account pages.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final

from evenhand.access.models import ApiKey, User
from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import ANYTHING, Target, Viewer
from evenhand.actions.action import Acting, Doing, Done, action
from evenhand.actions.typed import read_line, shown
from evenhand.database.writing import run_written
from evenhand.errors import ActionRefused, OptionRefused
from evenhand.lookups.choosing import refuse_unknown, split
from evenhand.lookups.keys import PREFIX, digest_of, seen_keys

READ: Final = "read"
"""The scope of reading what its user may read; without it a key reads what everybody may."""

CLOSED = frozenset({"key", "user", "see", "export", "people"})
"""First words of rights that are no scope: a program never makes keys or users, never meets
people's records, and reading is one scope for all."""

SCOPES = (READ, *dict.fromkeys(word for right in RIGHTS if (word := right.partition(" ")[0]) not in CLOSED))
"""What a key may be let do: read, or the actions of a group, by their first word ("need", "offer", ...)."""

STAFF = ("secretariat", "board", "auditor", "operator")
"""Roles whose keys need a reason and live shorter."""

LONGEST_OF_STAFF = timedelta(days=90)
LONGEST = timedelta(days=366)
USUAL = timedelta(days=90)
SECRET_BYTES = 32
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KeyMade:
    """Hold a key that was just made, which is shown once and kept nowhere, and what the action answered."""

    secret: str
    done: Done


def make_key(acting: Acting, *, name: str, scopes: str = READ, until: date | None = None) -> KeyMade:
    """Make a key for who acts, and return it: nobody can ever read it again. Raises as the action does."""
    secret = f"{PREFIX}{secrets.token_urlsafe(SECRET_BYTES)}"
    return KeyMade(secret, record_key(acting, name=name, digest=digest_of(secret), scopes=scopes, until=until))


@action("key make", seen=False)
def record_key(
    doing: Doing,
    *,
    name: Annotated[str, "what it is for, such as 'stock report of the ministry'"],
    digest: Annotated[str, "the SHA-256 of the key, in 64 hexadecimal digits; the key itself is never sent"],
    scopes: Annotated[str, "what it may do, separated by ';': read, or groups of actions such as need;offer"] = READ,
    until: Annotated[date | None, "the last day on which it opens anything; 90 days where not said"] = None,
) -> Done:
    """Record a new key of who acts, by its hash: a program with that key acts as this user, within the scopes."""
    doing.require(_own(doing.viewer))
    if not DIGEST.fullmatch(digest):
        raise OptionRefused(
            f"digest is '{shown(digest)}'; it is the SHA-256 of the key, written in 64 hexadecimal digits"
        )
    row = ApiKey(
        ref=doing.ref("KY"),
        user=User.objects.get(public_id=doing.viewer.public_id),
        name=read_line("name of the key", name, most=80),
        digest=digest,
        scopes=list(read_scopes(scopes)),
        made_at=doing.at,
        until=_read_until(doing, until),
    )
    if ApiKey.objects.filter(digest=digest).exists():
        raise ActionRefused("this key was recorded before; make another one")
    row.save(force_insert=True)
    return doing.done(row.ref, scopes=row.scopes, until=row.until)


@action("key revoke", seen=False)
def revoke_key(doing: Doing, *, key: Annotated[str, "the key's ref, KY-..."]) -> Done:
    """Revoke a key at once: it opens nothing any more. One's own, or as an operator anybody's."""
    row = seen_keys(doing.viewer).select_related("user").filter(pk=key).first()
    if row is None:
        doing.require(_own(doing.viewer))
        raise refuse_unknown("key", shown(key))
    if row.user.public_id == doing.viewer.public_id:
        doing.require(_own(doing.viewer))
    else:
        doing.require(ANYTHING, "key revoke others")
    if row.revoked_at is not None:
        raise ActionRefused(f"the key {row.ref} was revoked on {row.revoked_at.date()} already")
    row.revoked_at = doing.at
    row.save(update_fields=["revoked_at"])
    return doing.done(row.ref)


def note_use(ref: str) -> None:
    """Note that a key opened something today: the day and nothing more, and it is no action."""
    today = datetime.now(UTC).date()
    run_written(lambda: ApiKey.objects.filter(pk=ref).exclude(last_used=today).update(last_used=today))


def read_scopes(text: str) -> tuple[str, ...]:
    """Return the scopes that a text names, in the order of `SCOPES`.

    Raises
    ------
    OptionRefused
        It names none, or one that there is not.

    Examples
    --------
    >>> read_scopes("offer; read")
    ('read', 'offer')
    >>> read_scopes("user")
    Traceback (most recent call last):
    ...
    evenhand.errors.OptionRefused: no scope of a key 'user'; ...
    """
    wanted = split(text)
    for one in wanted:
        if one not in SCOPES:
            raise OptionRefused(
                f"no scope of a key '{shown(one)}'; write some of {', '.join(SCOPES)}, separated by ';'"
            )
    if not wanted:
        raise OptionRefused(f"a key without a scope opens nothing; write some of {', '.join(SCOPES)}")
    return tuple(one for one in SCOPES if one in wanted)


def _own(viewer: Viewer) -> Target:
    """Return what a right over one's own things is asked about: whatever one holds a role for."""
    return Target(
        tuple(dict.fromkeys(one.party for one in viewer.roles if one.party)),
        tuple(dict.fromkeys(one.group for one in viewer.roles if one.group)),
    )


def _read_until(doing: Doing, until: date | None) -> date:
    staff = [one.role for one in doing.viewer.roles if one.role in STAFF]
    longest = LONGEST_OF_STAFF if staff else LONGEST
    wanted = until or doing.today + USUAL
    if wanted < doing.today:
        raise ActionRefused(f"{wanted} is over; a key is made until today, {doing.today}, or a later day")
    if wanted > doing.today + longest:
        why = f" for who is {staff[0]}" if staff else ""
        raise ActionRefused(
            f"{wanted} is too far: a key lasts {longest.days} days at most{why}, so until {doing.today + longest}"
        )
    if staff and not doing.reason.strip():
        raise ActionRefused(f"a key of who is {staff[0]} needs a reason: what program has it, and who keeps it")
    return wanted
