"""The papers of a consignment as PDF: manifest, labels, note of receipt; for those who may read papers alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from evenhand.errors import OptionRefused
from evenhand.exchange.papers.contents import Paper
from evenhand.exchange.papers.labels import LAYOUTS, boxes_of, write_labels
from evenhand.exchange.papers.manifest import write_manifest
from evenhand.exchange.papers.receipt import write_receipt
from evenhand.lookups.papers import read_paper
from evenhand.web.frame.here import own_site
from evenhand.web.frame.pages import private_page, viewer_of
from evenhand.web.languages.formats import language_of

MOST_BOXES: Final = 2000


@private_page()
def manifest(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand out the manifest: what travels, with boxes to tick and lines to sign."""
    return _pdf(request, ref, "manifest", lambda paper, said, fonts: write_manifest(paper, language=said, fonts=fonts))


@private_page()
def receipt_note(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand out the note of its receipt: what was sent, what was found, what is lacking and why."""
    return _pdf(request, ref, "receipt", lambda paper, said, fonts: write_receipt(paper, language=said, fonts=fonts))


@private_page()
def labels(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand out labels for its boxes: as many as its packs, or `boxes` for every line; `layout` is sheet or page."""
    layout = request.GET.get("layout", "") or LAYOUTS[0]
    boxes = request.GET.get("boxes", "").strip()
    if boxes and not (boxes.isascii() and boxes.isdigit() and len(boxes) <= 6 and 0 < int(boxes) <= MOST_BOXES):
        raise OptionRefused(_("boxes is '{boxes}'; say a whole number from 1 to 2,000").format(boxes=boxes[:40]))

    def draw(paper: Paper, said: str, fonts: str) -> bytes:
        counts = {one.number: int(boxes) for one in paper.lines} if boxes else boxes_of(paper)
        return write_labels(paper, boxes=counts, layout=layout, language=said, fonts=fonts)

    return _pdf(request, ref, "labels", draw)


def _pdf(request: HttpRequest, ref: str, what: str, draw: Callable[[Paper, str, str], bytes]) -> HttpResponse:
    language = language_of()
    paper = read_paper(viewer_of(request), ref, site=own_site(request), language=language)
    response = HttpResponse(draw(paper, language, str(settings.EVENHAND["fonts"])), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{paper.ref}-{what}.pdf"'
    return response
