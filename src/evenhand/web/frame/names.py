"""The name of a record in the reader's language, with a link to its page: what every table, list and sentence shows.

Used by the frame's tags and cells. A name in another language than the page's says so (`lang`), so that it is read aloud right.
"""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from evenhand.web.frame.here import language_here, page_of
from evenhand.web.frame.markup import format_html
from evenhand.web.languages.speaking import names_here


def draw_name(kind: str, key: str, name: str = "", *, link: bool = True) -> SafeString:
    """Return a record's name; its key where it has none.

    Parameters
    ----------
    kind
        "party", "resource", "group", "programme", "place" and so on; what has no page of its own is not linked.
    name
        The name as stored, where whoever asks has it already.
    """
    called = names_here().name_of(kind, key, name)
    other = called.language and called.language != language_here()
    spoken = format_html(' lang="{}"', called.language) if other else mark_safe("")
    inside = format_html("<bdi{}>{}</bdi>", spoken, called.text)
    address = page_of(kind, key) if link else ""
    return format_html('<a href="{}">{}</a>', address, inside) if address else inside
