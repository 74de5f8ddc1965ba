"""Users, roles and the lines of actions, to read; never a password."""

from __future__ import annotations

from evenhand.access.models import ActionLine, RoleHeld, User
from evenhand.access.read_only import show_table

show_table(
    User, "name", "public_id", "full_name", "language", "is_active", "made_at",
    search=("name", "public_id"), by=("is_active",), hidden=("password",),
)  # fmt: skip
show_table(RoleHeld, "role", "user_id", "party", "group", "since", "until", search=("party", "group"), by=("role",))
show_table(ActionLine, "id", "name", "by", "for_party", "about", "at", search=("id", "about", "by"))
