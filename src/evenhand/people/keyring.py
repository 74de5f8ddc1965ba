"""The keys of the people register: what seals its fields, what finds a value without opening any, and what marks its cards.

They come from the environment, from a file beside no database, or from a program that asks a key service; never from a
database. Several seal keys may be there at once: the newest seals, each opens what it sealed, until everything was sealed
anew (`evenhand people rekey`). Holds no Django.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import shlex
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evenhand.errors import OptionRefused

KEY_BYTES: Final = 32
KINDS: Final = ("seal", "index", "card")
PROGRAM: Final = "run:"
"""How the setting begins that names a program: whatever it prints is the keyring."""

PATIENCE: Final = 20
"""Seconds that a key service has to answer."""

_LINE = re.compile(r"(seal|index|card)\.([a-z0-9]{1,12})=([A-Za-z0-9+/=_-]+)")


@dataclass(frozen=True, slots=True)
class Keyring:
    """Hold the keys by their ids.

    Attributes
    ----------
    seal
        Id → 32 bytes, the newest first; that one seals.
    index
        Id → 32 bytes, the newest first; that one makes blind indexes.
    card
        Id → 32 bytes, the newest first; that one marks cards, each reads them. Taken out, every card that it marked is void.
    """

    seal: Mapping[str, bytes] = field(repr=False)
    index: Mapping[str, bytes] = field(repr=False)
    card: Mapping[str, bytes] = field(repr=False)

    @property
    def seals(self) -> str:
        """Return the id of the key that seals."""
        return next(iter(self.seal))

    @property
    def indexes(self) -> str:
        """Return the id of the key that makes blind indexes."""
        return next(iter(self.index))

    @property
    def cards(self) -> str:
        """Return the id of the key that marks cards."""
        return next(iter(self.card))

    def text(self) -> str:
        """Return it as a file holds it."""
        return "".join(
            f"{kind}.{name}={base64.b64encode(key).decode()}\n"
            for kind, keys in (("seal", self.seal), ("index", self.index), ("card", self.card))
            for name, key in keys.items()
        )

    def with_new_seal(self) -> Keyring:
        """Return it with a new key in front that seals from now on; the old ones go on opening."""
        return Keyring({_next_id(self.seal): secrets.token_bytes(KEY_BYTES), **self.seal}, self.index, self.card)


def new_keyring() -> Keyring:
    """Return a keyring with one key of each kind, from the system's own source of chance."""
    return Keyring(*({"1": secrets.token_bytes(KEY_BYTES)} for _ in KINDS))


def file_of(said: str, usual: Path) -> Path | None:
    """Return the file that the keys are in by the setting `people_keys`, None where they come from the environment or a program."""
    if said.startswith(PROGRAM) or "=" in said:
        return None
    return Path(said) if said else usual


def read_keyring(said: str, file: Path) -> Keyring:
    """Return the keyring that the setting `people_keys` names.

    Parameters
    ----------
    said
        The keyring itself (`seal.1=...;index.1=...;card.1=...`), `run:` and a program that prints it, a file's path, or "" for `file`.

    Raises
    ------
    OptionRefused
        There is none, others may read it, or it is no keyring. The keys themselves never stand in the sentence.
    """
    if said.startswith(PROGRAM):
        return parse_keyring(_ask(said.removeprefix(PROGRAM)), "what the key service printed")
    if "=" in said:
        return parse_keyring(said, "the setting people_keys")
    return parse_keyring(_read(Path(said) if said else file), "the file of the people register's keys")


def parse_keyring(text: str, where: str) -> Keyring:
    """Return the keyring that a text is: one key a line or between semicolons, the newest of each kind first."""
    found: dict[str, dict[str, bytes]] = {kind: {} for kind in KINDS}
    lines = [one.strip() for one in re.split(r"[;\n]", text)]
    for number, line in enumerate((one for one in lines if one and not one.startswith("#")), 1):
        parts = _LINE.fullmatch(line)
        key = _decode(parts[3]) if parts else b""
        if parts is None or len(key) != KEY_BYTES:
            raise OptionRefused(
                f"{where}: key {number} is not of the form seal.1=..., index.1=... or card.1=... with 32 bytes in base64"
            )
        if parts[2] in found[parts[1]]:
            raise OptionRefused(f"{where}: {parts[1]}.{parts[2]} stands there twice")
        found[parts[1]][parts[2]] = key
    missing = ", ".join(f"{kind}.…" for kind in KINDS if not found[kind])
    if missing:
        raise OptionRefused(
            f"{where} needs at least one key of each kind; missing: {missing}. evenhand init makes them all where there is no file "
            "yet; to add one, write a line such as card.1= with 32 random bytes in base64"
        )
    keys = [key for kind in KINDS for key in found[kind].values()]
    if len(set(keys)) < len(keys):
        raise OptionRefused(f"{where} holds the same key twice; each must be a key of its own")
    return Keyring(found["seal"], found["index"], found["card"])


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _read(file: Path) -> str:
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise OptionRefused(f"{file} may be read by others than its owner; make it private: chmod 600 {file}")
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionRefused(
            f"the keys of the people register cannot be read from {file}; evenhand init makes them, or set people_keys"
        ) from error


def _ask(program: str) -> str:
    """Run the program that asks the key service; its own complaints are not passed on, they may hold a key."""
    try:
        done = subprocess.run(  # noqa: S603 -- the operator's own program, without a shell
            shlex.split(program), capture_output=True, text=True, timeout=PATIENCE, check=True, env=dict(os.environ)
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise OptionRefused(
            f"the program of people_keys gave no keys ({type(error).__name__}); run it by hand to see why"
        ) from None
    return done.stdout


def _next_id(keys: Mapping[str, bytes]) -> str:
    return str(max((int(name) for name in keys if name.isdigit()), default=0) + 1)
