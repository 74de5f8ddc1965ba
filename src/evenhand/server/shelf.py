"""Public answers on disk, for all processes of a server: what one made, the others hand out.

Used by `server.front` alone, below what it keeps in memory. A file an answer, written whole or not at all. What cannot be
written or read is made anew: a full disk costs time and nothing else. A server that starts begins with an empty shelf: an
earlier one may have served a book that was put back since. Must never hold what only some may see.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident
from typing import Final

MOST_BYTES: Final = 512 * 2**20
OLDEST: Final = 3_600.0
"""Seconds after which an answer that nobody made anew is let go of."""

TIDIED: Final = 2_000
"""After so many answers a process looks whether there are too many."""

ANSWERS: Final = "cache/answers"
"""Below the data folder: what was made once."""

log = logging.getLogger("evenhand.server")


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold a public answer: of which version, when its making began (seconds since 1970), its mark, its headers, its body."""

    version: int
    begun: float
    mark: str
    headers: list[tuple[str, str]]
    body: bytes


class Shelf:
    """Keep answers in a folder, each under what it depends on beside the version.

    Examples
    --------
    >>> import tempfile
    >>> shelf = Shelf(Path(tempfile.mkdtemp()) / "answers")
    >>> shelf.put(("/en/",), Answer(3, 0.0, "x", [("ETag", "x")], b"words"))
    >>> shelf.get(("/en/",)).body, shelf.get(("/fr/",))
    (b'words', None)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._put = 0

    def get(self, place: Sequence[str]) -> Answer | None:
        """Return what lies under a place, None where nothing does."""
        try:
            head, _, body = self._file(place).read_bytes().partition(b"\n")
            said = json.loads(head)
            headers = [(name, value) for name, value in said["headers"]]
            return Answer(said["version"], said["begun"], said["mark"], headers, body)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            log.warning("a kept answer could not be read", exc_info=True)
            return None

    def put(self, place: Sequence[str], answer: Answer) -> None:
        """Lay an answer under a place, for everybody at once."""
        said = {"version": answer.version, "begun": answer.begun, "mark": answer.mark, "headers": answer.headers}
        file = self._file(place)
        making = file.with_suffix(f".{os.getpid()}-{get_ident()}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            making.write_bytes(json.dumps(said).encode() + b"\n" + answer.body)
            making.replace(file)
        except OSError:
            log.warning("an answer could not be kept on disk", exc_info=True)
            with contextlib.suppress(OSError):
                making.unlink(missing_ok=True)
            return
        self._put += 1
        if self._put % TIDIED == 0:
            self.tidy()

    def clear(self) -> None:
        """Begin with nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def tidy(self, most_bytes: int = MOST_BYTES, oldest: float = OLDEST) -> None:
        """Let go of what is old, and of the oldest where there is too much."""
        found = []
        with contextlib.suppress(OSError):
            for one in os.scandir(self.folder):
                with contextlib.suppress(OSError):  # another process was faster
                    found.append((one.stat().st_mtime, one.stat().st_size, one.path))
        room, now = most_bytes, time.time()
        for changed, size, path in sorted(found, reverse=True):
            room -= size
            if room < 0 or now - changed > oldest:
                with contextlib.suppress(OSError):
                    Path(path).unlink()

    def _file(self, place: Sequence[str]) -> Path:
        return self.folder / hashlib.sha256("\n".join(place).encode("utf-8", "surrogatepass")).hexdigest()[:40]
