"""The open data: every public table with its columns, each format, and all of it at once."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from evenhand.access.viewers import PUBLIC
from evenhand.errors import NameUnknown, OptionRefused
from evenhand.exchange.open_data.about import licence_of
from evenhand.exchange.open_data.write import MEDIA_TYPES, write_table
from evenhand.lookups.checkpoints import find_latest_checkpoint
from evenhand.lookups.open_data import list_public_tables, make_bulk, read_about, read_public_table
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table

COLUMNS = (
    Column("name", gettext_lazy("Table"), "code"),
    Column("title", gettext_lazy("What it holds"), "text"),
    Column("columns", gettext_lazy("Columns"), "text", value=lambda row: ", ".join(one.key for one in row.columns)),
)


@public_page
def data(request: HttpRequest) -> HttpResponse:
    """Say which tables there are, in which formats, under which licence."""
    viewer = viewer_of(request)
    tables = list_public_tables(viewer)
    context = {
        "tables": tables, "terms": licence_of(settings.EVENHAND["data_licence"]),
        "latest": find_latest_checkpoint(viewer),
    }  # fmt: skip
    return show(request, "reading/data.html", context, table=Table("tables", _("Open data"), COLUMNS, tables))


@public_page
def table(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out one public table, whole."""
    format = request.wants  # type: ignore[attr-defined]  # public_page has set it
    try:
        found = read_public_table(PUBLIC, name)
    except NameUnknown:
        raise Http404 from None
    about = read_about(PUBLIC, found.table.title, address=request.build_absolute_uri())
    body = write_table(format, found.table.columns, found.rows, about, hxl=bool(request.GET.get("hxl")))
    response = HttpResponse(body, content_type=MEDIA_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response


@require_safe
def everything(request: HttpRequest) -> HttpResponse | FileResponse:
    """Hand out every public table as one package."""
    format = request.GET.get("format", "csv")
    if format not in ("csv", "parquet"):
        raise OptionRefused(f"there is no package as '{format}'; say csv or parquet")
    # Not the address as it was asked: each would be another file, made anew for whoever writes anything behind a "?".
    file = make_bulk(PUBLIC, format=format, address=request.build_absolute_uri("/"))
    response = FileResponse(file.open("rb"), as_attachment=True, filename=f"evenhand-{format}.zip")
    response["Cache-Control"] = "public, no-cache"
    return response
