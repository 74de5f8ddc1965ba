"""Verify a stock book, trusting nobody: not the database, not the export, not Evenhand.

    python verify.py export/       exit 0 and one line if the book holds;
                                   exit 1 and every fault, by file, line and entry;
                                   exit 2 and one sentence if the folder cannot be read as an export.

Called by people with bare Python (this file alone is enough), by `evenhand audit` and by the live audit. It uses the
standard library only and shares no code with the stock book. It must never import another module of Evenhand, change a
file, or say more than was shown.

What is verified, of a folder that `evenhand export` wrote:

    SHA256SUMS        names every file and its SHA-256
    entries.csv       every line: its shape, its number (dense from 1), its id (used once), a lawful move between two
                      accounts of one offer, a quantity above zero, times that never go back; a reversal undoes one
                      earlier entry, whole and once; no account but `outside` is ever below zero
    leaves.txt        the hash of every line
    balances.csv      the sums of the entries
    checkpoints/      signed by a key of keys.txt, and over just these entries: nothing in them was changed, removed or
                      put in later, from the first entry to the last one signed
    --since FILE      an older checkpoint that somebody kept: this book begins with what was signed then
    --key KEY         a verifier key that somebody knows to be the right one: it signed a checkpoint of this book

Source: RFC 6962, section 2.1 (the tree); C2SP signed-note and tlog-checkpoint; RFC 8032, section 5.1 (Ed25519).
"""

# ruff: noqa: B905 - zip's `strict` came with Python 3.10, and this file runs on 3.8

from __future__ import annotations

import argparse
import base64
import binascii
import datetime
import hashlib
import json
import os
import re
import stat
import sys
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, repeat, zip_longest
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

EXPORT_FORMAT = "evenhand-export/1"
FORMAT = b"1"
FIELDS = (
    "format", "seq", "entry", "action", "by", "verb", "from", "to", "resource", "quantity", "typed", "unit", "value",
    "currency", "valued_on", "happened", "recorded", "concerns", "reverses",
)  # fmt: skip
HEADING = ",".join(FIELDS).encode()
BALANCES_HEADING = b"account,balance"

HOLDERS = {
    "outside": "", "offered": "", "committed": "", "allocated": "party", "in-transit": "consignment",
    "received": "party", "paid": "party", "used": "party", "spent": "party", "damaged": "either", "missing": "either",
    "expired": "either", "returned": "either", "withdrawn": "",
}  # fmt: skip
"""Every stage, and what stands behind the offer in the key of its accounts."""

MOVES = {
    "offer": (("outside",), "offered"),
    "commit": (("outside",), "committed"),
    "withdraw": (("offered", "committed"), "withdrawn"),
    "allocate": (("offered", "committed"), "allocated"),
    "dispatch": (("allocated", "offered", "received"), "in-transit"),
    "receive": (("in-transit",), "received"),
    "damage": (("in-transit", "received"), "damaged"),
    "miss": (("in-transit", "received"), "missing"),
    "distribute": (("received",), "used"),
    "expire": (("offered", "allocated", "in-transit", "received"), "expired"),
    "return": (("in-transit", "received", "paid"), "returned"),
    "pay": (("committed", "allocated"), "paid"),
    "spend": (("paid",), "spent"),
}
"""Every verb, the stages it may move units from, and the stage it moves them to."""

REVERSE = "reverse"
LEGAL = frozenset((verb, source, target) for verb, (sources, target) in MOVES.items() for source in sources)
LAWFUL = frozenset(
    [tuple(word.encode() for word in turn) for turn in LEGAL]
    + [(REVERSE.encode(), target.encode(), source.encode()) for _, source, target in LEGAL]
)
"""The same as bytes, with every move the other way round as a reversal."""

SHOWN_FAULTS = 20
MOST_FAULTS = 10000  # kept; further ones are only counted
LARGEST_QUANTITY = 10**15
LONGEST_LINE = 1 << 16
AT_ONCE = 1 << 12  # lines taken in one step
BLOCK = 1 << 20  # bytes read in one step

