"""Write the workbook of a register: headings with notes, drop-down lists, formats, and a sheet that explains it.

Called by the front of this folder. Text is always written as text: a key that begins with = is no formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from evenhand.errors import FileUnreadable, NameUnknown
from evenhand.exchange.templates.words import EXAMPLES, HEADINGS, HOW_TO, KEEP, LISTS, ONE_OF, YES, heading_names
from evenhand.supply.columns import Column, Table
from evenhand.supply.meanings import LANGUAGES, choice_of, meaning_of, row_of
from evenhand.supply.registers import REGISTERS

FILLED_ROWS = 10_000
"""Rows below the heading that have formats and lists."""

TIERS = 3
WIDTHS = {"text": 34, "names": 22, "codes": 22, "measures": 26, "date": 12, "plain-key": 16, "choice": 14}
NUMBER_WIDTH = 12
NUMBERS = ("quantity", "amount", "positive", "degrees", "count")
EARLIEST, LATEST = date(1900, 3, 1), date(2199, 12, 31)

Lists = Mapping[str, Sequence[str] | Mapping[str, str]]
"""By what a column refers to ("parties"): keys, or keys and names."""


def write_template(
    table: str | Table,
    path: str | PathLike[str] | None = None,
    *,
    languages: Sequence[str] = ("en", "fr"),
    lists: Lists | None = None,
    right_to_left: bool = False,
) -> bytes:
    """Write the template of a register as an Excel workbook.

    Parameters
    ----------
    table
        The register, or its name: a key of `evenhand.supply.registers.REGISTERS`.
    path
        Where to; None to have the bytes alone.
    languages
        Of the notes and of the sheet that explains; at least one of `evenhand.supply.meanings.LANGUAGES`.
    lists
        What drop-down lists offer beside the choices, by the register that a column refers to: keys, or keys and names.
        They advise; a key that is not among them may still be typed.
    right_to_left
        Whether sheets run from right to left, as where people write Arabic.

    Returns
    -------
    bytes
        The workbook: a sheet named like the register, to be filled; one that explains each column, with an example; one
        of the lists. Same input, same bytes.

    Raises
    ------
    NameUnknown
        There is no such register or language.
    FileUnreadable
        The file cannot be written.

    Examples
    --------
    >>> write_template("needs")[:2]
    b'PK'
    >>> write_template("needs", languages=["ru"])
    Traceback (most recent call last):
    evenhand.errors.NameUnknown: no language 'ru'
    """
    name = table.name if isinstance(table, Table) else table
    if name not in REGISTERS:
        raise NameUnknown("table", name, list(REGISTERS))
    for language in languages or ("none",):
        if language not in LANGUAGES:
            raise NameUnknown("language", language, LANGUAGES)
    buffer = io.BytesIO()
    # Nothing that a caller lists may become a formula or a link, and equal templates are equal bytes.
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": name, "created": datetime(2000, 1, 1, tzinfo=UTC)})
    _Template(book, REGISTERS[name], tuple(languages), lists or {}, right_to_left).write()
    book.close()
    data = buffer.getvalue()
    if path is not None:
        try:
            Path(path).write_bytes(data)
        except OSError as error:
            raise FileUnreadable(f"{path} cannot be written: {error.strerror}") from error
    return data


class _Template:
    """Write the three sheets of one workbook."""

    def __init__(
        self, book: xlsxwriter.Workbook, table: Table, languages: tuple[str, ...], lists: Lists, right_to_left: bool
    ) -> None:
        self.book, self.table, self.languages, self.lists = book, table, languages, lists
        titles = (table.name, self._both(HOW_TO), self._both(LISTS))
        self.sheets = [book.add_worksheet(title[:31]) for title in titles]
        if right_to_left:
            for sheet in self.sheets:
                sheet.right_to_left()
        self.needed = book.add_format({"bold": True, "bg_color": "#FFE699", "border": 1})
        self.optional = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        self.bold = book.add_format({"bold": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.columns = heading_names(table.columns, TIERS)

    def write(self) -> None:
        sources = self._write_lists()
        self._write_filled(sources)
        self._write_how_to()

    def _both(self, words: Mapping[str, str]) -> str:
        return " - ".join(words[language] for language in self.languages)

    def _write_lists(self) -> dict[str, str]:
        """Write a column (and one of names beside it) for each list, and return where each lies, as a formula."""
        sheet = self.sheets[2]
        sources: dict[str, str] = {}
        place = 0
        for heading, column in self.columns:
            listed = self.lists.get(column.refers, ()) if column.refers else column.choices
            name = column.refers or heading
            if not listed or name in sources:
                continue
            names = listed if isinstance(listed, Mapping) else {}
            if column.choices:
                names = {word: choice_of(word, self.languages[-1]) for word in column.choices}
            sheet.write_string(0, place, name, self.bold)
            for row, key in enumerate(listed, start=1):
                sheet.write_string(row, place, key)
                if names:
                    sheet.write_string(row, place + 1, names[key])
            letters = xl_col_to_name(place, True)
            sources[name] = f"='{sheet.get_name()}'!{letters}$2:{letters}${len(listed) + 1}"
            sheet.set_column(place, place, 22)
            place += 2 if names else 1
        return sources

    def _write_filled(self, sources: Mapping[str, str]) -> None:
        sheet = self.sheets[0]
        text = self.book.add_format({"num_format": "@"})
        day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        number = self.book.add_format({"num_format": "General"})
        for place, (heading, column) in enumerate(self.columns):
            # A quantity may carry its unit, so its cells are text-friendly numbers; keys such as 0012 keep their zeros.
            form = day if column.kind == "date" else number if column.kind in NUMBERS else text
            sheet.set_column(place, place, max(WIDTHS.get(column.kind, NUMBER_WIDTH), len(heading) + 3), form)
            sheet.write_string(0, place, heading, self.needed if column.required else self.optional)
            sheet.write_comment(0, place, self._note(column), {"x_scale": 2.2, "y_scale": 1.6, "author": ""})
            self._add_list(place, heading, column, sources)
        sheet.freeze_panes(1, 0)
        sheet.activate()

    def _add_list(self, place: int, heading: str, column: Column, sources: Mapping[str, str]) -> None:
        source = sources.get(column.refers or heading)
        rules: dict[str, object] = {"ignore_blank": True, "error_title": heading}
        if source is not None:
            # Choices are all there are; keys may be newer than the template.
            rules |= {"validate": "list", "source": source, "error_type": "stop" if column.choices else "warning"}
        elif column.kind == "date":
            rules |= {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST,
                      "error_type": "warning"}  # fmt: skip
        else:
            return
        self.sheets[0].data_validation(1, place, FILLED_ROWS, place, rules)

    def _note(self, column: Column) -> str:
        lines = []
        for language in self.languages:
            said = meaning_of(column, self.table, language)
            unit = f" ({said.unit})" if said.unit else ""
            _, _, _, empty, needed, _ = HEADINGS[language]
            what = needed if column.required else f"{empty}: {said.default}" if said.default else ""
            lines.append(f"{said.meaning}{unit}" + (f" [{what}]" if what else ""))
        return "\n".join(lines)

    def _write_how_to(self) -> None:
        sheet = self.sheets[1]
        row = 0
        for language in self.languages:
            said = KEEP[language].format(table=self.table.name, row=row_of(self.table, language))
            sheet.write_string(row, 0, said, self.bold)
            row += 1
        for language in self.languages:
            row += 1
            for place, heading in enumerate(HEADINGS[language]):
                sheet.write_string(row, place, heading, self.optional)
            for heading, column in self.columns:
                row += 1
                for place, cell in enumerate(self._explained(heading, column, language)):
                    sheet.write_string(row, place, cell, self.wrapped)
            row += 1
        for place, width in enumerate((16, 64, 20, 30, 12, 34)):
            sheet.set_column(place, place, width)

    def _explained(self, heading: str, column: Column, language: str) -> tuple[str, ...]:
        said = meaning_of(column, self.table, language)
        words = [
            word if choice_of(word, language) == word else f"{word} ({choice_of(word, language)})"
            for word in column.choices
        ]
        meaning = f"{said.meaning}; {ONE_OF[language]} {', '.join(words)}" if words else said.meaning
        needed = YES[language] if column.required else ""
        return heading, meaning, said.unit, said.default or "", needed, EXAMPLES[self.table.name][column.name]
