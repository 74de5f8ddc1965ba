"""The frame's components as tags: `{% load portal %}` is all that a page needs, the filters of `words` included.

Bars, keys, stages, files, pager, names, codes, crumbs, tabs, fields, error summaries, tables. Each has accessible markup by
default; `/en/components` shows every one in every state where DEBUG is on. Must never ask the database for a row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, Form, RadioSelect
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from evenhand.web.frame import bars, cells, names
from evenhand.web.frame.here import OF_ONE_PAGE, as_data, page_of, under_language, with_query
from evenhand.web.templatetags import words

if TYPE_CHECKING:
    from evenhand.web.frame.tables import Table

register = template.Library()
register.filters.update(words.register.filters)

DATA: Final = (("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON"))
MARK: Final = mark_safe(
    '<svg viewBox="0 0 36 36" aria-hidden="true" focusable="false"><path class="f-ground" d="M0 36V20h12v9h12v-13h12v20z"/>'
    '<path class="f-water" d="M0 20V11h36v5H24v13H12v-9z"/><path class="f-ink" d="M0 9h36v2.5H0z"/></svg>'
)
LEVEL: Final = mark_safe(
    '<svg class="level" viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d="M2 0h8L6 6z"/><path d="M0 8h12M3 11h6" '
    'fill="none" stroke-width="1.5"/></svg>'
)


# ── small marks ──────────────────────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def mark() -> SafeString:
    """Draw the mark."""
    return MARK


@register.simple_tag
def level() -> SafeString:
    """Draw the small sign of a waterline, in the colour of the text beside it."""
    return LEVEL


@register.simple_tag
def bar(of: Any = None, mark: Any = None, rest: str = "", **parts: Any) -> SafeString:
    """Draw a bar: `{% bar of=need.quantity held=need.held received=need.received rest="missing" mark=line %}`."""
    return bars.draw_bar(parts, of, mark, rest)


@register.simple_tag
def key(label: str = "", **parts: str) -> SafeString:
    """Draw the key to bars: `{% key held=_("held") missing=_("missing") %}`."""
    return bars.draw_key(parts, label or _("Key to the bars"))


@register.simple_tag
def named(kind: str, key: str, name: str = "", link: bool = True) -> SafeString:
    """Write a record's name in the reader's language, linked: `{% named "party" row.party row.party_name %}`."""
    return names.draw_name(kind, str(key), str(name or ""), link=link)


@register.simple_tag
def code(ref: object, kind: str = "") -> SafeString:
    """Write a ref or another code from left to right; linked where its kind is named."""
    inside = format_html('<bdi class="ref" dir="ltr">{}</bdi>', ref)
    address = page_of(kind, str(ref)) if kind else ""
    return format_html('<a href="{}">{}</a>', address, inside) if address else inside


@register.simple_tag
def page(path: str) -> str:
    """Return the address of a page under the reader's language: `{% page "needs" %}`."""
    return under_language(path)


# ── ways through pages ───────────────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def crumbs(*steps: str) -> SafeString:
    """Show where the reader is, from pairs of path and words: `{% crumbs "rounds" _("Rounds") "" round.ref %}`."""
    pairs = list(zip(steps[::2], steps[1::2], strict=True))
    items = [
        format_html('<a href="{}">{}</a>', under_language(path), words)
        if path
        else format_html('<span aria-current="page">{}</span>', words)
        for path, words in pairs
    ]
    inside = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<nav class="crumb" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), inside)


@register.simple_tag
def tabs(views: Sequence[tuple[str, str, bool]], label: str) -> SafeString:
    """Show links to other views of the same thing: (address, words, whether it is this one)."""
    inside = format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        ((address, mark_safe(' aria-current="page"') if here else "", words) for address, words, here in views),
    )
    return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', label, inside)


@register.simple_tag
def stages(steps: Sequence[tuple[str, str]], current: str, label: str) -> SafeString:
    """Show the stages of something, from pairs of key and words, and which it stands at."""
    drawn, ahead = [], False
    for name, said in steps:
        state = ' aria-current="step"' if name == current else ' class="ahead"' if ahead else ""
        drawn.append((mark_safe(state), said))  # noqa: S308 -- one of three constants
        ahead = ahead or name == current
    return format_html(
        '<ol class="stages" aria-label="{}">{}</ol>', label, format_html_join("", "<li{}>{}</li>", drawn)
    )