ALLOWED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@+-"
HEX = b"0123456789abcdef"
DECIMAL = re.compile(rb"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
DATE = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
TIME = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z\Z")
CURRENCY = re.compile(rb"[A-Z]{3}\Z")
NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
ACCOUNT = re.compile(rb"([a-z-]+)/([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:/([A-Za-z0-9][A-Za-z0-9._-]{0,63}))?\Z")
BALANCE = re.compile(rb"(?:0|-?[1-9][0-9]{0,29})\Z")
SUM_LINE = re.compile(r"([0-9a-f]{64})  (\S(?:.*\S)?)\Z")
CHECKPOINT_FILE = re.compile(r"checkpoints/([0-9]{12})\.txt\Z")
KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\Z")
SIGNATURE = re.compile("\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)\\Z")
SIZE = re.compile(r"(?:0|[1-9][0-9]{0,17})\Z")

EMPTY_ROOT = hashlib.sha256().digest()

Pair = Tuple[Optional[bytes], Optional[bytes]]
"""A line and its leaf; None where one of the two has no partner."""

Holds = Callable[[bytes, bytes, bytes], bool]


class ExportUnreadable(Exception):
    """Say in one sentence why a folder cannot be read as an export, or a key or checkpoint given cannot be used."""


@dataclass(frozen=True)
class Fault:
    """Name one thing that is wrong, and where.

    Attributes
    ----------
    file
        Which file, or which table of a live database.
    line
        As a person counts, a heading being line 1; 0 where no line is meant.
    entry
        The id of the entry, "" where none is meant.
    text
        What is wrong.
    """

    file: str
    line: int
    entry: str
    text: str

    def __str__(self) -> str:
        where = self.file + (f", line {self.line}" if self.line else "")
        return f"{where}{f', entry {self.entry}' if self.entry else ''}: {self.text}"


@dataclass(frozen=True)
class Verdict:
    """Say whether a book holds, what it is, and everything that is wrong with it.

    Attributes
    ----------
    holds
        True only if nothing at all is wrong.
    faults
        The first ten thousand, by file and line.
    count
        How many there are.
    entries, root
        Entries read, and the root of their tree in base64.
    checkpoints, signed, signers
        Checkpoints whose root and signatures hold, the entries that the last of them covers, whose keys signed them.
    line
        The verdict in one line.
    """

    holds: bool
    faults: Tuple[Fault, ...]
    count: int
    entries: int
    root: str
    checkpoints: int
    signed: int
    signers: Tuple[str, ...]
    line: str

    def __str__(self) -> str:
        return self.text(SHOWN_FAULTS)

    def text(self, most: Optional[int] = None) -> str:
        """Return the line and, if the book does not hold, its faults: the first `most`, then a count."""
        shown = [str(fault) for fault in (self.faults if most is None else self.faults[:most])]
        if len(shown) < self.count:
            shown.append(f"... and {self.count - len(shown):,} more")
        return "\n".join([self.line, *shown])


def verify_folder(path: str, keys: Sequence[str] = (), since: Optional[str] = None) -> Verdict:
    """Verify the export at `path`.

    Parameters
    ----------
    path
        The folder.
    keys
        Verifier keys that the reader knows to be right, as `name+hash+base64`: each must have signed a checkpoint.
    since
        The file of an older checkpoint that the reader kept.

    Raises
    ------
    ExportUnreadable
        The folder is no export; a key or the older checkpoint cannot be read.
    """
    try:
        return _Export(os.fspath(path), keys, since).verdict()
    except OSError as error:
        raise ExportUnreadable(f"{_shown(error.filename or path)} cannot be read: {error.strerror}") from None


def verify_lines(
    lines: Iterable[Pair],
    *,
    balances: Optional[Mapping[str, int]] = None,
    checkpoints: Iterable[Tuple[str, str]] = (),
    keys: Sequence[str] = (),
    trusted: Sequence[str] = (),
    since: Optional[Tuple[str, str]] = None,
    file: str = "entries",
    signature_holds: Optional[Holds] = None,
) -> Verdict:
    """Verify a book that is not a folder: the live audit, by the same algorithm, in one pass over the lines.

    Parameters
    ----------
    lines
        Every entry's line and the leaf stored with it, in order.
    balances
        The balance kept for each account; None: not compared.
    checkpoints
        Name and text of each signed note that is kept.
    keys, trusted
        Verifier keys that belong to the book; those that the auditor brought along.
    since
        Name and text of an older checkpoint that the auditor kept.
    file
        What to call the place where the lines are, in a fault.
    signature_holds
        (public key, message, signature) -> bool, where a faster one than this file's own is at hand.

    Raises
    ------
    ExportUnreadable
        A key or the older checkpoint of the auditor cannot be read.
    """
    audit = _Audit(file, file, 1, signature_holds or ed25519_holds)
    audit.read_keys(keys, "keys")
    audit.trust(trusted)
    for name, text in checkpoints:
        audit.read_checkpoint(name, text.encode("utf-8", "surrogatepass"))
    if since is not None:
        audit.read_since(since[0], since[1].encode("utf-8", "surrogatepass"))
    audit.walk(lines)
    if balances is not None:
        audit.compare_balances({account: (0, balance) for account, balance in balances.items()}, "balances")
    return audit.verdict()


# --- words shown ------------------------------------------------------------------------------------------------------


def _shown(value: object) -> str:
    """Show a value from a file safely: quoted, short, no control characters."""
    if isinstance(value, (list, dict)):
        return type(value).__name__
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    clean = "".join(letter if letter.isprintable() else "\\u%04x" % ord(letter) for letter in text[:60])
    return f"'{clean}'" if len(text) <= 60 else f"'{clean}...'"


def _counted(count: int, word: str, words: str = "") -> str:
    return f"1 {word}" if count == 1 else f"{count:,} {words or word + 's'}"


def _run(first: int, last: int) -> str:
    return f"entry {first:,}" if first == last else f"entries {first:,} to {last:,}"


def _entry_of(line: Optional[bytes]) -> str:
    """Return the id of the entry in a line, shown safely, or ""."""
    fields = (line or b"").split(b",", 3)
    return _shown(fields[2])[1:-1] if len(fields) > 2 else ""


def _is_date(text: bytes) -> bool:
    if not DATE.match(text):
        return False
    try:
        datetime.date(int(text[:4]), int(text[5:7]), int(text[8:10]))
    except ValueError:
        return False
    return True


# --- Ed25519: does a signature hold? (RFC 8032, section 5.1.7) --------------------------------------------------------

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)

Point = Tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def _plus(p: Point, q: Point) -> Point:
    """Add two points in extended coordinates (section 5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * p[3] * q[3] * CURVE % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _decode_point(data: bytes) -> Optional[Point]:
    """Return the point that 32 bytes stand for (section 5.1.3), or None."""
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (1 << 255) - 1
    if len(data) != 32 or y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (odd and not x):
        return None
    if x & 1 != odd:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def _encode_point(point: Point) -> bytes:
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


@lru_cache(maxsize=64)
def _multiples(data: bytes, negative: bool) -> Optional[List[List[Point]]]:
    """Return, for each of 64 hexadecimal digits, the sixteen multiples of a point; a key signs many checkpoints."""
    point = _decode_point(data)
    if point is None:
        return None
    if negative:
        point = (PRIME - point[0], point[1], 1, PRIME - point[3])
    rows = []
    for _ in range(64):
        row = [ZERO]
        for _ in range(15):
            row.append(_plus(row[-1], point))
        rows.append(row)
        point = _plus(row[-1], point)
    return rows


def _times(rows: List[List[Point]], number: int) -> Point:
    found = ZERO
    for row in rows:
        found = _plus(found, row[number & 15])
        number >>= 4
    return found


BASE = (4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little")


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the holder of a public key made this signature of this message."""
    first, second = signature[:32], int.from_bytes(signature[32:], "little")
    base, minus_key = _multiples(BASE, False), _multiples(public, True)
    if len(signature) != 64 or second >= ORDER or base is None or minus_key is None:
        return False
    hashed = int.from_bytes(hashlib.sha512(first + public + message).digest(), "little") % ORDER
    return _encode_point(_plus(_times(base, second), _times(minus_key, hashed))) == first


# --- keys and checkpoints (C2SP signed-note, tlog-checkpoint) ---------------------------------------------------------


@dataclass(frozen=True)
class _Key:
    name: str
    key_hash: bytes
    public: bytes


@dataclass
class _Checkpoint:
    file: str
    origin: str
    size: int
    root: bytes
    signed: bytes  # the text that the signatures are of
    signatures: List[Tuple[str, bytes, bytes]]  # name, key hash, signature
    held: Tuple[str, ...] = ()  # names of the keys whose signature holds
    right: bool = False  # its root is the tree's


