"""The frame's components as tags: `{% load portal %}` is all that a page needs, the filters of `words` included.

Here the small marks, the ways through pages and what is said in boxes; tables are in `listing`, forms in `filling`. Each has
accessible markup by default; `/en/components` shows every one in every state where DEBUG is on. Must never ask the database
for a row: names come from what is kept of a version.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from evenhand.web.frame import bars, names
from evenhand.web.frame.here import OF_ONE_PAGE, as_data, page_of, under_language, with_query
from evenhand.web.frame.markup import format_html, format_html_join
from evenhand.web.templatetags import filling, listing, words

register = template.Library()
for part in (words, listing, filling):
    register.filters.update(part.register.filters)
    register.tags.update(part.register.tags)

MARK: Final = mark_safe(
    '<svg viewBox="0 0 36 36" aria-hidden="true" focusable="false"><path class="f-ground" d="M0 36V20h12v9h12v-13h12v20z"/>'
    '<path class="f-water" d="M0 20V11h36v5H24v13H12v-9z"/><path class="f-ink" d="M0 9h36v2.5H0z"/></svg>'
)
LEVEL: Final = mark_safe(
    '<svg class="level" viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d="M2 0h8L6 6z"/><path d="M0 8h12M3 11h6" '
    'fill="none" stroke-width="1.5"/></svg>'
)


# ── small marks ────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    """Draw the key to bars: `{% key held=_("held") missing=_("still missing") %}`."""
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


# ── ways through pages ─────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── saying something ───────────────────────────────────────────────────────────────────────────────────────────────────


@register.simple_block_tag
def notice(content: str, kind: str = "") -> SafeString:
    """Put a sentence in a box: "done", "warn" or "bad", or none of them."""
    role = "alert" if kind == "bad" else "status"
    return format_html('<div class="notice {}" role="{}">{}</div>', kind, role, mark_safe(content))  # noqa: S308 -- rendered


@register.simple_block_tag
def empty(content: str, words: str) -> SafeString:
    """Say that there is nothing here yet, and what would make something be."""
    return format_html('<div class="empty"><b>{}</b>{}</div>', words, mark_safe(content))  # noqa: S308 -- rendered


# ── the frame itself ───────────────────────────────────────────────────────────────────────────────────────────────────


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
