"""A file that was sent, kept for an hour while its sender looks at what it would do.

The bytes lie in the data folder, under a name that only the sender's session knows; the session says what else was typed. What
is older than an hour is removed whenever another file comes. Must never be handed to anybody: it is read by the import alone.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from evenhand.actions.bulk.sending import Sent

FOLDER: Final = "incoming"
HOUR: Final = 3600
MOST_A_SESSION: Final = 3
SENT: Final = "sent_in"
"""The name in the session."""

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,40}")


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold what was typed about a file that waits."""

    register: str
    filename: str
    layout: str = ""
    sheet: str = ""
    constants: str = ""
    days: str = ""
    decimal: str = ""
    identical: str = ""
    approved: bool = False
    at: float = 0.0

    def sent(self, file: bytes) -> Sent:
        """Return it as an import takes it."""
        return Sent(
            self.register, file, self.filename, self.layout, b"", self.sheet, self.constants, self.days, self.decimal,
            self.identical, self.approved,
        )  # fmt: skip


def keep(request: HttpRequest, kept: Kept, file: bytes) -> str:
    """Keep a file, and return the token under which its sender finds it again."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    token = secrets.token_urlsafe(24)
    path = folder / token
    path.touch(mode=0o600)
    path.write_bytes(file)
    held: dict[str, Any] = dict(request.session.get(SENT, {}))
    while len(held) >= MOST_A_SESSION:
        oldest = min(held, key=lambda one: held[one].get("at", 0))
        held.pop(oldest)
        (folder / oldest).unlink(missing_ok=True)
    request.session[SENT] = held | {token: asdict(replace(kept, at=time.time()))}
    return token


def find(request: HttpRequest, register: str, token: str) -> tuple[Kept, bytes] | None:
    """Return what was kept under a token in this very session, None where there is nothing (any more)."""
    if not TOKEN.fullmatch(token):
        return None
    known = request.session.get(SENT, {}).get(token)
    if known is None or known.get("register") != register or time.time() - known.get("at", 0) > HOUR:
        return None
    try:
        return Kept(**known), (_folder() / token).read_bytes()
    except (OSError, TypeError):
        return None


def change(request: HttpRequest, token: str, kept: Kept) -> None:
    """Write down what was answered about a file; its bytes stay."""
    request.session[SENT] = request.session.get(SENT, {}) | {token: asdict(kept)}


def forget(request: HttpRequest, token: str) -> None:
    """Let go of a file that was done or given up."""
    held = dict(request.session.get(SENT, {}))
    if held.pop(token, None) is not None:
        request.session[SENT] = held
        (_folder() / token).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.EVENHAND.folder) / FOLDER


def _sweep(folder: Path) -> None:
    """Remove what nobody came back to."""
    oldest = time.time() - HOUR
    for path in folder.iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:  # another process was quicker
            continue
