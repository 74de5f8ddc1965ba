"""The peer of the pages: what Django needs for fifty rows of the same table, with nothing around them.

Minimal settings, no middleware, the same database read by one query; as a page with a template, and as JSON. Served by the
same granian as ours: `granian --interface wsgi bench.portal.plain:application`, with EVENHAND_DATA naming the folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Engine
from django.urls import path

COLUMNS = ("ref", "party_id", "name", "resource_id", "quantity", "unit", "priority", "valid_until", "state")
ASKED = (
    "SELECT n.ref, n.party_id, p.name, n.resource_id, n.quantity, n.unit, n.priority, n.valid_until, n.state "
    'FROM records_need n JOIN records_party p ON p."key" = n.party_id WHERE n.state = %s ORDER BY n.ref LIMIT 50'
)
PAGE = """<!doctype html><html lang="en"><title>Needs</title><h1>Needs</h1><table><thead><tr>
{% for name in columns %}<th>{{ name }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></html>"""


def rows() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(ASKED, ["approved"])
        return list(cursor.fetchall())


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(TEMPLATE.render(Context({"columns": COLUMNS, "rows": rows()})))


def listed(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"data": [dict(zip(COLUMNS, row, strict=True)) for row in rows()]})


settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="a peer's", USE_TZ=True, MIDDLEWARE=[],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(os.environ["EVENHAND_DATA"]) / "evenhand.sqlite3",
            "CONN_MAX_AGE": None,
        }
    },
)  # fmt: skip
urlpatterns = [path("needs", page), path("needs.json", listed)]
django.setup()
TEMPLATE = Engine().from_string(PAGE)
application = get_wsgi_application()
