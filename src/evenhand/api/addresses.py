"""The addresses of the API: every reading and every action behind the door, the document that describes them, and no other.

`urlpatterns` holds whole paths; the server's own addresses include it. What is not found below /api/v1 is told as every
error is, in the one body.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, include, path, re_path
from ninja import NinjaAPI

from evenhand import __version__
from evenhand.actions.catalogue import ACTIONS
from evenhand.api import files
from evenhand.api.acting import DRY_RUN, acting_names, address_of, make_acting, make_dry_run
from evenhand.api.answers import to_json
from evenhand.api.described import describe_act, describe_file, describe_reading, document
from evenhand.api.door import Door
from evenhand.api.faults import JSON, add_handlers, fault
from evenhand.api.reading import listed, make_reading, parameters_of, refuse_unknown
from evenhand.api.readings import READINGS
from evenhand.api.reference import write_reference

ROOT: Final = "api/v1/"
COSTS: Final = {"book/lines": 5, "bulk.zip": 20, "book/consistency": 5}
"""Tokens for what takes longer than a page of rows."""

FILES: Final[tuple[tuple[str, Callable[..., HttpResponseBase], str, str, Mapping[str, Any] | None], ...]] = (
    ("me", files.me, "who acts", "application/json", files.ME_SCHEMA),
    ("checkpoint", files.checkpoint_note, "book", "text/plain", None),
    ("book/keys", files.book_keys, "book", "text/plain", None),
    ("book/lines", files.book_lines, "book", "text/plain", None),
    ("book/entries/{seq}/tlog-proof", files.proof_text, "book", "text/plain", None),
    ("evidence/{ref}/file", files.evidence_file, "evidence", "application/octet-stream", None),
    ("rounds/{ref}/tables/{name}", files.round_table, "rounds", "text/csv", None),
    ("map.geojson", files.map_of_gaps, "figures", "application/geo+json", None),
    ("bulk.zip", files.bulk, "open data", "application/zip", None),
    ("rounds/{ref}/plan.zip", files.round_plan, "rounds", "application/zip", None),
)
"""Path, view, subject, kind of the answer, and the schema of its data where it is JSON."""

UNSTEADY: Final = frozenset({"me", *(one.path for one in READINGS if not one.steady)})


def make_api() -> NinjaAPI:
    """Return the operations: one for each action, reading and file."""
    api = NinjaAPI(
        title="Evenhand", version=__version__, docs_url=None, openapi_url=None, urls_namespace="evenhand-api",
        description="What a group of states needs, what is given, who is served first and why, and what arrived.",
    )  # fmt: skip
    add_handlers(api)
    for name in acting_names():
        view = make_acting(ACTIONS[name])
        group = name.partition(" ")[0]
        _add(api, "post", address_of(name), view, f"do: {group}", name, describe_act(name, view))
    dry = make_dry_run()
    _add(api, "post", address_of(DRY_RUN), dry, "do: import", DRY_RUN, describe_act(DRY_RUN, dry))
    for place, file_view, subject, kind, schema in FILES:
        _add(api, "get", place, file_view, subject, place, describe_file(place, kind, schema))
    for reading in READINGS:
        reads = make_reading(reading)
        extra = describe_reading(reading, listed(reading), parameters_of(reading))
        _add(api, "get", reading.path, reads, reading.subject, reading.path, extra)
    return api


def _add(
    api: NinjaAPI, method: str, place: str, view: Callable[..., Any], tag: str, name: str, extra: dict[str, Any]
) -> None:
    operation_id = f"{method}-" + "-".join(name.replace("{", "").replace("}", "").replace("/", " ").split())
    decorate = getattr(api, method)(
        f"/{place}", tags=[tag], operation_id=operation_id, summary=str(view.__doc__).split("\n\n")[0].strip(),
        openapi_extra=extra,
    )  # fmt: skip
    decorate(view)


def not_found(request: HttpRequest, **_: Any) -> HttpResponse:
    """Say that there is no such address, and where all of them stand."""
    return fault(
        request, 404, "address-unknown", f"There is nothing at {request.path[:200]}; every address is at /{ROOT}."
    )


def openapi(request: HttpRequest) -> HttpResponse:
    """Return the document that describes every operation (OpenAPI 3.1)."""
    return refuse_unknown(request, {}) or HttpResponse(to_json(document(API)), content_type=JSON)


def reference(request: HttpRequest) -> HttpResponse:
    """Return the same for people, as one page."""
    return refuse_unknown(request, {}) or HttpResponse(write_reference(document(API)))


def _only_read(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def shown(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method == "GET" else HttpResponse(status=405, headers={"Allow": "GET"})

    return shown


def _behind_doors(api: NinjaAPI) -> list[URLPattern]:
    """Return ninja's addresses, each behind its door; its own root is not one of ours."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for pattern in found:
        place = str(pattern.pattern).replace("<", "{").replace(">", "}")
        pattern.callback = Door(pattern.callback, steady=place not in UNSTEADY, cost=COSTS.get(place, 1))
    return found


API: Final = make_api()
urlpatterns = [
    path(ROOT, Door(_only_read(reference)), name="api"),
    path(f"{ROOT}openapi.json", Door(_only_read(openapi)), name="api-openapi"),
    path(ROOT, include((_behind_doors(API), "evenhand-api"))),
    re_path(rf"^{ROOT.rstrip('/')}(?:/.*)?$", Door(not_found, steady=False)),
]
