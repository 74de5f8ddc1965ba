"""The first keys of the people register. Called by `evenhand init` and by the demo, which write them where nobody else reads them.

Must never replace keys: what older ones sealed, nobody could open any more.
"""

from __future__ import annotations

from pathlib import Path

from evenhand.configuration import Configuration
from evenhand.lookups.people.installed import keys_file
from evenhand.people.keyring import new_keyring


def find_missing_keys(configuration: Configuration) -> Path | None:
    """Return the file that keys are missing from; None where they are there, or come from somewhere else than a file."""
    file = keys_file(configuration)
    return file if file is not None and not file.exists() else None


def new_keys() -> str:
    """Return the text of a keyring that nothing was ever sealed with."""
    return new_keyring().text()
