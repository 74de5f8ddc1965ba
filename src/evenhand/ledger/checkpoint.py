"""Signed checkpoints of the stock book: how large the tree is, its root, and who vouches for it.

A checkpoint is a C2SP tlog-checkpoint inside a C2SP signed note, signed with Ed25519, so that any tool of that family
(Go's `sumdb/note`, witnesses) can read it. Used by the actions that make a checkpoint, by the export and by the commands
that countersign a file. Keys come and go as text; where a private key is kept is the caller's business, and its seed is
never shown. Only this module of the engine needs the package `cryptography` (`pip install evenhand[server]`).

Source: C2SP signed-note v1.0.0 and tlog-checkpoint v1.0.0; RFC 8032; golang.org/x/mod/sumdb/note for the text of keys.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from evenhand.errors import CheckpointRefused
from evenhand.ledger.merkle import HASH_SIZE

ED25519 = b"\x01"
"""C2SP's number of the signature type."""

MOST_SIGNATURES = 100
LONGEST_NOTE = 1_000_000
NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
KEY_HASH = re.compile(r"[0-9a-f]{8}")
SIGNATURE_LINE = re.compile("\u2014 (?P<name>[^ ]+) (?P<base64>[^ ]+)")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """State that the log of this origin had this many leaves, and this root.

    Attributes
    ----------
    origin
        The log's name for ever, as in `evenhand.example/stock-book`.
    size, root
        Leaves of the tree; the 32 bytes of its root.
    extensions
        Further lines that another program signed with it. Evenhand writes none and keeps those it reads.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Return what is signed.

        Examples
        --------
        >>> print(Checkpoint("evenhand.example/book", 3, bytes(32)).text(), end="")
        evenhand.example/book
        3
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
        """
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode("ascii"), *self.extensions)
        return "".join(line + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Hold the public half of a key: `name+hash+base64` as text."""

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def text(self) -> str:
        """Return the key as text, for `keys.txt` and for a web page."""
        return f"{self.name}+{self.key_hash.hex()}+{_to_base64(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the key that a text such as `name+c74f20a3+ARpc2Q...` names.

        Raises
        ------
        CheckpointRefused
            The text is not an Ed25519 verifier key, or its hash is not its own.

        Examples
        --------
        >>> VerifierKey.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").name
        'PeterNeumann'
        >>> VerifierKey.read("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        Traceback (most recent call last):
        ...
        evenhand.errors.CheckpointRefused: the key 'PeterNeumann' says its hash is c74f20a4, but it is c74f20a3; copy the whole key again
        """
        name, said, data = _split_key(text, "a verifier key is written name+hash+base64")
        key = cls(name, data)
        _same_hash(name, said, key.key_hash)
        return key

    def holds(self, text: str, signature: bytes) -> bool:
        """Say whether this key made the signature of a text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Hold a private key: `PRIVATE+KEY+name+hash+base64` as text. Its seed is not shown when it is printed."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._private().public_key().public_bytes_raw())

    def text(self) -> str:
        """Return the key as text, to be kept in a file that only the server can read."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_hash.hex()}+{_to_base64(ED25519 + self.seed)}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the key that a text such as `PRIVATE+KEY+name+c74f20a3+AYEKFA...` names.

        Raises
        ------
        CheckpointRefused
            The text is not an Ed25519 signing key, or its hash is not its own. The sentence never shows the key.
        """
        form = "a signing key is written PRIVATE+KEY+name+hash+base64"
        if not text.startswith("PRIVATE+KEY+"):
            raise CheckpointRefused(f"this is not a signing key; {form}")
        name, said, data = _split_key(text.removeprefix("PRIVATE+KEY+"), form)
        key = cls(name, data)
        _same_hash(name, said, key.verifier.key_hash)
        return key

    def sign(self, text: str) -> Signature:
        """Return this key's signature of a text."""
        return Signature(self.name, self.verifier.key_hash, self._private().sign(text.encode()))

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Signature:
    """Hold one signature line of a note: whose key, which key, and what it signed the text with."""

    name: str
    key_hash: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line, without its end."""
        return f"\u2014 {self.name} {_to_base64(self.key_hash + self.signature)}"

    @classmethod
    def read(cls, line: str) -> Self:
        """Return the signature that a line holds.

        Raises
        ------
        CheckpointRefused
            The line is not a signature line.
        """
        found = SIGNATURE_LINE.fullmatch(line)
        data = _from_base64(found["base64"]) if found else None
        if found is None or data is None or len(data) < 5 or not NAME.fullmatch(found["name"]):
            raise CheckpointRefused(f"{_shown(line)} is not a signature line; one is written '\u2014 name base64'")
        return cls(found["name"], data[:4], data[4:])


@dataclass(frozen=True, slots=True)
class Note:
    """Hold a signed checkpoint: what was signed, and every signature, known or not."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]

    def text(self) -> str:
        """Return the whole note as it stands in a file."""
        return self.checkpoint.text() + "\n" + "".join(signature.line() + "\n" for signature in self.signatures)


def new_signing_key(name: str) -> SigningKey:
    """Return a new key with a random seed.

    Raises
    ------
    CheckpointRefused
        The name is empty or holds a space or a plus.

    Examples
    --------
    >>> new_signing_key("evenhand.example/book").verifier.text()
    'evenhand.example/book+...+A...'
    >>> new_signing_key("two words")
    Traceback (most recent call last):
    ...
    evenhand.errors.CheckpointRefused: 'two words' cannot name a key: it may hold neither a space nor a plus; write it like evenhand.example/book
    """
    if not NAME.fullmatch(name):
        what = f"{_shown(name)} cannot name a key: it may hold neither a space nor a plus"
        raise CheckpointRefused(f"{what}; write it like evenhand.example/book")
    return SigningKey(name, Ed25519PrivateKey.generate().private_bytes_raw())


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """Return the note of a checkpoint with one signature.

    Raises
    ------
    CheckpointRefused
        The checkpoint could not be read back: an empty origin or one of several lines, a size below 0, a short root.
    """
    note = Note(checkpoint, (key.sign(checkpoint.text()),)).text()
    if parse_note(note).checkpoint != checkpoint:
        raise _not_a_note(f"an origin is one line, and {_shown(checkpoint.origin)} is not")
    return note


def parse_note(text: str) -> Note:
    """Return the checkpoint and the signatures of a note, whoever signed it.

    Raises
    ------
    CheckpointRefused
        The text is not a signed note, or what is signed is not a checkpoint.

    Examples
    --------
    >>> parse_note("nothing of the kind")
    Traceback (most recent call last):
    ...
    evenhand.errors.CheckpointRefused: this is not a signed checkpoint: no empty line parts what is signed from the signatures
    """
    body, parted, end = text.rpartition("\n\n")
    if len(text) > LONGEST_NOTE:
        raise _not_a_note(f"it has {len(text):,} characters, and a note has at most {LONGEST_NOTE:,}")
    if not parted:
        raise _not_a_note("no empty line parts what is signed from the signatures")
    if re.search(r"[\x00-\x09\x0b-\x1f]", text):
        raise _not_a_note("it holds a control character; keep it with plain line ends (LF)")
    if not end.endswith("\n"):
        raise _not_a_note("its last line does not end")
    lines = end[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise _not_a_note(f"it has {len(lines)} signatures, and at most {MOST_SIGNATURES} are read")
    return Note(_read_checkpoint(body.split("\n")), tuple(Signature.read(line) for line in lines))


def check_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[str, ...]:
    """Return the names of the keys whose signature on the note holds; none where no key is known.

    A signature by an unknown key counts for nothing, as C2SP has it.

    Raises
    ------
    CheckpointRefused
        A known key is said to have signed this text and did not: somebody changed the note.
    """
    known = {(key.name, key.key_hash): key for key in keys}
    text, held = note.checkpoint.text(), []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_hash))
        if key is None:
            continue
        if not key.holds(text, signature.signature):
            what = f"the signature of {_shown(signature.name)} is not that of this checkpoint"
            raise CheckpointRefused(f"{what} (size {note.checkpoint.size:,}); it was changed after it was signed")
        if key.name not in held:
            held.append(key.name)
    return tuple(held)