@register.simple_tag(takes_context=True)
def files(context: Context, what: str = "", address: str = "") -> SafeString:
    """Link this page's data: CSV, XLSX and JSON, with licence and day."""
    request = context["request"]
    links = [
        (_address(request, address, ending), ending, title) for ending, title in DATA
    ]
    inside = format_html_join("", '<li><a href="{}" download type="{}">{}</a></li>', ((to, TYPES[end], title) for to, end, title in links))
    licence = context.get("licence", "")
    said = _("Open data, {licence}, as of {day}").format(licence=licence, day=words.formats.day(context.get("today")))
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
def columnhead(context: Context, order: str, words: str, numeric: bool = False, note: str = "", current: str = "") -> SafeString:
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
        mark_safe(' class="n"' if numeric else ""),
        format_html(' aria-sort="{}"', state) if state else "",
        inside,
        format_html("<small>{}</small>", note) if note else "",
    )


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────

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
    hidden = format_html('<input type="hidden" name="order" value="{}">', request.GET["order"]) if request.GET.get("order") else ""
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
        ((with_query(request, **{name: "", "after": ""}), _("Take away:"), said) for name, said in filters.items() if said),
    )
    return format_html('<ul class="chosen" aria-label="{}">{}</ul>', _("Filters that are on"), links) if links else mark_safe("")


# ── saying something ─────────────────────────────────────────────────────────────────────────────────────────────────


@register.simple_block_tag
def notice(content: str, kind: str = "") -> SafeString:
    """Put a sentence in a box: "done", "warn" or "bad", or none of them."""
    role = "alert" if kind == "bad" else "status"
    return format_html('<div class="notice {}" role="{}">{}</div>', kind, role, mark_safe(content))  # noqa: S308 -- rendered


@register.simple_block_tag
def empty(content: str, words: str) -> SafeString:
    """Say that there is nothing here yet, and what would make something be."""
    return format_html('<div class="empty"><b>{}</b>{}</div>', words, mark_safe(content))  # noqa: S308 -- rendered


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@register.inclusion_tag("frame/field.html")
def field(bound: BoundField, hint: str = "", optional: bool = True) -> dict[str, Any]:
    """Show a field: label, hint, error, input, each tied to the others."""
    widget = bound.field.widget
    ident = bound.id_for_label or bound.auto_id
    said = str(hint or bound.help_text or "")
    described = " ".join(
        part for part, there in ((f"{bound.auto_id}-hint", said), (f"{bound.auto_id}-err", bound.errors)) if there
    )
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if bound.field.required and not isinstance(widget, CheckboxInput):
        attributes["aria-required"] = "true"
    if getattr(widget, "input_type", "textarea") in ("text", "textarea", "search"):
        attributes["dir"] = "auto"
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    if group:
        attributes = {}
    return {
        "bound": bound,
        "ident": ident,
        "base": bound.auto_id,
        "hint": said,
        "described": described,
        "kind": "group" if group else "tick" if isinstance(widget, CheckboxInput) else "one",
        "optional": optional and not bound.field.required and not isinstance(widget, CheckboxInput),
        "drawn": "" if group else bound.as_widget(attrs=attributes),
        "file": isinstance(widget, FileInput),
    }


@register.inclusion_tag("frame/summary.html")
def errors(form: Form | None = None, problems: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Sum up what is wrong, with a link to each field: of a form, or of pairs of a field's id and a sentence."""
    found = [(ident, said) for ident, said in problems]
    if form is not None:
        for bound in form:
            found += [(_first_id(bound), said) for said in bound.errors]
        found = [("", said) for said in form.non_field_errors()] + found
    return {"problems": found}


def _first_id(bound: BoundField) -> str:
    """Return the id that a link to a field leads to; of a group, its first choice."""
    group = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if group else str(bound.id_for_label or bound.auto_id)


# ── the frame itself ─────────────────────────────────────────────────────────────────────────────────────────────────

HTMX: Final = json.dumps(
    {"includeIndicatorStyles": False, "allowEval": False, "allowScriptTags": False, "selfRequestsOnly": True, "historyCacheSize": 0, "refreshOnHistoryMiss": True},
    separators=(",", ":"),
)  # fmt: skip
"""What htmx may do under the pages' policy: no style of its own, nothing evaluated, no other host, no pages kept in the browser."""


@register.simple_tag
def htmx_config() -> str:
    """Return htmx's configuration."""
    return HTMX


@register.simple_tag(takes_context=True)
def here(context: Context, *paths: str) -> SafeString:
    """Mark a link of the menu as the page that one is on, where the address lies in one of these folders."""
    request = context.get("request")
    path = request.path.strip("/").partition("/")[2] if request is not None else None
    if path is not None and path.partition("/")[0].partition(".")[0] in paths:
        return mark_safe(' aria-current="page"')
    return mark_safe("")


@register.simple_tag(takes_context=True)
def data_address(context: Context, ending: str) -> str:
    """Return the address of this page's data in one form: csv, xlsx or json."""
    return as_data(context["request"], ending)


@register.simple_tag(takes_context=True)
def absolute(context: Context, address: str = "") -> str:
    """Return an address with the host: this page's own, without what only says which part of a table it shows."""
    request = context["request"]
    found = address or with_query(request, **dict.fromkeys(OF_ONE_PAGE, ""))
    return str(request.build_absolute_uri(found))