def _from_base64(text: str) -> Optional[bytes]:
    """Return the bytes of base64 in its one canonical spelling, or None."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _read_key(text: str) -> Optional[_Key]:
    """Return the key that `name+hash+base64` stands for, or None."""
    match = KEY.match(text)
    data = _from_base64(match[3]) if match else None
    if match is None or data is None or len(data) != 33 or data[0] != 1:
        return None
    found = hashlib.sha256(match[1].encode() + b"\n" + data).digest()[:4]
    return _Key(match[1], found, data[1:]) if found.hex() == match[2] else None


def _read_note(file: str, data: bytes) -> _Checkpoint:
    """Return the checkpoint in a signed note.

    Raises
    ------
    ValueError
        It is none; the message says why.
    """
    if len(data) > BLOCK:
        raise ValueError("it is longer than a note may be")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    if re.search("[\x00-\x09\x0b-\x1f]", text):
        raise ValueError("it holds a control character")
    body, parted, end = text.rpartition("\n\n")
    lines = body.split("\n")
    if not parted or len(lines) < 3 or not all(lines) or not end.endswith("\n"):
        raise ValueError("it is not three lines, an empty one and signatures")
    root = _from_base64(lines[2])
    if not SIZE.match(lines[1]) or root is None or len(root) != 32:
        raise ValueError("its second line is not a size, or its third not a root")
    signatures = []
    for line in end[:-1].split("\n"):
        match = SIGNATURE.match(line)
        raw = _from_base64(match[2]) if match else None
        if match is None or raw is None or len(raw) < 5 or re.search(r"[\s+]", match[1]):
            raise ValueError(f"{_shown(line)} is not a signature line")
        signatures.append((match[1], raw[:4], raw[4:]))
    if len(signatures) > 100:
        raise ValueError("it has more than 100 signatures")
    return _Checkpoint(file, lines[0], int(lines[1]), root, (body + "\n").encode(), signatures)


# --- the tree (RFC 6962, section 2.1) ---------------------------------------------------------------------------------


class _Tree:
    """The roots of a tree's perfect subtrees, by height."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: Dict[int, bytes] = {}

    def copy(self) -> _Tree:
        other = _Tree()
        other.size, other.peaks = self.size, dict(self.peaks)
        return other

    def add(self, row: List[bytes]) -> None:
        sha256, height = hashlib.sha256, 0
        self.size += len(row)
        while row:
            left = self.peaks.pop(height, None)
            if left is not None:
                row = [left, *row]
            if len(row) % 2:
                self.peaks[height] = row[-1]
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2])]
            height += 1

    def root(self) -> bytes:
        root = b""
        for height in sorted(self.peaks):
            peak = self.peaks[height]
            root = hashlib.sha256(b"\x01" + peak + root).digest() if root else peak
        return root or EMPTY_ROOT


class _Trees:
    """The tree of the leaves as stored and, from where they part to where a checkpoint decides, that of the lines.

    Where a line and its leaf disagree, one of the two was changed. Both trees then grow side by side; the one whose root
    the next checkpoint signed was right, and both go on from there. So a stretch that a checkpoint can decide hides no
    fault in the next.
    """

    def __init__(self, signed: Dict[int, List[bytes]]) -> None:
        self.signed = signed
        self.stops = sorted(signed)
        self.leaves = _Tree()
        self.lines: Optional[_Tree] = None
        self.found: Dict[int, List[bytes]] = {0: [EMPTY_ROOT]}
        self.decided_at = 0

    def grow(self, row: List[bytes]) -> str:
        """Add leaves that their lines agree with; return whom a checkpoint found right on the way, if it had to."""
        start, right = 0, ""
        while start < len(row):
            if self.lines is not None:
                right = self.part(row[start], row[start]) or right
                start += 1
                continue
            place = bisect_right(self.stops, self.leaves.size)
            room = self.stops[place] - self.leaves.size if place < len(self.stops) else len(row)
            self.leaves.add(row[start : start + room])
            self._mark(self.leaves)
            start += room
        return right

    def part(self, line: Optional[bytes], leaf: Optional[bytes]) -> str:
        """Add a line's hash to one tree and the stored leaf to the other; return whom a checkpoint finds right."""
        if self.lines is None:
            self.lines = self.leaves.copy()
        if leaf is not None:
            self.leaves.add([leaf])
            if self._mark(self.leaves):
                self.lines, self.decided_at = None, self.leaves.size
                return "leaf"
        if line is not None:
            self.lines.add([line])
            if self._mark(self.lines):
                self.leaves, self.lines = self.lines, None
                self.decided_at = self.leaves.size
                return "line"
        return ""

    def _mark(self, tree: _Tree) -> bool:
        """Note the root at a size that was signed, and say whether it is the one."""
        roots = self.signed.get(tree.size)
        if roots is None:
            return False
        root = tree.root()
        self.found.setdefault(tree.size, []).append(root)
        return root in roots

    def roots(self) -> List[bytes]:
        """Return the root of the whole, or the two that it may be."""
        return [tree.root() for tree in (self.leaves, self.lines) if tree is not None]


# --- the book ---------------------------------------------------------------------------------------------------------


