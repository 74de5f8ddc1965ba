"""The first thing done in a database: its first operator, who lets everybody else in.

The only change that asks for no right, because nobody holds one yet; it is refused as soon as anybody does. Called by
`evenhand init` and by the demo.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from evenhand.access.models import ActionLine, RoleHeld, User
from evenhand.database.writing import writing
from evenhand.errors import ActionRefused

NAME = "install"


def install(operator: str) -> str:
    """Make the first user, an operator, and return its public id.

    Raises
    ------
    ActionRefused
        There are users already.
    """
    with writing():
        if User.objects.exists():
            raise ActionRefused("this database has users already; an operator adds others with: evenhand user add")
        now = datetime.now(UTC)
        user = User.objects.create_user(operator, public_id=f"u-{secrets.token_hex(8)}", made_at=now)
        RoleHeld.objects.create(user=user, role="operator", since=now.date())
        ActionLine.objects.create(
            id=str(uuid.uuid4()), name=NAME, by=user.public_id, at=now, origin="shell", digest="", given={}, answer={}
        )
    return user.public_id
