"""Catalogues as people edit them (.po) made into what programs read (.mo), with the number of drafts in each header.

Run by the build hook (`hatch_build.py`, which loads this file by itself), by `make words`, and by the Makefile whenever a
.po is newer than its .mo; compiled catalogues are never committed. Needs Babel alone, so that it works before anything of
Evenhand is installed. Must never write one where nothing changed: pages are kept by the time of their files.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DRAFT = "draft: machine-made, not yet read by a person"
"""The comment of a translation that no person has read."""

DRAFTS = "X-Evenhand-Drafts"
"""The line of a compiled header that counts them."""


def compile_all(folder: Path) -> list[Path]:
    """Compile every catalogue below a folder; return those that changed."""
    return [
        compiled
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po"))
        if compile_one(source, compiled := source.with_suffix(".mo"))
    ]


def compile_one(source: Path, compiled: Path) -> bool:
    """Compile one catalogue; say whether its compiled form changed."""
    with source.open("rb") as opened:
        catalog = read_po(opened, abort_invalid=True)
    body = to_bytes(catalog)
    if compiled.is_file() and compiled.read_bytes() == body:
        compiled.touch()  # for make, which goes by times
        return False
    beside = compiled.with_suffix(".mo.part")
    beside.write_bytes(body)
    beside.replace(compiled)  # at once: a running server may be reading it
    return True


def to_bytes(catalog: Catalog) -> bytes:
    """Return a catalogue as programs read it; same words, same bytes."""
    drafts = sum(DRAFT in one.user_comments for one in catalog if one.id and is_translated(one.string))
    header = {
        "Language": str(catalog.locale_identifier or ""),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};",
        DRAFTS: str(drafts),
    }
    plain = _Undated(locale=catalog.locale_identifier, charset="utf-8")
    plain.header = "".join(f"{name}: {value}\n" for name, value in header.items())
    for one in catalog:
        if one.id and is_translated(one.string) and "fuzzy" not in one.flags:
            plain.add(one.id, one.string, context=one.context)
    buffer = io.BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


def is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Say whether a string is translated, in every plural form that it has."""
    return bool(string) if string is None or isinstance(string, str) else bool(string) and all(string)


class _Undated(Catalog):
    """A catalogue whose header holds no date: Babel's own would differ every time."""

    header = ""

    def __iter__(self) -> Iterator[Message]:
        messages = super().__iter__()
        next(messages)
        yield Message("", self.header)
        yield from messages


if __name__ == "__main__":
    for given in map(Path, sys.argv[1:] or [str(Path(__file__).parent)]):
        if given.is_dir():
            compile_all(given)
        else:
            compile_one(given, given.with_suffix(".mo"))