def add_signature(note_text: str, signature_line: str) -> str:
    """Return the note with one signature line more; a line that stands there already changes nothing.

    Raises
    ------
    CheckpointRefused
        The note or the line cannot be read, or the same key has signed it otherwise.
    """
    note, fresh = parse_note(note_text), Signature.read(signature_line.rstrip("\n"))
    for signature in note.signatures:
        if signature == fresh:
            return note_text
        if (signature.name, signature.key_hash) == (fresh.name, fresh.key_hash):
            what = f"the checkpoint carries another signature by the same key of {_shown(fresh.name)}"
            raise CheckpointRefused(f"{what}; one of the two is wrong, so check both before you keep either")
    return note_text + fresh.line() + "\n"


def countersign(note_text: str, key: SigningKey) -> str:
    """Return the note with the signature of another party, who has compared what it says with what it knows.

    Raises
    ------
    CheckpointRefused
        The note cannot be read.
    """
    return add_signature(note_text, key.sign(parse_note(note_text).checkpoint.text()).line())


def _read_checkpoint(lines: list[str]) -> Checkpoint:
    """Return the checkpoint of the signed lines."""
    if len(lines) < 3 or not all(lines):
        raise _not_a_note("what is signed has three lines: origin, size, root")
    origin, size, root, *extensions = lines
    data = _from_base64(root)
    if not SIZE.fullmatch(size):
        raise _not_a_note(f"its size is {_shown(size)}, not a whole number")
    if data is None or len(data) != HASH_SIZE:
        raise _not_a_note(f"its root is {_shown(root)}, not {HASH_SIZE} bytes in base64")
    return Checkpoint(origin, int(size), data, tuple(extensions))


def _split_key(text: str, form: str) -> tuple[str, str, bytes]:
    """Return the name, the hash as written and the 32 bytes of a key's text."""
    name, _, rest = text.partition("+")
    said, _, encoded = rest.partition("+")
    data = _from_base64(encoded)
    if not NAME.fullmatch(name) or not KEY_HASH.fullmatch(said) or data is None:
        raise CheckpointRefused(f"this is not a key; {form}")
    if len(data) != 1 + HASH_SIZE or data[:1] != ED25519:
        raise CheckpointRefused(f"the key {_shown(name)} is not an Ed25519 key of {HASH_SIZE} bytes; {form}")
    return name, said, data[1:]


def _same_hash(name: str, said: str, found: bytes) -> None:
    if said != found.hex():
        what = f"the key {_shown(name)} says its hash is {said}, but it is {found.hex()}"
        raise CheckpointRefused(f"{what}; copy the whole key again")


def _not_a_note(why: str) -> CheckpointRefused:
    return CheckpointRefused(f"this is not a signed checkpoint: {why}")


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _from_base64(text: str) -> bytes | None:
    """Return the bytes of standard base64 in its one canonical spelling, or None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _to_base64(data) == text else None


def _shown(text: str) -> str:
    """Quote a text from a file, short and printable."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in text[:60])
    return f"'{clean}...'" if len(text) > 60 else f"'{clean}'"
