"""What somebody sent: a file, and what was said about how to read it; which tells one import from every other.

Used by `importing`. The ids of everything an import makes come from here, so that a file sent twice changes nothing. Reads
the file, and no record.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evenhand.errors import NameUnknown, OptionRefused, suggest
from evenhand.exchange.imports import ImportedTable, Layout, list_layouts, load_layout, read_import
from evenhand.records.refs import Prefix, make_ref
from evenhand.supply.registers import REGISTERS

DAYS = {"": None, "day-first": True, "month-first": False}
IDENTICAL = ("", "keep", "refuse")


@dataclass(frozen=True)
class Sent:
    """Hold a file for a register, and everything that was said about it.

    Attributes
    ----------
    file
        Its bytes as they came.
    layout
        The name of a shipped layout, "" for none.
    mapping
        A layout of the sender's own: the bytes of a TOML file.
    constants
        `party=AFG;unit=dose`: columns that hold one value in every row.
    days
        "day-first" or "month-first", where the file itself leaves it open.
    identical
        What a person decided about rows that repeat another in every cell: "keep"; anything else refuses them.
    approved
        Of needs: they count at once. For who may approve them.
    public
        The file may be seen by everybody.
    """

    register: str
    file: bytes
    filename: str = ""
    layout: str = ""
    mapping: bytes = b""
    sheet: str = ""
    constants: str = ""
    days: str = ""
    decimal: str = ""
    identical: str = ""
    approved: bool = False
    public: bool = False

    def __post_init__(self) -> None:
        if self.register not in REGISTERS:
            raise NameUnknown("table", self.register, list(REGISTERS))
        for name, said, known in (("days", self.days, DAYS), ("identical", self.identical, IDENTICAL)):
            if said not in known:
                words = [word for word in known if word]
                raise OptionRefused(f"{name} is '{said}'{suggest(said, words)}; say {' or '.join(words)}")
        if self.layout and self.mapping:
            raise OptionRefused("a layout was named and another one sent; say one of them")
        if self.layout and self.layout not in list_layouts():
            raise NameUnknown("layout", self.layout, list_layouts())
        if self.approved and self.register != "needs":
            raise OptionRefused(f"only needs are approved, not {self.register}; leave it out")

    @cached_property
    def identity(self) -> str:
        """Return what stands for this file as read this way: how days were told apart makes no other rows of it."""
        said = (self.register, self.layout, hashlib.sha256(self.mapping).hexdigest(), self.sheet, self.constants)
        whole = hashlib.sha256(self.file).hexdigest() + "\0" + "\0".join(said)
        return hashlib.sha256(whole.encode()).hexdigest()[:24]

    @property
    def request(self) -> str:
        """Return the id of the action that applies it: the same file with the same options, the same id."""
        said = (self.identity, self.days, self.decimal, self.identical, str(self.approved), str(self.public))
        return f"import-{hashlib.sha256('/'.join(said).encode()).hexdigest()[:24]}"

    @property
    def name(self) -> str:
        """Return how sentences call the file, with its sheet where one was named."""
        called = self.filename or "the file"
        return f"{called}, sheet '{self.sheet}'" if self.sheet else called

    def ref(self, prefix: Prefix, number: int) -> str:
        """Return the ref of the record that row `number` of the table becomes."""
        return make_ref(prefix, f"import/{self.identity}", number)

    def read(self) -> ImportedTable:
        """Read the file as rows of its register. Raises as `read_import` does."""
        with self._layout() as layout:
            return read_import(
                self.file,
                self.register,
                layout=layout,
                day_first=DAYS[self.days],
                decimal=self.decimal or None,
                sheet=self.sheet or None,
                name=self.filename or None,
                constants=_constants(self.constants),
            )

    @contextmanager
    def _layout(self) -> Iterator[str | Layout | None]:
        if not self.mapping:
            yield self.layout or None
            return
        with tempfile.TemporaryDirectory(prefix="evenhand-layout-") as folder:
            path = Path(folder) / "layout.toml"
            path.write_bytes(self.mapping)
            yield load_layout(path)


def _constants(text: str) -> Mapping[str, str]:
    """Return `party=AFG;unit=dose` as a mapping."""
    read: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or not value:
            raise OptionRefused(f"'{part}' sets no column; write such as party=AFG, several separated by ';'")
        read[name] = value
    return read
