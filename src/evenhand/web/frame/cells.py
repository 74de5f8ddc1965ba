"""One cell of a table, as its column's kind says: numbers at the end side, names as links, what is not known drawn as such.

Made in Python and not in a template: a page has some hundreds of them. Used by the tag `rows`. Must never show an empty
cell, which might mean nothing or nothing known.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from evenhand.web.frame.bars import draw_bar
from evenhand.web.frame.markup import escaped, format_html
from evenhand.web.frame.names import draw_name
from evenhand.web.languages import formats
from evenhand.web.templatetags import words

if TYPE_CHECKING:
    from evenhand.web.frame.tables import Column, Table

AT_THE_END: Final = frozenset({"amount", "number", "days"})
"""Kinds whose cells stand at the end side, so that their digits stand under one another."""


def draw_rows(table: Table) -> SafeString:
    """Return the rows of a table's body; the first cell of each is its head."""
    unknown = _unknown()
    writers = [_writer(column, unknown, head=not place) for place, column in enumerate(table.visible)]
    lines = [f'<tr role="row">{"".join([write(row) for write in writers])}</tr>' for row in table.rows]
    return mark_safe("\n".join(lines))  # noqa: S308 -- every cell is escaped where it is made


def _writer(column: Column, unknown: SafeString, *, head: bool) -> Callable[[Any], str]:
    """Return what writes a column's cells; what is the same in all of them is made once."""
    write, link = WRITERS.get(column.kind, _text), column.link if column.kind != "named" else None
    classed = "n" if column.kind in AT_THE_END else {"share": "chart", "named": "name"}.get(column.kind, "")
    sort = f' class="{classed}"' if classed else ""
    begin = f'<td role="cell"{sort} data-label="{escaped(str(column.title))}">'
    begin, end = ('<th role="rowheader" scope="row">', "</th>") if head else (begin, "</td>")

    def cell(row: Any) -> str:
        value = column.of_row(row)
        inside = unknown if value is None or value == "" else write(column, value)
        if link is not None and (address := link(row)):
            inside = format_html('<a href="{}">{}</a>', address, inside)
        return f"{begin}{inside}{end}"

    return cell


def _unknown() -> SafeString:
    return format_html(
        '<span class="soft"><span aria-hidden="true">–</span><span class="vh">{}</span></span>', _("not said")
    )


def _text(column: Column, value: Any) -> SafeString:
    return format_html("<bdi>{}</bdi>", words.unit(value) if column.of == "unit" else value)


def _code(column: Column, value: Any) -> SafeString:
    return format_html('<bdi class="ref" dir="ltr">{}</bdi>', value)


def _amount(column: Column, value: Any) -> SafeString:
    return words.amount(value) if isinstance(value, int | float | Fraction) else _text(column, value)


def _share(column: Column, value: Any) -> SafeString:
    share = Fraction(value)
    number = words.percent(share)
    return format_html(
        '<span class="share">{}<span class="num">{}</span></span>',
        draw_bar({"received": share}, 1, rest="missing"),
        number,
    )


def _day(column: Column, value: Any) -> SafeString:
    text = formats.day(value)
    known = value.isoformat()[:10] if isinstance(value, date) else value
    return format_html('<time class="nb" datetime="{}">{}</time>', known, text)


def _moment(column: Column, value: Any) -> SafeString:
    return words.moment(value) if isinstance(value, datetime) else _day(column, value)


def _named(column: Column, value: Any) -> SafeString:
    return draw_name(column.of or "party", str(value))


def _state(column: Column, value: Any) -> SafeString:
    low = " low" if str(value) in ("lapsed", "withdrawn", "missing", "damaged", "overdue") else ""
    said = words.word(value, column.of) if column.of else value
    return format_html('<span class="tag{}">{}</span>', low, said)


def _link(column: Column, value: Any) -> SafeString:
    return format_html('<a href="{}"><bdi dir="ltr">{}</bdi></a>', value, value)


WRITERS: Final[dict[str, Callable[[Column, Any], SafeString]]] = {
    "text": _text, "code": _code, "amount": _amount, "number": _amount, "share": _share, "day": _day, "moment": _moment,
    "named": _named, "state": _state, "link": _link,
}  # fmt: skip
"""Kind of a column → who writes what stands in its cells."""
