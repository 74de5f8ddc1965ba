"""The tags of tables: their frame, their heads, their rows, what filters them, their pages, their files.

Joined into `{% load portal %}`. Must never sort or filter: the address says how, the server does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django import template
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from evenhand.web.frame import cells
from evenhand.web.frame.here import as_data, with_query
from evenhand.web.frame.markup import format_html, format_html_join
from evenhand.web.languages import formats

if TYPE_CHECKING:
    from evenhand.web.frame.tables import Table

register = template.Library()

DATA: Final = (("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON"))


@register.simple_tag(takes_context=True)
def files(context: Context, what: str = "", address: str = "") -> SafeString:
    """Link this page's data: CSV, XLSX and JSON, with licence and day."""
    request = context["request"]
    links = [(_address(request, address, ending), ending, title) for ending, title in DATA]
    inside = format_html_join(
        "", '<li><a href="{}" download type="{}">{}</a></li>', ((to, TYPES[end], title) for to, end, title in links)
    )
    licence = context.get("licence", "")
    said = _("Open data, {licence}, as of {day}").format(licence=licence, day=formats.day(context.get("today")))
    return format_html(
        '<ul class="files" aria-label="{}"><li>{}</li>{}<li>{}</li></ul>',
        _("Download: {what}").format(what=what) if what else _("Download"), _("Download:"), inside, said if licence else "",
    )  # fmt: skip


TYPES: Final = {
    "csv": "text/csv", "json": "application/json", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def _address(request: HttpRequest, address: str, ending: str) -> str:
    if not address:
        return as_data(request, ending)
    path, sign, query = address.partition("?")
    return f"{path.rstrip('/')}.{ending}{sign}{query}"


@register.inclusion_tag("frame/pager.html", takes_context=True)
def pager(context: Context, after: str = "", shown: int = 0, total: int | None = None) -> dict[str, Any]:
    """Lead to the next page of a table, and back to its first: `{% pager after=table.next shown=50 total=table.total %}`."""
    request = context["request"]
    return {
        "next": with_query(request, after=after) if after else "",
        "first": with_query(request, after="") if request.GET.get("after") else "",
        "shown": shown,
        "total": total,
    }


@register.simple_tag(takes_context=True)
def columnhead(
    context: Context, order: str, words: str, numeric: bool = False, note: str = "", current: str = ""
) -> SafeString:
    """Write the head of a column that the server can sort by: a link that turns the order round."""
    request = context["request"]
    now = current or request.GET.get("order", "")
    state = {order: "ascending", f"-{order}": "descending"}.get(now, "") if order else ""
    inside = conditional_escape(words)
    if order:
        turned = f"-{order}" if now == order else order
        inside = format_html('<a href="{}">{}</a>', with_query(request, order=turned, after=""), words)
    return format_html(
        '<th role="columnheader" scope="col"{}{}>{}{}</th>',
        mark_safe(' class="n"' if numeric else ""),  # noqa: S308 -- one of two constants
        format_html(' aria-sort="{}"', state) if state else "",
        inside,
        format_html("<small>{}</small>", note) if note else "",
    )


ROLES: Final = {"thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


@register.simple_tag
def rows(table: Table) -> SafeString:
    """Write the rows of a `Table`."""
    return cells.draw_rows(table)


@register.simple_block_tag
def tablebox(content: str, caption: str, name: str, note: str = "", kind: str = "big") -> SafeString:
    """Put a table written by hand in its place: caption, scrolling region, and cards on phones.

    Parameters
    ----------
    content
        Its head and bodies, with `scope` on every head and, for cards, `data-label` on every cell.
    name
        What its caption's id is made of; one of a kind on the page.
    kind
        "big" scrolls sideways on phones and keeps its first column; "cards" becomes a card a row there; "" does neither.
    """
    inside = with_roles(content) if "cards" in kind.split() else content
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-labelledby="{0}-c"><table{1} class="{2}">'
        '<caption id="{0}-c"><b>{3}</b>{4}</caption>{5}</table></div>',
        name, mark_safe(' role="table"' if "cards" in kind.split() else ""), kind, caption, note, mark_safe(inside),  # noqa: S308
    )  # fmt: skip


def with_roles(markup: str) -> str:
    """Return a table's markup with its roles said aloud: some browsers forget them once its cells are laid out as blocks.

    Examples
    --------
    >>> with_roles('<tr><th scope="row">Chad</th><td class="n">1</td></tr>')
    '<tr role="row"><th role="rowheader" scope="row">Chad</th><td role="cell" class="n">1</td></tr>'
    """

    def said(match: re.Match[str]) -> str:
        tag, rest = match[1], match[2]
        role = ROLES.get(tag) or ("columnheader" if 'scope="col' in rest else "rowheader")
        return f'<{tag} role="{role}"{rest}>'

    return re.sub(r"<(thead|tbody|tfoot|tr|td|th)\b((?![^>]*\brole=)[^>]*)>", said, markup)


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, label: str, search: bool = True, target: str = "table") -> SafeString:
    """Put fields in a form that filters this page's table: plain GET, and by htmx without a full load where a script runs."""
    request = context["request"]
    hidden = (
        format_html('<input type="hidden" name="order" value="{}">', request.GET["order"])
        if request.GET.get("order")
        else ""
    )
    return format_html(
        '<form class="filters" action="{path}" method="get"{role} aria-label="{label}" hx-get="{path}" hx-target="#{to}" hx-select="#{to}" '
        'hx-swap="outerHTML" hx-push-url="true" hx-sync="this:replace" hx-trigger="submit, change, input changed delay:400ms from:find '
        'input[type=search]">{hidden}{content}<button>{show}</button><a class="button plain" href="{path}">{clear}</a></form>'
        '<script src="{script}" defer></script>',
        path=request.path, role=mark_safe(' role="search"' if search else ""), label=label, to=target, hidden=hidden, content=mark_safe(content),  # noqa: S308 -- rendered, hence escaped
        show=_("Show"), clear=_("Clear"), script=static("htmx.min.js"),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def chosen(context: Context, filters: Mapping[str, str]) -> SafeString:
    """List the filters that are on, from name → words; each is a link that takes it away."""
    request = context["request"]
    links = format_html_join(
        "",
        '<li><a href="{}"><span class="vh">{} </span>{}</a></li>',
        (
            (with_query(request, **{name: "", "after": ""}), _("Take away:"), said)
            for name, said in filters.items()
            if said
        ),
    )
    return (
        format_html('<ul class="chosen" aria-label="{}">{}</ul>', _("Filters that are on"), links)
        if links
        else mark_safe("")
    )
