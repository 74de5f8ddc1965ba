"""A new seal key beside the older ones, in the file that the keys are in. Called by `evenhand people rekey --new-key`."""

from __future__ import annotations

import os

from evenhand.configuration import Configuration
from evenhand.errors import ActionRefused, OptionRefused
from evenhand.lookups.people.installed import keys_file
from evenhand.people.keyring import read_keyring


def add_seal_key(configuration: Configuration) -> str:
    """Put a new seal key in front of those in the keys' file, complete or not at all; return its id.

    Raises
    ------
    ActionRefused
        The keys are in no file: whoever keeps them adds one in front there.
    OptionRefused
        The file cannot be read or written.
    """
    file = keys_file(configuration)
    if file is None:
        raise ActionRefused(
            "the keys of the people register are in no file; add a key seal.… in front of the others where they are kept, then rekey"
        )
    keys = read_keyring("", file).with_new_seal()
    fresh = file.with_name(file.name + ".new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(keys.text())
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(file)
    except OSError as error:
        raise OptionRefused(f"{file} cannot be written: {error.strerror}; nothing was changed") from error
    return keys.seals
