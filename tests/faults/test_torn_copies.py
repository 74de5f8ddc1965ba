"""The power fails: whatever was not yet synced may be there, in part, or as rubbish; what was acknowledged is there.

The writers are frozen with SIGSTOP at a random moment, in the middle of whatever they do, and the file and its log are copied
as they lie on the disk. Then the copy is made worse, as far as a disk may: what follows the last acknowledged commit in
the log is cut, zeroed or garbled, and so are pages of the file that the log holds anew (a checkpoint was writing them).
SQLite alone; PostgreSQL's own log is PostgreSQL's business, and `test_server_death` kills its server.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import struct
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from database_harness import FreshDatabase
from evenhand_cast import make_cast
from ground import Ground, execute
from invariants import check_book
from writers import Stock, Writer, all_killed, make_stock, start_writer

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]
WRITERS = 4
HEADER, FRAME_HEADER = 32, 24
"""Bytes before the first frame of a log, and before the page in each frame."""


@dataclass(frozen=True)
class Frame:
    """One frame of a log: where it begins, which page it holds, whether it ends a commit."""

    begins: int
    page: int
    commits: bool


def read_log(log: bytes) -> tuple[int, list[Frame]]:
    """Return the page size and the frames that belong to the log's present round, by their salt.

    The running checksums are not computed again: a frame only half written is the last one, and taking it for whole makes
    the damage smaller, never larger than a disk may do. Source: sqlite.org/fileformat2.html, section 4.
    """
    if len(log) < HEADER:
        return 0, []
    size = struct.unpack(">I", log[8:12])[0]
    frames = []
    for begins in range(HEADER, len(log) - FRAME_HEADER - size + 1, FRAME_HEADER + size):
        page, pages = struct.unpack(">2I", log[begins : begins + 8])
        if log[begins + 8 : begins + 16] != log[16:24]:
            break
        frames.append(Frame(begins, page, bool(pages)))
    return size, frames


@dataclass
class Copy:
    """The file and its log as they lay on the disk at one moment, and what had been acknowledged by then."""

    folder: Path
    told: frozenset[str]

    @property
    def file(self) -> Path:
        return self.folder / "evenhand.sqlite3"

    @property
    def log(self) -> Path:
        return self.folder / "evenhand.sqlite3-wal"

    def ground(self, like: Ground) -> Ground:
        """Return it as a database."""
        return Ground(FreshDatabase("sqlite", self.folder, str(self.file), {}, like.fresh.blocker))


def test_what_was_acknowledged_outlives_the_power(ground: Ground, tmp_path: Path, how_many: Callable[..., int]) -> None:
    lot = random.Random(3)
    with ground.here():
        stock = make_stock(make_cast(), offers=8, quantity=10**9)
        execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writers: list[Writer] = []
    torn = 0
    with all_killed(writers):
        writers += [start_writer(ground, _often_copied(stock, f"w{index}")) for index in range(WRITERS)]
        for number in range(how_many(200, long=10_000)):
            time.sleep(lot.uniform(0.0, 0.05))
            copy = _frozen(ground, writers, tmp_path / "copy")
            torn += _tear(copy, lot)
            with copy.ground(ground).here():
                assert execute("PRAGMA integrity_check") == [("ok",)]
                check_book(copy.told, audited=number % 20 == 0)
            shutil.rmtree(copy.folder)
    assert len(copy.told) > 100
    assert torn > 100, "nothing was torn"


def test_a_disk_that_forgets_what_it_confirmed_is_found_out(ground: Ground, tmp_path: Path) -> None:
    """The test of the test: cut before the last acknowledged commit, and the check must notice."""
    with ground.here():
        stock = make_stock(make_cast(), offers=2, quantity=10**9)
        execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writers = [start_writer(ground, lambda number: stock.distribute(f"w-{number}", number).action)]
    with all_killed(writers):
        while len(writers[0].acknowledged) < 20:
            time.sleep(0.01)
            writers[0].listen()
        copy = _frozen(ground, writers, tmp_path / "copy")
    _, frames = read_log(copy.log.read_bytes())
    commits = [frame.begins for frame in frames if frame.commits]
    os.truncate(copy.log, commits[-3])
    with copy.ground(ground).here(), pytest.raises(AssertionError, match="acknowledged"):
        check_book(copy.told)


def _often_copied(stock: Stock, name: str) -> Callable[[int], str]:
    """Return work whose log is copied into the file after every few actions, so that this too is met half done."""

    def work(number: int) -> str:
        execute("PRAGMA wal_autocheckpoint = 60")
        return str(stock.distribute(f"{name}-{number}", number).action)

    return work


def _frozen(ground: Ground, writers: list[Writer], folder: Path) -> Copy:
    """Stop every writer where it is, copy the file and its log, let them go on."""
    folder.mkdir()
    for writer in writers:
        os.kill(writer.pid, signal.SIGSTOP)
    try:
        for writer in writers:  # until the kernel says that it stands still
            assert os.waitid(os.P_PID, writer.pid, os.WSTOPPED) is not None
            writer.listen()
            assert not writer.ended, "a writer gave up"
        for end in ("", "-wal"):
            shutil.copyfile(ground.fresh.name + end, folder / ("evenhand.sqlite3" + end))
        told = frozenset(request for writer in writers for request in writer.acknowledged)
    finally:
        for writer in writers:
            os.kill(writer.pid, signal.SIGCONT)
    return Copy(folder, told)


def _tear(copy: Copy, lot: random.Random) -> int:
    """Damage the log behind the last commit that was surely synced, and the file where the log has it anew.

    Return how many pages of the file were garbled.
    """
    log = bytearray(copy.log.read_bytes())
    size, frames = read_log(bytes(log))
    synced = _synced(copy, frames, size)
    tail = len(log) - synced
    at = synced + lot.randrange(tail + 1)
    how = lot.choice(("cut", "zeroed", "garbled", "longer"))
    if how == "cut":
        del log[at:]
    elif how == "zeroed":
        log[at:] = bytes(len(log) - at)
    elif how == "garbled":
        log[at : at + 512] = lot.randbytes(min(512, len(log) - at))
    else:
        log += lot.randbytes(lot.randrange(1, 3 * (FRAME_HEADER + (size or 4096))))
    copy.log.write_bytes(log)
    pages = copy.file.stat().st_size // (size or 4096)
    commits = [frame.begins for frame in frames if frame.commits]
    sure = commits[-2] if len(commits) > 1 else 0  # the last one may be half written
    held = sorted({frame.page for frame in frames if frame.begins <= sure and frame.page <= pages})
    torn = lot.sample(held, lot.randrange(len(held) + 1))
    with copy.file.open("r+b") as file:
        for page in torn:
            file.seek((page - 1) * size + lot.randrange(size - 512))
            file.write(lot.randbytes(512))
    return len(torn)


def _synced(copy: Copy, frames: list[Frame], size: int) -> int:
    """Return how many bytes of the log were surely on the disk: to the end of the last commit, or of the one before it.

    Every commit before the last is synced, since its writer let the next one in only after that. The last one is if its
    writer had come so far as to say so, or as to copy it into the file; else it may be lost.
    """
    ends = [frame.begins + FRAME_HEADER + size for frame in frames if frame.commits]
    if not ends:
        return min(HEADER, copy.log.stat().st_size)
    if _last_action(copy) in copy.told or _is_copied(copy, frames, ends, size):
        return ends[-1]
    return ends[-2] if len(ends) > 1 else HEADER


def _is_copied(copy: Copy, frames: list[Frame], ends: list[int], size: int) -> bool:
    """Say whether some page of the last commit stands in the file already."""
    before = ends[-2] if len(ends) > 1 else HEADER
    with copy.log.open("rb") as log, copy.file.open("rb") as file:
        for frame in frames:
            if before <= frame.begins < ends[-1]:
                log.seek(frame.begins + FRAME_HEADER)
                file.seek((frame.page - 1) * size)
                if log.read(size) == file.read(size):
                    return True
    return False


def _last_action(copy: Copy) -> str:
    """Return the id of the action that came last, from a copy of the copy: opening a file changes it."""
    with TemporaryDirectory() as folder:
        for name in (copy.file, copy.log):
            shutil.copy(name, folder)
        with closing(sqlite3.connect(Path(folder) / copy.file.name)) as file:
            return str(file.execute("SELECT action FROM stockbook_entry ORDER BY seq DESC LIMIT 1").fetchone()[0])
