"""Which page an error gets: what Evenhand refuses, and what befell the database or the disk under it.

Asked by `failures.views`. An error that is not here is a fault of ours and gets the plain page of one.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from evenhand.database.writing import LOCK_NOT_AVAILABLE, sqlstate
from evenhand.errors import EvenhandError
from evenhand.web.languages.sentences import in_language

STATUSES: Final = {
    "not-allowed": 403, "name-unknown": 404, "option-refused": 400, "input-refused": 422, "file-unreadable": 422,
    "action-refused": 409, "stock-short": 409, "repeat-differs": 409, "plan-unreadable": 422, "plan-not-proved": 500,
}  # fmt: skip
"""Code of an error → the status of its page; 400 for the rest."""

DISK_FULL: Final = "53100"
"""PostgreSQL's SQLSTATE for it."""

WAITED: Final = ("has kept the database", "database is locked")
"""What the sentence of an error holds when a writer waited for its turn in vain."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Hold what the page of a failure says."""

    status: int
    title: str
    happened: str
    safe: str
    try_again: bool = False
    retry_after: int = 0


def failure_of(error: BaseException, *, sent: bool) -> Failure | None:
    """Return what is said about an error, None where nothing is known about it.

    Parameters
    ----------
    sent
        A form was sent; else a page was asked for.
    """
    if isinstance(error, EvenhandError):
        return _refused(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full(sent)
    if isinstance(error, OperationalError | InterfaceError):
        if sqlstate(error) == DISK_FULL or "disk is full" in str(error):
            return _disk_full(sent)
        if sqlstate(error) == LOCK_NOT_AVAILABLE or any(words in str(error) for words in WAITED):
            return Failure(
                503, _("The server is busy"), _("Others are writing in the book, and your turn did not come in time."),
                _("Nothing was done, and nothing is lost. Send it again with the same button: it is done once, however often you send it.")
                if sent else _("What is in the book is safe. Load the page again in a moment."),
                try_again=True, retry_after=10,
            )  # fmt: skip
        return Failure(
            503, _("The records cannot be reached"), _("The server does not reach its database at the moment."),
            _("What is in the book is safe. What you were doing was done wholly or not at all; send it again in a few minutes with the "
              "same button: it is done once, however often you send it.")
            if sent else _("What is in the book is safe. Load the page again in a few minutes."),
            try_again=True, retry_after=60,
        )  # fmt: skip
    return None


def _disk_full(sent: bool) -> Failure:
    return Failure(
        503, _("The server has no room left"), _("The disk of the server is full, so nothing can be written."),
        _("Nothing was done, and what is in the book is safe, though some pages may not open until there is room again. Tell whoever keeps "
          "the installation; then send it again with the same button.")
        if sent else _("What is in the book is safe, though some pages may not open until there is room again. Tell whoever keeps the installation."),
        try_again=True, retry_after=600,
    )  # fmt: skip


def _refused(error: EvenhandError) -> Failure:
    status = STATUSES.get(error.code, 400)
    titles = {
        403: _("This is not open to you"), 404: _("There is no such thing"), 409: _("This cannot be done as things stand"),
        422: _("This cannot be used"),
    }  # fmt: skip
    return Failure(
        status, titles.get(status, _("This cannot be used")), in_language(error.sentence), _("Nothing was done.")
    )
