"""What is said of open data wherever it goes: its title, its licence, its day, the state of the book it was drawn from.

Called by the writers beside it, by the pages and by `evenhand.lookups.open_data`. Reads no setting and no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evenhand.errors import OptionRefused, suggest


@dataclass(frozen=True, slots=True)
class Licence:
    """Hold the licence that data is given under: its short name, its title, where it can be read."""

    name: str
    title: str
    address: str


LICENCES: Mapping[str, Licence] = {
    one.name: one
    for one in (
        Licence(
            "CC-BY-4.0", "Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"
        ),
        Licence(
            "CC-BY-SA-4.0",
            "Creative Commons Attribution-ShareAlike 4.0 International",
            "https://creativecommons.org/licenses/by-sa/4.0/",
        ),
        Licence(
            "CC-BY-3.0-IGO",
            "Creative Commons Attribution 3.0 IGO",
            "https://creativecommons.org/licenses/by/3.0/igo/",
        ),
        Licence("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence("ODbL-1.0", "Open Database Licence 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
        Licence("ODC-By-1.0", "Open Data Commons Attribution Licence 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
        Licence("PDDL-1.0", "Public Domain Dedication and Licence 1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
    )
}  # fmt: skip
"""Licences for data by their short names of SPDX. Source: SPDX Licence List 3.25; CC-BY-3.0-IGO as Creative Commons names it."""


@dataclass(frozen=True, slots=True)
class About:
    """Say what a file of open data is.

    Attributes
    ----------
    title
        What it is, for people.
    licence
        What may be done with it.
    day
        The day it was drawn on; needs lapse by the day.
    version
        How often the records had been changed by then.
    entries, root
        The state of the stock book: how many entries it held, and the root of their tree in base64.
    address
        Where the same can be had again, "" where nobody serves it.
    publisher
        Whose data it is, "" where that was not said.
    """

    title: str
    licence: Licence
    day: date
    version: int = 0
    entries: int = 0
    root: str = ""
    address: str = ""
    publisher: str = ""

    def told(self) -> dict[str, str | int]:
        """Return all of it by name, as files say it."""
        return {
            "title": self.title, "publisher": self.publisher, "licence": self.licence.name,
            "licence_title": self.licence.title, "licence_address": self.licence.address, "day": self.day.isoformat(),
            "version": self.version, "entries": self.entries, "root": self.root, "address": self.address,
        }  # fmt: skip


def licence_of(text: str) -> Licence:
    """Return the licence that the setting `data_licence` names.

    Parameters
    ----------
    text
        The short name of a known licence, or a name of one's own and its address behind it.

    Raises
    ------
    OptionRefused
        No licence is known by that name, and no address says where it can be read.

    Examples
    --------
    >>> licence_of("CC-BY-4.0").address
    'https://creativecommons.org/licenses/by/4.0/'
    >>> licence_of("CC BY 4.0").name
    'CC-BY-4.0'
    >>> licence_of("Open Government Licence https://example.org/ogl").name
    'Open Government Licence'
    >>> licence_of("CC-BY-4")
    Traceback (most recent call last):
        ...
    evenhand.errors.OptionRefused: data_licence is 'CC-BY-4', which is none of CC-BY-4.0, ...; did you mean 'CC-BY-4.0'? ...
    """
    known = {_folded(name): licence for name, licence in LICENCES.items()}
    found = known.get(_folded(text))
    if found is not None:
        return found
    name, _, address = text.strip().rpartition(" ")
    if name.strip() and address.startswith(("https://", "http://")):
        return Licence(name.strip(), name.strip(), address)
    raise OptionRefused(
        f"data_licence is '{text}', which is none of {', '.join(LICENCES)}{suggest(text, list(LICENCES))} For another "
        "licence write its name and its address: Open Government Licence https://..."
    )


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "-")