class _Audit:
    """Everything found out about one book, in one pass."""

    def __init__(self, file: str, leaf_file: str, first_line: int, signature_holds: Holds) -> None:
        self.file, self.leaf_file, self.first_line = file, leaf_file, first_line
        self.signature_holds = signature_holds
        self.faults: List[Fault] = []
        self.count = 0

        self.keys: Dict[Tuple[str, bytes], _Key] = {}
        self.trusted: Dict[Tuple[str, bytes], _Key] = {}
        self.checkpoints: List[_Checkpoint] = []
        self.since: Optional[_Checkpoint] = None

        self.rows = 0  # lines read
        self.leaf_rows = 0
        self.number = 0  # the entry that the last line was
        self.entries = 0
        self.places: Dict[bytes, int] = {}  # entry id: its place in the next three
        self.sources, self.targets, self.amounts = array("l"), array("l"), array("q")
        self.reversals: Set[int] = set()  # places
        self.undone: Dict[int, int] = {}  # place: line of its reversal
        self.accounts: Dict[bytes, int] = {}  # account: its place in the next four
        self.have: List[int] = []
        self.least: List[int] = []  # the lowest balance it may have
        self.stages: List[bytes] = []
        self.offers: List[int] = []
        self.offer_places: Dict[bytes, int] = {}
        self.resources: List[Optional[bytes]] = []  # by offer
        self.days: Dict[bytes, bool] = {}
        self.recorded = b""
        self.trees = _Trees({})
        self.parted: List[Tuple[int, int, str, bool, bool]] = []  # lines and leaves that disagree, undecided
        self.disagreements = 0

    def fault(self, file: str, line: int, entry: str, text: str) -> None:
        self.count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(file, line, entry, text))

    # keys and checkpoints

    def read_keys(self, keys: Sequence[str], file: str) -> None:
        for number, text in enumerate(keys, 1):
            key = _read_key(text)
            if key is None:
                self.fault(file, number, "", f"{_shown(text)} is not an Ed25519 verifier key")
            elif (key.name, key.key_hash) in self.keys:
                self.fault(file, number, "", f"the key {_shown(key.name)} stands here twice")
            else:
                self.keys[key.name, key.key_hash] = key

    def trust(self, keys: Sequence[str]) -> None:
        for text in keys:
            key = _read_key(text)
            if key is None:
                raise ExportUnreadable(f"{_shown(text)} is not an Ed25519 verifier key; one is name+hash+base64")
            self.trusted[key.name, key.key_hash] = key

    def read_checkpoint(self, file: str, data: bytes) -> Optional[_Checkpoint]:
        try:
            checkpoint = _read_note(file, data)
        except ValueError as error:
            self.fault(file, 0, "", f"this is not a signed checkpoint: {error}")
            return None
        self.checkpoints.append(checkpoint)
        return checkpoint

    def read_since(self, file: str, data: bytes) -> None:
        try:
            self.since = _read_note(file, data)
        except ValueError as error:
            raise ExportUnreadable(f"{_shown(file)} is not a signed checkpoint: {error}") from None

    def _check_signatures(self, checkpoint: _Checkpoint) -> None:
        held = []
        for name, key_hash, signature in checkpoint.signatures:
            for known in (self.trusted, self.keys):
                key = known.get((name, key_hash))
                if key is None:
                    continue
                if self.signature_holds(key.public, checkpoint.signed, signature):
                    held.append(name)
                else:
                    text = f"the signature of {_shown(name)} is not that of this text: one of the two was changed"
                    self.fault(checkpoint.file, 0, "", text)
                break
        checkpoint.held = tuple(dict.fromkeys(held))
        if not held:
            names = ", ".join(_shown(name) for name, _, _ in checkpoint.signatures[:5])
            self.fault(checkpoint.file, 0, "", f"no known key signed it, only {names}")

    # lines and leaves

    def walk(self, pairs: Iterable[Pair], most_disagreements: Optional[int] = None) -> None:
        """Go once through all lines and leaves; give up where more of them disagree than the caller wants named."""
        signed: Dict[int, List[bytes]] = {}
        for checkpoint in self._all_checkpoints():
            signed.setdefault(checkpoint.size, []).append(checkpoint.root)
        self.trees = _Trees(signed)
        sha256, waiting = hashlib.sha256, iter(pairs)
        while True:
            chunk = list(islice(waiting, AT_ONCE))
            if not chunk:
                break
            lines, leaves = zip(*chunk)
            hashes = [] if None in lines else [sha256(b"\x00" + line).digest() for line in lines]
            if hashes == list(leaves):
                self._decide(self.trees.grow(hashes))
                self.leaf_rows += len(leaves)
                self._read_lines(lines)
                continue
            self._walk_slowly(chunk)
            if most_disagreements is not None and self.disagreements > most_disagreements:
                return
        self._decide("", at_the_end=True)

    def _walk_slowly(self, chunk: List[Pair]) -> None:
        """Go through lines and leaves of which some disagree, one by one."""
        for line, leaf in chunk:
            self.leaf_rows += leaf is not None
            hashed = None if line is None else hashlib.sha256(b"\x00" + line).digest()
            if hashed is not None and hashed == leaf:
                self._decide(self.trees.grow([hashed]))
            else:
                row = self.first_line + self.rows if line is not None else 0
                self.parted.append((row, self.leaf_rows, _entry_of(line), line is not None, leaf is not None))
                self.disagreements += 1
                self._decide(self.trees.part(hashed, leaf))
            if line is None:
                self.number += 1
            elif leaf is not None or line.split(b",", 2)[1:2] == [b"%d" % (self.number + 1)]:
                self._read_lines((line,))
            else:
                self.rows += 1  # a line with neither a leaf nor the next number: it does not count

    def _decide(self, right: str, at_the_end: bool = False) -> None:
        """Name the lines and leaves that disagreed: whom a checkpoint found right or, at the end, that none did."""
        if not self.parted or not (right or at_the_end):
            return
        when = f"when the first {_counted(self.trees.decided_at, 'entry', 'entries')} were signed"
        for row, leaf_row, entry, has_line, has_leaf in self.parted:
            beside = f"{self.leaf_file}, line {leaf_row}" if self.leaf_file != self.file else "the leaf beside it"
            text = {
                "both leaf": f"the line was changed: it is not the one that stood here {when}, as {beside} shows",
                "both line": f"the leaf was changed: the line is still the one that stood here {when}",
                "both ": f"the line and its leaf ({beside}) disagree: one of the two was changed",
                "only leaf leaf": f"its line was removed from {self.file}: it stood there {when}",
                "only leaf line": f"a leaf without a line, put in later: it did not stand here {when}",
                "only leaf ": f"a leaf without a line: either its line was removed from {self.file} or it was put in",
                "only line line": f"its leaf was removed from {self.leaf_file}: it stood there {when}",
                "only line leaf": f"the line was put in later: it did not stand here {when}",
                "only line ": f"a line without a leaf: either it was put in or its leaf removed from {self.leaf_file}",
            }[f"{'both' if has_line and has_leaf else 'only line' if has_line else 'only leaf'} {right}"]
            if has_line and not (has_leaf and right == "line"):
                self.fault(self.file, row, entry, text)
            else:
                self.fault(self.leaf_file, leaf_row if self.leaf_file != self.file else row, entry, text)
        self.parted = []

    def _read_lines(self, lines: Sequence[bytes]) -> None:
        """Read lines one after the other. This is where a million entries spend their time, hence the plain loop."""
        accounts, stages, offers, resources = self.accounts, self.stages, self.offers, self.resources
        places, have, least, days = self.places, self.have, self.least, self.days
        add_source, add_target, add_amount = self.sources.append, self.targets.append, self.amounts.append
        number, recorded = self.number, self.recorded
        together = b"\n".join(lines)
        plain = not together.translate(None, ALLOWED + b",\n") and together.count(b"\n") == len(lines) - 1
        row = self.first_line + self.rows - 1
        for line in lines:
            row += 1
            number += 1
            fields = line.split(b",")
            if len(fields) != 19 or not (plain or not line.translate(None, ALLOWED + b",")):
                self._refuse_shape(row, line, len(fields))
                continue
            (
                form, seq, entry, action, by, verb, source, target, resource, quantity, typed, _, value, currency,
                valued_on, happened, when, _, reverses,
            ) = fields  # fmt: skip
            if seq != b"%d" % number or form != FORMAT:
                number = self._place(row, number, form, seq, entry)
            if not 0 < len(entry) <= 64 or not action or not by or entry in places:
                self._refuse_id(row, entry, action, by)
            # A quantity beyond the range counts for nothing: sums of those in it stay inside 64 bits.
            amount = int(quantity) if quantity.isdigit() and len(quantity) <= 16 else 0
            if not 0 < amount <= LARGEST_QUANTITY or quantity[0] == 48:
                text = f"its quantity is {_shown(quantity)}, not a whole number from 1 to {LARGEST_QUANTITY:,}"
                self.fault(self.file, row, _entry_of(line), text)
                amount = 0
            giver, taker = accounts.get(source), accounts.get(target)
            if giver is None:
                giver = self._open_account(row, entry, source)
            if taker is None:
                taker = self._open_account(row, entry, target)
            if giver is not None and taker is not None:
                if (verb, stages[giver], stages[taker]) not in LAWFUL or offers[giver] != offers[taker]:
                    self._refuse_move(row, entry, verb, giver, taker)
                if resources[offers[giver]] != resource:
                    self._name_resource(row, entry, offers[giver], resource)
                if reverses or verb == b"reverse":
                    self._check_reversal(row, entry, reverses, (verb, giver, taker, amount))
                left = have[giver] - amount
                have[giver] = left
                have[taker] += amount
                if left < least[giver]:
                    self._refuse_overdraft(row, entry, source, left)
                places.setdefault(entry, len(self.amounts))
                add_source(giver)
                add_target(taker)
                add_amount(amount)
            if happened not in days:
                self._learn_day(row, entry, happened)
            if when != recorded:
                if when < recorded or not TIME.match(when) or not (when[:10] in days or _is_date(when[:10])):
                    self._refuse_time(row, entry, when)
                # Each is compared with the one above it: one wrong time is one fault or two, not one for every later entry.
                self.recorded = recorded = when
            if (not typed.isdigit() or typed[0] == 48) and typed and not DECIMAL.match(typed):
                self.fault(self.file, row, _entry_of(line), f"{_shown(typed)} is not a plain number")
            if value or currency or valued_on:
                self._check_value(row, entry, value, currency, valued_on)
        self.rows += len(lines)
        self.entries += len(lines)
        self.number = number

    def _refuse_shape(self, row: int, line: bytes, fields: int) -> None:
        if fields != len(FIELDS):
            text = f"the line has {_counted(fields, 'field')}, not {len(FIELDS)}"
        else:
            odd = line.translate(None, ALLOWED + b",")[:5]
            text = f"the line holds {_shown(odd)}, which no field may"
        self.fault(self.file, row, _entry_of(line), text)

    def _place(self, row: int, number: int, form: bytes, seq: bytes, entry: bytes) -> int:
        """Say what is wrong with an entry's number or format, and return the number to go on from."""
        name = _shown(entry)[1:-1]
        if form != FORMAT:
            self.fault(self.file, row, name, f"the line is of format {_shown(form)}, and only 1 is known")
        if seq == b"%d" % number:
            return number
        if not seq.isdigit() or seq[0] == 48 or len(seq) > 15 or int(seq) < number:
            self.fault(self.file, row, name, f"its number is {_shown(seq)} where {number} should stand")
            return number
        if self.disagreements and self.leaf_file != self.file:  # leaves tell the places, whatever the line says
            self.fault(self.file, row, name, f"its number is {int(seq)} where {number} should stand")
            return number
        self.fault(self.file, row, name, f"before it {_run(number, int(seq) - 1)} should stand: missing")
        return int(seq)

    def _refuse_id(self, row: int, entry: bytes, action: bytes, by: bytes) -> None:
        name = _shown(entry)[1:-1]
        if entry in self.places:
            self.fault(self.file, row, name, "its id stands in the book already; an entry is written once")
        if not 0 < len(entry) <= 64:
            self.fault(self.file, row, name, f"its id has {len(entry)} characters, not 1 to 64")
        if not action or not by:
            self.fault(self.file, row, name, f"it does not say {'which action wrote it' if not action else 'who did'}")

    def _open_account(self, row: int, entry: bytes, account: bytes) -> Optional[int]:
        """Return the place of an account that is met for the first time; None, and why, if there can be none such."""
        match = ACCOUNT.match(account)
        stage, offer, holder = match.groups() if match else (b"", b"", None)
        wanted = HOLDERS.get(stage.decode())
        text = ""
        if match is None:
            text = "is not stage/offer or stage/offer/holder"
        elif wanted is None:
            text = "is of no stage that the book has"
        elif bool(holder) != bool(wanted) and wanted != "either":
            text = f"must {'' if wanted else 'not '}say who holds it"
        elif wanted == "consignment" and not (holder or b"").startswith(b"CN-"):
            text = "must name a consignment (CN-...)"
        if text:
            self.fault(self.file, row, _shown(entry)[1:-1], f"the account {_shown(account)} {text}")
            return None
        place = self.accounts[account] = len(self.have)
        self.have.append(0)
        self.least.append(-(1 << 200) if stage == b"outside" else 0)
        self.stages.append(stage)
        self.offers.append(self.offer_places.setdefault(offer, len(self.resources)))
        if self.offers[place] == len(self.resources):
            self.resources.append(None)
        return place

    def _refuse_move(self, row: int, entry: bytes, verb: bytes, giver: int, taker: int) -> None:
        name = _shown(entry)[1:-1]
        if self.offers[giver] != self.offers[taker]:
            offers = list(self.offer_places)
            text = f"{_shown(offers[self.offers[giver]])} to the offer {_shown(offers[self.offers[taker]])}"
            self.fault(self.file, row, name, f"it moves units of the offer {text}")
        if (verb, self.stages[giver], self.stages[taker]) not in LAWFUL:
            text = (
                f"{_shown(verb)} may not move units from {_shown(self.stages[giver])} to {_shown(self.stages[taker])}"
            )
            self.fault(self.file, row, name, text)

    def _name_resource(self, row: int, entry: bytes, offer: int, resource: bytes) -> None:
        name, before = _shown(entry)[1:-1], self.resources[offer]
        if not NAME.match(resource):
            self.fault(self.file, row, name, f"{_shown(resource)} is not the key of a resource")
        elif before is not None:
            self.fault(self.file, row, name, f"its offer is of {_shown(before)}, not of {_shown(resource)}")
        else:
            self.resources[offer] = resource

    def _check_reversal(self, row: int, entry: bytes, reverses: bytes, move: Tuple[bytes, int, int, int]) -> None:
        verb, giver, taker, amount = move
        name, other = _shown(entry)[1:-1], _shown(reverses)
        place = self.places.get(reverses)
        self.reversals.add(len(self.amounts))
        if verb != b"reverse":
            self.fault(self.file, row, name, f"it names {other} as reversed, and its verb is not '{REVERSE}'")
        elif not reverses:
            self.fault(self.file, row, name, "it is a reversal and does not say of which entry")
        elif place is None:
            self.fault(self.file, row, name, f"it reverses {other}, and no earlier entry has that id")
        elif place in self.reversals:
            self.fault(self.file, row, name, f"it reverses {other}, which is a reversal itself")
        elif place in self.undone:
            text = f"it reverses {other}, which {self.file}, line {self.undone[place]} has reversed already"
            self.fault(self.file, row, name, text)
        else:
            self.undone[place] = row
            if (self.sources[place], self.targets[place]) != (taker, giver):
                self.fault(self.file, row, name, f"it reverses {other} and does not move between the same two accounts")
            if self.amounts[place] != amount:
                text = f"it reverses {other}, which moved {self.amounts[place]:,} units, not {amount:,}"
                self.fault(self.file, row, name, text)

    def _refuse_overdraft(self, row: int, entry: bytes, source: bytes, left: int) -> None:
        name = _shown(entry)[1:-1]
        self.fault(self.file, row, name, f"it takes {-left:,} more from {_shown(source)} than the account has")
        self.least[self.accounts[source]] = -(1 << 200)  # said once for each account

    def _learn_day(self, row: int, entry: bytes, happened: bytes) -> None:
        if _is_date(happened):
            self.days[happened] = True
        else:
            self.fault(self.file, row, _shown(entry)[1:-1], f"it happened on {_shown(happened)}, which is no date")

    def _refuse_time(self, row: int, entry: bytes, when: bytes) -> None:
        name = _shown(entry)[1:-1]
        if not TIME.match(when) or not _is_date(when[:10]):
            self.fault(self.file, row, name, f"it was recorded at {_shown(when)}, which is no time in UTC")
        else:
            text = f"it was recorded at {_shown(when)}, before the entry above it ({_shown(self.recorded)})"
            self.fault(self.file, row, name, text)

    def _check_value(self, row: int, entry: bytes, value: bytes, currency: bytes, valued_on: bytes) -> None:
        if not DECIMAL.match(value) or not CURRENCY.match(currency):
            text = f"its value is {_shown(value)} {_shown(currency)}, not a sum of money"
            self.fault(self.file, row, _shown(entry)[1:-1], text)
        if valued_on and valued_on not in self.days:
            if _is_date(valued_on):
                self.days[valued_on] = True
            else:
                text = f"it was valued on {_shown(valued_on)}, which is no date"
                self.fault(self.file, row, _shown(entry)[1:-1], text)

    # sums and the verdict

    def compare_balances(self, kept: Mapping[str, Tuple[int, int]], file: str) -> None:
        """Compare the balances kept (line, balance) with the sums of the entries; an account at 0 may be left out."""
        for account, place in self.accounts.items():
            name = account.decode("ascii")
            line, balance = kept.get(name, (0, 0))
            if balance != self.have[place]:
                said = f"says {balance:,}" if name in kept else "is missing"
                self.fault(
                    file, line, "", f"the balance of {_shown(name)} {said}; the entries make {self.have[place]:,}"
                )
        for name, (line, _) in kept.items():
            if name.encode("utf-8", "replace") not in self.accounts:
                self.fault(file, line, "", f"no entry touches the account {_shown(name)}")

    def _all_checkpoints(self) -> List[_Checkpoint]:
        return [*self.checkpoints, *([self.since] if self.since else [])]

    def _check_checkpoints(self) -> None:
        """Compare every signed root with the tree's at its size, and say between which two a change lies."""
        everyone = sorted(self._all_checkpoints(), key=lambda checkpoint: (checkpoint.size, checkpoint.file))
        for checkpoint in everyone:
            self._check_signatures(checkpoint)
            if checkpoint.origin != everyone[0].origin:
                text = f"it is of the book {_shown(checkpoint.origin)}, not of {_shown(everyone[0].origin)}"
                self.fault(checkpoint.file, 0, "", text)
        whole = self.trees.leaves.size
        for checkpoint in everyone:
            checkpoint.right = checkpoint.root in self.trees.found.get(checkpoint.size, [])
        last = next((checkpoint for checkpoint in reversed(everyone) if checkpoint.right), None)
        sure = last.size if last else 0
        changed = []
        for checkpoint in everyone:
            if checkpoint.right:
                continue
            if checkpoint.size <= sure:
                assert last is not None
                text = f"its root is not that of the first {_counted(checkpoint.size, 'entry', 'entries')}"
                self.fault(checkpoint.file, 0, "", f"{text}, though {last.file} agrees with every entry up to {sure:,}")
            elif checkpoint.size > whole:
                text = f"{checkpoint.file} was signed over {checkpoint.size:,} entries, and only {whole:,} are here"
                self.fault(self.file, 0, "", f"{_run(whole + 1, checkpoint.size)} are missing at the end: {text}")
            else:
                changed.append(checkpoint)
        if changed:
            since = f"since {last.file} was signed" if last else "from the beginning"
            text = f"something was changed, removed or put in among {_run(sure + 1, changed[0].size)}, {since}"
            also = f" and {_counted(len(changed) - 1, 'later checkpoint')}" if len(changed) > 1 else ""
            self.fault(self.file, 0, "", f"{text}: what {changed[0].file}{also} signed is not what stands here")
        for key in self.trusted.values():
            if not any(checkpoint.right and key.name in checkpoint.held for checkpoint in everyone):
                self.fault(
                    "checkpoints", 0, "", f"the key {_shown(key.name)} that you brought signed nothing of this book"
                )

    def verdict(self) -> Verdict:
        """Say what was found."""
        self._check_checkpoints()
        sound = [checkpoint for checkpoint in self.checkpoints if checkpoint.right and checkpoint.held]
        last = max(sound, key=lambda checkpoint: checkpoint.size, default=None)
        signers = tuple(dict.fromkeys(name for checkpoint in sound for name in checkpoint.held))
        order = {name: place for place, name in enumerate(("export.json", self.file, self.leaf_file))}
        faults = sorted(self.faults, key=lambda fault: (order.get(fault.file, 9), fault.file, fault.line))
        root = base64.b64encode(self.trees.roots()[0]).decode()
        return Verdict(
            holds=not self.count,
            faults=tuple(faults),
            count=self.count,
            entries=self.entries,
            root=root,
            checkpoints=len(sound),
            signed=last.size if last else 0,
            signers=signers,
            line=self._line(root, len(sound), last, signers),
        )

    def _line(self, root: str, sound: int, last: Optional[_Checkpoint], signers: Sequence[str]) -> str:
        entries = _counted(self.entries, "entry", "entries")
        if self.count:
            return f"does not hold: {_counted(self.count, 'fault')} in {entries}"
        line = f"holds: {entries}, {_counted(len(self.accounts), 'account')}, root {root}"
        if last is None:
            line += "; no checkpoint, so nothing shows whether these are yesterday's"
        else:
            line += f"; {_counted(sound, 'checkpoint')} signed by {', '.join(signers)}"
            after = self.entries - last.size
            line += f", {_counted(after, 'entry', 'entries')} after the last" if after else ", the last over all"
            if not self.trusted:
                line += " (by the keys found here: compare them with those you know)"
        if self.since is not None:
            line += f"; begins with the {_counted(self.since.size, 'entry', 'entries')} of {os.path.basename(self.since.file)}"
        return line


