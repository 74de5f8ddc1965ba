"""The whole stock book of a server, fetched line by line and verified here, by the verifier that trusts nobody.

Used by `client.server`. The lines that are fetched are those that the tree hashes; the leaves are made here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from evenhand.client.line import Line
from evenhand.errors import ServerRefused
from evenhand.ledger import verify_lines
from evenhand.ledger.verifier import Verdict

AT_ONCE: Final = 10_000
MOST_CHECKPOINTS: Final = 1000
ROOT: Final = "/api/v1/"


@dataclass(frozen=True)
class BookChecked:
    """Hold what the verifier found in a book, and the newest checkpoint: keep it, and give it as `since` the next time."""

    verdict: Verdict
    entries: int
    checkpoint: str

    @property
    def holds(self) -> bool:
        """Say whether every line, sum, root and signature holds."""
        return self.verdict.holds

    def __str__(self) -> str:
        return str(self.verdict)


def check_book(line: Line, *, keys: Sequence[str] = (), since: str = "") -> BookChecked:
    """Fetch the book up to its newest checkpoint, and verify all of it.

    Parameters
    ----------
    keys
        Verifier keys that you know to be right, from elsewhere than this server: each must have signed. Without any, the
        signatures are held against the keys that the server itself names.
    since
        The newest checkpoint of an earlier check: the book must continue it.

    Raises
    ------
    ServerRefused
        The server sent fewer lines than it signed for.
    """
    rows: list[dict[str, Any]] = line.ask("GET", f"{ROOT}book/checkpoints", query={"most": MOST_CHECKPOINTS}).json()[
        "data"
    ]
    notes = [(f"checkpoint {row['size']}", str(row["note"])) for row in reversed(rows)]
    newest = rows[0] if rows else None
    size = int(newest["size"]) if newest else 0
    named = line.ask("GET", f"{ROOT}book/keys", headers={"Accept": "text/plain"}).body.decode().split()
    verdict = verify_lines(
        ((text, sha256(b"\0" + text).digest()) for text in _lines(line, size)),
        checkpoints=notes, keys=named, trusted=keys, since=("the checkpoint you kept", since) if since else None,
        file=line.address,
    )  # fmt: skip
    return BookChecked(verdict, size, notes[-1][1] if notes else "")


def _lines(line: Line, size: int) -> Iterator[bytes]:
    """Return the lines of the first so many entries."""
    read = 0
    while read < size:
        asked = {"after": read, "most": min(AT_ONCE, size - read)}
        body = line.ask("GET", f"{ROOT}book/lines", query=asked, headers={"Accept": "text/plain"}).body
        found = body.split(b"\n")[:-1]
        if not found or len(found) > asked["most"]:
            raise ServerRefused(f"the server signed {size:,} entries and sent {read + len(found):,}", 200)
        yield from found
        read += len(found)
