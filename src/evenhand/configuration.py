"""Every setting of an installation, declared once: its name, its meaning, its default.

A setting comes from the environment (`EVENHAND_DATABASE`), else from `evenhand.toml` in the data folder, else from its
default. Read by `server.settings`, by the commands and by the reference page. Holds no Django.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evenhand.errors import OptionRefused, suggest

PREFIX = "EVENHAND_"
FILE = "evenhand.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """Declare one setting."""

    name: str
    default: str
    meaning: str

    @property
    def variable(self) -> str:
        """Return the name of its environment variable."""
        return PREFIX + self.name.upper()


SETTINGS: tuple[Setting, ...] = (
    Setting("data", "evenhand-data", "the folder that holds the database, the keys and evenhand.toml"),
    Setting(
        "database",
        "",
        "where the records are: empty for SQLite in the data folder, or postgresql://user:password@host:5432/name",
    ),
    Setting(
        "people_database",
        "",
        "where the people register is, apart from everything else: empty for SQLite in the data folder, or postgresql://...",
    ),
    Setting(
        "people_keys",
        "",
        "what seals the people register: empty for keys/people.keys, another file, the keys themselves (in the environment), "
        "or run:PROGRAM that asks a key service and prints them",
    ),
    Setting("name", "evenhand.example/stock-book", "the name of this stock book in every checkpoint; never change it"),
    Setting("group", "", "the key of the group of states this installation serves, such as NAM"),
    Setting("signing_key", "", "the file of the key that signs checkpoints; empty for keys/checkpoint.key"),
    Setting("secret_key", "", "the secret of sessions and forms; empty for the one in keys/secret.key"),
    Setting("hosts", "localhost,127.0.0.1,[::1]", "the host names it answers to, separated by commas"),
    Setting("debug", "no", "yes shows internals to whoever meets an error; never on a server that others reach"),
    Setting("language", "en", "the language of pages and messages where nobody has chosen another"),
    Setting("lock_timeout", "30", "the most seconds a writer waits for its turn"),
    Setting(
        "data_licence", "CC-BY-4.0", "the licence of the open data, by its SPDX name; stands on every page and file"
    ),
    Setting(
        "address",
        "",
        "where people reach it, such as https://book.example.org: what QR codes and files say; empty: the first of hosts",
    ),
    Setting("fonts", "", "the folder of the fonts that papers are printed with; empty for where the system keeps them"),
    Setting("largest_file", "64", "the largest file taken as evidence or import, in MiB"),
    Setting(
        "https",
        "yes",
        "no serves pages without encryption, for trying things on one machine: anybody on the way could sign in as its users",
    ),
    Setting(
        "proxy",
        "no",
        "yes where one proxy of yours stands before it, and says in X-Forwarded-For and X-Forwarded-Proto who asks and how",
    ),
    Setting(
        "mail",
        "",
        "the server that sends mail: smtp://user:password@host:587 or smtps://...; empty: an operator sets forgotten passwords",
    ),
    Setting("mail_from", "", "the address that its mail comes from, such as book@example.org"),
    Setting("open_doors", "no", "yes lets whoever reads a demo step in as anybody of it; refused everywhere else"),
)

DEMO = "demo."
"""How the name of a demo's stock book begins."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Hold the settings of one installation as text, and the paths that follow from them."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def folder(self) -> Path:
        """Return the data folder."""
        return Path(self.values["data"]).absolute()

    @property
    def sqlite_file(self) -> Path:
        """Return the database's file, where it is SQLite."""
        return self.folder / "evenhand.sqlite3"

    @property
    def people_file(self) -> Path:
        """Return the people register's file, where it is SQLite."""
        return self.folder / "people.sqlite3"

    @property
    def people_keys_file(self) -> Path:
        """Return the file of the keys that seal the people register, where the setting names no other place."""
        return self.folder / "keys/people.keys"

    @property
    def signing_key_file(self) -> Path:
        """Return the file of the key that signs checkpoints."""
        return Path(self.values["signing_key"]) if self.values["signing_key"] else self.folder / "keys/checkpoint.key"

    @property
    def secret_key_file(self) -> Path:
        """Return the file of the secret of sessions and forms."""
        return self.folder / "keys/secret.key"

    @property
    def debug(self) -> bool:
        """Say whether internals are shown on errors."""
        return self.says_yes("debug")

    @property
    def is_demo(self) -> bool:
        """Say whether the stock book is that of a demo, by its name."""
        return self.values["name"].startswith(DEMO)

    @property
    def open_doors(self) -> bool:
        """Say whether anybody may step in as anybody.

        Raises
        ------
        OptionRefused
            It is set, and this is no demo on a machine of one's own.
        """
        if not self.says_yes("open_doors"):
            return False
        if not self.is_demo:
            raise OptionRefused(
                f"open_doors lets anybody in as anybody, and the stock book '{self.values['name']}' is no demo; set open_doors to "
                "no. A demo is made with: evenhand demo FOLDER"
            )
        if self.says_yes("proxy"):
            raise OptionRefused(
                "open_doors is for a demo on one's own machine, and with a proxy before it others reach it; set open_doors to no"
            )
        return True

    def says_yes(self, name: str) -> bool:
        """Say whether a setting that is yes or no is yes."""
        return self.values[name].strip().lower() in {"yes", "true", "1", "on"}

    def secret_key(self) -> str:
        """Return the secret of sessions and forms, or "" where none was made yet."""
        if self.values["secret_key"]:
            return self.values["secret_key"]
        file = self.secret_key_file
        return file.read_text(encoding="ascii").strip() if file.is_file() else ""


def read_configuration(environment: Mapping[str, str] | None = None) -> Configuration:
    """Return the settings of the installation that the environment names.

    Raises
    ------
    OptionRefused
        `evenhand.toml` cannot be read, or names a setting that does not exist.
    """
    environment = os.environ if environment is None else environment
    values = {one.name: environment.get(one.variable, "") for one in SETTINGS}
    file = Path(values["data"] or SETTINGS[0].default) / FILE
    written = _read_file(file) if file.is_file() else {}
    return Configuration({one.name: values[one.name] or written.get(one.name, one.default) for one in SETTINGS})


def _read_file(file: Path) -> dict[str, str]:
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OptionRefused(f"{file} cannot be read as TOML: {error}") from error
    known = [one.name for one in SETTINGS]
    for name, value in written.items():
        if name not in known or name == "data":
            raise OptionRefused(f"{file}: there is no setting '{name}'{suggest(name, known)}")
        if isinstance(value, dict | list):
            raise OptionRefused(f"{file}: {name} must be text, a number or yes/no")
    return {
        name: ("yes" if value is True else "no" if value is False else str(value)) for name, value in written.items()
    }
