"""How a line of the log looks: the moment in UTC, how grave, which part, what. For `settings.LOGGING` alone."""

from __future__ import annotations

import logging
from datetime import UTC, datetime


class InUtc(logging.Formatter):
    """Write "2026-03-02T10:00:00.123Z INFO evenhand.security: signed in ...", whatever the machine's time zone is."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 -- logging's own name
        """Return the moment of a record."""
        return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
