"""Tables: users, the roles they hold, the audit line of every action, and the version that every action raises.

Written by `evenhand.actions` alone, read by `evenhand.lookups` and `evenhand.access.rights`.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from evenhand.access.roles import ROLES


class UserManager(BaseUserManager["User"]):
    """Make and find users."""

    def create_user(self, name: str, password: str | None = None, **fields: object) -> User:
        """Return a new user; without a password nobody can sign in as it."""
        user = self.model(name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who may act. `public_id` stands for it wherever a name must not: in entries, exports, logs."""

    public_id = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name


class RoleHeld(models.Model):
    """One role of one user, bound to a party or to a group by its key, from a day until a day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=16, choices=[(role.name, role.meaning) for role in ROLES])
    party = models.CharField(max_length=64, blank=True, db_index=True)
    group = models.CharField(max_length=64, blank=True, db_index=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "party", "group"], condition=models.Q(until=None), name="role_held_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.party or self.group}"


class ActionLine(models.Model):
    """The audit line of one action: who, for whom, what, why, when, from where; and what it answered, for a repeat."""

    id = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=64, db_index=True)
    by = models.CharField(max_length=32, db_index=True)
    for_party = models.CharField(max_length=64, blank=True, db_index=True)
    about = models.CharField(max_length=64, blank=True, db_index=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)
    origin = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    given = models.JSONField()
    answer = models.JSONField()

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class VersionManager(models.Manager["Version"]):
    """Raise the version."""

    def raise_by_one(self, *, seen: bool = True) -> None:
        """Raise it, inside the transaction of what was done; the row is made anew where it is gone.

        `seen` says whether it changed anything that everybody may see.
        """
        raised = models.F("number") + 1
        if not self.filter(pk=1).update(number=raised, **({"public": raised} if seen else {})):
            self.create(pk=1, number=1, public=1)


class Version(models.Model):
    """The one row that says how often anything was done: pages, snapshots and ETags are kept by it.

    `public` is the number of the last action that changed anything which everybody may see: a draft does not.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    public = models.BigIntegerField(default=0)

    objects: ClassVar[VersionManager] = VersionManager()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="version_is_one_row")]

    def __str__(self) -> str:
        return str(self.number)


class ApiKey(models.Model):
    """A key with which a program acts as a user, within its scopes; only the key's hash is here, never the key."""

    ref = models.CharField(max_length=16, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    until = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.ref} of {self.user_id}"
