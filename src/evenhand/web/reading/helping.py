"""Help in plain language, the glossary, and what was done for accessibility."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.web.frame.pages import public_page, show
from evenhand.web.frame.tables import Column, Table
from evenhand.web.reading.glossary import WORDS

TOPICS: Final = {
    "reading": gettext_lazy("Reading these pages"),
    "sharing": gettext_lazy("How scarce supplies are shared out"),
    "promises": gettext_lazy("What counts as promised and as delivered"),
    "book": gettext_lazy("The stock book and what a proof proves"),
    "focal-points": gettext_lazy("For focal points: say what you need"),
    "donors": gettext_lazy("For donors: offer and follow your gift"),
    "receipts": gettext_lazy("For field officers: confirm what arrived"),
    "secretariat": gettext_lazy("For the secretariat: from needs to a plan"),
    "board": gettext_lazy("For the board: read and decide"),
    "auditors": gettext_lazy("For auditors and journalists: check everything"),
    "mistakes": gettext_lazy("A mistake was made"),
    "privacy": gettext_lazy("What is public and what is not"),
}
"""Topic → its title. Its text is the template `reading/help/TOPIC.html`."""

COLUMNS: Final = (
    Column("word", gettext_lazy("Word"), "text"),
    Column("means", gettext_lazy("Means"), "text"),
)


@public_page
def contents(request: HttpRequest) -> HttpResponse:
    """List what help there is."""
    return show(request, "reading/help.html", {"topics": TOPICS})


@public_page
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Show one topic."""
    if topic not in TOPICS:
        raise Http404
    context = {"topics": TOPICS, "topic": topic, "heading": TOPICS[topic], "text": f"reading/help/{topic}.html"}
    return show(request, "reading/topic.html", context)


@public_page
def glossary(request: HttpRequest) -> HttpResponse:
    """List the words and what they mean."""
    rows = [{"key": key, "word": str(word), "means": str(means)} for key, word, means in WORDS]
    table = Table("glossary", _("The words of these pages"), COLUMNS, rows)
    return show(request, "reading/glossary.html", {"words": rows}, table=table)


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was done and tested so that everybody can use these pages, and what is missing."""
    return show(request, "reading/accessibility.html")
