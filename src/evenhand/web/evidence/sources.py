"""Where evidence comes from, as links that are safe to follow: addresses of the web, everything else as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from evenhand.lookups.gifts import Said

ADDRESS: Final = re.compile(r"https?://[^\s;<>\"']+")


@dataclass(frozen=True, slots=True)
class Source:
    """Hold one part of a source: its words, and where they lead, "" where nowhere."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Sourced:
    """Hold what was said, and its sources."""

    said: Said
    sources: tuple[Source, ...]


def sources_of(text: str) -> tuple[Source, ...]:
    """Return the parts of a source: each address by its host, what stands between them as text.

    Examples
    --------
    >>> [one.words for one in sources_of("Kyodo; https://english.kyodonews.net/news/1.html")]
    ['Kyodo', 'english.kyodonews.net']
    """
    found: list[Source] = []
    for part in (one.strip() for one in text.split(";")):
        host = _host(part) if ADDRESS.fullmatch(part) else ""
        if part:
            found.append(Source(host, part) if host else Source(part))
    return tuple(found)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def with_sources(said: Iterable[Said]) -> list[Sourced]:
    """Return what was said with its sources."""
    return [Sourced(one, sources_of(one.source)) for one in said]
