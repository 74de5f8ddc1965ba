"""A feed in Atom 1.0 (RFC 4287): what happened in public, the newest first, each with an id that never changes.

Called by the pages. Plain records in, bytes out; the same records make the same bytes, so that a reader asks in vain until
something has happened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from xml.etree import ElementTree as Tree

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class News:
    """Hold one thing that happened.

    Attributes
    ----------
    id
        Never changes and is never used twice: see `tag`.
    title, summary
        What happened, in the feed's language.
    address
        The page of what it is about.
    happened
        When, with a time zone; of what changed since, when it changed last.
    kind
        What it is one of, for who follows only some: decision, receipt, ...
    published
        When it was told first, where that is another moment.
    """

    id: str
    title: str
    address: str
    happened: datetime
    summary: str = ""
    kind: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """Hold a feed: what it is, where it lies, what happened.

    Attributes
    ----------
    own, home
        The addresses of the feed itself and of the page that says the same to people.
    other_languages
        Language → the address of the same feed in it.
    rights
        The licence, in words.
    """

    id: str
    title: str
    language: str
    own: str
    home: str
    news: Sequence[News]
    author: str
    subtitle: str = ""
    rights: str = ""
    other_languages: Mapping[str, str] = field(default_factory=dict)


def tag(book: str, about: str, *, since: date = date(2026, 1, 1)) -> str:
    """Return an id that stays the same whatever the address of the server becomes (RFC 4151).

    Parameters
    ----------
    book
        The name of the stock book, which never changes: its host names who gives the id.
    about
        What the id is of, such as CN-0000000001/receive.
    since
        A day on which that host was the book's.

    Examples
    --------
    >>> tag("evenhand.example/stock-book", "RD-0000000001/decided")
    'tag:evenhand.example,2026-01-01:stock-book/RD-0000000001/decided'
    """
    host, _, rest = book.partition("/")
    named = "/".join(part for part in (rest, about) if part)
    return f"tag:{host.lower()},{since.isoformat()}:{re.sub(r'[^A-Za-z0-9._~!$&()*+,;=:@/-]', '-', named)}"


def write_feed(feed: Feed) -> bytes:
    """Return a feed as Atom, the newest first. It was last changed when its newest news happened."""
    news = sorted(feed.news, key=lambda one: (one.happened, one.id), reverse=True)
    root = Tree.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _put(root, "id", feed.id)
    _put(root, "title", feed.title)
    if feed.subtitle:
        _put(root, "subtitle", feed.subtitle)
    _put(root, "updated", _moment(news[0].happened if news else datetime(2026, 1, 1, tzinfo=UTC)))
    Tree.SubElement(root, "link", rel="self", type="application/atom+xml", href=_sound(feed.own))
    Tree.SubElement(root, "link", rel="alternate", type="text/html", hreflang=feed.language, href=_sound(feed.home))
    for language, address in sorted(feed.other_languages.items()):
        if language != feed.language:
            Tree.SubElement(
                root, "link", rel="alternate", type="application/atom+xml", hreflang=language, href=_sound(address)
            )  # fmt: skip
    _put(Tree.SubElement(root, "author"), "name", feed.author)
    if feed.rights:
        _put(root, "rights", feed.rights)
    _put(root, "generator", "Evenhand")
    for one in news:
        entry = Tree.SubElement(root, "entry")
        _put(entry, "id", one.id)
        _put(entry, "title", one.title)
        _put(entry, "updated", _moment(one.happened))
        _put(entry, "published", _moment(one.published or one.happened))
        Tree.SubElement(
            entry, "link", rel="alternate", type="text/html", hreflang=feed.language, href=_sound(one.address)
        )
        if one.kind:
            Tree.SubElement(entry, "category", term=_sound(one.kind))
        if one.summary:
            _put(entry, "summary", one.summary)
    Tree.indent(root, " ")
    body: bytes = Tree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _put(parent: Tree.Element, name: str, text: str) -> None:
    Tree.SubElement(parent, name).text = _sound(text)


def _sound(text: str) -> str:
    """Return text without the characters that no XML may hold."""
    return NOT_IN_XML.sub("\ufffd", text)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
