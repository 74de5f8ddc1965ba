"""The page of a piece of evidence, and its file for whom it is for.

A file came from others: it is always handed out to be kept, under its own name of ours, in a sandbox, and what it is says
its bytes. Must never be shown as a page.
"""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from evenhand.lookups.evidence import get_evidence, read_file
from evenhand.lookups.version import at_one_version
from evenhand.records.file_kinds import media_type
from evenhand.web.evidence.sources import sources_of
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table

COLUMNS: Final = (
    Column("ref", gettext_lazy("Evidence"), "code"),
    Column("title", gettext_lazy("What it is")),
    Column("kind", gettext_lazy("Kind"), "state", of="kind of evidence"),
    Column("source", gettext_lazy("Source")),
    Column("dated", gettext_lazy("Dated"), "day"),
    Column("language", gettext_lazy("Language")),
    Column("confidence", gettext_lazy("How far it can be trusted"), "state", of="confidence"),
    Column("given_by", gettext_lazy("Given by"), "named", of="party"),
    Column("about", gettext_lazy("About"), value=lambda row: "; ".join(row.about)),
    Column("sha256", gettext_lazy("SHA-256 of its file"), "code"),
    Column("size", gettext_lazy("Bytes"), "number"),
    Column("made_at", gettext_lazy("Filed"), "moment"),
)

ENDINGS: Final = {
    "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/tiff": "tiff",
    "text/plain": "txt", "application/vnd.apache.parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt", "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}  # fmt: skip
"""Media type → the ending of the file that is handed out."""

SANDBOX: Final = "default-src 'none'; sandbox"
"""What a file may do where a browser opens it all the same: nothing."""


@public_page
def evidence(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what a piece of evidence is, what it is about, and where its file is."""
    row = get_evidence(viewer_of(request), ref)
    context = {"evidence": row, "sources": sources_of(row.source), "about": [(kind_of(one), one) for one in row.about]}
    return show(request, "evidence/evidence.html", context, table=Table("evidence", _("This evidence"), COLUMNS, [row]))


def kind_of(about: str) -> str:
    """Return the kind of record that a ref is of; "" for a key or an entry's id."""
    kinds = {"ND-": "need", "OF-": "offer", "RD-": "round", "CN-": "consignment", "PG-": "programme"}
    return kinds.get(about[:3], "")


@require_safe
@at_one_version()
def download(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Hand out the file of a piece of evidence to whoever may see it."""
    viewer = viewer_of(request)
    row = get_evidence(viewer, ref)
    if not row.sha256:
        raise Http404
    mark = f'"{row.sha256}"'
    known = mark in parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse = HttpResponseNotModified() if known else _file(read_file(viewer, ref), ref)
    response["ETag"] = mark
    response["Cache-Control"] = "public, no-cache" if row.public and not viewer.public_id else "private, no-cache"
    response["Vary"] = "Cookie"
    return response


def _file(body: bytes, ref: str) -> HttpResponse:
    kind = media_type(body)
    ending = ENDINGS.get(kind, "bin")
    text = "; charset=utf-8" if kind == "text/plain" else ""
    response = HttpResponse(body, content_type=f"{kind or 'application/octet-stream'}{text}")
    response["Content-Disposition"] = f'attachment; filename="{ref}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