# --- the export folder ------------------------------------------------------------------------------------------------


class _Export:
    """The files of one export."""

    def __init__(self, folder: str, keys: Sequence[str], since: Optional[str]) -> None:
        self.folder, self.keys, self.since = folder, keys, since
        self.digests: Dict[str, str] = {}
        self.sums: Dict[str, Tuple[int, str]] = {}  # file: line and SHA-256 in SHA256SUMS

    def verdict(self) -> Verdict:
        names = self._list_files()
        audit = self._audit(names, [])
        if audit.disagreements > 1:
            # Pair lines and leaves as they belong together, so that one line removed is one fault and not a million.
            audit = self._audit(names, self._align(names))
        self._check_sums(audit, names)
        return audit.verdict()

    def _list_files(self) -> List[str]:
        """Return the names of all files, as SHA256SUMS writes them."""
        try:
            found = os.path.isdir(self.folder)
        except ValueError:
            found = False
        if not found:
            raise ExportUnreadable(f"{_shown(self.folder)} is not a folder, so it is not an export")
        names = []
        for top, folders, files in os.walk(self.folder):
            links = [folder for folder in folders if os.path.islink(os.path.join(top, folder))]
            names += [
                os.path.relpath(os.path.join(top, file), self.folder).replace(os.sep, "/") for file in files + links
            ]
        if not {"entries.csv", "export.json", "SHA256SUMS"} & set(names):
            raise ExportUnreadable(f"{_shown(self.folder)} holds no entries.csv, so it is not an export")
        return sorted(names)

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, *name.split("/"))

    def _is_file(self, name: str) -> bool:
        try:
            return stat.S_ISREG(os.lstat(self._path(name)).st_mode)
        except (OSError, ValueError):
            return False

    def _read(self, name: str, most: int = 1 << 24) -> bytes:
        """Return a file's bytes; of a longer one the beginning, which then matches no sum."""
        with open(self._path(name), "rb") as file:
            data = file.read(most)
        self.digests[name] = hashlib.sha256(data).hexdigest()
        return data

    def _lines(self, name: str, audit: Optional[_Audit]) -> Iterator[List[bytes]]:
        """Return a file's lines, many at a time, and take its SHA-256 on the way."""
        digest, rest, number = hashlib.sha256(), b"", 0
        with open(self._path(name), "rb") as file:
            for block in iter(lambda: file.read(BLOCK), b""):
                digest.update(block)
                lines = (rest + block).split(b"\n")
                rest = lines.pop()
                if len(rest) > LONGEST_LINE or any(map(LONGEST_LINE.__lt__, map(len, lines))):
                    lines = [line[:LONGEST_LINE] for line in lines]
                    rest = rest[:LONGEST_LINE]  # no sound line is as long; what is cut off still counts in the sum
                number += len(lines)
                yield lines
        if rest:
            if audit is not None:
                audit.fault(name, number + 1, "", "the last line does not end: the file was cut short")
            yield [rest]
        self.digests[name] = digest.hexdigest()

    def _audit(self, names: List[str], order: List[Tuple[int, int, int]]) -> _Audit:
        """Read everything once; with `order`, pair lines and leaves as it says."""
        audit = _Audit("entries.csv", "leaves.txt", 2, ed25519_holds)
        audit.trust(self.keys)
        if self.since is not None:
            try:
                with open(self.since, "rb") as file:
                    audit.read_since(self.since, file.read(BLOCK + 1))
            except (OSError, ValueError) as error:
                raise ExportUnreadable(f"{_shown(self.since)} cannot be read: {error}") from None
        for name in ("entries.csv", "leaves.txt", "balances.csv", "keys.txt", "export.json", "SHA256SUMS"):
            if name not in names:
                audit.fault(name, 0, "", "the file is missing")
            elif not self._is_file(name):
                audit.fault(name, 0, "", "it is not a plain file")
        self._read_keys(audit, names)
        self._read_checkpoints(audit, names)
        lines, leaves = self._entry_lines(audit), self._leaves(audit)
        if order:
            audit.walk(_paired(order, lines, leaves))
        else:
            audit.walk(zip_longest(lines, leaves), most_disagreements=1)
            if audit.disagreements > 1:
                return audit
        self._read_balances(audit)
        self._read_export(audit, names)
        return audit

    def _read_keys(self, audit: _Audit, names: List[str]) -> None:
        if self._is_file("keys.txt"):
            text = self._read("keys.txt").decode("utf-8", "replace")
            if text and not text.endswith("\n"):
                audit.fault("keys.txt", text.count("\n") + 1, "", "the last line does not end: the file was cut short")
            audit.read_keys([] if not text else text[: -text.endswith("\n") or None].split("\n"), "keys.txt")

    def _read_checkpoints(self, audit: _Audit, names: List[str]) -> None:
        for name in names:
            if not name.startswith("checkpoints/"):
                continue
            match = CHECKPOINT_FILE.match(name)
            if match is None or not self._is_file(name):
                audit.fault(
                    name, 0, "", "a checkpoint's file is named by its size in twelve digits, as 000000000123.txt"
                )
                continue
            checkpoint = audit.read_checkpoint(name, self._read(name, BLOCK + 1))
            if checkpoint is not None and checkpoint.size != int(match[1]):
                audit.fault(
                    name, 0, "", f"it is named {int(match[1]):,} and was signed over {checkpoint.size:,} entries"
                )

    def _entry_lines(self, audit: Optional[_Audit]) -> Iterator[bytes]:
        """Return the lines of entries.csv below its heading."""
        if not self._is_file("entries.csv"):
            return iter(())
        lines = chain.from_iterable(self._lines("entries.csv", audit))
        if next(lines, b"") != HEADING and audit is not None:
            audit.fault("entries.csv", 1, "", "the heading is not the nineteen names of an entry's fields")
        return lines

    def _leaves(self, audit: Optional[_Audit]) -> Iterator[bytes]:
        if not self._is_file("leaves.txt"):
            return iter(())
        return chain.from_iterable(self._leaf_rows(audit))

    def _leaf_rows(self, audit: Optional[_Audit]) -> Iterator[List[bytes]]:
        """Return the hashes of leaves.txt, many at a time."""
        number = 0
        for lines in self._lines("leaves.txt", audit):
            together = b"".join(lines)
            if set(map(len, lines)) == {64} and not together.translate(None, HEX):
                raw = binascii.unhexlify(together)
                yield [raw[start : start + 32] for start in range(0, len(raw), 32)]
            else:
                yield [self._leaf(audit, number + place, line) for place, line in enumerate(lines, 1)]
            number += len(lines)

    def _leaf(self, audit: Optional[_Audit], number: int, line: bytes) -> bytes:
        if len(line) == 64 and not line.translate(None, HEX):
            return binascii.unhexlify(line)
        if audit is not None:
            audit.fault("leaves.txt", number, "", f"{_shown(line)} is not a SHA-256 in hexadecimal")
        return line  # equal to no hash

    def _align(self, names: List[str]) -> List[Tuple[int, int, int]]:
        """Return how lines and leaves belong together: (how many, with a line, with a leaf), one after the other.

        Lines whose hash stands among the leaves in the same order are pairs (the longest such run of all); what lies
        between two of them is paired in order, and what is left over on one side stays alone.
        """
        places: Dict[bytes, int] = {}
        leaves = 0
        for leaf in self._leaves(None):
            places.setdefault(leaf, leaves)
            leaves += 1
        found, lines = [], 0
        for text in self._entry_lines(None):
            place = places.get(hashlib.sha256(b"\x00" + text).digest())
            if place is not None:
                found.append((lines, place))
            lines += 1
        order: List[Tuple[int, int, int]] = []
        line_at = leaf_at = pairs = 0
        for next_line, next_leaf in [*_longest_rise(found), (lines, leaves)]:
            alone, bare = next_line - line_at, next_leaf - leaf_at
            both = min(alone, bare)
            pairs += both
            if alone != bare:
                order += [(pairs, 1, 1), (alone - both, 1, 0), (bare - both, 0, 1)]
                pairs = 0
            pairs += 1
            line_at, leaf_at = next_line + 1, next_leaf + 1
        return [*order, (pairs, 1, 1)]

    def _read_balances(self, audit: _Audit) -> None:
        if not self._is_file("balances.csv"):
            return
        kept: Dict[str, Tuple[int, int]] = {}
        last = b""
        rows = enumerate(chain.from_iterable(self._lines("balances.csv", audit)), 1)
        if next(rows, (1, b""))[1] != BALANCES_HEADING:
            audit.fault("balances.csv", 1, "", "the heading is not account,balance")
        for number, row in rows:
            account, _, balance = row.partition(b",")
            if not BALANCE.match(balance) or account.translate(None, ALLOWED):
                audit.fault("balances.csv", number, "", f"{_shown(row)} is not an account and its balance")
                continue
            if account <= last:
                audit.fault("balances.csv", number, "", f"{_shown(account)} stands here twice or out of order")
            last = account
            kept.setdefault(account.decode("ascii"), (number, int(balance)))
        audit.compare_balances(kept, "balances.csv")

    def _read_export(self, audit: _Audit, names: List[str]) -> None:
        if not self._is_file("export.json"):
            return
        try:
            said = json.loads(self._read("export.json").decode("utf-8"), object_pairs_hook=_once, parse_constant=_never)
        except (ValueError, RecursionError) as error:
            audit.fault("export.json", 0, "", f"it is not sound JSON: {_shown(error)}")
            return
        if not isinstance(said, dict):
            audit.fault("export.json", 0, "", "it does not say what the export is")
            return
        roots = [base64.b64encode(root).decode() for root in audit.trees.roots()]
        if said.get("format") != EXPORT_FORMAT:
            text = f"it says it is of the format {_shown(said.get('format'))}, and only {EXPORT_FORMAT} is known"
            audit.fault("export.json", 0, "", text)
        if type(said.get("size")) is not int or said["size"] != audit.entries:
            text = f"it says {_shown(said.get('size'))} entries, and entries.csv has {audit.entries:,}"
            audit.fault("export.json", 0, "", text)
        if said.get("root") not in roots:
            text = f"it says the root is {_shown(said.get('root'))}; the leaves make {roots[0]}"
            audit.fault("export.json", 0, "", text)
        counts = said.get("counts")
        kept = sum(name.startswith("checkpoints/") for name in names)
        for what, here in (("entries", audit.entries), ("checkpoints", kept)):
            told = counts.get(what, here) if isinstance(counts, dict) else here
            if told != here:
                audit.fault("export.json", 0, "", f"it counts {_shown(told)} {what}, and {here:,} are here")

    def _check_sums(self, audit: _Audit, names: List[str]) -> None:
        """Compare SHA256SUMS with every file, both ways."""
        name = "SHA256SUMS"
        if self._is_file(name):
            text, last = self._read(name).decode("utf-8", "replace"), ""
            if not text.endswith("\n"):
                audit.fault(name, text.count("\n") + 1, "", "the last line does not end: the file was cut short")
            for number, line in enumerate(text[: -text.endswith("\n") or None].split("\n"), 1):
                match = SUM_LINE.match(line)
                if match is None:
                    audit.fault(name, number, "", f"{_shown(line)} is not a SHA-256, two spaces and a file")
                    continue
                if match[2] <= last:
                    audit.fault(name, number, "", f"{_shown(match[2])} stands here twice or out of order")
                last = match[2]
                self.sums.setdefault(match[2], (number, match[1]))
                if match[2] not in names:
                    audit.fault(name, number, "", f"the file {_shown(match[2])} that it names is missing")
            for file in names:
                if file != name:
                    self._check_sum(audit, file)

    def _check_sum(self, audit: _Audit, file: str) -> None:
        shown = _shown(file)[1:-1]
        if not self._is_file(file):
            audit.fault(shown, 0, "", "it is not a plain file")
        elif file not in self.sums:
            audit.fault(shown, 0, "", "SHA256SUMS does not name it: it was put in, or its name removed")
        else:
            number, wanted = self.sums[file]
            if self._digest(file) != wanted:
                text = f"its SHA-256 is not the one in SHA256SUMS, line {number}: one of the two was changed"
                audit.fault(shown, 0, "", text)

    def _digest(self, name: str) -> str:
        if name not in self.digests:
            digest = hashlib.sha256()
            with open(self._path(name), "rb") as file:
                for block in iter(lambda: file.read(BLOCK), b""):
                    digest.update(block)
            self.digests[name] = digest.hexdigest()
        return self.digests[name]


def _longest_rise(found: List[Tuple[int, int]]) -> List[Tuple[int, int]]:
    """Return the longest part of (line, leaf) pairs in which both numbers rise."""
    ends: List[int] = []  # by length: the smallest last leaf of a run of that length
    last: List[int] = []  # the same, as a place in `found`
    before: List[int] = []
    for place, (_, leaf) in enumerate(found):
        length = bisect_left(ends, leaf)
        if length == len(ends):
            ends.append(leaf)
            last.append(place)
        else:
            ends[length], last[length] = leaf, place
        before.append(last[length - 1] if length else -1)
    run, place = [], last[-1] if last else -1
    while place >= 0:
        run.append(found[place])
        place = before[place]
    return run[::-1]


def _paired(order: List[Tuple[int, int, int]], lines: Iterator[bytes], leaves: Iterator[bytes]) -> Iterator[Pair]:
    """Return lines and leaves in the pairs that `_Export._align` found."""
    nothing = repeat(None)
    for count, with_line, with_leaf in order:
        yield from islice(zip(lines if with_line else nothing, leaves if with_leaf else nothing), count)
    yield from zip_longest(lines, leaves)  # nothing is left; it lets both files be read to their ends


def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """Refuse a JSON object in which a key stands twice: readers would disagree about it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in it")
    return found


def _never(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Verify one folder from the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        description="Verify an Evenhand export: exit 0 if it holds, 1 if it does not, 2 if it is not an export."
    )
    parser.add_argument("folder", help="the export's folder")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="KEY",
        help="a verifier key you know to be right, or a file of them",
    )
    parser.add_argument(
        "--since", metavar="FILE", help="an older checkpoint that you kept: does the book begin with it?"
    )
    parser.add_argument("--all", action="store_true", help=f"list every fault, not only the first {SHOWN_FAULTS}")
    parser.add_argument("--json", action="store_true", help="answer as JSON, with every fault")
    options = parser.parse_args(argv)
    try:
        verdict = verify_folder(options.folder, _given_keys(options.key), options.since)
    except ExportUnreadable as error:
        if options.json:
            _say(json.dumps({"holds": False, "unreadable": str(error)}, indent=1), sys.stdout)
        else:
            _say(str(error), sys.stderr)
        return 2
    if options.json:
        _say(json.dumps({**vars(verdict), "faults": [vars(fault) for fault in verdict.faults]}, indent=1), sys.stdout)
    else:
        _say(verdict.text(None if options.all else SHOWN_FAULTS), sys.stdout)
    return 0 if verdict.holds else 1


def _given_keys(given: Sequence[str]) -> List[str]:
    """Return keys, each given as text or as the file that holds them, one on a line."""
    keys: List[str] = []
    for text in given:
        if _read_key(text) is None and os.path.isfile(text):
            with open(text, encoding="utf-8", errors="replace") as file:
                keys += [line for line in file.read().split("\n") if line]
        else:
            keys.append(text)
    return keys


def _say(text: str, stream: Any) -> None:
    """Print, whatever letters the terminal knows."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
